//! A day of the calendar, as waivers and reports name it.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// Parses `2026-03-31`, and nothing longer or shorter.
    pub fn parse(text: &str) -> Option<Day> {
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        text.parse().ok().filter(|_| plain).map(Day)
    }

    /// The day of a moment in milliseconds since 1970.
    pub fn of(millis: i64) -> Day {
        let moment = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
        Day(moment.to_zoned(TimeZone::UTC).date())
    }

    /// Its first moment, in milliseconds since 1970.
    pub fn start(self) -> i64 {
        let midnight = self.0.to_zoned(TimeZone::UTC);
        midnight.map_or(0, |midnight| midnight.timestamp().as_millisecond())
    }

    /// The day a number of days later, or the last day of the calendar if that is earlier.
    #[must_use]
    pub fn after(self, days: i32) -> Day {
        Day(self.0.saturating_add(days.days()))
    }

    /// The number of days to another day. Negative for an earlier one.
    pub fn days_until(self, other: Day) -> i64 {
        (other.start() - self.start()) / 86_400_000
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_strictly_and_counted() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2026-02-27").after(2), day("2026-03-01"));
        assert_eq!(day("2026-03-01").days_until(day("2027-03-01")), 365);
        assert_eq!(day("2026-03-01").days_until(day("2026-02-28")), -1);
        assert_eq!(day("9999-12-30").after(90), day("9999-12-31"));
        assert_eq!(Day::of(day("2026-11-24").start()), day("2026-11-24"));
        assert_eq!(Day::of(day("2026-11-24").start() - 1), day("2026-11-23"));
        for text in ["", "2026-1-1", "20260101", "2026-02-30", "2026-01-01T00:00", "+2026-01-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
