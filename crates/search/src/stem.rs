//! Plain stemmers: they take off the endings of plurals and of a few other forms.

use crate::terms::part;

/// How words of the site's language are stemmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stemmer {
    /// Not at all.
    #[default]
    None,
    /// The S stemmer of Donna Harman, How Effective Is Suffixing?, 1991
    /// (<https://doi.org/10.1002/(SICI)1097-4571(199101)42:1%3C7::AID-ASI2%3E3.0.CO;2-P>).
    English,
    /// The minimal stemmers of Jacques Savoy (<https://members.unine.ch/jacques.savoy/clef/>).
    French,
    /// As above.
    German,
    /// As above.
    Spanish,
}

impl Stemmer {
    /// The stemmer for a language tag such as `en-GB`.
    pub fn of(lang: &str) -> Self {
        match lang.split(['-', '_']).next().unwrap_or_default() {
            "en" => Self::English,
            "fr" => Self::French,
            "de" => Self::German,
            "es" => Self::Spanish,
            _ => Self::None,
        }
    }

    /// The stem of a folded word, which is its beginning; in English, `y` for `ies`.
    pub fn stem(self, word: &str) -> String {
        let is_long = |least: usize| word.len() >= least;
        let before = |ending: &str| word.strip_suffix(ending);
        let stem = match self {
            Self::English => {
                if let Some(stem) =
                    before("ies").filter(|stem| !stem.ends_with(['e', 'a']) && !stem.is_empty())
                {
                    return stem.to_owned() + "y";
                }
                let is_plural = before("s").is_some_and(|stem| !stem.ends_with(['u', 's']) && is_long(4));
                match before("es").filter(|stem| !stem.ends_with(['a', 'e', 'o'])) {
                    Some(_) if is_plural => part(word, 0..word.len() - 1),
                    None if is_plural && !word.ends_with("es") => part(word, 0..word.len() - 1),
                    _ => word,
                }
            }
            Self::French if is_long(6) => match before("aux") {
                Some(stem) => return stem.to_owned() + "al",
                None => word.trim_end_matches(['x', 's', 'r', 'e']),
            },
            Self::German if is_long(5) => before("nen")
                .or_else(|| ["en", "se", "es", "er"].into_iter().find_map(before))
                .or_else(|| ["n", "e", "s", "r"].into_iter().find_map(before))
                .unwrap_or(word),
            Self::Spanish if is_long(5) => before("eses").map_or_else(
                || before("es").or_else(|| before("s")).unwrap_or(word),
                |_| part(word, 0..word.len() - 2),
            ),
            Self::None | Self::French | Self::German | Self::Spanish => word,
        };
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Stemmer;

    #[test]
    fn plurals_have_the_stems_of_their_singulars() {
        for (lang, words) in [
            ("en-GB", &["share shares", "company companies", "bank banks", "house houses"][..]),
            ("fr", &["marche marches", "journal journaux", "banque banques"]),
            ("de", &["aktie aktien", "bank bank", "zins zins"]),
            ("es", &["banco bancos", "accion acciones"]),
            ("zh-CN", &["etf etf"]),
        ] {
            let stemmer = Stemmer::of(lang);
            for (one, other) in words.iter().filter_map(|words| words.split_once(' ')) {
                assert_eq!(stemmer.stem(one), stemmer.stem(other), "{lang}: {one} {other}");
            }
        }
        for word in ["gas", "us", "business", "news"] {
            assert!(Stemmer::English.stem(word).len() + 1 >= word.len(), "{word}");
        }
        assert_eq!(Stemmer::None.stem("shares"), "shares");
    }
}
