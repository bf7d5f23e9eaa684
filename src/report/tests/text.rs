//! Text that is made safe, cut and wrapped.

use super::GOLDEN;
use super::fixture::fixture;
use crate::finding::Excerpt;
use crate::report::ansi::{count, wrap};
use crate::report::sanitize::{sanitized, sanitized_lines, shortened};
use crate::report::{Format, write};

#[test]
fn controls_are_written_out() {
    assert_eq!(
        sanitized("a\u{1b}[2Jb\u{9b}c\nd\te\u{202e}f\u{2066}g"),
        "a\\u{1b}[2Jb\\u{9b}c\\nd\\te\\u{202e}f\\u{2066}g"
    );
    assert_eq!(sanitized("Käufer 👨‍👩‍👧 \\d"), "Käufer 👨‍👩‍👧 \\d");
}

#[test]
fn a_range_covers_the_same_text_after_escaping() {
    let text = "\u{1b}x\r\n\t\"\u{202e}ab\" tail";
    let at = text.find('"').unwrap();
    let (safe, moved) = sanitized_lines(text, &(at..at + "\"\u{202e}ab\"".len()));
    assert_eq!(safe, "\\u{1b}x\n\t\"\\u{202e}ab\" tail");
    assert_eq!(&safe[moved], "\"\\u{202e}ab\"");
    let (safe, moved) = sanitized_lines("a\u{7}", &(0..2));
    assert_eq!(&safe[moved], safe);
}

#[test]
fn long_text_keeps_both_ends() {
    assert_eq!(shortened("short", 9), "short");
    assert_eq!(shortened("abcdefghijklmnopqrstuvwxyz", 12), "abcde...wxyz");
    assert_eq!(wrap("aa bb  cc\ndd", 5), ["aa bb", "cc", "dd"]);
    assert_eq!(count(2, "entry"), "2 entries");
    assert_eq!(count(2, "key"), "2 keys");
}

/// Whatever an excerpt is, drawing it must not fail, and the finding must be readable.
#[test]
fn odd_excerpts_are_drawn() {
    let long = format!("{{{}\"MinimumLength\":8,{}}}", "\"a\":1,".repeat(2000), "\"b\":2,".repeat(2000));
    let at = long.find("8,").unwrap();
    let tall = "{\n".repeat(40);
    for (text, label) in [
        (long.as_str(), at..at + 1),
        (tall.as_str(), 0..80),
        ("", 0..0),
        ("\n\n", 1..2),
        ("ab", 2..2),
        ("ab\n", 3..3),
        ("ab", 7..9),
        ("äöü", 1..2),
        ("日本\t8", 7..8),
        ("a\n\nb", 2..2),
    ] {
        let mut fixture = fixture();
        fixture.evaluation.findings.truncate(1);
        let finding = &mut fixture.evaluation.findings[0];
        let (name, text) = ("f".to_owned(), text.to_owned());
        finding.excerpt = Some(Box::new(Excerpt { name, text, first_line: 7, label }));
        let mut out = Vec::new();
        write(Format::Human, &fixture.report(), GOLDEN, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("medium[refresh-token-long]: "), "{out}");
        assert!(out.contains("3650, expected at"), "{out}");
        assert!(!out.contains("Failed to read"), "{out}");
    }
}
