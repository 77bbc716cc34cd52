//! Parses dates: those of front matter as Ruby's `Time.parse` reads them, those at the start of a file's name, and
//! those at the start of an id.
//!
//! [`parse`] follows `Date._parse` of Ruby 3.1 (`ext/date/date_parse.c`), which knows many forms, and `Time.parse`
//! (`lib/time.rb`); Jekyll passes them every date. Psych, Ruby's YAML library, reads some dates before that
//! (`lib/psych/scalar_scanner.rb`).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use bundle::{Date, Time};
use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, ToSpan as _};
use regex::{Captures, Regex, RegexBuilder};

/// The years 2 to 9998 in Unix seconds: instants that fall in the years 1 to 9999 in every time zone.
const YEARS: Range<i64> = -62_104_060_800..253_370_764_800;

/// A date as its author wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The time; midnight if the author told only the date.
    pub(crate) time: Time,
    /// Whether the author told the time of day.
    pub(crate) has_clock: bool,
}

/// What a date without a zone means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The clock in the site's time zone.
    Site,
    /// As for [`Self::Site`], but UTC for a YAML timestamp that is not in quotation marks and has a time with
    /// seconds, as Psych reads it.
    Yaml,
}

/// Parses the value of `date:`. The result is in `zone`.
pub(crate) fn parse(text: &str, clock: Clock, zone: &TimeZone) -> Option<Moment> {
    let text = text.trim();
    let moment = timestamp(text, clock, zone).or_else(|| Found::in_text(text)?.moment(zone))?;
    // The bundle's years have four digits.
    YEARS.contains(&moment.time.unix).then_some(moment)
}

/// Midnight of a date in `zone`.
pub(crate) fn midnight(date: Date, zone: &TimeZone) -> Option<Time> {
    let year = i16::try_from(date.year()).ok()?;
    let (month, day) = (i8::try_from(date.month()).ok()?, i8::try_from(date.day()).ok()?);
    local_time(civil::date(year, month, day).at(0, 0, 0, 0), zone)
}

/// Reads `2022-03-01 12:51:18 +0800` and the like, the form of almost all posts, without regular expressions.
fn timestamp(text: &str, clock: Clock, zone: &TimeZone) -> Option<Moment> {
    let (date, rest) = text.split_once([' ', 'T', 't'])?;
    let rest = rest.trim_start();
    let (day, zone_text) =
        rest.split_at(rest.find(|c: char| !matches!(c, '0'..='9' | ':')).unwrap_or(rest.len()));
    let mut date = date.split('-');
    let mut day = day.split(':');
    let number = |text: Option<&str>, lengths: Range<usize>| {
        text.filter(|text| lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))?
            .parse::<i64>()
            .ok()
    };
    let found = Found {
        year: Some(number(date.next(), 4..5)?),
        month: Some(number(date.next(), 1..3)?),
        day: Some(number(date.next(), 1..3)?),
        hour: Some(number(day.next(), 1..3)?),
        minute: Some(number(day.next(), 2..3)?),
        second: Some(number(day.next(), 2..3)?),
        ..Found::default()
    };
    if date.next().is_some() || day.next().is_some() {
        return None;
    }
    // A fraction of a second does not matter.
    let zone_text = zone_text
        .strip_prefix('.')
        .map_or(zone_text, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let offset = match zone_text.trim_start() {
        "" if clock == Clock::Site => None,
        "" | "Z" => Some(0),
        text => Some(if clock == Clock::Yaml { yaml_offset(text) } else { zone_offset(text) }?),
    };
    Found { offset, ..found }.moment(zone)
}

/// The offset of a YAML timestamp in seconds: `+8`, `+08`, `+0800`, `+08:00`.
fn yaml_offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 1 | 2) => (digits, "0"),
        (None, 4) => digits.split_at(digits.len() - 2),
        _ => return None,
    };
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| (0..60).contains(number));
    Some(sign * (number(hours)? * 3600 + number(minutes)? * 60))
}

/// The parts of a date and time.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Found {
    year: Option<i64>,
    /// Whether a year of two digits is as it is written, and not of this or the last century.
    year_is_whole: bool,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    /// Seconds east of UTC; `None` for the site's time zone.
    offset: Option<i64>,
}

/// Regular expressions of `date_parse.c`, by the functions that use them.
struct Patterns {
    weekday: Regex,
    time: Regex,
    clock: Regex,
    eu: Regex,
    us: Regex,
    iso: Regex,
    jis: Regex,
    vms: Regex,
    vms_month_first: Regex,
    slashes: Regex,
    dots: Regex,
    day_of_year: Regex,
    year: Regex,
    month: Regex,
    ordinal: Regex,
    digits: Regex,
    fragment: Regex,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let month = format!("({})", MONTHS.join("|"));
    let era = r"(?:c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?";
    let pattern = |text: &str| {
        let text = text.replace("MONTH", &month).replace("ERA", era);
        // The patterns are constants, so they are valid.
        RegexBuilder::new(&text).case_insensitive(true).build().unwrap_or_else(|error| panic!("{error}"))
    };
    Patterns {
        weekday: pattern(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*"),
        time: pattern(
            r"(\d+\s*(?:(?::\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|h(?:\s*\d+m?(?:\s*\d+s?)?)?)(?:\s*[ap](?:m\b|\.m\.))?|[ap](?:m\b|\.m\.)))(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?|[[:alpha:].\s]+(?:standard|daylight)\stime\b|[[:alpha:]]+(?:\sdst)?\b))?",
        ),
        clock: pattern(
            r"\A(\d+)\s*h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.]\d*)?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?",
        ),
        eu: pattern(r"('?\d+)[^-\d\s]*\s*MONTH[^-\d\s']*(?:\s*ERA\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?"),
        us: pattern(r"\bMONTH[^-\d\s']*\s*('?\d+)[^-\d\s']*(?:\s*,?\s*ERA\s*('?-?\d+))?"),
        iso: pattern(r"('?[-+]?\d+)-(\d+)-('?-?\d+)"),
        jis: pattern(r"\b([mtshr])(\d+)\.(\d+)\.(\d+)"),
        vms: pattern(r"('?-?\d+)-MONTH[^-/.]*-('?-?\d+)"),
        vms_month_first: pattern(r"\bMONTH[^-/.]*-('?-?\d+)(?:-('?-?\d+))?"),
        slashes: pattern(r"('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?"),
        dots: pattern(r"('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)"),
        day_of_year: pattern(r"\b(\d{4})-(\d{3})\b"),
        year: pattern(r"'(\d+)\b"),
        month: pattern(r"\bMONTH\S*"),
        ordinal: pattern(r"(\d+)(?:st|nd|rd|th)\b"),
        digits: pattern(r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?(z\b|[-+]\d{1,4}\b)?"),
        fragment: pattern(r"\A\s*(\d{1,2})\s*\z"),
    }
});

impl Found {
    /// Finds the parts of a date in any text, as `Date._parse` does.
    fn in_text(text: &str) -> Option<Self> {
        let patterns = &*PATTERNS;
        let mut text = simplify(&translate_half(text));
        let mut found = Self::default();
        take(&mut text, &patterns.weekday);
        if let Some((time, zone)) = take_with(&mut text, &patterns.time, |captures| {
            (captures[1].to_owned(), captures.get(2).map(|zone| zone.as_str().to_owned()))
        }) {
            found.read_clock(&time);
            found.offset = zone.and_then(|zone| zone_offset(&zone));
        }
        found.find_date(&mut text)?;
        if let Some(number) =
            patterns.fragment.captures(&text).and_then(|captures| captures[1].parse::<i64>().ok())
        {
            if found.hour.is_some() && found.day.is_none() {
                found.day = Some(number).filter(|day| (1..=31).contains(day));
            } else if found.day.is_some() && found.hour.is_none() {
                found.hour = Some(number).filter(|hour| (0..=24).contains(hour));
            }
        }
        Some(found)
    }

    fn read_clock(&mut self, time: &str) {
        let Some(captures) = PATTERNS.clock.captures(time) else { return };
        let number = |at: usize| captures.get(at).and_then(|digits| digits.as_str().parse::<i64>().ok());
        self.hour = number(1);
        self.minute = number(2);
        self.second = number(3);
        if let (Some(hour), Some(half)) = (self.hour, captures.get(4)) {
            self.hour = Some(hour % 12 + if half.as_str().eq_ignore_ascii_case("p") { 12 } else { 0 });
        }
    }

    /// Finds the date in what is left of a text. Returns `None` if there is none.
    fn find_date(&mut self, text: &mut String) -> Option<()> {
        let patterns = &*PATTERNS;
        // For each pattern, which of its groups are the year, the month and the day.
        let forms: [(&Regex, [usize; 3]); 8] = [
            (&patterns.eu, [3, 2, 1]),
            (&patterns.us, [3, 1, 2]),
            (&patterns.iso, [1, 2, 3]),
            (&patterns.jis, [2, 3, 4]),
            (&patterns.vms, [3, 2, 1]),
            (&patterns.vms_month_first, [3, 1, 2]),
            (&patterns.slashes, [1, 2, 3]),
            (&patterns.dots, [1, 2, 3]),
        ];
        for (pattern, [year, month, day]) in forms {
            let group =
                |captures: &Captures<'_>, at: usize| captures.get(at).map(|part| part.as_str().to_owned());
            let parts = take_with(text, pattern, |captures| {
                let era = (captures.len() == 5).then(|| captures[1].to_ascii_lowercase());
                (group(captures, year), group(captures, month), group(captures, day), era)
            });
            if let Some((year, month, day, era)) = parts {
                self.set_date(year, month.map(month_number), day);
                // The years of Japan's eras.
                let first = match era.as_deref() {
                    Some("m") => 1867,
                    Some("t") => 1911,
                    Some("s") => 1925,
                    Some("h") => 1988,
                    Some("r") => 2018,
                    _ => return Some(()),
                };
                self.year = self.year.map(|year| first + year);
                self.year_is_whole = true;
                return Some(());
            }
        }
        let two = |captures: &Captures<'_>| Some((captures[1].parse().ok()?, captures[2].parse().ok()?));
        let one = |captures: &Captures<'_>| captures[1].parse::<i64>().ok();
        if let Some((year, day)) = take_with(text, &patterns.day_of_year, two).flatten() {
            (self.year, self.day_of_year) = (Some(year), Some(day));
        } else if let Some(year) = take_with(text, &patterns.year, one) {
            self.year = year;
        } else if let Some(month) =
            take_with(text, &patterns.month, |captures| month_number(captures[1].to_owned()))
        {
            self.month = month.parse().ok();
        } else if let Some(day) = take_with(text, &patterns.ordinal, one) {
            self.day = day;
        } else {
            let groups = take_with(text, &patterns.digits, |captures| {
                [1, 2, 3, 4, 5].map(|at| captures.get(at).map(|part| part.as_str().to_owned()))
            });
            self.read_digits(groups?)?;
        }
        Some(())
    }

    /// Reads digits without signs between them, such as `20220301T125118Z`.
    fn read_digits(&mut self, [sign, date, time, fraction, zone]: [Option<String>; 5]) -> Option<()> {
        let date = date?;
        let part = |range: Range<usize>| date.get(range).and_then(|digits| digits.parse::<i64>().ok());
        // With a fraction, digits end with seconds; that is a time without a date.
        if fraction.is_some() && time.is_none() {
            return None;
        }
        match date.len() {
            2 => self.day = part(0..2),
            3 => self.day_of_year = part(0..3),
            4 => (self.month, self.day) = (part(0..2), part(2..4)),
            5 => (self.year, self.day_of_year) = (part(0..2), part(2..5)),
            6 => (self.year, self.month, self.day) = (part(0..2), part(2..4), part(4..6)),
            7 => (self.year, self.day_of_year) = (part(0..4), part(4..7)),
            8 | 10 | 12 | 14 => {
                (self.year, self.month, self.day) = (part(0..4), part(4..6), part(6..8));
                (self.hour, self.minute, self.second) =
                    (part(8..10).or(self.hour), part(10..12).or(self.minute), part(12..14).or(self.second));
                self.year_is_whole = true;
            }
            _ => return None,
        }
        if sign.as_deref() == Some("-") {
            self.year = self.year.map(|year| -year);
        }
        if let Some(time) = time {
            let part = |range: Range<usize>| time.get(range).and_then(|digits| digits.parse::<i64>().ok());
            (self.hour, self.minute, self.second) = (part(0..2), part(2..4), part(4..6));
        }
        if let Some(zone) = zone {
            self.offset = zone_offset(&zone);
        }
        Some(())
    }

    /// Sets the date from three parts, of which a long one or one with an apostrophe is the year, whatever its
    /// place (`s3e` of `date_parse.c`).
    fn set_date(&mut self, year: Option<String>, month: Option<String>, day: Option<String>) {
        let is_year = |part: &Option<String>| {
            part.as_ref().is_some_and(|part| part.starts_with('\'') || part.len() > 2)
        };
        let (mut year, mut month, mut day) = (year, month, day);
        if year.is_some() && month.is_some() && day.is_none() {
            (year, month, day) = (None, year, month);
        }
        if year.is_none() && is_year(&day) {
            (year, day) = (day, None);
        }
        let digits = |part: &str| {
            let part = part.trim_start_matches(|c: char| !matches!(c, '0'..='9' | '-' | '+'));
            let signs = part.len() - part.trim_start_matches(['-', '+']).len();
            let end = part[signs..].find(|c: char| !c.is_ascii_digit()).map_or(part.len(), |at| signs + at);
            (part[..end].to_owned(), end < part.len())
        };
        // A number with letters after it, such as `2nd`, is the day.
        if let Some((number, true)) = year.as_deref().map(digits) {
            (year, day) = (day, Some(number));
        }
        if is_year(&month) {
            (year, month, day) = (month, day, year);
        }
        if is_year(&day) {
            std::mem::swap(&mut year, &mut day);
        }
        if let Some((number, _)) = year.as_deref().map(digits) {
            self.year_is_whole = number.starts_with(['-', '+']) || number.len() > 2;
            self.year = number.parse().ok();
        }
        let number = |part: Option<String>| part.and_then(|part| digits(&part).0.parse::<i64>().ok());
        self.month = number(month);
        self.day = number(day);
    }

    /// The moment, as `Time.parse` computes it. Returns `None` without a year or if a part is out of range.
    fn moment(self, zone: &TimeZone) -> Option<Moment> {
        let has_clock = self.hour.is_some();
        let part = |part: Option<i64>, default, range: Range<i64>| {
            Some(part.unwrap_or(default)).filter(|part| range.contains(part))
        };
        let mut year = self.year?;
        if !self.year_is_whole && (0..100).contains(&year) {
            year += if year >= 69 { 1900 } else { 2000 };
        }
        let (month, day) = (part(self.month, 1, 1..13)?, part(self.day, 1, 1..32)?);
        let (hour, minute) = (part(self.hour, 0, 0..25)?, part(self.minute, 0, 0..60)?);
        let second = part(self.second, 0, 0..61)?;
        if hour == 24 && (minute, second) != (0, 0) {
            return None;
        }
        // As in Ruby, the 30th of February is the second of March.
        let first = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
        let days = self.day_of_year.unwrap_or(day) - 1;
        let span: Span = days.days().hours(hour).minutes(minute).seconds(second);
        let local = first.at(0, 0, 0, 0).checked_add(span).ok()?;
        let time = match self.offset {
            Some(offset) => {
                let offset = Offset::from_seconds(i32::try_from(offset).ok()?).ok()?;
                time_in_zone(offset.to_timestamp(local).ok()?, zone)
            }
            None => local_time(local, zone)?,
        };
        Some(Moment { time, has_clock })
    }
}

/// Chinese words for halves of a day, which stand before the clock, and the signs that Ruby reads after it.
const HALVES: [(&str, &str); 6] =
    [("下午", "PM"), ("晚上", "PM"), ("中午", "PM"), ("上午", "AM"), ("早上", "AM"), ("凌晨", "AM")];

/// Writes a Chinese half of the day as Ruby reads it: `下午2:30` as `2:30 PM`.
fn translate_half(text: &str) -> Cow<'_, str> {
    for (word, sign) in HALVES {
        if let Some((before, after)) = text.split_once(word) {
            let after = after.trim_start();
            let is_clock = |c: char| c.is_ascii_digit() || ":时時点分秒".contains(c);
            let (clock, after) = after.split_at(after.find(|c| !is_clock(c)).unwrap_or(after.len()));
            return format!("{before} {clock} {sign} {after}").into();
        }
    }
    text.into()
}

/// Replaces everything without a meaning by spaces; also the signs of Chinese dates, which Ruby does not read.
fn simplify(text: &str) -> String {
    let is_used = |c: char| c.is_ascii_alphanumeric() || "-+',./:@[]".contains(c);
    let mut simple = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '年' | '月' => simple.push('-'),
            '时' | '時' | '点' | '分' => simple.push(':'),
            c if is_used(c) => simple.push(c),
            _ if simple.ends_with(' ') => {}
            _ => {
                if simple.ends_with(':') {
                    simple.pop();
                }
                simple.push(' ');
            }
        }
    }
    let length = simple.trim_end_matches(':').len();
    simple.truncate(length);
    simple
}

fn month_number(text: String) -> String {
    let short = text.get(..3).unwrap_or_default().to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == short).map_or(text, |at| (at + 1).to_string())
}

/// Replaces what a pattern matches with a space.
fn take(text: &mut String, pattern: &Regex) {
    take_with(text, pattern, |_| ());
}

/// Replaces what a pattern matches with a space, and returns what `read` makes of it.
fn take_with<T>(text: &mut String, pattern: &Regex, read: impl FnOnce(&Captures<'_>) -> T) -> Option<T> {
    let captures = pattern.captures(text)?;
    let range = captures.get(0)?.range();
    let result = read(&captures);
    text.replace_range(range, " ");
    Some(result)
}

/// The offset of a zone in seconds, as `Time.zone_offset` knows it (RFC 822's names and numbers). As in Ruby, a
/// time in any other zone is taken for the site's.
fn zone_offset(zone: &str) -> Option<i64> {
    let zone = zone.trim().to_ascii_uppercase();
    if zone.starts_with(['+', '-']) {
        let digits = zone.len() - 1 - zone.matches(':').count();
        return if matches!(digits, 2 | 4 | 6) { yaml_offset(zone.get(..6).unwrap_or(&zone)) } else { None };
    }
    let hours = match zone.as_str() {
        "UTC" | "Z" | "UT" | "GMT" => 0,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            let &[letter] = zone.as_bytes() else { return None };
            let at = |first: u8| i64::from(letter - first);
            match letter {
                b'A'..=b'I' => 1 + at(b'A'),
                b'K'..=b'M' => 10 + at(b'K'),
                b'N'..=b'Y' => -1 - at(b'N'),
                _ => return None,
            }
        }
    };
    Some(hours * 3600)
}

/// Returns the date at the start of an id such as `202205262391921712`.
pub(crate) fn date_of_id(id: &str) -> Option<Date> {
    let digits = id.get(..8).filter(|digits| id.len() >= 12 && digits.bytes().all(|b| b.is_ascii_digit()))?;
    let date = Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)?;
    (1990..2100).contains(&date.year()).then_some(date)
}

/// The date that three segments of a path tell, such as that of `2022/03/01/x.md`.
pub(crate) fn date_in_path(path: &str) -> Option<Date> {
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
            let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
        Date::new(i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    })
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
        let (year, month, day) = (number(&[2, 4])?, number(&[1, 2])?, number(&[1, 2])?);
        let century = match year {
            0..69 => 2000,
            69..100 => 1900,
            _ => 0,
        };
        Date::new(century + i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    })();
    match (date, parts.next()) {
        (Some(date), Some(rest)) => (Some(date), rest),
        _ => (None, name),
    }
}

fn local_time(time: civil::DateTime, zone: &TimeZone) -> Option<Time> {
    Some(time_in_zone(zone.to_ambiguous_timestamp(time).later().ok()?, zone))
}

fn time_in_zone(instant: jiff::Timestamp, zone: &TimeZone) -> Time {
    Time { unix: instant.as_second(), offset: minutes(zone.to_offset(instant)) }
}

fn minutes(offset: Offset) -> i16 {
    i16::try_from(offset.seconds() / 60).unwrap_or(0)
}

#[cfg(test)]
mod tests;
