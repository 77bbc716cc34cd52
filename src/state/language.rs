//! The interface's languages and words.

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文
    Chinese,
    /// English
    English,
}

impl Language {
    /// The interface language for a site's language (a BCP 47 tag): Chinese for Chinese, otherwise English.
    pub fn of_site(lang: &str) -> Self {
        let primary = lang.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// The interface's words in this language.
    pub const fn words(self) -> &'static Words {
        match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        }
    }

    /// The JSON with all words in this language, also those that the viewer does not need.
    #[cfg(not(target_arch = "wasm32"))]
    pub const fn json(self) -> &'static str {
        match self {
            Self::Chinese => include_str!("../../words/zh.json"),
            Self::English => include_str!("../../words/en.json"),
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Words {
    /// The names of weekdays for a calendar, Monday first.
    pub const fn weekdays(&self) -> [&'static str; 7] {
        [
            self.weekday_1,
            self.weekday_2,
            self.weekday_3,
            self.weekday_4,
            self.weekday_5,
            self.weekday_6,
            self.weekday_7,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_sites_have_a_chinese_interface_and_all_others_an_english_one() {
        for (lang, language) in [
            ("zh-CN", Language::Chinese),
            ("zh", Language::Chinese),
            ("ZH_tw", Language::Chinese),
            ("en", Language::English),
            ("de-AT", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_site(lang), language, "{lang}");
        }
    }
}
