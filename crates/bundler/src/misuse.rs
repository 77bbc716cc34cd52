//! Command lines that cannot have been meant, told in sentences that say what to write instead.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// A wrong use of the command. Nothing has been written, and the exit code is 2.
#[derive(Debug)]
pub(crate) struct Misuse(pub(crate) String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// What a path is that was given for a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Missing,
    File,
    /// A site made by `finews build`.
    Site,
    Folder,
}

impl Place {
    fn of(path: &Path) -> Self {
        if path.join("index.html").is_file() && path.join(bundle::MANIFEST_PATH).is_file() {
            Self::Site
        } else if path.is_dir() {
            Self::Folder
        } else if path.exists() {
            Self::File
        } else {
            Self::Missing
        }
    }
}

/// Checks that a path may be a folder of posts.
///
/// # Errors
/// Fails with a [`Misuse`] if it is something else.
pub(crate) fn require_posts(path: &Path) -> Result<(), Misuse> {
    let shown = quoted(&path.to_string_lossy());
    Err(Misuse(match Place::of(path) {
        Place::Folder => return Ok(()),
        Place::Missing if is_address(&shown) => {
            format!("there is no folder {shown}; if you mean the address to listen on: --host={shown}")
        }
        Place::Missing => {
            format!(
                "there is no folder {shown}; give the folder of your posts, or make one: finews new {shown}"
            )
        }
        Place::File => {
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            format!("{shown} is a file; give the folder of your posts, such as {}", folder.display())
        }
        Place::Site => {
            format!(
                "{shown} is a site that finews made, not a folder of posts; to preview it: finews serve {shown}"
            )
        }
    }))
}

/// Checks that a site can be put at a path.
///
/// # Errors
/// Fails with a [`Misuse`] if it is a file, the folder of posts itself, or a folder around it.
pub(crate) fn require_out(out: &Path, posts: &Path) -> Result<(), Misuse> {
    let shown = quoted(&out.to_string_lossy());
    if Place::of(out) == Place::File {
        return Err(Misuse(format!("{shown} is a file; choose another name for the site's folder")));
    }
    let is_around =
        out.canonicalize().is_ok_and(|out| posts.canonicalize().is_ok_and(|posts| posts.starts_with(out)));
    if is_around {
        return Err(Misuse(format!(
            "the site cannot be put into {shown}, because your posts are there; for example: --out _site"
        )));
    }
    Ok(())
}

/// A path as one word of a shell's command line.
pub(crate) fn quoted(path: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./\\:~".contains(character);
    if !path.is_empty() && path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

/// Checks that a path is a site.
///
/// # Errors
/// Fails with a [`Misuse`] if it is something else.
pub(crate) fn require_site(path: &Path) -> Result<(), Misuse> {
    let shown = quoted(&path.to_string_lossy());
    Err(Misuse(match Place::of(path) {
        Place::Site => return Ok(()),
        Place::Missing => {
            format!("there is no folder {shown}; give the folder of a site that “finews build” made")
        }
        Place::File => format!("{shown} is a file; give the folder of a site that “finews build” made"),
        Place::Folder => format!(
            "{shown} is not a site: it has no index.html and no bundle. To see the posts in it as a site: finews dev {shown}"
        ),
    }))
}

fn is_address(word: &str) -> bool {
    word.parse::<IpAddr>().is_ok()
}

/// What to say about a command line that cannot be parsed. `None` if clap's own words are the best.
pub(crate) fn explain(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let words: Vec<_> = arguments.iter().skip(1).map(|word| word.to_string_lossy()).collect();
    match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Some(
            "what should finews do? To see a sample: finews demo. To begin: finews new NAME. To see your posts as a site: finews dev POSTS. Everything else: finews --help"
                .into(),
        ),
        ErrorKind::InvalidSubcommand => {
            let word = words.first()?;
            let (place, word) = (Place::of(Path::new(&**word)), quoted(word));
            let sentence = match place {
                Place::Site => format!("“{word}” is a site, not a command. To preview it: finews serve {word}"),
                Place::Folder => {
                    format!("“{word}” is a folder, not a command. To see its posts as a site: finews dev {word}")
                }
                Place::File | Place::Missing => return None,
            };
            Some(sentence)
        }
        ErrorKind::MissingRequiredArgument => {
            let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else { return None };
            let is_missing = |name: &str| missing.iter().any(|missing| missing.contains(name));
            let is_folder = |word: &&Cow<'_, str>| Path::new(&***word).is_dir();
            let given = words.iter().skip(1).rfind(is_folder).map_or_else(|| "POSTS".into(), |word| quoted(word));
            match words.first()?.as_ref() {
                "build" if is_missing("POSTS") => {
                    Some("which folder has the posts? For example: finews build POSTS --out SITE".into())
                }
                "build" => Some(format!("where should the site go? For example: finews build {given} --out site")),
                "check" => Some("which folder has the posts? For example: finews check POSTS".into()),
                "new" => Some("what should the new folder be called? For example: finews new news".into()),
                "serve" => Some("which site? For example: finews serve SITE".into()),
                _ => None,
            }
        }
        ErrorKind::UnknownArgument => {
            let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return None };
            is_address(word).then(|| format!("to listen on this address: --host={word}"))
        }
        _ => None,
    }
}
