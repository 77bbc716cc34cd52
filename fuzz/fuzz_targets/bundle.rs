//! Any bytes are a file of a bundle or none; one that is written again is the same.
#![no_main]

use bundle::{DecodeError, File, Front, Manifest, Month, NameFile, PageFile, ShardFile, decode, encode};
use libfuzzer_sys::fuzz_target;

fn same<T: File + PartialEq + std::fmt::Debug + serde::Serialize>(bytes: &[u8]) {
    if let Ok(file) = decode::<T>(bytes) {
        assert_eq!(decode::<T>(&encode(&file)).as_ref(), Ok(&file));
    }
}

fuzz_target!(|bytes: &[u8]| {
    same::<Manifest>(bytes);
    same::<Front>(bytes);
    same::<Month>(bytes);
    same::<ShardFile>(bytes);
    same::<PageFile>(bytes);
    same::<NameFile>(bytes);
    if let Ok(directory) = decode::<bundle::DirectoryFile>(bytes) {
        for key in ["emnews", "", "__proto__"] {
            let id = bundle::ListId::new(bundle::ListKind::Category, key);
            let _: Result<_, DecodeError> = directory.list(&id);
            let _: Result<_, DecodeError> = directory.finer(&id, 7);
        }
    }
});
