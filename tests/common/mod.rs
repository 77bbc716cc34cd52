//! What tests of several kinds do with the folder of a site: read all of it, copy it, walk its chain of
//! hashes.

#![allow(dead_code, reason = "each kind of test does some of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// The folders of a bundle, whose files are named by the SHA-256 of what they hold.
const FOLDERS: [&str; 6] = ["shards", "months", "pages", "lists", "names", "front"];

/// What `cargo xtask test` sets.
pub(crate) fn environment(name: &str) -> PathBuf {
    std::env::var_os(name)
        .unwrap_or_else(|| panic!("{name} is not set: run these tests by “cargo xtask test”"))
        .into()
}

/// The command under test.
pub(crate) fn finews() -> PathBuf {
    environment("FINEWS")
}

/// All files below a folder, by their paths from there.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("a folder can be read"));
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files
        .map(|path| (path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned(), path))
        .collect()
}

/// What they hold.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|(path, file)| (path, fs::read(file).expect("a file can be read")))
        .collect()
}

/// Copies a folder onto another, which need not be there.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, file) in files(from) {
        let copied = to.join(path);
        fs::create_dir_all(copied.parent().expect("a folder")).expect("a folder can be made");
        fs::copy(file, copied).expect("a file can be copied");
    }
}

/// Follows the chain of hashes from a site's manifest to its end, and tells how many files it is of. Every
/// file on the way is there and is what its name says.
pub(crate) fn chain(site: &Path) -> usize {
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
            let found = FOLDERS
                .iter()
                .find_map(|folder| fs::read(site.join(format!("bundle/{folder}/{hash}.json"))).ok());
            let bytes = found.unwrap_or_else(|| panic!("{hash} is missing"));
            assert_eq!(format!("{:x}", Sha256::digest(&bytes)), hash, "a file is not what its name says");
            waiting.extend(hashes(std::str::from_utf8(&bytes).expect("JSON is text")));
        }
    }
    seen.len()
}
