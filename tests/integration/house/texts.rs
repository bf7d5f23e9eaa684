//! No decision goes by a text that people read: messages, titles, reasons and help are written, and not asked.

use regex::Regex;

use super::expect_none;
use super::source::Source;

/// Texts of others, which have what they say in no other form.
const OF_OTHERS: [(&str, &str); 3] = [
    ("spanned/syntax", "mistakes of the TOML reader"),
    ("rule/compile/operator/build", "mistakes of the reader of regular expressions"),
    ("source/aws", "errors of the service and of its SDK"),
];

#[test]
fn no_decision_goes_by_a_text_for_people() {
    let (asked, compared) = (asked(), compared());
    let mut complaints = Vec::new();
    for source in Source::all() {
        if OF_OTHERS.iter().any(|(module, _)| source.is_in(module)) {
            continue;
        }
        for found in asked.find_iter(&source.code).chain(compared.find_iter(&source.code)) {
            let line = source.code[..found.start()].matches('\n').count() + 1;
            complaints.push(format!(
                "{}:{line}: `{}`: keep what it says as data",
                source.path.display(),
                found.as_str()
            ));
        }
    }
    expect_none(&complaints);
}

/// A text for people that is searched.
fn asked() -> Regex {
    let texts = "message|title|reason|help|why|said|advice|target|expected";
    let same =
        r"(?:\(\)|\.(?:as_str|as_ref|as_deref|to_string|to_lowercase|to_ascii_lowercase|clone|trim)\(\))*";
    let searches = "contains|starts_with|ends_with|strip_prefix|strip_suffix|find|rfind|split_once|rsplit_once|split|rsplit|replace";
    Regex::new(&format!(r"\b(?:{texts}){same}\s*\.(?:{searches})\(")).unwrap()
}

/// A word for people, or the text of an error, that is compared with a literal or searched.
fn compared() -> Regex {
    Regex::new(r#"\.word\(\)\s*[!=]=\s*""|\.to_string\(\)\s*\.(?:contains|starts_with|ends_with)\("#).unwrap()
}

/// The patterns find each kind of such a decision, and nothing else.
#[test]
fn decisions_by_text_are_found() {
    let finds = |code: &str| asked().is_match(code) || compared().is_match(code);
    for code in [
        "finding.message.contains(&finding.path)",
        r#"title.ends_with("")"#,
        r#"error.to_string().contains("")"#,
        r#"status.word() == """#,
        r#"unread.help.as_deref().starts_with("")"#,
        "one.target\n    .rsplit('/')",
    ] {
        assert!(finds(code), "{code}");
    }
    for code in
        ["all.into_iter().find(|one| one.word() == word)", "message.push_str(more)", "Some(why) => why"]
    {
        assert!(!finds(code), "{code}");
    }
}
