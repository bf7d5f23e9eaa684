//! Prose of comments, messages, help, rules and documents: plain technical English.

use regex::Regex;

use super::docs::DOCS;
use super::{expect_none, files, read};

/// Phrases that hide who does what, each with the plain way to say it.
const PHRASES: [(&str, &str); 7] = [
    (r"\b(?:is|are|was|were|be|been|being) told\b", "say who reports what"),
    (r"\b(?:has|have|had) a say\b", "say what depends on what"),
    (r"\bso many\b", "say `a number of`, or name the number"),
    (r"\b(?:come|comes|came|coming) to\b", "say what the result is"),
    (r"\bstands?\b", "say `is`, or what it does"),
    (r"\b(?:is|are|was|were) no [a-z`]", "say `is not a`"),
    (r"\b(?:is|are|was|were) none\b", "say `is not`, or `has no`"),
];

#[test]
fn comments_and_messages_are_plain() {
    let phrases = PHRASES.map(|(phrase, plain)| (Regex::new(&format!("(?i){phrase}")).unwrap(), plain));
    // "There is no rule", "is no longer" and "stands for" are plain.
    let fine = [
        r"there (?:is|are|was|were) (?:no|none)",
        r"no (?:longer|more|less|fewer|other|later|earlier)",
        r"stands? for",
    ];
    let fine = Regex::new(&format!(r"(?i)\b(?:{})\b", fine.join("|"))).unwrap();
    let mut complaints = Vec::new();
    for (place, prose) in prose() {
        if prose.starts_with("What ") {
            complaints.push(format!("{place}: begins with `What `: begin with the noun"));
        }
        let prose = fine.replace_all(&prose, "");
        for (phrase, plain) in &phrases {
            complaints
                .extend(phrase.find(&prose).map(|found| format!("{place}: `{}`: {plain}", found.as_str())));
        }
    }
    expect_none(&complaints);
}

/// The comments and texts in quotes of source files and rules, and the lines of documents, each with its place.
fn prose() -> Vec<(String, String)> {
    // A quotation mark between apostrophes opens no text.
    let of_code = Regex::new(r#"(?m)^\s*//[/!]? ?(.*)$|[^:"]// (.*)$|'\\?"'|"((?:[^"\\]|\\.)*)""#).unwrap();
    let of_rules = Regex::new(r#"(?m)^#+ (.*)$|"((?:[^"\\]|\\.)*)""#).unwrap();
    // A block of code begins and ends with three backticks, and is passed over as a whole.
    let of_documents = Regex::new(r"(?ms)^```.*?^```$|^([^`\n][^\n]*)$").unwrap();
    let mut all = Vec::new();
    let mut add = |name: &str, piece: &Regex| {
        let text = read(name);
        for found in piece.captures_iter(&text) {
            let Some(prose) = found.iter().skip(1).flatten().next() else { continue };
            let line = text[..prose.start()].matches('\n').count() + 1;
            all.push((format!("{name}:{line}"), prose.as_str().to_owned()));
        }
    };
    for file in ["src", "tests", "benches"].iter().flat_map(|directory| files(directory, "rs")) {
        let name = file.to_string_lossy().replace('\\', "/");
        if !name.ends_with("house/prose.rs") {
            add(&name, &of_code);
        }
    }
    for file in files("rules", "toml") {
        add(&file.to_string_lossy(), &of_rules);
    }
    for document in DOCS {
        add(document, &of_documents);
    }
    all
}
