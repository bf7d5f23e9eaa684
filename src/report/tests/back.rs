//! Reports can be read back, and are the same when they are written again.

use super::GOLDEN;
use super::everything::everything;
use super::fixture::fixture;
use crate::evaluate::Evaluation;
use crate::finding::{Evidence, Finding, Undecided, Undone};
use crate::report::json::v1::{Recorded, read};
use crate::report::{Format, Report, Run, write};
use crate::rule::Rule;

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
    let everything = everything();
    for format in [Format::Json, Format::Jsonl] {
        let recorded = read(&written(format, &everything.report())).unwrap();
        same(&recorded.evaluation, &everything.evaluation);
        assert!(!recorded.policy.standards.is_empty());
        for format in Format::ALL {
            assert_eq!(written(format, &everything.report()), again(format, &recorded), "{}", format.word());
        }
        assert_eq!(recorded.tool, env!("CARGO_PKG_VERSION"));
    }
}

/// Everything that a report holds is the same. All is taken apart by name, so that what is added must be compared, or
/// said to be no part of a report.
fn same(back: &Evaluation, was: &Evaluation) {
    let Evaluation {
        tally,
        findings,
        undecided,
        fixed,
        ended,
        unvisited,
        earlier,
        idle,
        removed,
        undone,
        evidence,
        controls,
        pools,
        // A page draws them, and nothing else has them.
        ways: _,
        unread,
        notes,
        // The findings and notes have their effect.
        inline: _,
        peers: _,
        counted,
        outside,
        unknown_members,
        scoped,
        seen,
        listed,
        roles,
        interrupted,
    } = was;
    assert_eq!((&back.tally, &back.fixed, &back.scoped), (tally, fixed, scoped));
    assert_eq!((&back.ended, &back.unvisited, &back.counted), (ended, unvisited, counted));
    assert_eq!((&back.earlier, &back.idle, &back.roles), (earlier, idle, roles));
    assert_eq!((&back.unread, &back.notes, &back.outside), (unread, notes, outside));
    assert_eq!((&back.unknown_members, &back.seen, &back.listed), (unknown_members, seen, listed));
    assert_eq!((&back.pools, back.interrupted), (pools, *interrupted));
    assert_eq!(&back.controls, controls);
    let all = |evaluation: &Evaluation| [evaluation.findings.len(), evaluation.removed.len()];
    assert_eq!(all(back), [findings.len(), removed.len()]);
    let pairs = back.findings.iter().zip(findings).chain(back.removed.iter().zip(removed));
    pairs.for_each(|(back, was)| same_finding(back, was));
    assert_eq!(back.undecided.len(), undecided.len());
    for (back, was) in back.undecided.iter().zip(undecided) {
        let Undecided { rule, pool, subject, path, reason, location } = was;
        let again = (&back.rule.id, &back.pool, &back.subject, &back.path, &back.reason, &back.location);
        assert_eq!(again, (&rule.id, pool, subject, path, reason, location));
    }
    assert_eq!(back.undone.len(), undone.len());
    for (back, was) in back.undone.iter().zip(undone) {
        let Undone { pool, path, before, live, after } = was;
        let again = (&back.pool, &back.path, &back.before, &back.live, &back.after);
        assert_eq!(again, (pool, path, before, live, after));
    }
    assert_eq!(back.evidence.len(), evidence.len());
    for (back, was) in back.evidence.verdicts().zip(evidence.verdicts()) {
        let (back, Evidence { rule, pool, subject, verdict, reason }) = (back.unwrap(), was.unwrap());
        let again = (back.rule, back.pool, back.subject, back.verdict, back.reason);
        assert_eq!(again, (rule, pool, subject, verdict, reason));
    }
}

fn same_finding(back: &Finding, was: &Finding) {
    let Finding {
        rule,
        pool,
        subject,
        path,
        actual,
        inline: _,
        origin,
        also,
        default,
        note,
        expected,
        message,
        names_path,
        location,
        // The text around the value is not in a report.
        excerpt: _,
        declaration,
        fingerprint,
        standing,
    } = was;
    let of =
        |rule: &Rule| (rule.id.clone(), rule.severity, rule.title.clone(), rule.titled, rule.line_column().0);
    assert_eq!(of(&back.rule), of(rule));
    assert_eq!((&back.pool, &back.subject, &back.path), (pool, subject, path));
    assert_eq!((&back.actual, &back.also, back.default), (actual, also, *default));
    assert_eq!((&back.expected, &back.message, &back.location), (expected, message, location));
    assert_eq!(&back.origin, origin);
    assert_eq!((back.names_path, &back.note), (*names_path, note));
    assert_eq!((&back.declaration, &back.fingerprint), (declaration, fingerprint));
    assert_eq!(&back.standing, standing);
}

/// A line of a file is a number that anybody can write into a report.
#[test]
fn a_huge_line_costs_nothing() {
    let mut json: serde_json::Value =
        serde_json::from_str(&written(Format::Json, &fixture().report())).unwrap();
    json["policy"]["rules"][0]["line"] = usize::MAX.into();
    let recorded = read(&json.to_string()).unwrap();
    assert_eq!(recorded.policy.rules[0].line_column().0, usize::MAX);
    assert!(recorded.policy.rules[0].source_file.text().is_empty());
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
    let fingerprints = |findings: &[Finding]| -> Vec<String> {
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
        ("[]", "this is JSON, but not a report of cognito-lint"),
        ("{\"version\": 1}", "this is JSON, but not a report of cognito-lint"),
        (&*newer, "this report is of version 2, and this program reads version 1"),
        (cut, "the report is truncated: its last line, the `summary`, is missing"),
        (&*twice, "line 31: something comes after the `summary`"),
        (&*broken, "line 7: this is not JSON"),
        (&*severe, "the report is damaged: there is no severity `dreadful`"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.message.starts_with(why), "{error:?}");
    }
}
