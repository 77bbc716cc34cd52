//! What a build remembers of posts: every story but its words. A post whose file has not changed is not read
//! again.

use std::fs::File;
use std::io::BufReader;

use anyhow::Result;
use bundle::Label;
use rayon::prelude::*;

use super::story::{Labels, Story};
use crate::cache::{Cache, encode_block, read_block, write_block};

const NAME: &str = "stories";
/// How many stories are encoded together.
const BLOCK: usize = 4096;

/// The posts as they were, read one after the other as they are wanted.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) labels: Labels,
    /// When they were looked at, in nanoseconds since 1970.
    pub(crate) since: i64,
    input: Option<BufReader<File>>,
    block: std::vec::IntoIter<Story>,
    /// How many labels there are: a story with another one is damaged.
    count: usize,
}

impl Iterator for Remembered {
    type Item = Story;

    /// In the order of their paths' bytes; none more from where something is damaged.
    fn next(&mut self) -> Option<Story> {
        if let Some(story) = self.block.next() {
            return Some(story);
        }
        let stories: Vec<Story> = read_block(self.input.as_mut()?).ok()?;
        let sound = |story: &Story| {
            story
                .categories
                .iter()
                .chain(&story.tags)
                .chain(&story.securities)
                .all(|id| (*id as usize) < self.count)
        };
        if stories.is_empty() || !stories.iter().all(sound) {
            self.input = None;
            return None;
        }
        self.block = stories.into_iter();
        self.block.next()
    }
}

impl Remembered {
    /// The stories as they are remembered; none if nothing is, or if what is there is another program's.
    pub(crate) fn load(cache: &Cache) -> Self {
        let load = || {
            let mut input = cache.open_file(NAME)?;
            let (since, labels): (i64, Vec<Label>) = read_block(&mut input).ok()?;
            let labels = Labels(labels.into_iter().collect());
            let count = labels.0.len();
            Some(Self { labels, since, input: Some(input), count, ..Self::default() })
        };
        load().unwrap_or_default()
    }

    /// Remembers stories; `since` is when their files were looked at, in nanoseconds since 1970.
    ///
    /// # Errors
    /// Fails if the cache cannot be written.
    pub(crate) fn save(cache: &Cache, stories: &[Story], labels: &Labels, since: i64) -> Result<()> {
        cache.write_file(NAME, |output| {
            write_block(output, &encode_block(&(since, labels.0.iter().collect::<Vec<_>>()))?)?;
            // As many at a time as are written together, so that not all are in memory twice.
            for stories in stories.chunks(BLOCK * 16) {
                let blocks: Result<Vec<Vec<u8>>> = stories.par_chunks(BLOCK).map(encode_block).collect();
                blocks?.iter().try_for_each(|block| write_block(output, block))?;
            }
            write_block(output, &encode_block::<[Story]>(&[])?)
        })
    }
}
