//! Formats dates, times and counts for readers, in the same way in the browser and natively.

use bundle::{Date, Time};

use super::language::Language;

/// The English names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [(&str, &str); 7] = [
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
];

impl Language {
    /// 2022年3月1日 星期二 · Tuesday, 1 March 2022
    pub fn day(self, date: Date) -> String {
        let (chinese, english) = WEEKDAYS[usize::from(date.weekday())];
        match self {
            Self::Chinese => format!("{} {chinese}", self.date(date)),
            Self::English => format!("{english}, {}", self.date(date)),
        }
    }

    /// 2022年3月1日 · 1 March 2022
    pub fn date(self, date: Date) -> String {
        match self {
            Self::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Self::English => format!("{} {} {}", date.day(), month_name(date), date.year()),
        }
    }

    /// 2022年3月 · March 2022
    pub fn month(self, date: Date) -> String {
        match self {
            Self::Chinese => format!("{}年{}月", date.year(), date.month()),
            Self::English => format!("{} {}", month_name(date), date.year()),
        }
    }

    /// 3月 · March
    pub fn month_alone(self, date: Date) -> String {
        match self {
            Self::Chinese => format!("{}月", date.month()),
            Self::English => month_name(date).to_owned(),
        }
    }

    /// 2022年 · 2022
    pub fn year(self, year: i32) -> String {
        match self {
            Self::Chinese => format!("{year}年"),
            Self::English => year.to_string(),
        }
    }

    /// 3月1日 · 1 Mar; with the year if it is not `newest_year`
    pub fn short_date(self, time: Time, newest_year: Option<i32>) -> String {
        let date = time.date();
        let is_newest_year = newest_year == Some(date.year());
        match self {
            Self::Chinese if is_newest_year => format!("{}月{}日", date.month(), date.day()),
            Self::Chinese => self.date(date),
            Self::English if is_newest_year => format!("{} {}", date.day(), &month_name(date)[..3]),
            Self::English => format!("{} {} {}", date.day(), &month_name(date)[..3], date.year()),
        }
    }

    /// 2022年3月1日 12:51 北京时间 · 1 March 2022, 12:51 Beijing time
    pub fn moment(self, time: Time, timezone: &str) -> String {
        let zone = self.zone(timezone, time.offset);
        match self {
            Self::Chinese => format!("{} {} {zone}", self.date(time.date()), clock(time)),
            Self::English => format!("{}, {} {zone}", self.date(time.date()), clock(time)),
        }
    }

    /// The name of a time zone: a common name in this language, or else the zone's place and its offset.
    fn zone(self, timezone: &str, offset: i16) -> String {
        match (self, timezone) {
            (Self::Chinese, "Asia/Shanghai" | "Asia/Chongqing" | "PRC") => "北京时间".to_owned(),
            (Self::English, "Asia/Shanghai" | "Asia/Chongqing" | "PRC") => "Beijing time".to_owned(),
            (Self::Chinese, "Asia/Hong_Kong") => "香港时间".to_owned(),
            (_, "UTC" | "Etc/UTC" | "GMT") => "UTC".to_owned(),
            _ => {
                let sign = if offset < 0 { '−' } else { '+' };
                let place = timezone.rsplit('/').next().unwrap_or_default().replace('_', " ");
                format!("{place} (UTC{sign}{}:{:02})", offset.abs() / 60, offset.abs() % 60)
            }
        }
    }

    /// 1,234 篇 · 1,234 stories
    pub fn stories(self, count: usize) -> String {
        let words = self.words();
        format!("{} {}", number(count), if count == 1 { words.story } else { words.stories })
    }

    /// 还有 1,234 个，输入名称即可找到 · 1,234 more: type to find them
    pub fn more_names(self, count: usize) -> String {
        match self {
            Self::Chinese => format!("还有 {} 个，输入名称即可找到", number(count)),
            Self::English => format!("{} more: type to find them", number(count)),
        }
    }

    /// 3 篇新报道 · 3 new stories
    pub fn new_stories(self, count: usize) -> String {
        let words = self.words();
        format!("{} {}", number(count), if count == 1 { words.new_story } else { words.new_stories })
    }
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month() - 1)]
}

/// 12:51
pub fn clock(time: Time) -> String {
    let (hour, minute) = time.clock();
    format!("{hour:02}:{minute:02}")
}

/// 1,234,567
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_counts_are_formatted_in_the_interface_language() {
        let time: Time = "2022-03-01T12:51:18+08:00".parse().unwrap();
        let (zh, en) = (Language::Chinese, Language::English);
        assert_eq!(zh.day(time.date()), "2022年3月1日 星期二");
        assert_eq!(en.day(time.date()), "Tuesday, 1 March 2022");
        assert_eq!(zh.moment(time, "Asia/Shanghai"), "2022年3月1日 12:51 北京时间");
        assert_eq!(
            en.moment("2022-03-01T12:51:18-03:30".parse().unwrap(), "America/St_Johns"),
            "1 March 2022, 12:51 St Johns (UTC−3:30)"
        );
        assert_eq!(zh.stories(1_234_567), "1,234,567 篇");
        assert_eq!(en.stories(1), "1 story");
        assert_eq!(zh.short_date(time, Some(2022)), "3月1日");
        assert_eq!(en.short_date(time, None), "1 Mar 2022");
    }
}
