//! Reports the warnings, each with its file and line, and the counts of a build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bundle::Time;
use jiff::Timestamp;
use posts::{Warning, WarningKind};
use serde_json::json;

use crate::compile::files::FolderFiles;
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
    warnings: Vec<(PathBuf, Warning)>,
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
            warnings: Vec::new(),
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

    /// Adds a warning about a file.
    pub(crate) fn add(&mut self, file: &Path, warning: &Warning) {
        *self.kinds.entry(warning.kind).or_default() += 1;
        self.warnings.push((file.to_owned(), warning.clone()));
    }

    /// The number of published posts.
    pub(crate) fn published(&self) -> usize {
        self.published
    }

    /// The warnings, each with its file and line.
    pub(crate) fn lines(&self) -> impl ExactSizeIterator<Item = String> {
        self.warnings.iter().map(|(file, Warning { line, kind, message })| {
            format!("{}:{line}: {kind}: {message}", file.display())
        })
    }

    /// The number of warnings.
    pub(crate) fn count(&self) -> usize {
        self.warnings.len()
    }

    /// Prints at most `max` warnings to standard error, one per line, and how many more there are.
    pub(crate) fn print_warnings(&self, max: usize) {
        for line in self.lines().take(max) {
            eprintln!("{line}");
        }
        if let Some(more) = self.count().checked_sub(max).filter(|more| *more > 0) {
            eprintln!("… and {more} more warnings; “finews check” groups them, and with --all lists them");
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
        print_paths(&self.lists, "that list stories, left to the site's own lists");
        print_paths(&self.empty, "without words of their own, left out");
        print_paths(&self.html, "of HTML left out; to publish them as they are, set [files] include");
        print_paths(&self.unknown, "in _posts, but not in Markdown or HTML: not read");
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        match kinds.as_slice() {
            [] => println!("no warnings"),
            kinds => println!("{} warnings: {}", self.count(), kinds.join(", ")),
        }
    }
}

impl Report {
    /// Prints the warnings grouped by kind: how many there are, the first places, and what to do.
    pub(crate) fn print_groups(&self) {
        for (kind, count) in &self.kinds {
            println!("\n{kind}: {count} {}", if *count == 1 { "warning" } else { "warnings" });
            let of_kind = || self.warnings.iter().filter(|(_, warning)| warning.kind == *kind);
            for (file, Warning { line, message, .. }) in of_kind().take(MAX_PLACES) {
                println!("  {}:{line}: {message}", file.display());
            }
            if let Some(more) = count.checked_sub(MAX_PLACES).filter(|more| *more > 0) {
                println!("  … and {more} more");
            }
            println!("  {}", what_to_do(*kind));
        }
    }

    /// Everything as JSON.
    pub(crate) fn json(&self, files: &FolderFiles<'_>) -> serde_json::Value {
        let warnings = self.warnings.iter().map(|(file, Warning { line, kind, message })| {
            json!({ "file": file.display().to_string(), "line": line, "kind": kind.to_string(), "message": message })
        });
        json!({
            "stories": self.published,
            "kept_back": self.kept_back,
            "pages": self.pages,
            "files": files.published.len(),
            "left_out": {
                "lists": self.lists,
                "empty": self.empty,
                "html": self.html,
                "others": self.others,
                "unknown": self.unknown,
                "kept_back_files": files.kept_back,
            },
            "warnings": warnings.collect::<Vec<_>>(),
        })
    }
}

/// How many places of each kind of warning a group shows.
const MAX_PLACES: usize = 3;

/// What a publisher can do about warnings of a kind.
const fn what_to_do(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::Encoding => "Save these files as UTF-8.",
        WarningKind::FrontMatter => {
            "Begin the file with a line “---”, and end the front matter with another one."
        }
        WarningKind::Date => "Write dates such as “date: 2026-03-02 08:05:00 +0800”.",
        WarningKind::Title => "Add a line such as “title: The harbour opens”.",
        WarningKind::Jekyll => "What the tag would show is missing: write it into the text, or leave it out.",
        WarningKind::Html => "Look at these places on the built site; use Markdown for what is missing.",
        WarningKind::Address => {
            "Correct the address; web addresses begin with https://, those of the site with a slash."
        }
        WarningKind::File => "Put the file into the folder, or write its name as it is spelled there.",
        WarningKind::Link => {
            "Correct the link, or add the old address to “redirect_from” of the story that it means."
        }
        WarningKind::Security => "Give the security's id, such as [name](quote:1.600519).",
        WarningKind::KeptBack => "End the comment, or write a date that says when the story may be shown.",
        WarningKind::Duplicate => "Give one of the stories another file name, slug or permalink.",
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

/// Prints the files that are left out because only what is kept back names them.
pub(crate) fn print_kept_back_files(paths: &[&str]) {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    print_paths(&paths, "left out, because only posts or pages that are kept back name them");
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
