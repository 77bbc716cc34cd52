//! `cargo xtask generate`: posts as the site this is made for has them, as many as wanted, for benchmarks and
//! tests.
//!
//! A post depends on the seed and its number alone, so that a larger archive holds the smaller one, and all
//! cores can write.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bundle::Date;
use clap::Args;
use fastrand::Rng;
use rayon::prelude::*;

/// Posts a day.
const A_DAY: u64 = 400;
const CATEGORIES: u16 = 2000;
const SECURITIES: u16 = 3000;
/// Days from 1970 to the first post's, 2019-01-01: a million posts reach to November 2025.
const FIRST_DAY: i64 = 17_897;
/// How many bytes of words a story of the digest alone has.
const DIGEST: usize = 300;
/// Words told apart; with their law (below) texts compress to 0.43, as those of the site do.
const VOCABULARY: u16 = 5000;
/// The words' law is that of Zipf and Mandelbrot, 1 / (rank + SHIFT): no word as frequent as Zipf's first.
const SHIFT: f64 = 4.0;

/// Write posts in the markup of the site this is made for
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many
    count: u64,
    /// The folder, a Jekyll site's root; its `_posts` gets a folder for each month
    #[arg(long)]
    out: PathBuf,
    /// The same seed, the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many bytes of words a post has on average: title, digest and body
    #[arg(long, default_value_t = 1500)]
    words: usize,
    /// No broken posts; else one of 200 is, in one of the ways known
    #[arg(long)]
    clean: bool,
    /// The number of the first: 1000 from 1000000 are those that a million lack of 1,001,000
    #[arg(long, default_value_t = 0)]
    from: u64,
}

/// Writes so many posts as they come, broken ones among them.
pub(crate) fn write(out: PathBuf, count: u64) -> Result<()> {
    run(&Arguments { count, out, seed: 1, words: 1500, clean: false, from: 0 })
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let world = World::new(arguments.seed);
    let posts = arguments.out.join("_posts");
    let end = arguments.from + arguments.count;
    for day in arguments.from / A_DAY..end.div_ceil(A_DAY) {
        fs::create_dir_all(posts.join(folder(day)))
            .with_context(|| format!("{} could not be made", posts.display()))?;
    }
    fs::write(arguments.out.join("_config.yml"), "title: 财经新闻\ntimezone: Asia/Shanghai\n")?;
    (arguments.from..end).into_par_iter().try_for_each(|number| {
        let (name, text) = world.post(number, arguments.words, arguments.clean);
        let file = posts.join(folder(number / A_DAY)).join(name);
        fs::write(&file, text).with_context(|| format!("{} could not be written", file.display()))
    })
}

fn folder(day: u64) -> String {
    date(day).year_month()
}

/// The date of the archive's day.
fn date(day: u64) -> Date {
    Date::from_days(FIRST_DAY + i64::try_from(day).unwrap_or(i64::MAX / 2))
}

/// What all posts share: the words, the categories, the securities, each with its law.
struct World {
    seed: u64,
    words: Vec<String>,
    word_law: Law,
    /// The name in pinyin and the name to show.
    categories: Vec<(String, String)>,
    category_law: Law,
    securities: Vec<Security>,
    security_law: Law,
}

struct Security {
    market: u16,
    code: String,
    name: String,
}

/// Ranks by frequency: a table from which a draw is one look.
struct Law(Vec<u16>);

impl Law {
    /// The first of `count` ranks is drawn as 1 / (1 + shift), the second as 1 / (2 + shift) and so on.
    fn new(count: u16, shift: f64) -> Self {
        const TABLE: u32 = 1 << 18;
        let weight = |rank: u16| 1.0 / (f64::from(rank) + 1.0 + shift);
        let total: f64 = (0..count).map(weight).sum();
        let (mut table, mut sum, mut at) = (Vec::new(), 0.0, 0);
        for rank in 0..count {
            sum += weight(rank);
            while f64::from(at) < sum / total * f64::from(TABLE) {
                table.push(rank);
                at += 1;
            }
        }
        Self(table)
    }

    fn draw(&self, rng: &mut Rng) -> usize {
        usize::from(self.0[rng.usize(..self.0.len())])
    }
}

/// One of 3,000 unified ideographs spread over their block, as the common ones are.
fn ideograph(rng: &mut Rng) -> char {
    char::from_u32(0x4e00 + rng.u32(..3000) * 6).unwrap_or('一')
}

const SYLLABLES: [&str; 24] = [
    "zheng", "quan", "shi", "bao", "jing", "ji", "ri", "cai", "xin", "wen", "wang", "shang", "hai", "guo",
    "jin", "rong", "zhong", "hua", "tou", "zi", "nan", "fang", "dong", "xi",
];

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let words = (0..VOCABULARY)
            .map(|_| (0..if rng.u8(..4) == 0 { 3 } else { 2 }).map(|_| ideograph(&mut rng)).collect())
            .collect();
        let mut categories = vec![("emnews".to_owned(), "东财滚动新闻".to_owned())];
        let mut securities = Vec::new();
        while categories.len() < usize::from(CATEGORIES) {
            let key: String = (0..rng.usize(2..5)).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect();
            let title: String = (0..rng.usize(2..5)).map(|_| ideograph(&mut rng)).chain(['报']).collect();
            let number = categories.len();
            categories.push((format!("{key}{number}"), format!("{title}{number}")));
        }
        while securities.len() < usize::from(SECURITIES) {
            let number = securities.len();
            let (market, code) = match rng.u8(..10) {
                0..3 => (0, format!("{:06}", 300_000 - number)),
                3..6 => (1, format!("{}", 600_000 + number)),
                6 => (116, format!("{:05}", number + 1)),
                7 => (90, format!("BK{number:04}")),
                market => (
                    if market == 8 { 105 } else { 106 },
                    (0..4)
                        .map(|at| {
                            char::from(b'A' + u8::try_from(number / 26_usize.pow(at) % 26).unwrap_or(0))
                        })
                        .collect(),
                ),
            };
            let name = (0..rng.usize(2..5)).map(|_| ideograph(&mut rng)).collect();
            securities.push(Security { market, code, name });
        }
        Self {
            seed,
            words,
            word_law: Law::new(VOCABULARY, SHIFT),
            categories,
            category_law: Law::new(CATEGORIES, 0.0),
            securities,
            security_law: Law::new(SECURITIES, 0.0),
        }
    }

    /// The name and the bytes of a post.
    fn post(&self, number: u64, words: usize, clean: bool) -> (String, Vec<u8>) {
        let rng = &mut Rng::with_seed(self.seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let date = date(number / A_DAY);
        let (year, month, day) = (date.year(), date.month(), date.day());
        // From six in the morning to eleven at night, evenly but for a jitter.
        let second = 21_600 + number % A_DAY * 61_200 / A_DAY + rng.u64(..150);
        let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let id = format!("{year:04}{month:02}{day:02}{:010}", 2_200_000_000 + number * 37 + rng.u64(..37));
        let broken = if !clean && rng.u8(..200) == 0 { Some(rng.u8(..8)) } else { None };
        let (category, category_title) = &self.categories[self.category_law.draw(rng)];
        let mentioned = self.mentioned(rng);
        let title = self.sentence(rng, 54);
        let title = match broken {
            Some(0) => format!("\"{title}\"乙\"\""),
            Some(1) => "\"\"".to_owned(),
            _ => format!("\"{title}\""),
        };
        let date = match broken {
            Some(2) => " +0800".to_owned(),
            _ => format!("{year:04}-{month:02}-{day:02} {clock} +0800"),
        };
        let only_digest = rng.u8(..100) < 15;
        let mut text = String::with_capacity(8192);
        if broken == Some(3) {
            text.push('\n');
        }
        let _ = write!(
            text,
            "---\nlayout: post\ntitle: {title}\ndate: {date}\ncategories: {category}\ntags: {category_title}\n---\n"
        );
        if only_digest {
            let _ = write!(text, "{}\n\n", self.paragraph(rng, DIGEST - 54));
        } else {
            // The title has 54 bytes, and all together `words`; from half to one and a half of it.
            let average = (words.saturating_sub(DIGEST * 15 / 100) * 100 / 85).saturating_sub(54);
            let bytes = rng.usize(average / 2..=average * 3 / 2);
            self.body(rng, bytes, &mentioned, broken == Some(4), &mut text);
        }
        match broken {
            Some(5) => text.push_str("<>\n"),
            _ => {
                let _ = writeln!(text, "<http://finance.eastmoney.com/news/1344,{id}.html>");
            }
        }
        if broken == Some(6) {
            text.push_str("\n{% include footer.html %}\n");
        }
        let _ = write!(
            text,
            "\n[返回{category_title}](//news.example/{category}/)｜[返回首页](//news.example/)\n"
        );
        let mut bytes = text.into_bytes();
        let mut name = format!("{year:04}-{month:02}-{day:02}-{id}.md");
        if broken == Some(7) {
            // As if saved in GB18030: bytes that are no UTF-8.
            let at = bytes.len() / 2;
            bytes[at] = 0xff;
            name = format!("-{id}.md");
        }
        (name, bytes)
    }

    /// The securities of a post that has a body, 1.765 on average: 1.5 of all posts.
    fn mentioned(&self, rng: &mut Rng) -> Vec<&Security> {
        let count = match rng.u8(..100) {
            0..15 => 0,
            15..45 => 1,
            45..73 => 2,
            73..90 => 3,
            _ => 4,
        };
        let mut ranks: Vec<usize> = Vec::new();
        while ranks.len() < count {
            let rank = self.security_law.draw(rng);
            if !ranks.contains(&rank) {
                ranks.push(rank);
            }
        }
        ranks.into_iter().map(|rank| &self.securities[rank]).collect()
    }

    /// A digest, and paragraphs of HTML in one line, with so many bytes of words in all.
    fn body(&self, rng: &mut Rng, bytes: usize, mentioned: &[&Security], unclosed: bool, text: &mut String) {
        let digest = self.paragraph(rng, 240.min(bytes / 3));
        let _ = write!(text, "> {digest}\n\n");
        let mut left = bytes.saturating_sub(digest.len());
        // Often the digest is the body's first sentences again.
        let mut first = if rng.bool() { Some(digest) } else { None };
        if let Some(security) = mentioned.first() {
            chart(security, text);
        }
        let mut mentions = mentioned.iter();
        while left > 30 {
            let paragraph = first.take().unwrap_or_else(|| self.paragraph(rng, left.min(360)));
            left = left.saturating_sub(paragraph.len());
            text.push_str("<p>　　");
            for security in mentions.by_ref().take(2) {
                mention(security, text);
                left = left.saturating_sub(security.name.len());
            }
            if let Some(security) = mentioned.first().filter(|_| rng.u8(..3) == 0) {
                let Security { market, code, name } = security;
                let _ = write!(
                    text,
                    "<span web=\"1\" href=\"http://quote.eastmoney.com/unify/r/{market}.{code}\" class=\"em_stock_key_common\" data-code=\"{market},{code}\">{name}</span>"
                );
                left = left.saturating_sub(name.len());
            }
            text.push_str(&paragraph);
            if !unclosed {
                text.push_str("</p>");
            }
        }
        for security in mentions {
            mention(security, text);
        }
        let _ = write!(
            text,
            "<p class=\"em_media\">（文章来源：{}）</p>\n\n",
            self.categories[self.category_law.draw(rng)].1
        );
    }

    /// Sentences of so many bytes, more or less.
    fn paragraph(&self, rng: &mut Rng, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 120);
        while text.len() < bytes {
            text.push_str(&self.sentence(rng, (bytes - text.len()).min(90)));
            text.push(if rng.u8(..3) == 0 { '。' } else { '，' });
        }
        text.pop();
        text.push('。');
        text
    }

    /// Words of so many bytes, a number among some.
    fn sentence(&self, rng: &mut Rng, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 16);
        while text.len() < bytes {
            text.push_str(&self.words[self.word_law.draw(rng)]);
            if rng.u8(..24) == 0 {
                let _ = write!(text, "{}.{:02}%", rng.u8(..100), rng.u8(..100));
            }
        }
        text
    }
}

fn mention(Security { market, code, name }: &Security, text: &mut String) {
    let (span, quote) = if *market == 90 { ("bk", "bkquote") } else { ("stock", "quote") };
    let _ = write!(
        text,
        "<span id=\"{span}_{market}.{code}\"><a href=\"http://quote.eastmoney.com/unify/r/{market}.{code}\" class=\"keytip\" data-code=\"{market},{code}\">{name}</a></span><span id=\"{quote}_{market}.{code}\"></span>"
    );
}

fn chart(Security { market, code, .. }: &Security, text: &mut String) {
    let _ = write!(
        text,
        "<!-- EM_StockImg_Start --><p style=\"text-align:center;\"><a href=\"http://quote.eastmoney.com/unify/r/{market}.{code}\" data-code=\"{code}|{market}|5\" class=\"EmImageRemark\" target=\"_blank\"><img src=\"https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid={market}.{code}&imageType=k&token=28dfeb41d35cc81d84b4664d7c23c49f&at=1\" border=\"0\" alt=\"K图 {code}_0\" data-code=\"K {code}|{market}|5\" style=\"border:#d1d1d1 1px solid;\" width=\"578\" height=\"276\" /></a></p><!-- EM_StockImg_End -->"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzipped(bytes: &[u8]) -> usize {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().len()
    }

    /// The words of a post of ours as its reader sees them, near enough: what is not front matter, markup or
    /// navigation.
    fn words(text: &str) -> String {
        let body = text.split("---\n").nth(2).unwrap_or_default();
        let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default();
        let mut words = title.trim_matches('"').to_owned();
        let mut depth = 0;
        for c in body.split("\n[返回").next().unwrap_or_default().chars() {
            match c {
                '<' => depth += 1,
                '>' if depth > 0 => depth -= 1,
                _ if depth == 0 && c != '\u{3000}' => words.push(c),
                _ => {}
            }
        }
        words
    }

    #[test]
    fn posts_have_the_words_asked_for_which_compress_as_those_of_news() {
        let world = World::new(1);
        let texts: Vec<String> = (0..4000)
            .map(|number| words(&String::from_utf8(world.post(number, 1500, true).1).unwrap()))
            .collect();
        let total: usize = texts.iter().map(String::len).sum();
        assert!(
            (1350..1650).contains(&(total / texts.len())),
            "{} bytes of words a post",
            total / texts.len()
        );
        // Together, as a shard holds them.
        let together: usize = texts.chunks(80).map(|texts| gzipped(texts.concat().as_bytes())).sum();
        // 0.43, within a tenth.
        let thousandths = together * 1000 / total;
        assert!((387..=473).contains(&thousandths), "they compress to {thousandths} thousandths");
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_a_larger_archive_holds_the_smaller() {
        let (one, two) = (World::new(7), World::new(7));
        for number in [0, 1, 399, 400, 123_456] {
            assert_eq!(one.post(number, 1500, false), two.post(number, 1500, false));
        }
        assert_ne!(one.post(5, 1500, true), World::new(8).post(5, 1500, true));
        assert_eq!(one.post(0, 1500, true).0.get(..10), Some("2019-01-01"));
        assert_eq!(one.post(999_999, 1500, true).0.get(..10), Some("2025-11-04"));
    }

    #[test]
    fn posts_mention_securities_one_and_a_half_each_and_some_are_their_digest_alone() {
        let world = World::new(1);
        let posts: Vec<String> =
            (0..20_000).map(|number| String::from_utf8(world.post(number, 600, true).1).unwrap()).collect();
        let mentions: usize = posts.iter().map(|post| post.matches("class=\"keytip\"").count()).sum();
        assert!((29_000..31_000).contains(&mentions), "{mentions} in 20,000 posts");
        let digests = posts.iter().filter(|post| !post.contains("<p>")).count();
        assert!((2800..3200).contains(&digests), "{digests} of 20,000 posts");
        // 1 / H(3000) of the mentions are of the first; the second has half as many.
        let of = |security: &Security| {
            posts
                .iter()
                .filter(|post| {
                    post.contains(&format!("keytip\" data-code=\"{},{}\"", security.market, security.code))
                })
                .count()
        };
        assert!((3100..4000).contains(&of(&world.securities[0])), "{}", of(&world.securities[0]));
        assert!((1500..2100).contains(&of(&world.securities[1])), "{}", of(&world.securities[1]));
    }

    #[test]
    fn categories_follow_zipf_and_one_post_of_200_is_broken() {
        let world = World::new(1);
        let posts: Vec<(String, Vec<u8>)> =
            (0..20_000).map(|number| world.post(number, 300, false)).collect();
        let of = |category: &str| {
            posts
                .iter()
                .filter(|(_, post)| {
                    String::from_utf8_lossy(post).contains(&format!("\ncategories: {category}\n"))
                })
                .count()
        };
        // 1 / H(2000) of 20,000 are 2,445.
        assert!((2300..2600).contains(&of("emnews")), "{}", of("emnews"));
        let known = |(name, post): &&(String, Vec<u8>)| {
            let text = String::from_utf8_lossy(post);
            let whole = text.starts_with("---\n")
                && !text.contains("title: \"\"")
                && !text.contains("乙\"")
                && !text.contains("date:  +0800");
            !(whole
                && !text.contains("<>")
                && !text.contains("{%")
                && text.matches("<p").count() == text.matches("</p>").count()
                && !name.starts_with('-'))
        };
        let broken = posts.iter().filter(known).count();
        assert!((70..130).contains(&broken), "{broken} of 20,000 are broken");
    }
}
