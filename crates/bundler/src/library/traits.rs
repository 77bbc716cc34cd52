//! What a sample of the posts says about the site, where its configuration does not: its language and its clock.

use std::collections::HashSet;
use std::fs;

use whatlang::{Lang, Script};

use super::walk::Files;

/// What a sample of the posts says about the site.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Whether most posts are EastMoney's.
    pub(crate) is_eastmoney: bool,
    /// The language of most text, as in HTML's `lang`; `None` if it cannot be told.
    pub(crate) lang: Option<&'static str>,
}

/// How many posts the sample has.
const SAMPLE: usize = 64;
/// How many characters of each post are looked at.
const CHARS: usize = 2000;
/// The smallest number of different Latin words that tell a language.
const MIN_WORDS: usize = 10;

impl Traits {
    /// Looks at posts from all over the archive. Files that cannot be read are ignored here.
    pub(crate) fn of(files: &Files) -> Self {
        let entries: Vec<_> = files.entries.iter().filter(|entry| !entry.is_kept_back).collect();
        let step = entries.len().div_ceil(SAMPLE).max(1);
        let (mut posts, mut eastmoney, mut words) = (0, 0, String::new());
        for entry in entries.into_iter().step_by(step) {
            let file = files.file(&entry.path);
            let Ok(bytes) = fs::read(&file) else { continue };
            let text = posts::decode(&bytes);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            posts += 1;
            eastmoney += usize::from(posts::is_eastmoney(&name, &text));
            words.extend(body(&text).chars().take(CHARS));
            words.push('\n');
        }
        Self { is_eastmoney: eastmoney * 2 > posts, lang: language(&words) }
    }
}

/// The text after the front matter, as far as a sample needs it.
fn body(text: &str) -> &str {
    let after = |sign: &str| text.strip_prefix(sign)?.split_once(&format!("\n{sign}")).map(|(_, body)| body);
    after("---").or_else(|| after("+++")).unwrap_or(text)
}

/// The language of a text, as a tag. Where there are as many Chinese or Japanese characters as Latin words, those are code,
/// names and markup.
fn language(text: &str) -> Option<&'static str> {
    let han = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')).count();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let different = words.iter().collect::<HashSet<_>>().len();
    let foreign: String = text.chars().filter(|c| !c.is_ascii()).collect();
    let text = if han >= words.len() { &foreign } else { text };
    let found = whatlang::detect(text)?;
    // A few Latin words, or always the same ones, could be of any language.
    if found.script() == Script::Latin && different < MIN_WORDS {
        return None;
    }
    let lang = found.lang();
    Some(match lang {
        Lang::Cmn if is_traditional(text) => "zh-TW",
        Lang::Cmn => "zh-CN",
        lang => tag(lang),
    })
}

/// A language's tag. Those that have one of two letters must use it (RFC 5646, section 2.2.1), and all of these do.
fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Afr => "af",
        Lang::Aka => "ak",
        Lang::Amh => "am",
        Lang::Ara => "ar",
        Lang::Aze => "az",
        Lang::Bel => "be",
        Lang::Ben => "bn",
        Lang::Bul => "bg",
        Lang::Cat => "ca",
        Lang::Ces => "cs",
        Lang::Dan => "da",
        Lang::Deu => "de",
        Lang::Ell => "el",
        Lang::Eng => "en",
        Lang::Epo => "eo",
        Lang::Est => "et",
        Lang::Fin => "fi",
        Lang::Fra => "fr",
        Lang::Guj => "gu",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Hye => "hy",
        Lang::Ind => "id",
        Lang::Ita => "it",
        Lang::Jav => "jv",
        Lang::Jpn => "ja",
        Lang::Kan => "kn",
        Lang::Kat => "ka",
        Lang::Khm => "km",
        Lang::Kor => "ko",
        Lang::Lat => "la",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Mal => "ml",
        Lang::Mar => "mr",
        Lang::Mkd => "mk",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Nld => "nl",
        Lang::Nob => "nb",
        Lang::Ori => "or",
        Lang::Pan => "pa",
        Lang::Pes => "fa",
        Lang::Pol => "pl",
        Lang::Por => "pt",
        Lang::Ron => "ro",
        Lang::Rus => "ru",
        Lang::Sin => "si",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Sna => "sn",
        Lang::Spa => "es",
        Lang::Srp => "sr",
        Lang::Swe => "sv",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Tgl => "tl",
        Lang::Tha => "th",
        Lang::Tuk => "tk",
        Lang::Tur => "tr",
        Lang::Ukr => "uk",
        Lang::Urd => "ur",
        Lang::Uzb => "uz",
        Lang::Vie => "vi",
        Lang::Yid => "yi",
        Lang::Zul => "zu",
        lang => lang.code(),
    }
}

/// Whether Chinese is written in traditional characters, by some of the most frequent that differ.
fn is_traditional(text: &str) -> bool {
    let count = |characters: &str| text.chars().filter(|c| characters.contains(*c)).count();
    count("這個來為們時會國後說對開") > count("这个来为们时会国后说对开")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_posts_is_found() {
        for (text, expected) in [
            ("公司今日公告，拟投资建设新项目，预计明年投产。", Some("zh-CN")),
            ("公司今日公告，這個項目將會於明年開始，為國內市場供應。", Some("zh-TW")),
            ("The harbour was closed on Monday after a storm damaged two cranes.", Some("en")),
            (
                "Der Hafen blieb am Montag geschlossen, weil ein Sturm zwei Kräne beschädigt hatte.",
                Some("de"),
            ),
            ("港は月曜日に閉鎖された。嵐で二台のクレーンが壊れたためである。", Some("ja")),
            ("使用 `git config --global core.autocrlf input` 命令即可，然后重新检出", Some("zh-CN")),
            ("Text.", None),
            (&"Text.\n".repeat(30), None),
            ("", None),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
