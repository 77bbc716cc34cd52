//! Parses a post's date from its front matter, its file name or its id.

use bundle::{Date, Time};
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};

const WITH_ZONE: [&str; 5] = [
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%Y-%m-%d %H:%M %z",
    "%Y-%m-%dT%H:%M:%S%.f%:z",
    "%Y-%m-%d %H:%M:%S%.f%:z",
    "%a, %d %b %Y %H:%M:%S %z",
];
const WITHOUT_ZONE: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M:%S"];

/// The years 2 to 9998 in Unix seconds: instants that fall in the years 1 to 9999 in every time zone.
const YEARS: std::ops::Range<i64> = -62_104_060_800..253_370_764_800;

/// Parses the value of `date:`. A time without a zone is in `zone`, and so is the result.
pub(crate) fn parse_time(text: &str, zone: &TimeZone) -> Option<Time> {
    let mut text = text.trim().to_owned();
    if let Some(utc) = text.strip_suffix(" UTC").or_else(|| text.strip_suffix('Z')) {
        text = format!("{} +0000", utc.trim_end().replace('T', " "));
    }
    let zoned = |format: &&str| {
        let parsed = strtime::parse(format, &text).ok()?;
        Some(time_in_zone(parsed.to_timestamp().ok()?, zone))
    };
    let unzoned = |format: &&str| local_time(strtime::parse(format, &text).ok()?.to_datetime().ok()?, zone);
    let date = || {
        local_time(
            strtime::parse("%Y-%m-%d", &text)
                .ok()?
                .to_date()
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
            zone,
        )
    };
    // The bundle's years have four digits.
    WITH_ZONE
        .iter()
        .find_map(zoned)
        .or_else(|| WITHOUT_ZONE.iter().find_map(unzoned))
        .or_else(date)
        .filter(|time| YEARS.contains(&time.unix))
}

/// Midnight of a date in `zone`.
pub(crate) fn midnight(date: Date, zone: &TimeZone) -> Option<Time> {
    let year = i16::try_from(date.year()).ok()?;
    let (month, day) = (i8::try_from(date.month()).ok()?, i8::try_from(date.day()).ok()?);
    local_time(
        jiff::civil::Date::new(year, month, day).ok()?.to_datetime(jiff::civil::Time::midnight()),
        zone,
    )
}

/// Returns the date at the start of an id such as `202205262391921712`.
pub(crate) fn date_of_id(id: &str) -> Option<Date> {
    let digits = id.get(..8).filter(|digits| id.len() >= 12 && digits.bytes().all(|b| b.is_ascii_digit()))?;
    let date = Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)?;
    (1990..2100).contains(&date.year()).then_some(date)
}

/// Splits a file name into the date at its start and the rest: `2022-03-01-x` is that day and `x`.
pub(crate) fn date_of_name(name: &str) -> (Option<Date>, &str) {
    let mut parts = name.splitn(4, '-');
    let mut number = |lengths: &[usize]| {
        parts
            .next()
            .filter(|part| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))?
            .parse::<u16>()
            .ok()
    };
    let date = (|| {
        let (year, month, day) = (number(&[4])?, number(&[1, 2])?, number(&[1, 2])?);
        Date::new(i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    })();
    match (date, parts.next()) {
        (Some(date), Some(rest)) => (Some(date), rest),
        _ => (None, name),
    }
}

fn local_time(time: DateTime, zone: &TimeZone) -> Option<Time> {
    Some(time_in_zone(zone.to_ambiguous_timestamp(time).compatible().ok()?, zone))
}

fn time_in_zone(instant: jiff::Timestamp, zone: &TimeZone) -> Time {
    Time { unix: instant.as_second(), offset: minutes(zone.to_offset(instant)) }
}

fn minutes(offset: Offset) -> i16 {
    i16::try_from(offset.seconds() / 60).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_each_of_its_forms() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse_time(text, &zone).map(|time| time.to_string()).as_deref(), expected, "{text}");
        };
        check("2022-03-01 12:51:18 +0800", Some("2022-03-01T12:51:18+08:00"));
        check("2021-12-08 10:46:18", Some("2021-12-08T10:46:18+08:00"));
        check("2021-12-08 9:06:18", Some("2021-12-08T09:06:18+08:00"));
        check("2021-12-08", Some("2021-12-08T00:00:00+08:00"));
        check("2021-12-08 10:46", Some("2021-12-08T10:46:00+08:00"));
        check("2022-03-01T23:51:18Z", Some("2022-03-02T07:51:18+08:00"));
        check("2022-03-01T12:51:18.25-05:00", Some("2022-03-02T01:51:18+08:00"));
        check("2022-03-01 12:51:18 UTC", Some("2022-03-01T20:51:18+08:00"));
        check("1970-01-01 00:00:00 +0000", Some("1970-01-01T08:00:00+08:00"));
        for invalid in ["", "+0800", " +0800", "yesterday", "0000-06-01", "2022-02-30", "2022-03-01 25:00:00"]
        {
            check(invalid, None);
        }
    }

    #[test]
    fn dates_are_read_from_names_and_ids_too() {
        let text = |(date, rest): (Option<Date>, &str)| {
            format!("{} {rest}", date.map(|date| date.to_string()).unwrap_or_default())
        };
        assert_eq!(text(date_of_name("2022-03-01-202203012292649174")), "2022-03-01 202203012292649174");
        assert_eq!(text(date_of_name("-202205262391921712")), " -202205262391921712");
        assert_eq!(text(date_of_name("2022-13-01-x")), " 2022-13-01-x");
        assert_eq!(date_of_id("202205262391921712").unwrap().to_string(), "2022-05-26");
        assert_eq!(date_of_id("20220526"), None);
        assert_eq!(date_of_id("209913262391921712"), None);
    }
}
