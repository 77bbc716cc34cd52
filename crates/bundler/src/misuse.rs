//! Command lines that cannot have been meant, told in sentences that say what to write instead.

use std::ffi::OsString;
use std::fmt;
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
    let shown = path.display();
    Err(Misuse(match Place::of(path) {
        Place::Folder => return Ok(()),
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

/// Checks that a path is a site.
///
/// # Errors
/// Fails with a [`Misuse`] if it is something else.
pub(crate) fn require_site(path: &Path) -> Result<(), Misuse> {
    let shown = path.display();
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
            let sentence = match Place::of(Path::new(&**word)) {
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
            let given = words.iter().skip(1).find(|word| !word.starts_with('-')).map_or("POSTS", |word| &**word);
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
        _ => None,
    }
}
