//! The head of an index, which names its segments. Its file is JSON.

use serde::{Deserialize, Serialize};

use crate::segment::Segment;

/// The head of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `range` if readers request parts of files, or `whole`.
    pub cut: String,
    /// The site's language, whose stemmer the words have.
    pub lang: String,
    /// The hash of the file of names to suggest.
    pub names: String,
    /// The segments from the oldest to the newest; that of amendments is the last.
    pub segments: Vec<SegmentHead>,
    /// The newest of the segments once more, cut into small files, for hosts that send no parts of files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<SegmentHead>,
}

/// What the head says of a segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHead {
    /// The hash of its file of hashes, with which the names of its files begin.
    pub id: String,
    /// See [`Segment`].
    pub rows: u32,
    /// See [`Segment`].
    pub pages: u32,
    /// See [`Segment`].
    pub pages_per_file: u32,
    /// See [`Segment`].
    pub gap_parameter: u32,
    /// See [`Segment`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart_above: Option<u32>,
    /// See [`Segment`].
    pub row_pages_per_file: u32,
    /// The day of its first row, in days since 1970.
    pub first_day: i64,
    /// The numbers of rows on that day and on each day after it.
    pub days: Vec<u32>,
    /// The rows that count no longer, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<u32>,
}

impl SegmentHead {
    /// The head of a segment, with the days of its rows, ascending.
    pub fn new(id: String, segment: &Segment, days: impl Iterator<Item = i64>) -> Self {
        let mut head = Self {
            id,
            rows: segment.rows,
            pages: segment.pages,
            pages_per_file: segment.pages_per_file,
            gap_parameter: segment.gap_parameter,
            apart_above: Some(segment.apart_above).filter(|bytes| *bytes < u32::MAX),
            row_pages_per_file: segment.row_pages_per_file,
            ..Self::default()
        };
        for day in days {
            if head.days.is_empty() {
                head.first_day = day;
            }
            let at = usize::try_from(day - head.first_day).unwrap_or(0);
            head.days.resize(head.days.len().max(at + 1), 0);
            head.days[at] += 1;
        }
        head
    }

    /// Where the segment has what.
    pub fn segment(&self) -> Segment {
        Segment {
            rows: self.rows,
            pages: self.pages,
            pages_per_file: self.pages_per_file,
            gap_parameter: self.gap_parameter,
            apart_above: self.apart_above.unwrap_or(u32::MAX),
            row_pages_per_file: self.row_pages_per_file,
        }
    }
}
