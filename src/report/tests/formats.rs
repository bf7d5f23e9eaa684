//! The formats of a report.

use super::fixture::{Fixture, fixture};
use super::{GOLDEN, hold};
use crate::evaluate::{Evaluation, Tally};
use crate::report::{Format, JSON_SCHEMA, Style, sanitize, write};
use crate::rule::Severity;
use crate::source::Interrupt;

fn written(format: Format, fixture: &Fixture, style: Style) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn answer(fixture: &Fixture) -> String {
    written(Format::Human, fixture, GOLDEN).lines().next().unwrap().to_owned()
}

#[test]
fn formats_are_as_their_golden_files() {
    let fixture = fixture();
    for (format, name) in [
        (Format::Human, "human.txt"),
        (Format::Compact, "compact.txt"),
        (Format::Json, "report.json"),
        (Format::Jsonl, "report.jsonl"),
    ] {
        hold(name, written(format, &fixture, GOLDEN).as_bytes());
    }
    let ascii = Style { unicode: false, width: 60, ..GOLDEN };
    hold("human-ascii.txt", written(Format::Human, &fixture, ascii).as_bytes());
    let fancy = Style { color: true, links: true, ..GOLDEN };
    hold("human-color.txt", written(Format::Human, &fixture, fancy).as_bytes());
}

#[test]
fn no_format_prints_a_character_that_acts_on_a_terminal() {
    for format in Format::ALL {
        let text = written(format, &fixture(), GOLDEN);
        let acting: Vec<char> =
            text.chars().filter(|c| *c != '\n' && sanitize::is_unsafe_on_terminal(*c)).collect();
        assert!(acting.is_empty(), "{}: {acting:?}", format.word());
    }
}

#[test]
fn json_meets_its_schema_and_keeps_names_as_they_are() {
    let fixture = fixture();
    let schema: serde_json::Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let report: serde_json::Value = serde_json::from_str(&written(Format::Json, &fixture, GOLDEN)).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let name = fixture.evaluation.findings[3].pool.identity.name.as_deref();
    assert_eq!(report["findings"][3]["pool"]["name"].as_str(), name);
    described("report", &schema);
}

/// Every member of the schema says what it means.
fn described(name: &str, schema: &serde_json::Value) {
    for part in ["properties", "$defs"] {
        for (member, inner) in schema[part].as_object().into_iter().flatten() {
            assert!(inner["description"].is_string(), "{name}.{member} has no description");
            described(member, inner);
        }
    }
    if schema["type"] == "object" {
        // A map from names of others has the schema of its values.
        let more = &schema["additionalProperties"];
        assert!(*more == false || more.is_object(), "{name}");
    }
}

#[test]
fn label_stands_under_the_value() {
    let text = written(Format::Human, &fixture(), GOLDEN);
    let lines: Vec<&str> = text.lines().collect();
    let column = |line: &str, wanted: &str| line.find(wanted).map(|at| line[..at].chars().count());
    for value in ["3650", "8 }"] {
        let drawn = |pair: &[&str]| pair[0].contains(&format!(": {value}")) && pair[1].contains('┬');
        let row = lines.windows(2).position(drawn).unwrap();
        let start = column(lines[row], &format!(": {value}")).unwrap() + 2;
        assert_eq!(lines[row + 1].chars().position(|c| "─┬".contains(c)), Some(start), "{}", lines[row]);
    }
}

#[test]
fn the_answer_says_what_was_found() {
    let mut fixture = fixture();
    assert_eq!(
        answer(&fixture),
        "incomplete: 2 reads failed and 1 verdict is unknown; 2 of 2 pools violate policy: 1 critical, 2 high, \
         1 medium, 1 info (9 rules, 8 passed, 5 failed, 1 unknown, 4 skipped)"
    );
    fixture.evaluation.interrupted = Some(Interrupt::Term);
    assert!(answer(&fixture).starts_with("interrupted by SIGTERM, so this is only a part: 2 of 2 pools"));
    fixture.evaluation.interrupted = None;
    fixture.evaluation.unread.truncate(1);
    fixture.evaluation.tally.unknown = 0;
    assert!(answer(&fixture).starts_with("incomplete: DescribeUserPool of eu-west-1_9zQ failed; 2 of 2"));
    fixture.evaluation.unread.clear();
    assert!(answer(&fixture).starts_with("2 of 2 pools violate policy: 1 critical"));
    fixture.evaluation.findings.clear();
    assert!(answer(&fixture).starts_with("5 violations in 2 pools: 1 critical"));
    fixture.evaluation.tally.by_severity = [2, 0, 0, 0, 0];
    assert!(answer(&fixture).starts_with("nothing at or above low in 2 pools; below it 2 info (9 rules"));
    fixture.terms.fail_on = Some(Severity::Info);
    assert!(answer(&fixture).starts_with("5 violations in 2 pools: 2 info"));
}

#[test]
fn clean_run_is_one_line() {
    let mut fixture = fixture();
    fixture.evaluation = Evaluation {
        tally: Tally { pools: 14, rules: 31, pass: 420, skipped: 14, ..Tally::default() },
        ..Evaluation::default()
    };
    let text = written(Format::Human, &fixture, GOLDEN);
    assert_eq!(text, "14 pools meet policy (31 rules, 420 passed, 14 skipped)\n");
    fixture.evaluation.tally.pass = 0;
    assert!(answer(&fixture).starts_with("no rule applies to 14 pools"));
    fixture.evaluation.tally.pools = 0;
    assert!(answer(&fixture).starts_with("incomplete: there was no pool to check"));
    fixture.terms.allow_empty = true;
    assert!(answer(&fixture).starts_with("no pool was checked (31 rules"));
}

#[test]
fn formats_are_found_by_their_word() {
    assert!(Format::ALL.into_iter().all(|format| Format::parse(format.word()) == Ok(format)));
    let error = Format::parse("jsn").unwrap_err();
    assert_eq!(error, "no report format is called `jsn`; did you mean `json`?");
}
