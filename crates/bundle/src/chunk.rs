//! Content-defined chunking: chooses the cuts of a sequence by its content, so an insertion moves few cuts.

use std::collections::VecDeque;

/// Cuts items into chunks of at most `limit` bytes; all but the last have at least seven eighths of
/// that if no item is longer than an eighth.
///
/// Each item comes with its length in bytes and a fingerprint of its content. Within the last eighth of a
/// full chunk, the cut falls before the item with the smallest fingerprint, so two sequences that differ in
/// one item are soon cut at the same places again. An item longer than `limit` gets a chunk of its own. The
/// iterator holds one chunk in memory at a time.
pub fn chunks<T>(
    items: impl IntoIterator<Item = (T, usize, u64)>,
    limit: usize,
) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    let mut pending: VecDeque<(T, usize, u64)> = VecDeque::new();
    let mut length = 0;
    std::iter::from_fn(move || {
        loop {
            if length > limit
                && let Some(end) = cut(&pending, limit)
            {
                length -= pending.iter().take(end).map(|(_, bytes, _)| bytes).sum::<usize>();
                return Some(pending.drain(..end).map(|(item, ..)| item).collect());
            }
            match items.next() {
                Some(item) => {
                    length += item.1;
                    pending.push_back(item);
                }
                None if pending.is_empty() => return None,
                None => return Some(pending.drain(..).map(|(item, ..)| item).collect()),
            }
        }
    })
}

/// Merges the last chunk, if it has fewer than `min` items, with the one before it.
pub fn join_short_end<T>(chunks: impl Iterator<Item = Vec<T>>, min: usize) -> impl Iterator<Item = Vec<T>> {
    let mut chunks = chunks.peekable();
    let mut previous: Option<Vec<T>> = None;
    std::iter::from_fn(move || {
        loop {
            let Some(next) = chunks.next() else { return previous.take() };
            let is_short_end = next.len() < min && chunks.peek().is_none();
            match previous.replace(next) {
                Some(before) if !is_short_end => return Some(before),
                Some(mut before) => {
                    before.extend(previous.take().into_iter().flatten());
                    return Some(before);
                }
                None => {}
            }
        }
    })
}

/// Returns the index before which to cut, or `None` if the items fit into a chunk or there is only one,
/// which is too long.
fn cut<T>(items: &VecDeque<(T, usize, u64)>, limit: usize) -> Option<usize> {
    let mut length = 0;
    let mut best: Option<(u64, usize)> = None;
    for (at, (_, bytes, fingerprint)) in items.iter().enumerate() {
        let over = length + bytes > limit;
        if at > 0 && (length >= limit / 8 * 7 || over) && best.is_none_or(|(least, _)| *fingerprint < least) {
            best = Some((*fingerprint, at));
        }
        length += bytes;
        if at > 0 && over {
            return best.map(|(_, at)| at);
        }
    }
    None
}

/// A fingerprint of a text, the same on every machine: 64-bit FNV-1a over its UTF-8, then mixed.
///
/// FNV's upper bits barely differ between texts that differ in their last characters, as the slugs of a day
/// do. Without mixing, the smallest fingerprint would therefore always be the first or the last. The mixing
/// is the last step of `MurmurHash3` (`fmix64`, <https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp>).
pub fn fingerprint(text: &str) -> u64 {
    let fnv = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::{chunks, fingerprint, join_short_end};
    use proptest::prelude::*;

    /// Cuts items into chunks, with slugs and lengths like those of a day's news.
    fn chunked(items: &[u64]) -> Vec<Vec<u64>> {
        let sized = |item: &u64| {
            (
                *item,
                1000 + usize::try_from(item * 7919 % 2000).unwrap(),
                fingerprint(&format!("20190110{:010}", 2_200_000_000 + item * 19)),
            )
        };
        chunks(items.iter().map(sized), 158_000).collect()
    }

    proptest! {
        #[test]
        fn every_item_is_in_one_chunk_and_only_a_single_item_exceeds_the_limit(lengths in prop::collection::vec((1_usize..3000, any::<u64>()), 0..200)) {
            let found: Vec<Vec<usize>> = chunks(lengths.iter().enumerate().map(|(at, (length, fingerprint))| (at, *length, *fingerprint)), 2000).collect();
            prop_assert_eq!(found.concat(), (0..lengths.len()).collect::<Vec<_>>());
            for chunk in &found {
                let length: usize = chunk.iter().map(|at| lengths[*at].0).sum();
                prop_assert!(length <= 2000 || chunk.len() == 1);
            }
        }
    }

    #[test]
    fn a_short_last_chunk_is_merged_with_the_one_before() {
        let joined = |chunks: &[&[u8]]| {
            join_short_end(chunks.iter().map(|chunk| chunk.to_vec()), 2).collect::<Vec<_>>()
        };
        assert_eq!(joined(&[]), Vec::<Vec<u8>>::new());
        assert_eq!(joined(&[&[1]]), [vec![1]]);
        assert_eq!(joined(&[&[1], &[2], &[3]]), [vec![1], vec![2, 3]]);
        assert_eq!(joined(&[&[1], &[2, 3]]), [vec![1], vec![2, 3]]);
    }

    #[test]
    fn one_more_item_changes_few_chunks() {
        let items: Vec<u64> = (0..5000).map(|n| n * 2).collect();
        let before = chunked(&items);
        let mut changed = Vec::new();
        for at in (0..200).map(|n| n * 25 + 3) {
            let mut more = items.clone();
            more.insert(at, at as u64 * 2 - 1);
            changed.push(chunked(&more).iter().filter(|chunk| !before.contains(chunk)).count());
        }
        changed.sort_unstable();
        assert!(
            changed[100] <= 1 && changed[180] <= 10,
            "half the insertions change at most {} chunks, nine of ten at most {}",
            changed[100],
            changed[180]
        );
    }
}
