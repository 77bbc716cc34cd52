//! Generates posts: their content, their markup, and the faults in some of them.

use std::fmt::Write as _;

use fastrand::Rng;

use super::distribution::{Distribution, ideograph};
use super::language::Language;
use super::{POSTS_PER_DAY, date};

const CATEGORIES: u16 = 2000;
const SECURITIES: u16 = 3000;
/// The number of bytes of text in a post that is only a summary.
const SUMMARY_BYTES: usize = 300;

/// What all posts share: words, categories and securities, with their distributions.
pub(super) struct World {
    seed: u64,
    language: Language,
    /// Keys, usually pinyin and a number, with their titles.
    categories: Vec<(String, String)>,
    category_distribution: Distribution,
    securities: Vec<Security>,
    security_distribution: Distribution,
}

/// What a post is about, and how long it is.
struct Content<'a> {
    /// The number of bytes of its text.
    bytes: usize,
    topic: u64,
    mentioned: &'a [&'a Security],
}

struct Security {
    market: u16,
    code: String,
    name: String,
}

const SYLLABLES: [&str; 24] = [
    "zheng", "quan", "shi", "bao", "jing", "ji", "ri", "cai", "xin", "wen", "wang", "shang", "hai", "guo",
    "jin", "rong", "zhong", "hua", "tou", "zi", "nan", "fang", "dong", "xi",
];

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
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
            language: Language::new(),
            categories,
            category_distribution: Distribution::new(CATEGORIES, 0.0),
            securities,
            security_distribution: Distribution::new(SECURITIES, 0.0),
        }
    }

    /// Returns the file name and the bytes of a post. `average_bytes` is the average length of the text over
    /// all posts, title included.
    pub(super) fn post(&self, number: u64, average_bytes: usize, clean: bool) -> (String, Vec<u8>) {
        let rng = &mut Rng::with_seed(self.seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let date = date(number / POSTS_PER_DAY);
        let (year, month, day) = (date.year(), date.month(), date.day());
        // From six in the morning to eleven at night, evenly spread with some jitter.
        let second = 21_600 + number % POSTS_PER_DAY * 61_200 / POSTS_PER_DAY + rng.u64(..150);
        let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let id = format!("{year:04}{month:02}{day:02}{:010}", 2_200_000_000 + number * 37 + rng.u64(..37));
        let broken = if !clean && rng.u8(..200) == 0 { Some(rng.u8(..8)) } else { None };
        let topic = self.category_distribution.draw(rng);
        let (category, category_title) = &self.categories[topic];
        let topic = topic as u64 * 16 + rng.u64(..16);
        let mentioned = self.mentioned(rng);
        let title = self.language.sentence(rng, 54, topic);
        let title = match broken {
            Some(0) => format!("\"{title}\"乙\"\""),
            Some(1) => "\"\"".to_owned(),
            _ => format!("\"{title}\""),
        };
        let date = match broken {
            Some(2) => " +0800".to_owned(),
            _ => format!("{year:04}-{month:02}-{day:02} {clock} +0800"),
        };
        let only_summary = rng.u8(..100) < 15;
        let mut text = String::with_capacity(8192);
        if broken == Some(3) {
            text.push('\n');
        }
        let _ = write!(
            text,
            "---\nlayout: post\ntitle: {title}\ndate: {date}\ncategories: {category}\ntags: {category_title}\n---\n"
        );
        if only_summary {
            let _ = write!(text, "{}\n\n", self.paragraph(rng, SUMMARY_BYTES - 54, topic));
        } else {
            // 15% of posts are only short summaries, so the others must be longer than average. Their text
            // without the title (about 54 bytes) has 50% to 150% of `average` bytes.
            let average =
                (average_bytes.saturating_sub(SUMMARY_BYTES * 15 / 100) * 100 / 85).saturating_sub(54);
            let bytes = rng.usize(average / 2..=average * 3 / 2);
            let content = Content { bytes, topic, mentioned: &mentioned };
            self.body(rng, &content, broken == Some(4), &mut text);
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
            // A byte that is not UTF-8.
            let at = bytes.len() / 2;
            bytes[at] = 0xff;
            name = format!("-{id}.md");
        }
        (name, bytes)
    }

    /// Returns the securities of a post with a body: 1.77 on average, which is 1.5 over all posts.
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
            let rank = self.security_distribution.draw(rng);
            if !ranks.contains(&rank) {
                ranks.push(rank);
            }
        }
        ranks.into_iter().map(|rank| &self.securities[rank]).collect()
    }

    /// Writes a summary, and paragraphs of HTML on one line, with about `bytes` bytes of text.
    fn body(&self, rng: &mut Rng, content: &Content<'_>, unclosed: bool, text: &mut String) {
        let Content { bytes, topic, mentioned } = *content;
        let summary = self.paragraph(rng, 240.min(bytes / 3), topic);
        let _ = write!(text, "> {summary}\n\n");
        let mut left = bytes.saturating_sub(summary.len());
        // The summary often repeats the body's first sentences.
        let mut first = if rng.bool() { Some(summary) } else { None };
        if let Some(security) = mentioned.first() {
            chart(security, text);
        }
        let mut mentions = mentioned.iter();
        while left > 30 {
            let paragraph = first.take().unwrap_or_else(|| self.paragraph(rng, left.min(360), topic));
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
            self.categories[self.category_distribution.draw(rng)].1
        );
    }

    /// Returns sentences with about `bytes` bytes.
    fn paragraph(&self, rng: &mut Rng, bytes: usize, topic: u64) -> String {
        let mut text = String::with_capacity(bytes + 120);
        while text.len() < bytes {
            text.push_str(&self.language.sentence(rng, (bytes - text.len()).min(90), topic));
            text.push(if rng.u8(..3) == 0 { '。' } else { '，' });
        }
        text.pop();
        text.push('。');
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

    #[test]
    fn posts_mention_one_and_a_half_securities_on_average_and_some_are_only_a_summary() {
        let world = World::new(1);
        let posts: Vec<String> =
            (0..20_000).map(|number| String::from_utf8(world.post(number, 600, true).1).unwrap()).collect();
        let mentions: usize = posts.iter().map(|post| post.matches("class=\"keytip\"").count()).sum();
        assert!((29_000..31_000).contains(&mentions), "{mentions} in 20,000 posts");
        let only_summaries = posts.iter().filter(|post| !post.contains("<p>")).count();
        assert!((2800..3200).contains(&only_summaries), "{only_summaries} of 20,000 posts");
        // The first security gets 1 / H(3000) of the mentions (H: harmonic number), less those that would be a story's
        // second; the second one gets half as many.
        let count_of = |security: &Security| {
            posts
                .iter()
                .filter(|post| {
                    post.contains(&format!("keytip\" data-code=\"{},{}\"", security.market, security.code))
                })
                .count()
        };
        assert!((2900..3500).contains(&count_of(&world.securities[0])), "{}", count_of(&world.securities[0]));
        assert!((1450..2000).contains(&count_of(&world.securities[1])), "{}", count_of(&world.securities[1]));
    }
}
