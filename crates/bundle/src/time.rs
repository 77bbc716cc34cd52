//! Times and dates: an instant with its clock's offset, and calendar arithmetic.
//!
//! Small on purpose: the browser downloads this instead of a date library, whose time zone database alone is
//! a hundred times as large. The builder uses `jiff` for time zones and passes on offsets.

use std::fmt;
use std::str::FromStr;

use crate::text::serialised_as_text;

/// An instant in whole seconds, with the offset of the clock on which it is shown.
///
/// Written as RFC 3339 (`2022-03-01T12:51:18+08:00`). Ordered by instant, then by offset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    pub unix: i64,
    /// The clock's offset from UTC in minutes; positive east of Greenwich.
    pub offset: i16,
}

/// A day of the proleptic Gregorian calendar. Years have four digits, 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

const DAY_SECONDS: i64 = 86_400;

impl Default for Date {
    /// 1970-01-01
    fn default() -> Self {
        Self { year: 1970, month: 1, day: 1 }
    }
}

impl Time {
    /// The day on the clock.
    pub fn date(self) -> Date {
        Date::from_days(self.local().div_euclid(DAY_SECONDS))
    }

    /// The hour and minute on the clock.
    pub fn clock(self) -> (u8, u8) {
        let second = self.local().rem_euclid(DAY_SECONDS);
        (u8::try_from(second / 3600).unwrap_or(0), u8::try_from(second / 60 % 60).unwrap_or(0))
    }

    fn local(self) -> i64 {
        self.unix + i64::from(self.offset) * 60
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.unix, self.offset).cmp(&(other.unix, other.offset))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = self.clock();
        let mut text = String::with_capacity(25);
        push_date(&mut text, self.date());
        for (sign, number) in
            [('T', hour), (':', minute), (':', u8::try_from(self.local().rem_euclid(60)).unwrap_or(0))]
        {
            text.push(sign);
            push_two_digits(&mut text, u32::from(number));
        }
        let offset = u32::from(self.offset.unsigned_abs());
        if offset == 0 {
            text.push('Z');
        } else {
            text.push(if self.offset < 0 { '-' } else { '+' });
            push_two_digits(&mut text, offset / 60);
            text.push(':');
            push_two_digits(&mut text, offset % 60);
        }
        f.write_str(&text)
    }
}

/// Appends a two-digit number. `format!` would compile to three times as much WebAssembly.
fn push_two_digits(text: &mut String, number: u32) {
    for digit in [number / 10 % 10, number % 10] {
        text.extend(char::from_digit(digit, 10));
    }
}

/// `2022-03-01`
fn push_date(text: &mut String, date: Date) {
    let year = date.year.unsigned_abs();
    push_two_digits(text, year / 100);
    push_two_digits(text, year % 100);
    for part in [date.month, date.day] {
        text.push('-');
        push_two_digits(text, u32::from(part));
    }
}

impl FromStr for Time {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        parse_time(text).ok_or("not a time such as 2022-03-01T12:51:18+08:00")
    }
}

fn parse_time(text: &str) -> Option<Time> {
    let date: Date = text.get(..10)?.parse().ok()?;
    let rest = text.get(10..)?.strip_prefix('T')?;
    let (clock, zone) = (rest.get(..8)?, rest.get(8..)?);
    let [hour, minute, second] = numbers(clock, ':')?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => 0,
        sign @ (b'+' | b'-') => {
            let [hours, minutes] = numbers(zone.get(1..)?, ':')?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = i16::try_from(hours * 60 + minutes).ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let local = date.days() * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    Some(Time { unix: local - i64::from(offset) * 60, offset })
}

/// Parses `N` numbers made of digits only, separated by `separator`.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for slot in &mut found {
        let part =
            parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))?;
        *slot = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

impl Date {
    /// Returns the date if it exists in the calendar.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The days since 1970-01-01; negative before.
    ///
    /// Howard Hinnant's `days_from_civil`: years begin in March, so that a leap day is the last day of its
    /// year (<https://howardhinnant.github.io/date_algorithms.html>).
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// Returns the date this many days after 1970-01-01, clamped to the years 0001 to 9999.
    ///
    /// Howard Hinnant's `civil_from_days`, the inverse of [`Date::days`].
    pub fn from_days(days: i64) -> Self {
        let days = days.clamp(-719_162, 2_932_896) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(1970),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// Returns the date this many days later, or earlier if negative.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self::from_days(self.days() + days)
    }

    /// The day of the week, from 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        u8::try_from((self.days() + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The number of days in this date's month.
    pub fn month_length(self) -> u8 {
        days_in(self.year, self.month)
    }

    /// The year and month as the bundle writes them: `2022-03`.
    pub fn year_month(self) -> String {
        let mut text = self.to_string();
        text.truncate(7);
        text
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(10);
        push_date(&mut text, *self);
        f.write_str(&text)
    }
}

impl FromStr for Date {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let date = || {
            let [year, month, day] = numbers(text, '-').filter(|_| text.len() == 10)?;
            Self::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
        };
        date().ok_or("not a date such as 2022-03-01")
    }
}

serialised_as_text!(Time, Date);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_it_was_parsed() {
        for text in ["2022-03-01T12:51:18+08:00", "1969-12-31T23:59:59Z", "2099-02-28T00:00:00-03:30"] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn invalid_times_are_refused() {
        for text in [
            "",
            "2022-03-01",
            "2022-03-01T12:51:18",
            "2022-02-30T12:51:18Z",
            "2022-03-01T25:00:00Z",
            "２022-03-01T12:51:18Z",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_date_of_a_time_follows_its_clock_and_not_utc() {
        let time: Time = "2022-03-01T00:10:00+08:00".parse().unwrap();
        assert_eq!(time.date().to_string(), "2022-03-01");
        assert_eq!(time.clock(), (0, 10));
    }

    #[test]
    fn days_convert_to_dates_and_back_even_in_leap_years() {
        for days in (-719_162..2_932_896).step_by(37) {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date::new(2024, 2, 29).unwrap().plus(1), Date::new(2024, 3, 1).unwrap());
    }

    #[test]
    fn the_first_of_march_2022_was_a_tuesday() {
        assert_eq!(Date::new(2022, 3, 1).unwrap().weekday(), 1);
    }
}
