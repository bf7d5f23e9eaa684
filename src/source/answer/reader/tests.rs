//! A reader beside `serde_json`.

use serde::de::{Deserialize, IgnoredAny};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Doubt, Raw, Reader, Skipped};

/// Texts that are JSON or nearly so.
const TEXTS: [&str; 44] = [
    "{}",
    "[]",
    "[1]",
    "{\"a\":1}",
    "{\"a\":1,}",
    "[1,]",
    "[,1]",
    "{,}",
    "{\"a\" 1}",
    "{\"a\"}",
    "[1 2]",
    "[1]]",
    "[1",
    "{\"a\":1",
    "\"",
    "\"a",
    "\"\\",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u00e9\\n\\/\"",
    "\"\\ud800\"",
    "01",
    "-0",
    "-",
    "1.",
    ".5",
    "1e",
    "1e5",
    "1.50",
    "-12",
    "12345678901234567890",
    "1234567890123456789012",
    "1e999",
    "tru",
    "true",
    "nul",
    "null x",
    " \n[ 1 , {\t\"a\" : [ ] } ]\r",
    "\"tab\tin it\"",
    "\"é€😀 and more than eight bytes\"",
    "{1:2}",
    "{\"a\":1 \"b\":2}",
    "+1",
    "\u{a0}1",
];

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Doubt> {
    let mut skipped = Skipped::default();
    let mut reader = Reader::new(text, &mut skipped);
    let value = T::deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

#[test]
fn what_is_accepted_is_what_serde_json_reads() {
    for text in TEXTS {
        let right: Option<Json> = serde_json::from_str(text).ok();
        if let Ok(value) = read::<Json>(text) {
            assert_eq!(Some(value), right, "{text}");
        }
        let skipped: Option<IgnoredAny> = serde_json::from_str(text).ok();
        assert!(read::<IgnoredAny>(text).is_err() || skipped.is_some(), "{text}");
        let raw = serde_json::from_str::<&RawValue>(text).ok().map(RawValue::get);
        if let Ok(Raw(own)) = read(text) {
            assert_eq!(Some(own), raw, "{text}");
        }
    }
}

/// Nearly everything is read: a doubt costs a second reading.
#[test]
fn json_of_every_kind_is_accepted() {
    let text = r#" {"a": [1, -2, 3.5, 1e5, true, null, "x\n\u00e9"], "b": {"c": {}, "d": []}, "e": ""} "#;
    assert_eq!(read::<Json>(text).ok(), serde_json::from_str(text).ok());
    assert!(read::<IgnoredAny>(text).is_ok());
}

/// Every way to spoil a text is noticed as `serde_json` notices it, wherever it is.
#[test]
fn spoilt_texts_are_refused() {
    let text = r#"{"a":[1,{"b":"c\"d","e":[true,null]},-1.5e3],"f":{"g":"a longer text than a word"}}"#;
    for at in 0..text.len() {
        for byte in *b"\"\\{}[],:0e-. \x01x" {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let spoilt = String::from_utf8(bytes).unwrap();
            let right: Option<Json> = serde_json::from_str(&spoilt).ok();
            assert!(read::<IgnoredAny>(&spoilt).is_err() || right.is_some(), "{spoilt}");
            if let Ok(value) = read::<Json>(&spoilt) {
                assert_eq!(Some(value), right, "{spoilt}");
            }
        }
        assert!(read::<IgnoredAny>(&text[..at]).is_err(), "{}", &text[..at]);
    }
}

#[test]
fn a_text_of_the_pool_before_is_not_read_again() {
    let (one, two) = (r#"[{"a":1},{"b":2},{"c":3}]"#, r#"[{"a":1},{"b":22},{"c":3}]"#);
    let mut skipped = Skipped::default();
    for text in [one, two, one, "[{\"a\":1}]"] {
        let mut reader = Reader::new(text, &mut skipped);
        let raws = Vec::<Raw<'_>>::deserialize(&mut reader).unwrap();
        let right: Vec<&RawValue> = serde_json::from_str(text).unwrap();
        let (own, right): (Vec<_>, Vec<_>) =
            (raws.iter().map(|raw| raw.0).collect(), right.iter().map(|raw| raw.get()).collect());
        assert_eq!(own, right);
    }
}
