//! What a build says at its end: warnings with their places, and counts.

use std::collections::BTreeMap;
use std::path::Path;

use posts::WarningKind;

use crate::collect::Found;
use crate::site::FileCounts;

/// Warnings and counts of a build.
pub(crate) struct Report {
    posts: usize,
    unpublished: usize,
    lines: Vec<String>,
    kinds: BTreeMap<WarningKind, usize>,
    pub(crate) files: FileCounts,
}

impl Report {
    /// How many warnings a build shows; `finews check` shows all.
    pub(crate) const SHOWN: usize = 20;

    pub(crate) fn of(found: &[Found], root: &Path) -> Self {
        let mut report = Self { posts: 0, unpublished: 0, lines: Vec::new(), kinds: BTreeMap::new(), files: FileCounts::default() };
        for found in found {
            *if found.post.published { &mut report.posts } else { &mut report.unpublished } += 1;
            for warning in &found.post.warnings {
                *report.kinds.entry(warning.kind).or_default() += 1;
                report.lines.push(format!("{}:{}: {}: {}", root.join(&found.path).display(), warning.line, warning.kind, warning.message));
            }
        }
        report
    }

    pub(crate) fn warnings(&self) -> usize {
        self.lines.len()
    }

    /// Prints the first so many warnings to standard error, a line each.
    pub(crate) fn print_warnings(&self, most: usize) {
        for line in self.lines.iter().take(most) {
            eprintln!("{line}");
        }
        if let Some(more) = self.lines.len().checked_sub(most).filter(|more| *more > 0) {
            eprintln!("… and {more} more warnings; “finews check” lists all");
        }
    }

    pub(crate) fn print_counts(&self) {
        let unpublished = if self.unpublished > 0 { format!(" ({} unpublished)", self.unpublished) } else { String::new() };
        println!("{} posts{unpublished}", self.posts);
        if self.posts == 0 {
            println!("no file ending in .md, .markdown or .mkd is to be shown: is this the right folder?");
        }
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        match kinds.as_slice() {
            [] => println!("no warnings"),
            kinds => println!("{} warnings: {}", self.warnings(), kinds.join(", ")),
        }
        if self.files.total > 0 {
            println!("{} files, {} new; {} bytes, {} new", self.files.total, self.files.new, self.files.bytes, self.files.new_bytes);
        }
    }
}
