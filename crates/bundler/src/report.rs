//! Reports the warnings, each with its file and line, and the counts of a build.

use std::collections::BTreeMap;
use std::path::Path;

use bundle::Time;
use jiff::Timestamp;
use posts::{Warning, WarningKind};

use crate::config::Config;
use crate::library::Library;
use crate::library::resolve::Resolved;
use crate::library::standalone::StandalonePages;
use crate::library::walk::is_in_posts;

/// The warnings and counts of a build.
pub(crate) struct Report {
    published: usize,
    kept_back: usize,
    /// The files of published standalone pages.
    pages: Vec<String>,
    /// See [`StandalonePages`].
    lists: Vec<String>,
    empty: Vec<String>,
    html: Vec<String>,
    others: Vec<String>,
    /// The paths of files in `_posts` that are not read because of their extension.
    unknown: Vec<String>,
    /// The number of posts that were parsed, because they were new or changed.
    parsed: usize,
    lines: Vec<String>,
    kinds: BTreeMap<WarningKind, usize>,
}

impl Report {
    /// How many warnings a build prints; `finews check` prints all.
    pub(crate) const MAX_PRINTED: usize = 20;

    pub(crate) fn of(
        library: &Library<'_>,
        resolved: &Resolved,
        standalone: &StandalonePages,
        config: &Config,
    ) -> Self {
        let published = library.stories.iter().filter(|story| story.published).count();
        let mut report = Self {
            published,
            kept_back: library.stories.iter().filter(|story| !story.published && !story.is_page()).count(),
            pages: standalone.published().map(|page| page.source.to_string()).collect(),
            lists: standalone.lists.clone(),
            empty: standalone.empty.clone(),
            html: standalone.html.clone(),
            others: standalone.others.clone(),
            unknown: library.files.unknown.iter().map(ToString::to_string).collect(),
            parsed: library.parsed,
            lines: Vec::new(),
            kinds: BTreeMap::new(),
        };
        for (path, warning) in config.warnings.iter().chain(&library.refused).chain(&standalone.warnings) {
            report.add(path, warning);
        }
        let mut warnings: Vec<(usize, &Warning)> =
            resolved.warnings.iter().map(|(at, warning)| (*at as usize, warning)).collect();
        warnings.extend(
            library
                .stories
                .iter()
                .enumerate()
                // Those of a page are among the page's.
                .filter(|(_, story)| !story.is_page() || is_in_posts(&story.path))
                .flat_map(|(at, story)| story.warnings.iter().map(move |warning| (at, warning))),
        );
        // By post and line; warnings about a whole post have line 1.
        warnings.sort_by_key(|(at, warning)| (*at, warning.line));
        for (at, warning) in warnings {
            report.add(&config.root.join(&*library.stories[at].path), warning);
        }
        report
    }

    fn add(&mut self, file: &Path, warning: &Warning) {
        *self.kinds.entry(warning.kind).or_default() += 1;
        let (file, Warning { line, kind, message }) = (file.display(), warning);
        self.lines.push(format!("{file}:{line}: {kind}: {message}"));
    }

    /// The number of published posts.
    pub(crate) fn published(&self) -> usize {
        self.published
    }

    /// The warnings, each with its file and line.
    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
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
        let kept_back =
            if self.kept_back > 0 { format!(" ({} kept back)", self.kept_back) } else { String::new() };
        let new_or_changed = if self.parsed < self.published + self.kept_back {
            format!(", {} of them new or changed", self.parsed)
        } else {
            String::new()
        };
        println!("{} posts{kept_back}{new_or_changed}", self.published);
        if self.published == 0 {
            println!(
                "found no posts to publish (dated files ending in .md, .markdown, .mkd, .mkdn or .mkdown): is this the right folder?"
            );
        }
        print_names("standalone page", &self.pages, "");
        print_paths(&self.others, "left out, neither stories (no date, or not in _posts) nor pages");
        print_paths(&self.lists, "left to the site's own lists, because all they have is lists of stories");
        print_paths(&self.empty, "left out, because they have no words of their own");
        print_paths(&self.html, "of HTML left out; to publish them as they are, set [files] include");
        print_paths(&self.unknown, "in _posts, but not in Markdown or HTML: not read");
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        match kinds.as_slice() {
            [] => println!("no warnings"),
            kinds => println!("{} warnings: {}", self.warnings(), kinds.join(", ")),
        }
    }
}

/// Prints when the next story becomes due or expires, and which stories' posts are gone.
pub(crate) fn print_changes(library: &Library<'_>, config: &Config, keep_days: u32) {
    if let Some((time, story)) = library.next_change() {
        let seconds =
            Timestamp::from_second(time).map_or(0, |instant| config.zone.to_offset(instant).seconds());
        let at = Time { unix: time, offset: i16::try_from(seconds / 60).unwrap_or(0) };
        let what = if story.published { "expires" } else { "is due" };
        println!("next: {} {what} at {at}; build again then (--watch does)", story.path);
    }
    let gone = &library.history.gone;
    for story in gone.iter().take(MAX_PATHS) {
        match &story.renamed {
            Some(path) => println!("{} is now {path}", story.path),
            // A purge of a slug that another story has would remove that story too.
            None if story.is_slug_used => {
                println!("{} is gone; to leave nothing of it: --keep-days 0", story.path);
            }
            None => println!("{} is gone; to leave nothing of it: --purge {}", story.path, story.slug),
        }
    }
    if !gone.is_empty() {
        let more = gone.len().saturating_sub(MAX_PATHS);
        let more = if more > 0 { format!("{more} more posts are gone or renamed. ") } else { String::new() };
        println!(
            "{more}Pages of posts that are gone are deleted; their old data files stay for {keep_days} days, for readers who have a page open, unless --keep-days 0 removes them now"
        );
    }
}

/// How many paths a line of the report names.
const MAX_PATHS: usize = 3;

/// Prints the number of files and the first of them, if there are any.
fn print_paths(paths: &[String], what: &str) {
    print_names("file", paths, &format!(" {what}"));
}

/// Prints how many things there are, and the paths of the first of them.
fn print_names(noun: &str, paths: &[String], what: &str) {
    if paths.is_empty() {
        return;
    }
    let more = if paths.len() > MAX_PATHS { ", …" } else { "" };
    let plural = if paths.len() == 1 { "" } else { "s" };
    let first = paths[..paths.len().min(MAX_PATHS)].join(", ");
    println!("{} {noun}{plural}{what}: {first}{more}", paths.len());
}
