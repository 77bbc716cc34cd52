//! Rows of headlines and names of securities as views group and show them.

use bundle::{Date, Headline, Label};

/// The newest headlines by day, the newest day first.
pub fn by_day(rows: &[Headline]) -> Vec<(Date, Vec<Headline>)> {
    rows.chunk_by(|a, b| a.time.date() == b.time.date())
        .map(|rows| (rows[0].time.date(), rows.to_vec()))
        .collect()
}

/// The name a security is shown by in a story.
pub fn security_name<'a>(securities: &'a [Label], secid: &'a str) -> &'a str {
    securities.iter().find(|label| label.key == secid).map_or(secid, |label| &label.title)
}
