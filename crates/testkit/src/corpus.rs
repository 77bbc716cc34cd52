//! The corpus of attacks: posts that untrusted authors could send. The tests of the builder and the browser
//! tests use it, and the fuzzer takes seeds from it.
//!
//! Each file has one kind of attack, described in its first line. A case consists of `▶ NAME`, the text of a
//! body (of a whole post in `front-matter.txt`), and `✔ WORDS`, the words that must stay readable. `⟪U+202E⟫`
//! stands for a character that an editor would hide, `⟪×N TEXT⟫` for a text repeated N times.

use std::path::Path;

/// The elements that the main part of a page may contain, separated by spaces.
pub const STORY_ELEMENTS: &str = "html head body main div header nav footer section article aside h1 h2 h3 h4 h5 h6 p a ul ol li time span \
    strong em del code pre blockquote hr br table thead tbody tr th td caption figure figcaption img button \
    dl dt dd details summary abbr cite dfn ins kbd mark q ruby rt samp small sub sup u var video audio";

/// The further elements that the rest of a page may contain, separated by spaces.
pub const PAGE_ELEMENTS: &str = "meta base link title style script form input label noscript";

/// An attack.
#[derive(Debug, Clone)]
pub struct Attack {
    /// Its kind and name, joined with a hyphen, such as `script-img-onerror`. Unique.
    pub name: String,
    /// The text of a body or of a whole post.
    pub text: String,
    /// The words that must stay readable.
    pub words: Vec<String>,
    /// Whether the text is a whole post.
    pub is_post: bool,
}

impl Attack {
    /// The attack as a post, for the builder.
    pub fn post(&self) -> String {
        if self.is_post {
            self.text.clone()
        } else {
            format!(
                "---\ntitle: {}\ncategories: attacks\ndate: 2026-05-01 12:00:00 +0800\n---\n{}\n",
                self.name, self.text
            )
        }
    }
}

/// All attacks of `tests/fixtures/hostile`.
pub fn attacks() -> Vec<Attack> {
    attacks_in_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/hostile"))
}

fn attacks_in_folder(folder: &Path) -> Vec<Attack> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus exists")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files.iter().flat_map(|file| attacks_in_file(file)).collect()
}

fn attacks_in_file(file: &Path) -> Vec<Attack> {
    let kind = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).expect("a text");
    let cases = text.split("\n▶ ").skip(1);
    let attack = |case: &str| {
        let (name, rest) = case.split_once('\n').expect("a name and a text");
        let (text, words) = rest.rsplit_once("\n✔").unwrap_or_else(|| panic!("{kind}-{name} has no words"));
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        assert!(!words.is_empty(), "{kind}-{name} has no words");
        Attack { name: format!("{kind}-{name}"), text: expand(text), words, is_post: kind == "front-matter" }
    };
    cases.map(attack).collect()
}

/// Replaces the notations for hidden characters and repeated texts, from the inside out.
fn expand(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(end) = text.find('⟫') {
        let begin = text[..end].rfind('⟪').expect("it is opened");
        let inner = &text[begin + '⟪'.len_utf8()..end];
        let replacement = if let Some(code) = inner.strip_prefix("U+") {
            let code = u32::from_str_radix(code, 16).expect("a number");
            char::from_u32(code).expect("a character").to_string()
        } else {
            let (count, repeated) =
                inner.strip_prefix('×').and_then(|rest| rest.split_once(' ')).expect("a count and a text");
            repeated.repeat(count.parse().expect("a number"))
        };
        text.replace_range(begin..end + '⟫'.len_utf8(), &replacement);
    }
    text
}
