//! Whether and when a post may be shown, from its front matter.

use bundle::Time;
use serde::{Deserialize, Serialize};

use crate::Dates;
use crate::front_matter::FrontMatter;
use crate::value::Value;
use crate::warning::{Warning, WarningKind};

/// Whether and when a post may be shown. It does not depend on the current time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visibility {
    /// Whether the front matter keeps the post back, whatever the time: `published: false` or `draft: true`.
    pub is_kept_back: bool,
    /// From when it may be shown, in Unix seconds: its date, or Hugo's `publishDate` if that is later.
    pub from: i64,
    /// When it expires, in Unix seconds: Hugo's `expiryDate`. `i64::MAX` if it never does.
    pub until: i64,
    /// A fingerprint of the words in its body that are kept back, such as comments; 0 if there are none.
    pub kept_back_words: u64,
}

impl Visibility {
    /// Whether the post is shown at a time, in Unix seconds. With `future`, its date does not matter.
    pub fn is_shown(&self, now: i64, future: bool) -> bool {
        !self.is_kept_back && (future || self.from <= now) && now < self.until
    }

    /// The next time after `now` at which [`Self::is_shown`] changes.
    pub fn next_change(&self, now: i64, future: bool) -> Option<i64> {
        let from = Some(self.from).filter(|_| !future);
        [from, Some(self.until).filter(|until| *until < i64::MAX)]
            .into_iter()
            .flatten()
            .filter(|time| !self.is_kept_back && *time > now && now < self.until)
            .min()
    }

    /// The visibility of a post that is shown from its date on.
    pub const fn always_from(time: Time) -> Self {
        Self { is_kept_back: false, from: time.unix, until: i64::MAX, kept_back_words: 0 }
    }

    pub(crate) fn read(
        matter: &FrontMatter<'_>,
        time: Time,
        kept_back_words: u64,
        dates: Dates<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Self {
        let value = |key| matter.key_in_any_case(key).and_then(|key| matter.value(key));
        let mut is_kept_back = is_unpublished(value("published")) || value("draft").is_some_and(is_draft);
        let mut instant = |keys: [&str; 2]| {
            let key = keys.iter().find_map(|key| matter.key_in_any_case(key))?;
            let moment = dates.read(matter, key)?.map_err(|text| {
                warnings.push(Warning {
                    line: matter.line(key),
                    kind: WarningKind::KeptBack,
                    message: format!(
                        "{key} “{text}” is not a date such as 2022-03-01 12:51:18 +0800, so the post is kept back"
                    ),
                });
                is_kept_back = true;
            });
            moment.ok().map(|moment| moment.time.unix)
        };
        let from = instant(["publishDate", "publish_date"]);
        let until = instant(["expiryDate", "unpublishDate"]);
        Self {
            is_kept_back,
            from: from.unwrap_or(time.unix).max(time.unix),
            until: until.unwrap_or(i64::MAX),
            kept_back_words,
        }
    }
}

/// Whether Hugo makes no page of it: <https://gohugo.io/content-management/build-options/>
pub(crate) fn is_headless(matter: &FrontMatter<'_>) -> bool {
    let never = |options: &Value| {
        let render = options.map().and_then(|options| options.get("render")).and_then(Value::text);
        matches!(render, Some("never" | "link" | "false"))
    };
    matter.value("headless").and_then(Value::bool) == Some(true)
        || ["build", "_build"].iter().filter_map(|key| matter.value(key)).any(never)
}

/// Whether `published` keeps a post back. As in Jekyll, a key without a value does.
fn is_unpublished(published: Option<&Value>) -> bool {
    // What follows the first word may be a comment in front matter that is not valid.
    let is_false = |text: &str| {
        let word = text.split_whitespace().next().unwrap_or_default();
        ["false", "no", "off"].iter().any(|no| word.eq_ignore_ascii_case(no))
    };
    match published {
        Some(Value::Null) => true,
        Some(Value::Text(text) | Value::Plain(text)) => is_false(text),
        _ => false,
    }
}

/// Whether `draft` keeps a post back: with any value that does not say no.
fn is_draft(draft: &Value) -> bool {
    draft.text().is_some_and(|text| {
        let word = text.split_whitespace().next().unwrap_or_default();
        !["false", "no", "off", "0", "null", "~"].iter().any(|no| word.eq_ignore_ascii_case(no))
    })
}
