//! Files of the site that a post shows or links to: pictures, sound, films and documents.

use bundle::href::Href;
use bundle::picture_copy;
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::liquid::{NEVER_IN_URLS, Surroundings};
use crate::tree::{Block, Image, Inline, Mark, Media, visit_inlines};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its path from the site's root, with `/` as separator.
    pub path: String,
    /// A number that changes with the file, and is never 0.
    pub stamp: u64,
    /// The width and height of a picture in pixels, if the file tells them.
    pub size: Option<(u32, u32)>,
    /// The widths in pixels of the smaller copies that the site has of a picture, smallest first.
    pub copies: Vec<u32>,
}

/// Why a file is not there for a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFile {
    /// There is no such file, or it may not be published.
    Missing,
    /// It may run a script, or ask another host for something.
    Harmful,
}

/// A file that a post names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedFile {
    /// Its path from the site's root, with `/` as separator.
    pub path: String,
    /// The stamp of the [`SiteFile`]; 0 if there is none.
    pub stamp: u64,
    /// The widths in pixels of the smaller copies that the post shows of it, smallest first.
    pub copies: Vec<u32>,
}

/// Finds the files that a post names.
pub(crate) struct Finder<'a> {
    /// The folder of the post's file: empty, or with a slash at its end.
    folder: &'a str,
    /// The path of the post's file without its extension, which may be that of a folder with its files.
    own: &'a str,
    surroundings: Option<&'a dyn Surroundings>,
    /// The files that were looked for.
    pub(crate) named: Vec<NamedFile>,
    /// The addresses of pictures, sound and films that are no files of the site, and why.
    pub(crate) missing: Vec<(String, NoFile)>,
    /// The addresses within the site that links lead to and that are no files.
    pub(crate) links: Vec<String>,
    /// The addresses of other posts and pages that links name by their files.
    pub(crate) addresses: Vec<String>,
    /// Addresses whose letters are written otherwise in the file's name, and that path.
    pub(crate) misnamed: Vec<(String, String)>,
}

impl<'a> Finder<'a> {
    /// A finder for the post whose file has this path from the site's root.
    pub(crate) fn new(path: &'a str, surroundings: Option<&'a dyn Surroundings>) -> Self {
        let folder = path.rfind('/').map_or("", |at| &path[..=at]);
        let own = path.rfind('.').filter(|at| *at >= folder.len()).map_or(path, |at| &path[..at]);
        Self {
            folder,
            own,
            surroundings,
            named: Vec::new(),
            missing: Vec::new(),
            links: Vec::new(),
            addresses: Vec::new(),
            misnamed: Vec::new(),
        }
    }

    /// Gives the files that a body names their addresses from the site's root, and pictures their sizes.
    pub(crate) fn find_in(&mut self, blocks: &mut [Block]) {
        if self.surroundings.is_some() {
            visit_inlines(blocks, &mut |inlines| self.find_in_text(inlines));
        }
    }

    fn find_in_text(&mut self, inlines: &mut [Inline]) {
        for inline in inlines {
            match inline {
                Inline::Image(image) => {
                    self.find_picture(image);
                }
                Inline::Marked(mark, inner) => {
                    self.find_in_text(inner);
                    if let Mark::Link(address) = mark
                        && let Some((path, rest)) = self.markdown_file(address)
                    {
                        let found = self.surroundings.and_then(|rest| rest.address_of_file(&path));
                        // A file that is not there may come, and then the story changes.
                        self.addresses.push(found.clone().unwrap_or_default());
                        match found {
                            Some(found) => *address = found + &rest,
                            None => self.links.push(address.clone()),
                        }
                        continue;
                    }
                    let (address, is_shown) = match mark {
                        Mark::Link(address) => (address, false),
                        Mark::Media(Media::Video | Media::Audio, address) => (address, true),
                        _ => continue,
                    };
                    if let Some((found, _)) = self.find_file(address, is_shown) {
                        *address = found;
                    } else if !is_shown
                        && matches!(Href::parse(address), Some(Href::Internal(_) | Href::Relative(_)))
                    {
                        self.links.push(address.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// Gives a picture its address from the site's root, its size, unless the post gives it one, and its copies.
    pub(crate) fn find_picture(&mut self, image: &mut Image) {
        let query = image.src.contains('?');
        let Some((address, file)) = self.find_file(&image.src, true) else { return };
        image.src = address;
        image.size = image.size.or(file.size);
        // What a query means is not known.
        if let Some((width, _)) = file.size.filter(|_| !file.copies.is_empty() && !query) {
            if let Some(named) = self.named.last_mut() {
                named.copies.clone_from(&file.copies);
            }
            image.widths = [&file.copies[..], &[width]].concat();
            // If a file with the name of a copy comes, the story changes.
            self.named.extend(file.copies.iter().map(|width| NamedFile {
                path: picture_copy(&file.path, &width.to_string()),
                stamp: 0,
                copies: Vec::new(),
            }));
        }
    }

    /// The path of the file of Markdown that a link names, beside the post or in Zola's form `@/a/b.md`, and the rest of
    /// the address.
    fn markdown_file(&self, address: &str) -> Option<(String, String)> {
        self.surroundings?;
        let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
        if !path.ends_with(".md") || path.contains(':') {
            return None;
        }
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let path = match path.strip_prefix("@/").or_else(|| path.strip_prefix('/')) {
            Some(path) => without_dots(path)?,
            None => without_dots(&format!("{}{path}", self.folder))?,
        };
        Some((path, rest.to_owned()))
    }

    /// The address from the site's root of the file that an address in the post means, and the file. Without a file, an
    /// address that shows something is missing.
    ///
    /// An address that does not begin with a slash is relative to the post's file, or else to the site's root, or to the
    /// story's address, from which it leads out of all folders.
    fn find_file(&mut self, address: &str, is_shown: bool) -> Option<(String, SiteFile)> {
        let surroundings = self.surroundings?;
        let own = own_address(address, &surroundings.values().url);
        let address = own.unwrap_or(address);
        if !matches!(Href::parse(address), Some(Href::Internal(_) | Href::Relative(_))) {
            return None;
        }
        let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
        let path = percent_decode_str(path).decode_utf8().ok()?;
        // Most addresses with neither a name nor an extension are those of stories.
        if path.ends_with('/') || path.is_empty() {
            return None;
        }
        let is_file = is_file(&path);
        let from_root = path.strip_prefix('/');
        let is_relative = from_root.is_none();
        let beside = is_relative.then(|| without_dots(&format!("{}{path}", self.folder))).flatten();
        let inside = is_relative.then(|| without_dots(&format!("{}/{path}", self.own))).flatten();
        let below = without_dots(from_root.unwrap_or(&path));
        let outermost = || path.trim_start_matches("../").to_owned();
        let of_story = path.starts_with("../").then(|| without_dots(&outermost())).flatten();
        let mut reason = NoFile::Missing;
        let mut tried: Vec<String> = Vec::new();
        for candidate in [beside, inside, below, of_story].into_iter().flatten() {
            if tried.contains(&candidate) {
                continue;
            }
            tried.push(candidate.clone());
            let file = match surroundings.file(&candidate) {
                Ok(file) => file,
                Err(why) => {
                    reason = if why == NoFile::Harmful { why } else { reason };
                    self.named.push(NamedFile { path: candidate, stamp: 0, copies: Vec::new() });
                    continue;
                }
            };
            if !candidate.ends_with(&file.path) {
                self.misnamed.push((address.to_owned(), file.path.clone()));
            }
            let found = format!("/{}{rest}", utf8_percent_encode(&file.path, NEVER_IN_PATHS));
            self.named.push(NamedFile { path: file.path.clone(), stamp: file.stamp, copies: Vec::new() });
            return Some((found, file));
        }
        // An address of the site's own host without an extension may be answered by something else there.
        if is_shown && (is_file || own.is_none()) {
            self.missing.push((address.to_owned(), reason));
        }
        None
    }
}

/// The path of an address within the site that has the site's own address; `None` if it has another one.
fn own_address<'t>(address: &'t str, url: &str) -> Option<&'t str> {
    if url.is_empty() {
        return None;
    }
    address.strip_prefix(url.trim_end_matches('/')).filter(|path| path.starts_with('/'))
}

/// Characters that a path in an address may not contain as they are.
const NEVER_IN_PATHS: &AsciiSet = &NEVER_IN_URLS.add(b'%').add(b'#').add(b'?').add(b'\'');

/// Whether a path is that of a file, and not of a page or of something that runs.
fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !is_page_or_program(extension))
}

/// Whether files with this extension are pages or templates, or run on a host or in a browser. They are not published
/// as they are.
pub fn is_page_or_program(extension: &str) -> bool {
    const KNOWN: [&str; 44] = [
        "adoc", "asciidoc", "asp", "aspx", "cgi", "ejs", "exe", "hbs", "htm", "html", "jade", "js", "jsp",
        "liquid", "markdown", "md", "mdown", "mdx", "mjs", "mkd", "mkdn", "mkdown", "mht", "mhtml", "njk",
        "org", "pandoc", "pdc", "php", "phtml", "pl", "pug", "py", "rb", "rmd", "rst", "sh", "shtml", "swf",
        "swig", "textile", "wasm", "xht", "xhtml",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// A path without `.` and `..`; `None` if it leads out of the root, or nowhere.
pub fn without_dots(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
