//! Writes a segment: the terms of its stories in runs, the runs merged into lists, and its files.

use std::fs::File as TemporaryFile;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ::search::fold::fold;
use ::search::head::SegmentHead;
use ::search::segment::with_checksum;
use ::search::stem::Stemmer;
use ::search::write::{Cut, MAX_ROWS, Run, SegmentWriter, merge, texts};
use anyhow::{Context as _, Result, ensure};
use bundle::ListId;
use indicatif::ProgressBar;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{RememberedSegment, Weeks, path, rows};
use crate::compile::catalog::Catalog;
use crate::compile::writer::BundleWriter;
use crate::compress;

/// How many stories a run has: each takes about 5 KB of memory.
const RUN: usize = 6144;

/// Writes segments of a catalog's stories.
pub(super) struct SegmentFiles<'a> {
    pub(super) catalog: &'a Catalog<'a>,
    pub(super) cut: Cut,
    /// Where temporary files are.
    pub(super) cache: &'a Path,
    pub(super) writer: &'a dyn BundleWriter,
    /// Counts stories.
    pub(super) bar: ProgressBar,
}

impl SegmentFiles<'_> {
    /// Writes the segment of stories, whose digests are `digests`.
    pub(super) fn write(
        &self,
        weeks: Weeks,
        ranks: &[usize],
        digests: Vec<u64>,
    ) -> Result<RememberedSegment> {
        let count = u32::try_from(ranks.len()).ok().filter(|count| *count < MAX_ROWS);
        let count = count
            .with_context(|| format!("a segment of the search index cannot have {} rows", ranks.len()))?;
        let temporary = || tempfile::tempfile_in(self.cache).context(NO_ROOM);
        let runs = self.write_runs(ranks, temporary()?)?;
        let mut segment_writer = SegmentWriter::new(count, self.cut, temporary()?, temporary()?);
        let mut files = Files { spool: temporary()?, all: Vec::new() };
        let write_lists = || {
            merge(runs.readers(), |key, list| segment_writer.add(key, list)).context(NO_ROOM)?;
            segment_writer.finish(|file, bytes| files.add(file.name(), &bytes))
        };
        let (segment, row_files) = rayon::join(write_lists, || rows::write(self.catalog, ranks, self.cut));
        let ((mut segment, mut lengths), row_files) = (segment?, row_files?);
        segment.row_pages_per_file = row_files.pages_per_file;
        for (file, bytes) in row_files.files {
            files.add(file.name(), &bytes)?;
        }
        lengths.extend(row_files.lengths);
        files.add("lengths".to_owned(), &with_checksum(compress::deflate(&lengths)?))?;
        let (id, files) = files.publish(self.writer)?;
        let days = ranks.iter().map(|rank| self.catalog.time(*rank).date().days());
        let head = SegmentHead::new(id, &segment, days);
        Ok(RememberedSegment { weeks, rows: digests, head, masked_since: None, files })
    }

    /// Writes the terms of stories into a temporary file, in runs.
    fn write_runs(&self, ranks: &[usize], file: TemporaryFile) -> Result<Runs> {
        let file = Mutex::new(file);
        let stemmer = Stemmer::of(&self.catalog.config.site.lang);
        let write = |(number, ranks): (usize, &[usize])| {
            let mut run = Run::new(stemmer);
            for (row, rank) in (u32::try_from(number * RUN)?..).zip(ranks) {
                let article = self.catalog.article(*rank)?.article;
                for (text, kind) in texts(&article) {
                    run.add(row, &fold(&text), kind);
                }
                for (kind, key) in self.catalog.lists_of(*rank) {
                    run.add_term(row, &ListId::new(kind, key).to_string(), false);
                }
            }
            let bytes = run.finish();
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let begin = file.seek(SeekFrom::End(0)).context(NO_ROOM)?;
            file.write_all(&bytes).context(NO_ROOM)?;
            self.bar.inc(ranks.len() as u64);
            Ok((begin, bytes.len() as u64))
        };
        let places: Result<Vec<(u64, u64)>> = ranks.par_chunks(RUN).enumerate().map(write).collect();
        Ok(Runs { places: places?, file })
    }
}

const NO_ROOM: &str =
    "a temporary file in the cache folder could not be written (is the disk full?); the site is unchanged";

/// The runs of a segment in a temporary file.
struct Runs {
    file: Mutex<TemporaryFile>,
    /// Where each begins, and its length.
    places: Vec<(u64, u64)>,
}

impl Runs {
    fn readers(&self) -> Vec<BufReader<PartReader<'_>>> {
        let reader = |(at, length): &(u64, u64)| PartReader { file: &self.file, at: *at, end: at + length };
        self.places.iter().map(|place| BufReader::with_capacity(1 << 16, reader(place))).collect()
    }
}

/// Reads a part of a file that others read too.
struct PartReader<'f> {
    file: &'f Mutex<TemporaryFile>,
    at: u64,
    end: u64,
}

impl Read for PartReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(&mut buffer[..length])?;
        self.at += read as u64;
        Ok(read)
    }
}

/// The files of a segment, which wait in a temporary file until their common name is known.
struct Files {
    spool: TemporaryFile,
    /// The name, the length and the hash of each.
    all: Vec<(String, u64, [u8; 32])>,
}

impl Files {
    fn add(&mut self, name: String, bytes: &[u8]) -> Result<()> {
        self.spool.write_all(bytes).context(NO_ROOM)?;
        self.all.push((name, bytes.len() as u64, Sha256::digest(bytes).into()));
        Ok(())
    }

    /// Writes the files into the site, with one more that has their hashes. Its own hash is the segment's name. Returns
    /// that, and the files' names and lengths.
    fn publish(mut self, writer: &dyn BundleWriter) -> Result<(String, Vec<(String, u64)>)> {
        let hashes: Vec<u8> = self.all.iter().flat_map(|(_, _, hash)| *hash).collect();
        let id = hex::encode(Sha256::digest(&hashes));
        self.spool.seek(SeekFrom::Start(0))?;
        let mut files = Vec::new();
        let mut put = |name: &str, bytes: &[u8]| {
            let name = format!("{id}-{name}.bin");
            writer.put_file(&path(&name), bytes)?;
            files.push((name, bytes.len() as u64));
            anyhow::Ok(())
        };
        let mut spool = BufReader::with_capacity(1 << 18, self.spool);
        for (name, length, _) in &self.all {
            let mut bytes = vec![0; usize::try_from(*length)?];
            spool.read_exact(&mut bytes).context("a temporary file in the cache folder could not be read")?;
            put(name, &bytes)?;
        }
        put("hashes", &hashes)?;
        ensure!(files.len() == self.all.len() + 1, "a file of the search index is missing");
        Ok((id, files))
    }
}
