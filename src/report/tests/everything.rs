//! Findings with everything that can be said of one, of a run that looked at a plan and at earlier reports too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decided::decided;
use super::fixture::Fixture;
use crate::finding::{
    Acceptance, Call, Certainty, ChangedBy, Counted, Declaration, Disposition, Effect, Evidence, Finding,
    Fixed, Location, Place, PoolRef, Reason, RunNumbers, Traced, Undone, Unvisited, Verdict, fingerprint,
};
use crate::pool::{Identity, Origin, Source};
use crate::value::{Day, Value};

/// The findings on which something was decided, a finding with several places, and what a deploy does.
pub(super) fn everything() -> Fixture {
    let mut fixture = decided();
    let findings = &mut fixture.evaluation.findings;
    for finding in findings.iter_mut() {
        finding.excerpt = None;
    }
    let path = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
    findings[0].origin = Some(Box::new(Location { file: "infra/variables.tf".into(), line: 4, column: 13 }));
    findings[3].also = vec![Place {
        inline: Vec::new(),
        path: path.to_owned(),
        actual: Some(Value::Int(90)),
        fingerprint: fingerprint(&findings[3].rule.id, &findings[3].pool, path, None),
    }];
    findings[0].declaration = Some(Box::new(Declaration {
        address: "aws_cognito_user_pool_client.web".to_owned(),
        construct: Some("App/Users/Web".to_owned()),
        name: Some("refresh_token_validity".to_owned()),
        fix: Some("refresh_token_validity = 30".to_owned()),
    }));
    findings[0].standing.deploy = Some(Effect::Introduced);
    findings[1].standing.deploy = Some(Effect::Kept);
    findings[0].standing.traced = Some(traced().into());
    findings[1].standing.traced = Some(Box::default());
    let live = Arc::clone(&findings[0].pool);
    let removed = Finding { standing: Disposition::default(), also: Vec::new(), ..findings[2].clone() };
    fixture.evaluation.removed = vec![Finding { pool: Arc::clone(&live), location: None, ..removed }];
    fixture.evaluation.undone = vec![Undone {
        pool: live,
        path: "UserPoolTags.owner".to_owned(),
        before: Some(Value::String("platform".into())),
        live: Some(Value::String("some\u{202e}body".into())),
        after: None,
    }];
    let ended = fixture.evaluation.fixed[0].clone();
    fixture.evaluation.ended = vec![Fixed {
        pool: ended.pool.replace("AbCdEf123", "Gone\u{9b}1m"),
        title: "gone (eu-central-1_Gone\u{9b}1m)".to_owned(),
        ..ended
    }];
    fixture.evaluation.unvisited =
        vec![Unvisited { title: "later".to_owned(), pool: "later.json#later".to_owned(), findings: 3 }];
    add_runs(&mut fixture);
    let last = Day::parse("2026-02-28").unwrap();
    let (place, waiver) =
        ("cognito-lint.toml:20:11".to_owned(), "the waiver of `mfa-off` by team".to_owned());
    add_declared(&mut fixture);
    fixture.evaluation.counted = BTreeMap::from([
        (Counted::EntriesFixed { baseline: "baseline.toml".to_owned() }, 2),
        (Counted::CountAgain { place, waiver, last }, 1),
        (Counted::EntriesNotJudged { baseline: "baseline.toml".to_owned(), rule: "a\u{1b}".to_owned() }, 1),
        (Counted::EntriesNotJudged { baseline: "baseline.toml".to_owned(), rule: "b".to_owned() }, 2),
        (Counted::FindingsNotJudged { rule: "a".to_owned() }, 1),
    ]);
    fixture
}

/// A change by a caller who is certain, one with two candidates, and one without a call.
fn traced() -> Vec<Traced> {
    let call = Call {
        event: "22222222-2222-4222-8222-222222222201".to_owned(),
        name: "UpdateUserPoolClient".to_owned(),
        time: 1_763_629_200_000,
        account: "111122223333".to_owned(),
        region: "eu-central-1".to_owned(),
        caller: "role deploy, session \u{1b}]0;t\u{7}|ci".to_owned(),
        caller_type: "AssumedRole".to_owned(),
        caller_account: Some("444455556666".to_owned()),
        tool: "=cmd()\u{202e}\n::error::planted".to_owned(),
        from: Some("192.0.2.10".to_owned()),
        how: "sets".to_owned(),
        reason: "sets it".to_owned(),
    };
    let later = Call { event: "event-2".to_owned(), from: None, caller_account: None, ..call.clone() };
    let reason = Reason { code: "too-fresh".to_owned(), message: "run this again".to_owned() };
    let of = |path: &str, certainty, calls, reasons| Traced {
        path: path.to_owned(),
        before: Some(Value::Int(30)),
        after: None,
        by: ChangedBy { certainty, calls, reasons },
    };
    vec![
        of("Clients[web].RefreshTokenValidity", Certainty::Sure, vec![call.clone()], vec![]),
        of("Clients[web].TokenValidityUnits", Certainty::Candidates, vec![later, call], vec![reason.clone()]),
        of("", Certainty::NotFound, vec![], vec![reason]),
    ]
}

/// A pool of a template and a pool of a plan, each with a finding, and verdicts that passed or did not apply.
fn add_declared(fixture: &mut Fixture) {
    let evaluation = &mut fixture.evaluation;
    for (source, file, address, name) in [
        (Source::CloudFormation, "infra/template.yaml", "OrdersPool", "orders"),
        (Source::Terraform, "plan.json", "aws_cognito_user_pool.billing", "billing"),
    ] {
        let identity =
            Identity { name: Some(name.into()), address: Some(address.into()), ..Identity::default() };
        let pool = Arc::new(PoolRef {
            identity,
            origin: Origin { source, name: file.into() },
            ..PoolRef::default()
        });
        let of = evaluation.findings[2].clone();
        evaluation.findings.push(Finding {
            fingerprint: fingerprint(&of.rule.id, &pool, &of.path, None),
            location: Some(Location { file: file.into(), line: 7, column: 5 }),
            declaration: Some(Box::new(Declaration {
                address: address.to_owned(),
                construct: None,
                name: Some("mfa".to_owned()),
                fix: None,
            })),
            standing: Disposition::default(),
            pool: Arc::clone(&pool),
            ..of
        });
        for (rule, verdict) in [("password-too-short", Verdict::Pass), ("sign-up-open", Verdict::Skipped)] {
            evaluation.evidence.extend([Evidence {
                rule: rule.into(),
                pool: Arc::clone(&pool),
                subject: None,
                verdict,
                reason: format!("{rule} of {name}").into(),
            }]);
        }
        evaluation.pools.push(pool);
    }
    let tally = &mut evaluation.tally;
    (tally.pools, tally.fail) = (4, 7);
    tally.by_severity[4] += 2;
}

/// Every state that a report can show is in the fixture that every format is written from.
#[test]
fn every_state_is_in_it() {
    use crate::finding::{Change, Proof, Status};

    let Fixture { evaluation, .. } = everything();
    let any = |holds: fn(&Finding) -> bool| evaluation.findings.iter().any(holds);
    let verdict = |wanted| evaluation.evidence.verdicts().any(|one| one.unwrap().verdict == wanted);
    assert!(verdict(Verdict::Pass) && verdict(Verdict::Fail) && verdict(Verdict::Skipped));
    assert!(any(|one| one.default) && any(|one| one.standing.lapsed.is_some()));
    assert!(any(|one| matches!(one.standing.status, Status::Waived(_))));
    assert!(any(|one| one.standing.status == Status::Known));
    assert!(any(|one| one.standing.change == Some(Change::New)));
    assert!(any(|one| matches!(one.standing.change, Some(Change::Still(_)))));
    for source in Source::ALL {
        assert!(evaluation.findings.iter().any(|one| one.pool.origin.source == source), "{source:?}");
    }
    for proof in Proof::ALL {
        assert!(evaluation.controls.iter().any(|one| one.verdict == proof), "{}", proof.word());
    }
    let lists = [
        evaluation.undecided.is_empty(),
        evaluation.unread.is_empty(),
        evaluation.outside.is_empty(),
        evaluation.fixed.is_empty(),
        evaluation.ended.is_empty(),
        evaluation.removed.is_empty(),
        evaluation.undone.is_empty(),
    ];
    assert!(!lists.contains(&true), "{lists:?}");
}

/// Two earlier runs, a waiver without a finding, and who read the pools.
fn add_runs(fixture: &mut Fixture) {
    let run = |day: &str, open: [usize; 5], partial: bool| RunNumbers {
        time: Day::parse(day).unwrap().start(),
        pools: 2,
        open,
        accepted: 1,
        partial,
    };
    let evaluation = &mut fixture.evaluation;
    evaluation.earlier =
        vec![run("2025-12-24", [1, 0, 2, 1, 0], false), run("2026-01-01", [0, 0, 0, 3, 1], true)];
    evaluation.idle = vec![Arc::new(Acceptance {
        owner: "identity\u{1b}[2J team".to_owned(),
        reason: "the <b>old</b> app".to_owned(),
        expires: Day::parse("2026-12-31"),
        place: "cognito-lint.toml:40:8".to_owned(),
        in_source: false,
    })];
    evaluation.roles.insert("arn:aws:iam::111122223333:role/auditor".to_owned());
}
