//! Makes constants of the interface's words (`words/`), which scripts read too.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use serde::Deserialize;

/// What of a language's words the viewer shows.
#[derive(Deserialize)]
struct Words {
    viewer: BTreeMap<String, String>,
    start: BTreeMap<String, String>,
}

fn main() {
    println!("cargo::rerun-if-changed=words");
    let [chinese, english] = ["zh", "en"].map(|language| {
        let json = fs::read(format!("words/{language}.json")).expect("the words are there");
        let words: Words = serde_json::from_slice(&json).expect("words/*.json holds words");
        [words.viewer, words.start].into_iter().flatten().collect::<BTreeMap<_, _>>()
    });
    assert!(chinese.keys().eq(english.keys()), "each word is in both languages");
    let fields: String =
        english.iter().map(|(key, text)| format!("/// {text}\npub {key}: &'static str,\n")).collect();
    let values = |words: &BTreeMap<String, String>| -> String {
        words.iter().map(|(key, text)| format!("{key}: {text:?},\n")).collect()
    };
    let code = format!(
        "/// What the interface says. Each is the text itself.\n#[derive(Debug)]\npub struct Words {{\n{fields}}}\n\
         const CHINESE: Words = Words {{\n{}}};\nconst ENGLISH: Words = Words {{\n{}}};\n",
        values(&chinese),
        values(&english)
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("words.rs"), code).expect("OUT_DIR is writable");
}
