//! Groups headlines by day, and finds the names of securities.

use bundle::{Date, Headline, Label};

/// Groups headlines by day. They must already be sorted; their order stays.
pub fn by_day(rows: &[Headline]) -> Vec<(Date, Vec<Headline>)> {
    rows.chunk_by(|a, b| a.time.date() == b.time.date())
        .map(|rows| (rows[0].time.date(), rows.to_vec()))
        .collect()
}

/// The name of a security in a story, or its id if the story gives none.
pub fn security_name<'a>(securities: &'a [Label], secid: &'a str) -> &'a str {
    securities.iter().find(|label| label.key == secid).map_or(secid, |label| &label.title)
}
