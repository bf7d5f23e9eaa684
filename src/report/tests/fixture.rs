//! One evaluation that has something of everything.

#![expect(clippy::unnecessary_wraps, reason = "what is made here goes into optional fields")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::SourceFile;
use crate::evaluate::{Evaluation, Tally, Ways};
use crate::finding::{
    ControlVerdict, Disposition, Evidence, Excerpt, Finding, Location, PoolRef, Proof, Subject, Undecided,
    Verdict, fingerprint,
};
use crate::outcome::{FailurePolicy, Outcome, outcome};
use crate::pool::{Beyond, Identity, Origin, Section, Source};
use crate::report::{Report, Run};
use crate::rule::control::Uncovered;
use crate::rule::{Control, Leaf, Operator, Policy, Predicate, Rule, Severity, Standard, WhenAbsent};
use crate::schema::Path;
use crate::source::{About, ListedRegion, Note, Unread};
use crate::value::Value;

pub(super) const SCRIPT: &str = r#"[[rule]]
id       = "password-too-short"
title    = "Passwords may be shorter than {minimum} characters"
severity = "high"
params   = { minimum = 12 }
expect   = { path = "Policies.PasswordPolicy.MinimumLength", at-least = { param = "minimum" } }

[[rule.test]]
verdict = "fail"
pool    = { Policies.PasswordPolicy.MinimumLength = 8 }

[[rule]]
id     = "mfa-off"
expect = { path = "MfaConfiguration", one-of = ["ON", "OPTIONAL"] }
"#;

const SAVED: &str = "[\r\n  {\r\n    \"Name\": \"staff\u{202e}loop\\u001b[2J\",\r\n    \"Policies\": {\r\n      \
    \"PasswordPolicy\": { \"MinimumLength\": 8 }\r\n    }\r\n  }\r\n]";

const LIVE: &str = "{\n  \"Clients\": [\n    {\n      \"ClientId\": \"4k2j\",\n      \"RefreshTokenValidity\": 3650\n    }\n  ]\n}";

/// Everything that a report borrows.
pub(super) struct Fixture {
    pub(super) evaluation: Evaluation,
    pub(super) policy: Policy,
    pub(super) terms: FailurePolicy,
}

impl Fixture {
    pub(super) fn report(&self) -> Report<'_> {
        Report {
            evaluation: &self.evaluation,
            outcome: self.outcome(),
            terms: self.terms,
            policy: &self.policy,
            evidence: true,
            // 2026-03-01T02:03:04.567Z
            run: Run {
                generated: 1_772_330_584_567,
                digest: "0123456789abcdef0123456789abcdef",
                ..Run::default()
            },
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        outcome(&self.evaluation, self.terms)
    }
}

/// A rule of the text above.
pub(super) fn rule(id: &str, severity: Severity) -> Rule {
    let name = "rules/password.toml";
    Rule {
        id: id.into(),
        title: match id {
            "password-too-short" => "Passwords may be shorter than 12 characters",
            "mfa-off" => "Sign-in needs no second factor",
            "refresh-token-long" => "Refresh tokens live for longer than 30 days",
            _ => id,
        }
        .to_owned(),
        // The message of `mfa-off` is its title.
        titled: matches!(id, "password-too-short" | "refresh-token-long"),
        severity,
        why: "A stranger who tries the commonest words of a leaked list gets in, and nobody notices for as long \
              as nobody looks."
            .to_owned(),
        fix: "Set Policies.PasswordPolicy.MinimumLength.".to_owned(),
        console: "Under Authentication methods, set the minimum length.".to_owned(),
        api: "UpdateUserPool resets whatever is left out, so send the whole pool as it is.".to_owned(),
        links: vec!["https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html".to_owned()],
        tags: vec!["password".to_owned()],
        controls: vec![("nist-800-63b-4".to_owned(), vec!["3.1.1.2".to_owned()])],
        params: vec![("minimum".to_owned(), Value::Int(12))],
        message: None,
        each: None,
        when: None,
        expect: Predicate::Leaf(Leaf {
            path: Path::parse("Policies.PasswordPolicy.MinimumLength").unwrap(),
            node: None,
            operators: vec![Operator::AtLeast(12)],
            compared: Vec::new(),
        }),
        when_absent: WhenAbsent::Fail,
        unchecked: false,
        infers: false,
        waivable: true,
        source_file: SourceFile::new(name, SCRIPT),
        at: SCRIPT.find(&format!("\"{id}\"")).map_or(0..0, |at| at..at + id.len() + 2),
        as_shipped: false,
    }
}

fn live() -> Arc<PoolRef> {
    Arc::new(PoolRef {
        identity: Identity {
            account: Some("111122223333".into()),
            region: Some("eu-central-1".into()),
            name: Some("customers".into()),
            id: Some("eu-central-1_AbCdEf123".into()),
            arn: Some("arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbCdEf123".into()),
            address: None,
        },
        origin: Origin { source: Source::Live, name: "eu-central-1".into() },
        tags: Some(Box::from([("Owner".into(), "identity <team>".into()), ("env".into(), "prod".into())])),
        ..PoolRef::default()
    })
}

fn saved() -> Arc<PoolRef> {
    Arc::new(PoolRef {
        identity: Identity { name: Some("staff\u{202e}loop\u{1b}[2J\nclean".into()), ..Identity::default() },
        origin: Origin { source: Source::Saved, name: "pools.json".into() },
        offset: 4,
        ..PoolRef::default()
    })
}

fn finding(
    rule: &Arc<Rule>,
    pool: &Arc<PoolRef>,
    path: &str,
    actual: Option<Value>,
    expected: &str,
) -> Finding {
    let value = actual.as_ref().map_or("absent".to_owned(), Value::to_string);
    Finding {
        rule: rule.clone(),
        pool: pool.clone(),
        subject: None,
        path: path.into(),
        message: format!("{path} is {value}, expected {expected}").into(),
        names_path: true,
        actual,
        also: Vec::new(),
        inline: Vec::new(),
        origin: None,
        default: false,
        note: None,
        expected: expected.into(),
        location: None,
        declaration: None,
        excerpt: None,
        fingerprint: fingerprint(&rule.id, pool, path, None),
        standing: Disposition::default(),
    }
}

fn excerpt(name: &str, text: &str, label: &str) -> Option<Box<Excerpt>> {
    let at = text.find(label).unwrap();
    let label = at..at + label.len();
    Some(Box::new(Excerpt { name: name.to_owned(), text: text.to_owned(), first_line: 1, label }))
}

fn at(line: usize, column: usize) -> Option<Location> {
    Some(Location { file: "pools.json".into(), line, column })
}

fn findings(live: &Arc<PoolRef>, saved: &Arc<PoolRef>) -> Vec<Finding> {
    let short = Arc::new(rule("password-too-short", Severity::High));
    let mfa = Arc::new(rule("mfa-off", Severity::Critical));
    let refresh = Arc::new(rule("refresh-token-long", Severity::Medium));
    let open = Arc::new(rule("sign-up-open", Severity::Info));
    let path = "Clients[4k2j].RefreshTokenValidity";
    let subject = Subject { key: "4k2j".to_owned(), label: Some("web\u{9b}31m".to_owned()) };
    vec![
        Finding {
            fingerprint: fingerprint(&refresh.id, live, path, Some(&subject)),
            subject: Some(Box::new(subject)),
            note: Some("3650 days".to_owned()),
            excerpt: excerpt(
                "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbCdEf123",
                LIVE,
                "3650",
            ),
            ..finding(&refresh, live, path, Some(Value::Int(3650)), "at most 30")
        },
        Finding { ..finding(&open, live, "AdminCreateUserConfig.AllowAdminCreateUserOnly", None, "true") },
        Finding {
            default: true,
            location: at(3, 13),
            message: "Sign-in needs no second factor".into(),
            names_path: false,
            ..finding(
                &mfa,
                saved,
                "MfaConfiguration",
                Some(Value::String("OFF".into())),
                "one of ON, OPTIONAL",
            )
        },
        Finding {
            location: at(5, 44),
            excerpt: excerpt("pools.json", SAVED, "8"),
            ..finding(
                &short,
                saved,
                "Policies.PasswordPolicy.MinimumLength",
                Some(Value::Int(8)),
                "at least 12",
            )
        },
        Finding {
            location: at(3, 13),
            excerpt: excerpt("pools.json", SAVED, "\"staff\u{202e}loop\\u001b[2J\""),
            ..finding(
                &short,
                saved,
                "Name",
                saved.identity.name.as_deref().map(|name| Value::String(name.to_owned().into())),
                "text that matches /^[a-z]+$/",
            )
        },
    ]
}

fn unread() -> Vec<Unread> {
    vec![
        Unread {
            target: "eu-west-1_9zQ".to_owned(),
            operation: Some("DescribeUserPool".to_owned()),
            code: Some("AccessDeniedException".to_owned()),
            message: "the role may not read it\u{7}".to_owned(),
            help: Some(
                "allow cognito-idp:DescribeUserPool; `cognito-lint iam-policy` prints the whole policy"
                    .to_owned(),
            ),
            at: None,
            about: About {
                account: Some("111122223333".to_owned()),
                region: Some("eu-west-1".to_owned()),
                pool: Some("eu-west-1_9zQ".to_owned()),
                section: Some(Section::UserPool),
            },
        },
        Unread {
            target: "old/pools.json".to_owned(),
            operation: None,
            code: None,
            message: "expected `,` or `}`".to_owned(),
            help: None,
            at: Some((3, 9)),
            about: About::default(),
        },
    ]
}

/// A standard with a control of each kind.
fn standard() -> Standard {
    let control = |id: &str| Control {
        id: id.into(),
        level: String::new(),
        meaning: "Passwords are long enough.".to_owned(),
        source: "https://pages.nist.gov/800-63-4/sp800-63b.html".to_owned(),
        verified: true,
        satisfied_by: Vec::new(),
        supported_by: Vec::new(),
        uncovered: None,
    };
    let short = rule("password-too-short", Severity::High);
    let bound = Rule { params: vec![("minimum".to_owned(), Value::Int(15))], ..short };
    Standard {
        pack: "nist-800-63b-4".into(),
        title: "NIST SP 800-63B-4".to_owned(),
        controls: vec![
            Control { satisfied_by: vec![Arc::new(bound)], ..control("3.1.1.2 length") },
            Control {
                level: "AAL2".to_owned(),
                verified: false,
                supported_by: vec![Arc::new(rule("refresh-token-long", Severity::Medium))],
                uncovered: Some((Uncovered::Beyond, "Cognito does not see activity.".to_owned())),
                ..control("2.2.3 inactivity")
            },
        ],
    }
}

/// Verdicts of every kind.
fn controls(live: &Arc<PoolRef>, saved: &Arc<PoolRef>) -> Vec<ControlVerdict> {
    let verdict = |pool: &Arc<PoolRef>, control: &str, verdict, reason: &str| ControlVerdict {
        standard: "nist-800-63b-4".into(),
        control: control.into(),
        pool: pool.clone(),
        verdict,
        reason: reason.to_owned(),
    };
    vec![
        verdict(live, "3.1.1.2 length", Proof::NotDecided, "password-too-short: DescribeUserPool was denied"),
        verdict(live, "2.2.3 inactivity", Proof::NotCovered, "Cognito alone cannot meet it"),
        verdict(saved, "3.1.1.2 length", Proof::Failed, "password-too-short: MinimumLength is 8\u{7}"),
        verdict(saved, "2.2.3 inactivity", Proof::Passed, "refresh-token-long of web\u{9b}31m: 1"),
    ]
}

/// Two pools, one live and one saved, and something of everything that a report can hold.
pub(super) fn fixture() -> Fixture {
    let (live, saved) = (live(), saved());
    let token = Arc::new(rule("software-token-off", Severity::Low));
    let sections = BTreeMap::from([
        (
            Beyond::Section(Section::Clients),
            BTreeSet::from(["refresh-token-long".into(), "client-secret-missing".into()]),
        ),
        (Beyond::Section(Section::IdentityProviders), BTreeSet::from(["saml-unsigned".into()])),
    ]);
    let findings = findings(&live, &saved);
    let evidence = findings.iter().map(|finding| Evidence {
        rule: finding.rule.id.clone(),
        pool: finding.pool.clone(),
        subject: finding.subject.clone(),
        verdict: Verdict::Fail,
        reason: finding.actual.as_ref().map_or(String::new(), Value::to_string).into(),
    });
    let evaluation = Evaluation {
        inline: Vec::new(),
        peers: Vec::new(),
        scoped: [(0, 1)].into(),
        tally: Tally {
            pools: 2,
            rules: 9,
            pass: 8,
            fail: 5,
            unknown: 1,
            skipped: 4,
            skipped_by: [2, 1, 0, 1],
            by_severity: [1, 0, 1, 2, 1],
            ..Tally::default()
        },
        evidence: evidence.collect(),
        controls: controls(&live, &saved),
        findings,
        undecided: vec![Undecided {
            rule: token,
            pool: live.clone(),
            subject: None,
            path: "MfaConfig.SoftwareTokenMfaConfiguration.Enabled".to_owned(),
            reason: "GetUserPoolMfaConfig was denied".to_owned(),
            location: None,
        }],
        pools: vec![live, saved],
        ways: Ways::default(),
        unread: unread(),
        notes: vec![Note { target: "pools.json".to_owned(), message: "one pool is in it twice".to_owned() }],
        outside: BTreeMap::from([("pools.json".into(), sections)]),
        unknown_members: BTreeSet::from(["PasskeyPolicy".to_owned(), "Clients[].Novel\u{200b}ty".to_owned()]),
        counted: BTreeMap::new(),
        fixed: Vec::new(),
        ended: Vec::new(),
        unvisited: Vec::new(),
        earlier: Vec::new(),
        idle: Vec::new(),
        removed: Vec::new(),
        undone: Vec::new(),
        seen: BTreeSet::new(),
        listed: BTreeSet::from([ListedRegion {
            account: "111122223333".to_owned(),
            region: "eu-central-1".to_owned(),
        }]),
        roles: BTreeSet::new(),
        interrupted: None,
    };
    let policy = Policy { standards: vec![standard()], ..super::policy(&evaluation) };
    Fixture { evaluation, policy, terms: FailurePolicy::default() }
}
