//! Any bytes decode as a file of a bundle or fail with an error. A file that is decoded, encoded and decoded
//! again is the same.
#![no_main]

use bundle::{Document, File, Front, Manifest, Month, NameFile, PageFile, ShardFile, decode, encode};
use libfuzzer_sys::fuzz_target;

fn assert_round_trip<T: File + PartialEq + std::fmt::Debug + serde::Serialize>(bytes: &[u8]) {
    if let Ok(file) = decode::<T>(bytes) {
        assert_eq!(decode::<T>(&encode(&file)).ok().as_ref(), Some(&file));
    }
}

#[derive(serde::Deserialize)]
struct Slug {
    slug: String,
}

fuzz_target!(|bytes: &[u8]| {
    assert_round_trip::<Manifest>(bytes);
    assert_round_trip::<Front>(bytes);
    assert_round_trip::<Month>(bytes);
    assert_round_trip::<ShardFile>(bytes);
    assert_round_trip::<PageFile>(bytes);
    assert_round_trip::<NameFile>(bytes);
    // A value that is read without the rest of its file equals the one in the whole file.
    let document = Document::parse(bytes).expect("parsing a document never fails natively");
    let is_object = bytes.trim_ascii_start().starts_with(b"{");
    if let Some(directory) = document.read::<bundle::Directory>().ok().filter(|_| is_object) {
        for name in ["category/emnews", "category/", "tag/__proto__"] {
            let picked: Option<bundle::List> =
                document.at(&["lists", name]).expect("the whole directory could be read");
            assert_eq!(picked.as_ref(), directory.lists.get(name));
        }
    }
    if let Ok(shard) = document.read::<ShardFile>() {
        for slug in ["a", ""] {
            let picked: Option<bundle::Article> =
                document.find(|article: &Slug| article.slug == slug).expect("the whole shard could be read");
            assert_eq!(picked.as_ref(), shard.articles.iter().find(|article| article.slug == slug));
        }
    }
});
