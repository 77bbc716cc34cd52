//! Writes directories, which map lists to their pages, partitioned by the lists' names.

use anyhow::Result;
use bundle::{Directory, Folder, Hash, List, ListId, ListKind, partition};
use rayon::prelude::*;

use super::writer::BundleWriter;
use crate::digest::{Digest, digest};

/// The intended size of a directory, in bytes of JSON.
pub(super) const DIRECTORY_BYTES: usize = 100_000;

/// The directories that were written.
#[derive(Default)]
pub(super) struct WrittenDirectories {
    pub(super) files: Vec<Hash>,
    /// The digest of each category's entry.
    pub(super) categories: Vec<(ListId, Digest)>,
}

/// Returns the number of partitions for `count` things, with about `each` things in a partition.
///
/// It is a power of two, so that it seldom changes, or `max` if that is smaller.
pub(super) fn partition_count(count: usize, (each, max): (usize, usize)) -> usize {
    count.div_ceil(each).next_power_of_two().min(max)
}

/// Groups things into `count` partitions.
pub(super) fn by_partition<T>(
    things: impl IntoIterator<Item = T>,
    count: usize,
    partition: impl Fn(&T) -> usize,
) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    parts.resize_with(count, Vec::new);
    for thing in things {
        parts[partition(&thing)].push(thing);
    }
    parts
}

/// Writes directories for `count` partitions of lists. A directory that would be too long gets a second
/// level.
///
/// # Errors
/// Fails if a file cannot be written.
pub(super) fn write_directories(
    entries: Vec<(ListId, List)>,
    count: usize,
    writer: &dyn BundleWriter,
) -> Result<WrittenDirectories> {
    if entries.is_empty() {
        return Ok(WrittenDirectories::default());
    }
    let sized: Vec<(ListId, List, usize, Digest)> = entries
        .into_par_iter()
        .map(|(id, list)| {
            let json = bundle::encode(&list);
            let length = json.len() + id.key.len() + 16;
            (id, list, length, digest(&json))
        })
        .collect();
    let categories = sized
        .iter()
        .filter(|(id, ..)| id.kind == ListKind::Category)
        .map(|(id, _, _, digest)| (id.clone(), *digest))
        .collect();
    let parts = by_partition(sized, count, |(id, ..)| partition(id, count));
    let directory = |part: Vec<(ListId, List, usize, Digest)>| Directory {
        lists: part.into_iter().map(|(id, list, ..)| (id.to_string(), list)).collect(),
        finer: Vec::new(),
    };
    let put = |directory: &Directory| writer.put(Folder::Lists, bundle::encode(directory));
    let files: Result<Vec<Hash>> = parts
        .into_par_iter()
        .map(|part| {
            let length: usize = part.iter().map(|(_, _, length, _)| length).sum();
            if length <= DIRECTORY_BYTES * 3 || part.len() == 1 {
                return put(&directory(part));
            }
            let finer = partition_count(length, (DIRECTORY_BYTES, usize::MAX));
            let parts = by_partition(part, finer, |(id, ..)| partition(id, count * finer) / count);
            let finer = parts.into_par_iter().map(|part| put(&directory(part))).collect::<Result<_>>()?;
            put(&Directory { finer, ..Directory::default() })
        })
        .collect();
    Ok(WrittenDirectories { files: files?, categories })
}
