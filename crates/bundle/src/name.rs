//! Names of categories and tags: how they are compared and how they are shown.

use serde::{Deserialize, Serialize};

/// A key and the name it is shown as: `["emnews", "东财滚动新闻"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct Label {
    /// The key for comparing and addressing: the [`fold`]ed name of a category or tag, or a security's
    /// secid.
    pub key: String,
    /// What a reader sees.
    pub title: String,
}

impl Label {
    /// Makes the label of a category or tag from a post's spelling.
    pub fn from_spelling(name: &str) -> Self {
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

/// Concatenates strings. The standard `concat` would make the browser's program a kilobyte longer.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Lower-cases a text by Unicode's default mapping.
#[cfg(not(target_arch = "wasm32"))]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// Lower-cases a text with JavaScript's `toLowerCase`, because Unicode's tables would add 5 KB.
#[cfg(target_arch = "wasm32")]
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// Folds the spellings of a name into one form: lower case, with single spaces between words.
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

/// Makes a slug as Jekyll does: lower case, with one hyphen for each run of characters that are not letters,
/// marks or digits.
///
/// It follows `Jekyll::Utils.slugify` in the mode "default" (Jekyll 4.3, `lib/jekyll/utils.rb`), which keeps
/// `\p{M}\p{L}\p{Nd}`. Rust's `is_alphanumeric` includes other numbers too, and excludes many combining
/// marks, of which `is_mark` adds the common ones.
pub fn slugify(name: &str) -> String {
    hyphenate(&name.to_lowercase(), "")
}

/// Makes what Jekyll's addresses have for `:title`: like [`slugify`], but case and the signs ``._~!$&'()+,;=@``
/// stay (the mode "pretty").
pub fn slugify_pretty(name: &str) -> String {
    hyphenate(name, "._~!$&'()+,;=@")
}

/// Replaces each run of characters that are neither letters, marks or digits nor in `kept` with a hyphen.
fn hyphenate(name: &str, kept: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() || is_mark(c) || kept.contains(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if slug.ends_with('-') {
        slug.pop();
    }
    slug
}

/// Whether a character is in one of four blocks that hold only combining marks (Unicode 16, `Blocks.txt`), or
/// is one of the two combining marks of kana.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_do_not_distinguish_names() {
        assert_eq!(fold(" 21shijijingjibaodao  NanCai "), "21shijijingjibaodao nancai");
    }

    #[test]
    fn titles_in_jekyll_s_addresses_keep_case_and_some_signs() {
        for (name, slug) in
            [("Hello, World!", "Hello,-World!"), ("C++ & Co.", "C++-&-Co."), ("甲、乙", "甲-乙")]
        {
            assert_eq!(slugify_pretty(name), slug);
        }
    }

    #[test]
    fn slugs_are_those_of_jekyll() {
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
