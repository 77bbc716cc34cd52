//! Reports the warnings, each with its file and line, and the counts of a build.

use std::collections::BTreeMap;
use std::path::Path;

use posts::{Warning, WarningKind};

use crate::library::Library;
use crate::library::resolve::Resolved;

/// The warnings and counts of a build.
pub(crate) struct Report {
    published: usize,
    unpublished: usize,
    /// The number of posts that were parsed, because they were new or changed.
    parsed: usize,
    lines: Vec<String>,
    kinds: BTreeMap<WarningKind, usize>,
}

impl Report {
    /// How many warnings a build prints; `finews check` prints all.
    pub(crate) const MAX_PRINTED: usize = 20;

    pub(crate) fn of(library: &Library, resolved: &Resolved, root: &Path) -> Self {
        let published = library.stories.iter().filter(|story| story.published).count();
        let unpublished = library.stories.len() - published;
        let mut report = Self {
            published,
            unpublished,
            parsed: library.parsed,
            lines: Vec::new(),
            kinds: BTreeMap::new(),
        };
        let mut warnings: Vec<(usize, &Warning)> =
            resolved.warnings.iter().map(|(at, warning)| (*at as usize, warning)).collect();
        warnings.extend(
            library
                .stories
                .iter()
                .enumerate()
                .flat_map(|(at, story)| story.warnings.iter().map(move |warning| (at, warning))),
        );
        // By post and line; warnings about a whole post have line 1.
        warnings.sort_by_key(|(at, warning)| (*at, warning.line));
        for (at, warning) in warnings {
            *report.kinds.entry(warning.kind).or_default() += 1;
            let file = root.join(&*library.stories[at].path);
            report.lines.push(format!(
                "{}:{}: {}: {}",
                file.display(),
                warning.line,
                warning.kind,
                warning.message
            ));
        }
        report
    }

    pub(crate) fn warnings(&self) -> usize {
        self.lines.len()
    }

    /// Prints at most `max` warnings to standard error, one per line, and how many more there are.
    pub(crate) fn print_warnings(&self, max: usize) {
        for line in self.lines.iter().take(max) {
            eprintln!("{line}");
        }
        if let Some(more) = self.lines.len().checked_sub(max).filter(|more| *more > 0) {
            eprintln!("… and {more} more warnings; “finews check” lists all");
        }
    }

    /// Prints the number of posts, and of warnings of each kind.
    pub(crate) fn print_counts(&self) {
        let unpublished =
            if self.unpublished > 0 { format!(" ({} unpublished)", self.unpublished) } else { String::new() };
        let new_or_changed = if self.parsed < self.published + self.unpublished {
            format!(", {} of them new or changed", self.parsed)
        } else {
            String::new()
        };
        println!("{} posts{unpublished}{new_or_changed}", self.published);
        if self.published == 0 {
            println!(
                "found no posts to publish (files ending in .md, .markdown or .mkd): is this the right folder?"
            );
        }
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        match kinds.as_slice() {
            [] => println!("no warnings"),
            kinds => println!("{} warnings: {}", self.warnings(), kinds.join(", ")),
        }
    }
}
