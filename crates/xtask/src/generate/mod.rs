//! `cargo xtask generate`: posts as the site this is made for has them, as many as wanted, for benchmarks and
//! tests.
//!
//! A post depends on the seed and its number alone, so that a larger archive holds the smaller one, and all
//! cores can write.

mod law;
mod world;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bundle::Date;
use clap::Args;
use rayon::prelude::*;

use self::world::World;

/// Posts a day.
const A_DAY: u64 = 400;
/// Days from 1970 to the first post's, 2019-01-01: a million posts reach to November 2025.
const FIRST_DAY: i64 = 17_897;
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
