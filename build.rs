//! Generates constants from the interface's words in `words/`, which scripts and templates read too.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use serde::Deserialize;

/// The words that the viewer needs, in one language.
#[derive(Deserialize)]
struct Words {
    viewer: BTreeMap<String, String>,
    start: BTreeMap<String, String>,
}

fn main() {
    println!("cargo::rerun-if-changed=words");
    let [chinese, english] = ["zh", "en"].map(|language| {
        let json = fs::read(format!("words/{language}.json")).expect("words/*.json is readable");
        let words: Words =
            serde_json::from_slice(&json).expect("words/*.json has the words of `viewer` and `start`");
        [words.viewer, words.start].into_iter().flatten().collect::<BTreeMap<_, _>>()
    });
    assert!(chinese.keys().eq(english.keys()), "both languages must have the same keys");
    let fields: String =
        english.iter().map(|(key, text)| format!("/// {text}\npub {key}: &'static str,\n")).collect();
    let values = |words: &BTreeMap<String, String>| -> String {
        words.iter().map(|(key, text)| format!("{key}: {text:?},\n")).collect()
    };
    let code = format!(
        "/// The words of the interface. Each field's documentation is its English text.\n#[derive(Debug)]\npub struct Words {{\n{fields}}}\n\
         const CHINESE: Words = Words {{\n{}}};\nconst ENGLISH: Words = Words {{\n{}}};\n",
        values(&chinese),
        values(&english)
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("words.rs"), code).expect("OUT_DIR is writable");
}
