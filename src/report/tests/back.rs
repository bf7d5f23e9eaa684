//! What a report says can be read back, and says the same when it is written again.

use super::GOLDEN;
use super::fixture::fixture;
use crate::finding::Declaration;
use crate::recorded::{Recorded, read};
use crate::report::{Format, Report, Run, write};

fn written(format: Format, report: &Report<'_>) -> String {
    let mut out = Vec::new();
    write(format, report, GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A report of what was read back.
fn again(format: Format, recorded: &Recorded) -> String {
    let terms = recorded.terms.unwrap();
    let report = Report {
        evaluation: &recorded.evaluation,
        outcome: crate::outcome::outcome(&recorded.evaluation, terms.terms),
        terms: terms.terms,
        policy: &recorded.policy,
        evidence: terms.evidence,
        run: Run {
            generated: recorded.generated.unwrap(),
            digest: recorded.digest.as_deref().unwrap(),
            full_coverage: terms.full_coverage,
            shard: recorded.shard,
        },
    };
    written(format, &report)
}

#[test]
fn what_was_written_is_read_back() {
    let mut fixture = fixture();
    for finding in &mut fixture.evaluation.findings {
        finding.excerpt = None;
    }
    fixture.evaluation.findings[0].declaration = Some(Declaration {
        address: "aws_cognito_user_pool_client.web".to_owned(),
        construct: None,
        name: Some("refresh_token_validity".to_owned()),
        fix: Some("refresh_token_validity = 30".to_owned()),
    });
    let recorded: Vec<Recorded> =
        [Format::Json, Format::Jsonl].map(|format| read(&written(format, &fixture.report())).unwrap()).into();
    for recorded in &recorded {
        for format in Format::ALL {
            assert_eq!(written(format, &fixture.report()), again(format, recorded), "{}", format.word());
        }
        assert_eq!(recorded.tool, env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn a_report_of_before_members_were_added_is_read() {
    let mut json: serde_json::Value =
        serde_json::from_str(&written(Format::Json, &fixture().report())).unwrap();
    let report = json.as_object_mut().unwrap();
    for member in ["generated", "shard", "terms", "policy", "pools", "verdicts"] {
        report.remove(member);
    }
    for list in ["findings", "unknown"] {
        for item in report[list].as_array_mut().unwrap() {
            for member in ["source", "input", "offset"] {
                item["pool"].as_object_mut().unwrap().remove(member);
            }
        }
    }
    let recorded = read(&json.to_string()).unwrap();
    assert_eq!((recorded.generated, recorded.terms, recorded.shard), (None, None, None));
    let fingerprints = |findings: &[crate::finding::Finding]| -> Vec<String> {
        findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    let (old, new) = (&recorded.evaluation, fixture().evaluation);
    assert_eq!(fingerprints(&old.findings), fingerprints(&new.findings));
    assert_eq!(old.findings[2].pool.origin, new.findings[2].pool.origin);
    assert_eq!(old.findings[2].rule.severity, new.findings[2].rule.severity);
}

#[test]
fn what_is_no_report_is_told_why() {
    let whole = written(Format::Json, &fixture().report());
    let lines = written(Format::Jsonl, &fixture().report());
    let cut = &lines[..=lines.trim_end().rfind('\n').unwrap()];
    let newer = whole.replacen("\"version\": 1", "\"version\": 2", 1);
    let severe = whole.replace("\"severity\": \"medium\"", "\"severity\": \"dreadful\"");
    let twice = format!("{lines}{lines}");
    let half = &whole[..whole.len() / 2];
    let broken = lines.replacen("{\"type\":\"pool\"", "{\"type\":\"pool", 1);
    for (text, why) in [
        ("", "this is not JSON"),
        (half, "this is not JSON"),
        ("[]", "this is JSON, but no report of cognito-lint"),
        ("{\"version\": 1}", "this is JSON, but no report of cognito-lint"),
        (&*newer, "this report is of version 2, and this program reads version 1"),
        (cut, "the report breaks off: its last line, the `summary`, is missing"),
        (&*twice, "line 26: something comes after the `summary`"),
        (&*broken, "line 7: this is not JSON"),
        (&*severe, "the report is damaged: there is no severity `dreadful`"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.message.starts_with(why), "{error:?}");
    }
}
