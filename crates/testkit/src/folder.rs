//! Operations on the folder of a site: listing, reading, copying, and following the chain of hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bundle::{Folder, Store};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// All files below a folder, by their relative paths.
pub fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("a folder can be read"));
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files
        .map(|path| {
            (
                path.strip_prefix(folder)
                    .expect("the file is below the folder")
                    .to_string_lossy()
                    .into_owned(),
                path,
            )
        })
        .collect()
}

/// The contents of all files below a folder, by their relative paths.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|(path, file)| (path, fs::read(file).expect("a file can be read")))
        .collect()
}

/// Copies the files of a folder into another one, which need not exist.
pub fn copy(from: &Path, to: &Path) {
    for (path, file) in files(from) {
        let copied = to.join(path);
        fs::create_dir_all(copied.parent().expect("a folder")).expect("a folder can be created");
        fs::copy(file, copied).expect("a file can be copied");
    }
}

/// Follows the chain of hashes from a site's manifest, checks that every file exists and matches its name,
/// and returns the number of files, without the manifest. The files must be stored as plain JSON.
pub fn verify_chain(site: &Path) -> usize {
    let hashes = |json: &str| -> Vec<String> {
        json.split('"')
            .filter(|text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(str::to_owned)
            .collect()
    };
    let mut pending =
        hashes(&fs::read_to_string(site.join("bundle/manifest.json")).expect("the manifest exists"));
    let mut seen = BTreeSet::new();
    let mut parts_of_search = 0;
    while let Some(hash) = pending.pop() {
        if seen.insert(hash.clone()) {
            let search = format!("bundle/{}/{hash}-", Folder::Search.name());
            if let Ok(hashes) = fs::read(site.join(format!("{search}hashes.bin"))) {
                parts_of_search += verify_segment(site, &search, &hash, &hashes);
                continue;
            }
            let found = Folder::ALL
                .iter()
                .find_map(|folder| fs::read(site.join(folder.path(&hash, Store::Plain))).ok());
            let bytes = found.unwrap_or_else(|| panic!("{hash} is missing"));
            assert_eq!(hex::encode(Sha256::digest(&bytes)), hash, "a file does not match its name");
            pending.extend(hashes(std::str::from_utf8(&bytes).expect("JSON is text")));
        }
    }
    seen.len() + parts_of_search
}

/// Checks that the files of a segment of the search index match the list of their hashes, and that the list matches the
/// segment's name. Returns their number.
fn verify_segment(site: &Path, prefix: &str, id: &str, hashes: &[u8]) -> usize {
    let digest = |bytes: &[u8]| -> Vec<u8> { Sha256::digest(bytes).to_vec() };
    assert_eq!(hex::encode(digest(hashes)), id, "a segment does not match its name");
    let own = files(site)
        .into_iter()
        .filter(|(path, _)| path.starts_with(prefix) && !path.ends_with("-hashes.bin"));
    let found: BTreeSet<Vec<u8>> =
        own.map(|(_, file)| digest(&fs::read(file).expect("a file can be read"))).collect();
    let expected: BTreeSet<Vec<u8>> = hashes.chunks(32).map(<[u8]>::to_vec).collect();
    assert_eq!(found, expected, "the files of a segment do not match their hashes");
    // The name is counted already.
    hashes.len() / 32
}
