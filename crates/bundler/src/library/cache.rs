//! The cache of stories: everything about posts except their text. A post whose file has not changed is read
//! again only if its text is needed.

use std::fs::File;
use std::io::BufReader;

use anyhow::Result;
use bundle::Label;
use rayon::prelude::*;

use super::story::{Labels, Story};
use crate::cache::{Cache, encode_block, read_block, write_block};
use crate::digest::Digest;

const NAME: &str = "stories";
/// The number of stories encoded together.
const STORIES_PER_BLOCK: usize = 4096;

/// The stories of the last build, which are read one after the other.
#[derive(Default)]
pub(crate) struct StoryCache {
    pub(crate) labels: Labels,
    /// When the stories' files were checked, in nanoseconds since 1970.
    pub(crate) checked_at: i64,
    /// The digest of the configuration with which the stories were read.
    pub(crate) configuration: Digest,
    input: Option<BufReader<File>>,
    block: std::vec::IntoIter<Story>,
    /// The number of labels. A story with a label id that is not below this number is damaged.
    label_count: usize,
}

impl Iterator for StoryCache {
    type Item = Story;

    /// Returns the next story, in the byte order of paths. Returns `None` at the end or at a damaged block.
    fn next(&mut self) -> Option<Story> {
        if let Some(story) = self.block.next() {
            return Some(story);
        }
        let stories: Vec<Story> = read_block(self.input.as_mut()?).ok()?;
        let is_valid = |story: &Story| {
            story
                .categories
                .iter()
                .chain(&story.tags)
                .chain(&story.securities)
                .all(|id| (*id as usize) < self.label_count)
        };
        if stories.is_empty() || !stories.iter().all(is_valid) {
            self.input = None;
            return None;
        }
        self.block = stories.into_iter();
        self.block.next()
    }
}

impl StoryCache {
    /// Opens the stories of the last build. The result is empty if there are none, or if they were written by
    /// another version of finews.
    pub(crate) fn load(cache: &Cache) -> Self {
        let load = || {
            let mut input = cache.open_file(NAME)?;
            let (checked_at, configuration, labels): (i64, Digest, Vec<Label>) =
                read_block(&mut input).ok()?;
            let labels = Labels(labels.into_iter().collect());
            let label_count = labels.0.len();
            Some(Self {
                labels,
                checked_at,
                configuration,
                input: Some(input),
                label_count,
                ..Self::default()
            })
        };
        load().unwrap_or_default()
    }

    /// Saves stories. `checked_at` is when their files were checked, in nanoseconds since 1970;
    /// `configuration` is the digest of the configuration with which they were read.
    ///
    /// # Errors
    /// Fails if the cache cannot be written.
    pub(crate) fn save(
        cache: &Cache,
        stories: &[Story],
        labels: &Labels,
        checked_at: i64,
        configuration: Digest,
    ) -> Result<()> {
        cache.write_file(NAME, |output| {
            let header = (checked_at, configuration, labels.0.iter().collect::<Vec<_>>());
            write_block(output, &encode_block(&header)?)?;
            // A few blocks at a time, so that memory does not hold all stories twice.
            for stories in stories.chunks(STORIES_PER_BLOCK * 16) {
                let blocks: Result<Vec<Vec<u8>>> =
                    stories.par_chunks(STORIES_PER_BLOCK).map(encode_block).collect();
                blocks?.iter().try_for_each(|block| write_block(output, block))?;
            }
            // An empty block marks the end.
            write_block(output, &encode_block::<[Story]>(&[])?)
        })
    }
}
