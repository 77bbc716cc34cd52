//! Cutting a row of items into pieces where the content says so, so that an insertion moves at most a few cuts.

use std::ops::Range;

/// Cuts `items` into chunks of at most `limit` bytes and, all but the last, of at least three quarters of it.
///
/// Each item comes with its length in bytes and a fingerprint of what it is. A cut falls, within the last quarter of a
/// full chunk, before the item with the least fingerprint: two rows that differ in one item soon agree on a cut again and
/// are the same from there on. An item longer than `limit` has a chunk to itself.
pub fn chunks(items: impl IntoIterator<Item = (usize, u64)>, limit: usize) -> Vec<Range<usize>> {
    let items: Vec<(usize, u64)> = items.into_iter().collect();
    let least = limit / 4 * 3;
    let mut cuts = Vec::new();
    let mut start = 0;
    while start < items.len() {
        let mut length = 0;
        let mut cut: Option<(u64, usize)> = None;
        let mut end = start;
        while end < items.len() && (end == start || length + items[end].0 <= limit) {
            if end > start && length >= least && cut.is_none_or(|(fingerprint, _)| items[end].1 < fingerprint) {
                cut = Some((items[end].1, end));
            }
            length += items[end].0;
            end += 1;
        }
        if end < items.len() {
            end = match cut {
                Some((fingerprint, at)) if fingerprint <= items[end].1 => at,
                _ => end,
            };
        }
        cuts.push(start..end);
        start = end;
    }
    cuts
}

/// A fingerprint of a text, the same on every machine: FNV-1a of 64 bits over its UTF-8.
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::chunks;
    use proptest::prelude::*;

    fn fingerprint(item: u64) -> u64 {
        item.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    fn cut(items: &[u64]) -> Vec<Vec<u64>> {
        chunks(items.iter().map(|item| (100, fingerprint(*item))), 2000).into_iter().map(|r| items[r].to_vec()).collect()
    }

    proptest! {
        #[test]
        fn every_item_is_in_one_chunk_of_the_promised_length(lengths in prop::collection::vec((1_usize..3000, any::<u64>()), 0..200)) {
            let found = chunks(lengths.iter().copied(), 2000);
            prop_assert_eq!(found.iter().flat_map(Clone::clone).collect::<Vec<_>>(), (0..lengths.len()).collect::<Vec<_>>());
            for chunk in &found {
                let length: usize = lengths[chunk.clone()].iter().map(|(length, _)| length).sum();
                prop_assert!(length <= 2000 || chunk.len() == 1);
            }
        }
    }

    #[test]
    fn one_item_more_changes_few_chunks() {
        let items: Vec<u64> = (0..5000).map(|n| n * 2).collect();
        let before = cut(&items);
        let mut changed = Vec::new();
        for at in (0..200).map(|n| n * 25 + 3) {
            let mut more = items.clone();
            more.insert(at, at as u64 * 2 - 1);
            changed.push(cut(&more).iter().filter(|chunk| !before.contains(chunk)).count());
        }
        changed.sort_unstable();
        assert!(changed[100] <= 1 && changed[180] <= 20, "half the insertions change {} chunks, nine of ten {}", changed[100], changed[180]);
    }
}
