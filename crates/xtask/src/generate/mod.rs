//! `cargo xtask generate`: writes any number of Jekyll posts in EastMoney's markup, for benchmarks and tests.
//!
//! A post depends only on the seed, the options and its number. So a larger archive contains every smaller
//! one, and posts can be written on all cores.

mod distribution;
mod language;
mod world;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bundle::Date;
use clap::Args;
use rayon::prelude::*;

use self::world::World;

/// The number of posts a day.
const POSTS_PER_DAY: u64 = 400;
/// The first post's day, 2019-01-01, in days since 1970. A million posts reach to November 2025.
const FIRST_DAY: i64 = 17_897;

/// Write posts in EastMoney's markup
#[derive(Args)]
pub(crate) struct Arguments {
    /// The number of posts
    count: u64,
    /// The folder: a Jekyll site's root, whose `_posts` gets a folder for each month
    #[arg(long)]
    out: PathBuf,
    /// The seed; the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The average number of bytes of text in a post: title, summary and body
    #[arg(long, default_value_t = 1500)]
    average_bytes: usize,
    /// Write no broken posts; by default one in 200 is broken in one of the known ways
    #[arg(long)]
    clean: bool,
    /// The number of the first post: “1000 --from 1000000” extends an archive of 1,000,000 posts to 1,001,000
    #[arg(long, default_value_t = 0)]
    from: u64,
}

/// Writes `count` posts, some of them broken.
pub(crate) fn write(out: PathBuf, count: u64) -> Result<()> {
    run(&Arguments { count, out, seed: 1, average_bytes: 1500, clean: false, from: 0 })
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let world = World::new(arguments.seed);
    let posts = arguments.out.join("_posts");
    let end = arguments.from + arguments.count;
    for day in arguments.from / POSTS_PER_DAY..end.div_ceil(POSTS_PER_DAY) {
        fs::create_dir_all(posts.join(folder(day)))
            .with_context(|| format!("{} could not be created", posts.display()))?;
    }
    fs::write(arguments.out.join("_config.yml"), "title: 财经新闻\ntimezone: Asia/Shanghai\n")?;
    (arguments.from..end).into_par_iter().try_for_each(|number| {
        let (name, text) = world.post(number, arguments.average_bytes, arguments.clean);
        let file = posts.join(folder(number / POSTS_PER_DAY)).join(name);
        fs::write(&file, text).with_context(|| format!("{} could not be written", file.display()))
    })
}

fn folder(day: u64) -> String {
    date(day).year_month()
}

/// The date of a day of the archive.
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

    /// Approximately the text of a generated post: its title, and its body without markup and navigation.
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
    fn posts_have_as_much_text_as_requested_and_compress_like_news() {
        let world = World::new(1);
        let texts: Vec<String> = (0..4000)
            .map(|number| words(&String::from_utf8(world.post(number, 1500, true).1).unwrap()))
            .collect();
        let total: usize = texts.iter().map(String::len).sum();
        assert!(
            (1350..1650).contains(&(total / texts.len())),
            "{} bytes of text per post",
            total / texts.len()
        );
        // Posts are compressed in groups, as in shards.
        let compressed: usize = texts.chunks(80).map(|texts| gzipped(texts.concat().as_bytes())).sum();
        // The ratio may differ from the expected 0.43 by a tenth of it.
        let thousandths = compressed * 1000 / total;
        assert!((387..=473).contains(&thousandths), "posts compress to {thousandths} thousandths");
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_a_larger_archive_contains_the_smaller_one() {
        let (one, two) = (World::new(7), World::new(7));
        for number in [0, 1, 399, 400, 123_456] {
            assert_eq!(one.post(number, 1500, false), two.post(number, 1500, false));
        }
        assert_ne!(one.post(5, 1500, true), World::new(8).post(5, 1500, true));
        assert_eq!(one.post(0, 1500, true).0.get(..10), Some("2019-01-01"));
        assert_eq!(one.post(999_999, 1500, true).0.get(..10), Some("2025-11-04"));
    }

    #[test]
    fn categories_follow_zipf_and_one_post_in_200_is_broken() {
        let world = World::new(1);
        let posts: Vec<(String, Vec<u8>)> =
            (0..20_000).map(|number| world.post(number, 300, false)).collect();
        let count_in = |category: &str| {
            posts
                .iter()
                .filter(|(_, post)| {
                    String::from_utf8_lossy(post).contains(&format!("\ncategories: {category}\n"))
                })
                .count()
        };
        // The most frequent category gets 20,000 / H(2000) = 2,445 posts (H: harmonic number).
        assert!((2300..2600).contains(&count_in("emnews")), "{}", count_in("emnews"));
        let is_broken = |(name, post): &&(String, Vec<u8>)| {
            let text = String::from_utf8_lossy(post);
            let has_valid_front_matter = text.starts_with("---\n")
                && !text.contains("title: \"\"")
                && !text.contains("乙\"")
                && !text.contains("date:  +0800");
            !(has_valid_front_matter
                && !text.contains("<>")
                && !text.contains("{%")
                && text.matches("<p").count() == text.matches("</p>").count()
                && !name.starts_with('-'))
        };
        let broken = posts.iter().filter(is_broken).count();
        assert!((70..130).contains(&broken), "{broken} of 20,000 are broken");
    }
}
