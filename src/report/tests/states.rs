//! Every format shows every state: a table has the text that is there only with the state, or the reason why the format
//! has no place for it.

use std::sync::Arc;

use super::GOLDEN;
use super::everything::everything;
use super::fixture::Fixture;
use crate::finding::{Change, Evidence, Finding, Proof, Status, Verdict};
use crate::pool::Source;
use crate::report::{Format, write};
use crate::value::Value;

fn written(format: Format, fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The fixture of all formats, with two verdicts of the live pool: one that passed, and one on a default.
fn shared() -> Fixture {
    let mut fixture = everything();
    let evaluation = &mut fixture.evaluation;
    let live = Arc::clone(&evaluation.findings[0].pool);
    evaluation.evidence.extend([Evidence {
        rule: "password-too-short".into(),
        pool: live,
        subject: None,
        verdict: Verdict::Pass,
        reason: "14 is long enough".into(),
    }]);
    let open = &mut evaluation.findings[1];
    (open.actual, open.default) = (Some(Value::Bool(false)), true);
    open.message = "AllowAdminCreateUserOnly is false (default), expected true".into();
    // The findings about which something was decided are those of the live pool, which every format has.
    let live = Arc::clone(&evaluation.findings[0].pool);
    for index in [2, 3] {
        evaluation.findings[index].pool = Arc::clone(&live);
    }
    fixture
}

fn drop_source(fixture: &mut Fixture, source: Source) {
    let evaluation = &mut fixture.evaluation;
    evaluation.findings.retain(|one| one.pool.origin.source != source);
    evaluation.pools.retain(|one| one.origin.source != source);
    let all = std::mem::take(&mut evaluation.evidence);
    let left = all.pools().filter(|of| of.pool().origin.source != source);
    left.for_each(|of| evaluation.evidence.share(of));
    evaluation.undecided.retain(|one| one.pool.origin.source != source);
    evaluation.controls.retain(|one| one.pool.origin.source != source);
}

fn standing(fixture: &mut Fixture, change: impl Fn(&mut Finding)) {
    fixture.evaluation.findings.iter_mut().for_each(change);
}

fn drop_proof(fixture: &mut Fixture, proof: Proof) {
    fixture.evaluation.controls.retain(|one| one.verdict != proof);
}

type Without = fn(&mut Fixture);

/// The states, and the same run without each.
const STATES: [(&str, Without); 24] = [
    ("pass", |fixture| {
        let all = fixture.evaluation.evidence.verdicts().map(Result::unwrap);
        fixture.evaluation.evidence = all.filter(|one| one.verdict != Verdict::Pass).collect();
        fixture.evaluation.tally.pass = 0;
    }),
    ("fail", |fixture| drop(fixture.evaluation.findings.remove(0))),
    ("default", |fixture| {
        let one = &mut fixture.evaluation.findings[1];
        one.default = false;
        one.message = one.message.replace(" (default)", "").into();
    }),
    ("unknown", |fixture| {
        fixture.evaluation.undecided.clear();
        fixture.evaluation.tally.unknown = 0;
    }),
    ("unread", |fixture| fixture.evaluation.unread.clear()),
    ("outside", |fixture| fixture.evaluation.outside.clear()),
    ("waived", |fixture| {
        standing(fixture, |one| {
            if matches!(one.standing.status, Status::Waived(_)) {
                one.standing.status = Status::Open;
            }
        });
    }),
    ("expired", |fixture| standing(fixture, |one| one.standing.lapsed = None)),
    ("known", |fixture| {
        standing(fixture, |one| {
            if one.standing.status == Status::Known {
                one.standing.status = Status::Open;
            }
        });
    }),
    ("new", |fixture| {
        standing(fixture, |one| {
            if one.standing.change == Some(Change::New) {
                one.standing.change = None;
            }
        });
    }),
    ("still there", |fixture| {
        standing(fixture, |one| {
            if matches!(one.standing.change, Some(Change::Still(_))) {
                one.standing.change = None;
            }
        });
    }),
    ("fixed", |fixture| fixture.evaluation.fixed.clear()),
    ("gone with its pool", |fixture| fixture.evaluation.ended.clear()),
    ("removed by a plan", |fixture| fixture.evaluation.removed.clear()),
    ("undone by a plan", |fixture| fixture.evaluation.undone.clear()),
    ("control that is passed", |fixture| drop_proof(fixture, Proof::Passed)),
    ("control that is failed", |fixture| drop_proof(fixture, Proof::Failed)),
    ("control that is not decided", |fixture| drop_proof(fixture, Proof::NotDecided)),
    ("control that is not covered", |fixture| drop_proof(fixture, Proof::NotCovered)),
    ("template", |fixture| drop_source(fixture, Source::CloudFormation)),
    ("plan", |fixture| drop_source(fixture, Source::Terraform)),
    ("saved answer", |fixture| drop_source(fixture, Source::Saved)),
    ("live pool", |fixture| drop_source(fixture, Source::Live)),
    ("hostile text", |fixture| fixture.evaluation.unread[0].message = "the role may not read it".to_owned()),
];

/// The rows of the table: texts or reasons, each with its formats.
fn rows(state: &toml::Table, kind: &str) -> Vec<(String, Vec<Format>)> {
    let rows = state.get(kind).and_then(|rows| rows.as_array()).into_iter().flatten();
    rows.map(|row| {
        let mut words = row.as_array().unwrap().iter().map(|word| word.as_str().unwrap());
        (words.next().unwrap().to_owned(), words.map(|word| Format::parse(word).unwrap()).collect())
    })
    .collect()
}

#[test]
fn every_state_is_seen_in_every_format_that_has_a_place_for_it() {
    let table: toml::Table = toml::from_str(include_str!("states.toml")).unwrap();
    assert_eq!(table.len(), STATES.len());
    let shared = shared();
    let mut wrong = Vec::new();
    for (name, without) in &STATES {
        let mut rest = self::shared();
        without(&mut rest);
        let evaluation = &mut rest.evaluation;
        evaluation.tally.count_accepted(&evaluation.findings);
        let state = table[*name].as_table().unwrap();
        let mut formats = Vec::new();
        for kind in ["shows", "hides", "lacks"] {
            for (text, of) in rows(state, kind) {
                for format in of {
                    formats.push(format);
                    let [with, without] = [&shared, &rest].map(|fixture| written(format, fixture));
                    let [often, seldom] = [&with, &without].map(|report| report.matches(&text).count());
                    let holds = match kind {
                        "shows" => often > seldom,
                        "hides" => often < seldom,
                        _ => !text.is_empty() && with == without,
                    };
                    if !holds {
                        wrong.push(format!("{name} {kind} {}: `{text}` {often}, {seldom}", format.word()));
                    }
                }
            }
        }
        formats.sort_by_key(|format| *format as usize);
        assert_eq!(formats, Format::ALL, "{name}: each format once");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
