//! Writes a segment: first its lists, sorted by the keys of their terms, then its files, once it is known how many there
//! are. What does not fit in memory waits in two temporary files.

mod entry;
mod merge;
mod run;
mod text;

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use self::entry::{ListBits, Written};
pub use self::merge::merge;
pub use self::run::{MAX_ROWS, Run, push};
pub use self::text::{TextKind, texts};
use crate::bits::BitWriter;
use crate::list::List;
use crate::page::HEAD;
use crate::segment::{File, INLINE_ROWS, KEY_BITS, PAGE_UNIT, Segment, checksum, with_checksum};

/// How an index is cut into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Large files, of which readers request parts.
    Range,
    /// Small files, which readers request whole.
    Whole,
}

impl Cut {
    /// As the head of an index names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Whole => "whole",
        }
    }

    /// The size in bytes that files should have.
    pub const fn file_bytes(self) -> u64 {
        match self {
            Self::Range => 1 << 20,
            Self::Whole => 17 << 9,
        }
    }

    /// Lists longer than this have files of their own.
    const fn apart_above(self) -> u32 {
        match self {
            Self::Range => u32::MAX,
            Self::Whole => 4 << 10,
        }
    }
}

/// The mean number of terms on a page.
const TERMS_PER_PAGE: u64 = 128;

/// Collects the lists of a segment.
pub struct SegmentWriter<F: Read + Write + Seek> {
    rows: u32,
    cut: Cut,
    /// Each term: its key, the counts, and its list's bits or length.
    entries: BufWriter<F>,
    /// The lists that do not stand on pages.
    lists: BufWriter<F>,
    count: u64,
    /// The bytes of the lists that have no files of their own.
    list_bytes: u64,
}

impl<F: Read + Write + Seek> SegmentWriter<F> {
    /// A segment with this many rows. The files are empty.
    pub fn new(rows: u32, cut: Cut, entries: F, lists: F) -> Self {
        Self {
            rows,
            cut,
            entries: BufWriter::with_capacity(1 << 18, entries),
            lists: BufWriter::with_capacity(1 << 18, lists),
            count: 0,
            list_bytes: 0,
        }
    }

    /// Adds the list of the next term: keys ascend.
    ///
    /// # Errors
    /// Fails if a file cannot be written.
    pub fn add(&mut self, key: u64, list: &List) -> io::Result<()> {
        let count = list.rows.len() as u32;
        let mut bits = BitWriter::default();
        list.write(self.rows, &mut bits);
        let length = bits.length() as u32;
        let mut bytes = bits.finish();
        self.entries.write_all(&key.to_le_bytes())?;
        self.entries.write_all(&count.to_le_bytes())?;
        self.entries.write_all(&(list.titles.len() as u32).to_le_bytes())?;
        if count <= INLINE_ROWS {
            self.entries.write_all(&length.to_le_bytes())?;
            self.entries.write_all(&bytes)?;
        } else {
            bytes = with_checksum(bytes);
            self.entries.write_all(&(bytes.len() as u32).to_le_bytes())?;
            self.lists.write_all(&bytes)?;
            if bytes.len() as u32 <= self.cut.apart_above() {
                self.list_bytes += bytes.len() as u64;
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Makes the pages, and gives each file of terms and lists to `put`. Returns the segment, and the lengths of its pages.
    ///
    /// # Errors
    /// Fails if a temporary file cannot be read, or if `put` fails.
    pub fn finish<E: From<io::Error>>(
        self,
        mut put: impl FnMut(File, Vec<u8>) -> Result<(), E>,
    ) -> Result<(Segment, Vec<u8>), E> {
        let pages = self.count.div_ceil(TERMS_PER_PAGE).max(1);
        let mut segment = Segment {
            rows: self.rows,
            pages: pages as u32,
            // As of a geometric distribution.
            gap_parameter: (((1 << KEY_BITS) / self.count.max(1)) * 69 / 100).checked_ilog2().unwrap_or(0),
            apart_above: self.cut.apart_above(),
            ..Segment::default()
        };
        let mut entries = reader(self.entries)?;
        let pages = Pages::read(&segment, &mut entries, self.count)?;
        let all = pages.bytes.iter().map(|page| page.len() as u64).sum::<u64>() + self.list_bytes;
        let per_file = (u64::from(segment.pages) * self.cut.file_bytes() + all / 2) / all.max(1);
        segment.pages_per_file = per_file.clamp(1, u64::from(segment.pages)) as u32;
        let mut lists = reader(self.lists)?;
        let mut apart = 0;
        let mut lengths = pages.lengths.iter();
        let mut page_lengths = Vec::new();
        let files = pages.bytes.chunks(segment.pages_per_file as usize);
        for (number, file) in (0..).zip(files) {
            let mut bytes = vec![0; file.iter().map(Vec::len).sum()];
            let mut begin = 0;
            for page in file {
                let first = bytes.len() as u32;
                let end = begin + page.len();
                let (target, sum) = bytes[begin..end].split_at_mut(page.len() - 4);
                target.copy_from_slice(&page[..page.len() - 4]);
                target[..4].copy_from_slice(&first.to_le_bytes());
                target[4..8].copy_from_slice(&u32::to_le_bytes(apart));
                sum.copy_from_slice(&checksum(target).to_le_bytes());
                begin = end;
                push(&mut page_lengths, page.len() as u64 / u64::from(PAGE_UNIT));
                let Some(lengths) = lengths.next() else { break };
                for length in lengths {
                    let mut list = vec![0; *length as usize];
                    lists.read_exact(&mut list)?;
                    if *length > segment.apart_above {
                        put(File::List(apart), list)?;
                        apart += 1;
                    } else {
                        bytes.extend(list);
                    }
                }
            }
            put(File::Terms(number), bytes)?;
        }
        Ok((segment, page_lengths))
    }
}

/// Reads what was written from its beginning.
fn reader<F: Read + Write + Seek>(written: BufWriter<F>) -> io::Result<BufReader<F>> {
    let mut file = written.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::with_capacity(1 << 18, file))
}

/// The pages of a segment with room for their checksums, and the lengths of the lists of each that do not stand there.
struct Pages {
    bytes: Vec<Vec<u8>>,
    lengths: Vec<Vec<u32>>,
}

impl Pages {
    fn read(segment: &Segment, entries: &mut impl Read, count: u64) -> io::Result<Self> {
        let mut pages = Self { bytes: Vec::new(), lengths: Vec::new() };
        let mut open = OpenPage::default();
        let mut at = 0;
        for _ in 0..count {
            let mut key = [0; 8];
            entries.read_exact(&mut key)?;
            let key = u64::from_le_bytes(key);
            let mut numbers = [[0; 4]; 3];
            for number in &mut numbers {
                entries.read_exact(number)?;
            }
            let [count, titles, length] = numbers.map(u32::from_le_bytes);
            let written = if count <= INLINE_ROWS {
                let mut inline = vec![0; length.div_ceil(8) as usize];
                entries.read_exact(&mut inline)?;
                Written::Inline(inline, length)
            } else {
                Written::Apart(length)
            };
            while pages.bytes.len() < segment.page_of(key) as usize {
                pages.close(&mut open);
                at = segment.first_key(pages.bytes.len() as u32);
            }
            if let Written::Apart(length) = written {
                open.lengths.push(length);
            }
            entry::write(
                key - at,
                segment.gap_parameter,
                &ListBits { count, titles, written },
                &mut open.bits,
            );
            open.count += 1;
            at = key + 1;
        }
        while pages.bytes.len() < segment.pages as usize {
            pages.close(&mut open);
        }
        Ok(pages)
    }

    fn close(&mut self, open: &mut OpenPage) {
        let OpenPage { bits, count, lengths } = std::mem::take(open);
        let mut page = vec![0; HEAD];
        let mut all = BitWriter::default();
        all.bits(count, 16);
        page.extend(all.finish());
        page.extend(bits.finish());
        let length = (page.len() + 4).next_multiple_of(PAGE_UNIT as usize);
        page.resize(length, 0);
        self.bytes.push(page);
        self.lengths.push(lengths);
    }
}

#[derive(Default)]
struct OpenPage {
    bits: BitWriter,
    count: u32,
    lengths: Vec<u32>,
}
