//! Names of categories and tags: what they are compared by, and what is shown.

use serde::{Deserialize, Serialize};

/// A key and the name it is shown by: `["emnews", "东财滚动新闻"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct Label {
    /// What the name is compared and addressed by: [`fold`]ed for categories and tags, the secid for
    /// securities.
    pub key: String,
    /// What a reader sees.
    pub title: String,
}

impl Label {
    /// The label of a category or tag as a post spells it.
    pub fn spelled(name: &str) -> Self {
        Self { key: fold(name), title: name.trim().to_owned() }
    }
}

impl From<(String, String)> for Label {
    fn from((key, title): (String, String)) -> Self {
        Self { key, title }
    }
}

impl From<Label> for (String, String) {
    fn from(label: Label) -> Self {
        (label.key, label.title)
    }
}

/// Texts as one; for browsers, where `concat` is a kilobyte.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// The lower case of a text, by the mapping of Unicode that is the same in every language.
#[cfg(not(target_arch = "wasm32"))]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The lower case of a text, by the browser, which has the tables: 5 KB of the program.
#[cfg(target_arch = "wasm32")]
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// What two spellings of one name have in common: case and white space do not count.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in lower(name).split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// A slug as Jekyll makes it: lower case, runs of anything but letters, marks and digits become one hyphen.
///
/// After `Jekyll::Utils.slugify`, mode "default" (Jekyll 4.3, `lib/jekyll/utils.rs`), which calls
/// `\p{M}\p{L}\p{Nd}` word characters; Rust's `is_alphanumeric` takes in other numbers as well, and combining
/// marks are named here.
pub fn slugify(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if slug.ends_with('-') {
        slug.pop();
    }
    slug
}

/// Combining marks of the blocks that hold nothing else (Unicode 16, `Blocks.txt`).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_do_not_part_a_name() {
        assert_eq!(fold(" 21shijijingjibaodao  NanCai "), "21shijijingjibaodao nancai");
    }

    #[test]
    fn slugs_are_jekylls() {
        for (name, slug) in [
            ("-202205262391921712", "202205262391921712"),
            ("Hello, World!", "hello-world"),
            ("甲、乙", "甲-乙"),
            ("--", ""),
        ] {
            assert_eq!(slugify(name), slug);
        }
    }
}
