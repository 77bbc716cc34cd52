//! The theme: light, dark, or the system's.

use super::language::Words;

/// The theme: light, dark, or the system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// The system's theme.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The value in storage and in `data-theme`. For `Auto`, the page has no `data-theme`.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Parses a stored value; any unknown value is `Auto`.
    pub fn parse(value: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.value() == value).unwrap_or(Self::Auto)
    }

    /// The next theme in the button's cycle.
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    /// The theme's name.
    pub const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Auto => words.theme_auto,
            Self::Light => words.theme_light,
            Self::Dark => words.theme_dark,
        }
    }
}
