//! What tests of several kinds do with the folder of a site: read all of it, copy it, walk its chain of
//! hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bundle::{Folder, Store};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// All files below a folder, by their paths from there.
pub fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("a folder can be read"));
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files
        .map(|path| (path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned(), path))
        .collect()
}

/// What they hold.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|(path, file)| (path, fs::read(file).expect("a file can be read")))
        .collect()
}

/// Copies a folder onto another, which need not be there.
pub fn copy(from: &Path, to: &Path) {
    for (path, file) in files(from) {
        let copied = to.join(path);
        fs::create_dir_all(copied.parent().expect("a folder")).expect("a folder can be made");
        fs::copy(file, copied).expect("a file can be copied");
    }
}

/// Follows the chain of hashes from a site's manifest to its end, and tells how many files it is of. Every
/// file on the way is there and is what its name says.
pub fn chain(site: &Path) -> usize {
    let hashes = |json: &str| -> Vec<String> {
        json.split('"')
            .filter(|text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(str::to_owned)
            .collect()
    };
    let mut waiting =
        hashes(&fs::read_to_string(site.join("bundle/manifest.json")).expect("the manifest is there"));
    let mut seen = BTreeSet::new();
    while let Some(hash) = waiting.pop() {
        if seen.insert(hash.clone()) {
            let found = Folder::ALL
                .iter()
                .find_map(|folder| fs::read(site.join(folder.path(&hash, Store::Plain))).ok());
            let bytes = found.unwrap_or_else(|| panic!("{hash} is missing"));
            assert_eq!(hex::encode(Sha256::digest(&bytes)), hash, "a file is not what its name says");
            waiting.extend(hashes(std::str::from_utf8(&bytes).expect("JSON is text")));
        }
    }
    seen.len()
}
