//! The list of changes: files to upload, and files that may be deleted from the host.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use bundle::MANIFEST_PATH;
use hosting::{Files, Rule};

use super::copy::without_copy_extension;
use super::files::SiteFiles;

/// Writes the list: first `+ PATH` for each file to upload, in an order that keeps the published site
/// consistent at every moment; then `- PATH` for each file that may be deleted, including those just
/// `removed`.
///
/// If the old list still exists, it was not fully uploaded, so the new list includes its entries that still
/// apply.
///
/// # Errors
/// Fails if the list cannot be read or written.
pub(crate) fn write(list: &Path, before: &SiteFiles, now: &SiteFiles, removed: &[String]) -> Result<()> {
    let old = match fs::read_to_string(list) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("{} could not be read", list.display())),
    };
    let pending = |sign: &str| {
        old.lines().filter_map(|line| line.strip_prefix(sign)).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut added: BTreeSet<String> = now
        .iter()
        .filter(|(path, file)| before.get(*path).is_none_or(|before| !before.is_same_as(file)))
        .map(|(path, _)| path.clone())
        .collect();
    added.extend(pending("+ ").into_iter().filter(|path| now.contains_key(path)));
    let gone = before.keys().chain(removed).cloned().chain(pending("- ")).chain(pending("+ "));
    let deleted: BTreeSet<String> = gone.filter(|path| !now.contains_key(path)).collect();
    // Hashed files come first, then the pages that refer to them. The manifest comes last, because the new
    // files of the bundle are reached only through it.
    let mut added: Vec<String> = added.into_iter().collect();
    let is_hashed = |path: &str| Rule::of(without_copy_extension(path)).files == Files::Hashed;
    added.sort_by_key(|path| (path.starts_with(MANIFEST_PATH), !is_hashed(path)));
    let text: String = added
        .iter()
        .map(|path| format!("+ {path}\n"))
        .chain(deleted.iter().map(|path| format!("- {path}\n")))
        .collect();
    if text == old && list.exists() {
        return Ok(());
    }
    // The old list stays complete until the new one replaces it.
    let folder = list.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = || -> Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(list)?;
        Ok(())
    };
    place().with_context(|| {
        format!("{} could not be written; the site is complete nevertheless", list.display())
    })
}

#[cfg(test)]
mod tests {
    use super::super::files::SiteFile;
    use super::*;

    fn site_files(paths: &[(&str, u8)]) -> SiteFiles {
        paths
            .iter()
            .map(|(path, digest)| {
                ((*path).to_owned(), SiteFile { made_of: [0; 16], digest: [*digest; 16], length: 1 })
            })
            .collect()
    }

    #[test]
    fn a_list_names_new_files_then_the_manifest_then_deleted_files() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("changes");
        let before =
            site_files(&[("bundle/a", 0), ("bundle/b", 0), ("index.html", 1), ("bundle/manifest.json", 1)]);
        let now =
            site_files(&[("bundle/b", 0), ("bundle/c", 0), ("index.html", 2), ("bundle/manifest.json", 2)]);
        write(&list, &before, &now, &[]).unwrap();
        assert_eq!(
            fs::read_to_string(&list).unwrap(),
            "+ bundle/c\n+ index.html\n+ bundle/manifest.json\n- bundle/a\n"
        );
        // The list was not deleted, so its entries remain.
        let later =
            site_files(&[("bundle/b", 0), ("bundle/d", 0), ("index.html", 2), ("bundle/manifest.json", 3)]);
        write(&list, &now, &later, &[]).unwrap();
        assert_eq!(
            fs::read_to_string(&list).unwrap(),
            "+ bundle/d\n+ index.html\n+ bundle/manifest.json\n- bundle/a\n- bundle/c\n"
        );
        fs::remove_file(&list).unwrap();
        write(&list, &later, &later, &[]).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap(), "");
        // Removed files are listed even if no earlier list has named them.
        write(&list, &later, &later, &["bundle/purged".to_owned()]).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap(), "- bundle/purged\n");
    }
}
