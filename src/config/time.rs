//! Durations, as the command line and the configuration write them.

use std::time::Duration;

/// Units, and their length in seconds.
const UNITS: [(&str, u64); 3] = [("s", 1), ("m", 60), ("h", 3600)];

/// Parses `90s`, `10m` or `1h`. The error says how to write it.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - unit.len()];
    let seconds = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, seconds)| *seconds);
    let number = digits.parse::<u64>().ok();
    match (number, seconds) {
        (Some(0), _) => Err("it must be more than 0, such as `90s`, `10m` or `1h`".to_owned()),
        (Some(number), Some(seconds)) => {
            let length = number.checked_mul(seconds).map(Duration::from_secs);
            length.ok_or_else(|| "this is too long; write, for example, `90s`, `10m` or `1h`".to_owned())
        }
        (Some(_), None) if unit.is_empty() => Err(format!("it needs a unit; did you mean `{digits}s`?")),
        _ => Err("write a whole number and `s`, `m` or `h`, such as `90s`, `10m` or `1h`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        for (text, seconds) in [("1s", 1), ("90s", 90), ("10m", 600), ("1h", 3600), (" 2h ", 7200)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told_how() {
        let cases = [
            ("90", "did you mean `90s`?"),
            ("0s", "more than 0"),
            ("0", "more than 0"),
            ("", "such as `90s`"),
            ("s", "such as `90s`"),
            ("-5m", "such as `90s`"),
            ("1.5h", "such as `90s`"),
            ("1h30m", "such as `90s`"),
            ("10min", "such as `90s`"),
            ("10 m", "such as `90s`"),
            ("7d", "`s`, `m` or `h`"),
            ("10é", "such as `90s`"),
            ("18446744073709551615h", "too long"),
            ("99999999999999999999s", "such as `90s`"),
        ];
        for (text, help) in cases {
            let said = duration(text).unwrap_err();
            assert!(said.contains(help), "{text}: {said}");
        }
    }
}
