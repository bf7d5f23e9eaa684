//! Tests of the findings that waivers cover, and of notes about waivers.

mod before;

use super::waiver::Waiver;
use super::{Decisions, RunScope, triage};
use crate::config::read_waivers;
use crate::diagnostic::SourceFile;
use crate::evaluate::{Detail, Evaluation, Options, evaluate};
use crate::finding::Status;
use crate::pool::{Origin, Source};
use crate::rule::assemble::assemble;
use crate::rule::{Policy, written};
use crate::shard::Shard;
use crate::source::{About, Chunk, Delivery, ListedRegion, Shape, Unread};
use crate::value::Day;

/// Rules for pools and for elements, and one that cannot be waived.
const RULES: &str = r#"
[[rule]]
id     = "mfa"
expect = { path = "MfaConfiguration", equals = "ON" }
[[rule]]
id     = "protected"
expect = { path = "DeletionProtection", equals = "ACTIVE" }
[[rule]]
id     = "tagged"
expect = { path = "UserPoolTags.owner", present = true }
[[rule]]
id     = "mutable"
each   = "SchemaAttributes"
expect = { path = "Mutable", equals = true }
[[rule]]
id       = "length"
waivable = false
expect   = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12 }
[[rule]]
id     = "token"
expect = { path = "Clients", length-at-most = 3 }
"#;

/// Pools of two accounts, by id, name, `env` tag and setting.
const POOLS: [(&str, &str, &str, &str, &str); 5] = [
    ("111122223333", "us-east-1_aaaaaaaa1", "prod-shop", "prod", "OFF"),
    ("111122223333", "us-east-1_aaaaaaaa2", "prod-staff", "prod", "OPTIONAL"),
    ("444455556666", "us-east-1_aaaaaaaa3", "prod-shop", "prod", "OFF"),
    ("111122223333", "eu-west-1_aaaaaaaa4", "dev-shop", "dev", "OFF"),
    ("111122223333", "eu-west-1_aaaaaaaa5", "us-east-1_aaaaaaaa1", "", "ON"),
];

/// Ways to name pools, and which of the pools each is for.
const NAMED: [(&str, [bool; 5]); 9] = [
    ("pool = \"us-east-1_aaaaaaaa1\"", [true, false, false, false, false]),
    (
        "pool = \"arn:aws:cognito-idp:us-east-1:444455556666:userpool/us-east-1_aaaaaaaa3\"",
        [false, false, true, false, false],
    ),
    ("pool = \"arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_aaaaaaaa3\"", [false; 5]),
    ("pool = \"prod-*\"", [true, true, true, false, false]),
    ("pool = \"prod-shop\"", [true, false, true, false, false]),
    ("pool = \"shop\"", [false; 5]),
    ("tags = { env = \"d*\" }", [false, false, false, true, false]),
    ("tags = { env = \"*\" }", [true, true, true, true, false]),
    ("pool = \"*-shop\"\ntags = { env = \"prod\" }", [true, false, true, false, false]),
];

const WHOLE: RunScope<'static> = RunScope { files: &[], shard: None };
const SHARD: RunScope<'static> = RunScope { files: &[], shard: Shard::new(1, 1) };

/// Regions of an account whose pools were listed to the end.
const LISTED: &[(&str, &str)] = &[("111122223333", "us-east-1"), ("111122223333", "eu-west-1")];

/// The run listed the pools of these Regions to the end.
fn listed(evaluation: Evaluation, regions: &[(&str, &str)]) -> Evaluation {
    let region = |(account, region): &(&str, &str)| ListedRegion {
        account: (*account).to_owned(),
        region: (*region).to_owned(),
    };
    Evaluation { listed: regions.iter().map(region).collect(), ..evaluation }
}

fn policy(text: &str) -> Policy {
    let mut mistakes = Vec::new();
    let rules = written::read(&SourceFile::new("policy.toml", text), &mut mistakes);
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    Policy { tags: true, ..policy }
}

fn pool((account, id, name, env, mfa): (&str, &str, &str, &str, &str)) -> String {
    let region = id.split('_').next().unwrap();
    let tags = if env.is_empty() { String::new() } else { format!(r#""env": "{env}""#) };
    format!(
        r#"{{"Id": "{id}", "Name": "{name}", "MfaConfiguration": "{mfa}", "UserPoolTags": {{{tags}}},
            "Arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{id}",
            "DeletionProtection": "INACTIVE", "Policies": {{"PasswordPolicy": {{"MinimumLength": 8}}}},
            "SchemaAttributes": [{{"Name": "email", "Mutable": false}}, {{"Name": "sub", "Mutable": false}}]}}"#
    )
}

fn evaluated(policy: &Policy, pools: &[String]) -> Evaluation {
    let origin = Origin { source: Source::Live, name: "pools".into() };
    let lines: Vec<String> = pools.iter().map(|pool| pool.replace('\n', " ")).collect();
    let bytes = lines.join("\n").into_bytes();
    let chunk = Chunk { origin, bytes, shape: Shape::Lines, first_line: 1, ..Chunk::default() };
    let chunk = Delivery::Chunk(chunk);
    let options =
        Options { now: 0, full_coverage: false, evidence: false, detail: Detail::Places, shard: None };
    evaluate(policy, std::iter::once(chunk), options)
}

fn all() -> Vec<String> {
    POOLS.iter().map(|one| pool(*one)).collect()
}

fn waivers(text: &str) -> Vec<Waiver> {
    let read = read_waivers(&SourceFile::new("waivers.toml", text), true);
    assert!(read.mistakes.is_empty(), "{:?}", read.mistakes);
    read.waivers
}

fn waiver(what: &str, expires: &str) -> String {
    format!("[[waiver]]\n{what}\nowner = \"team\"\nreason = \"It is fine.\"\nexpires = {expires}\n")
}

/// The notes on waivers, without their places.
fn notes(evaluation: &mut Evaluation, policy: &Policy, text: &str, scope: RunScope<'_>) -> Vec<String> {
    let waivers = waivers(text);
    let today = Day::parse("2026-11-24").unwrap();
    let before = evaluation.notes.clone();
    triage(evaluation, Decisions { waivers: &waivers, baseline: None, previous: None, policy, today, scope });
    let earlier = |target: &str, message: &str| {
        before.iter().any(|note| (&*note.target, &*note.message) == (target, message))
    };
    let notes = evaluation.notes_in_words().filter(|(target, message)| !earlier(target, message));
    notes.map(|(target, message)| format!("{target}: {message}")).collect()
}

/// The notes about one waiver in a run that decides everything.
fn said(what: &str) -> Vec<String> {
    let policy = policy(RULES.split("[[rule]]\nid     = \"token\"").next().unwrap());
    let mut evaluation = listed(evaluated(&policy, &all()), LISTED);
    notes(&mut evaluation, &policy, &waiver(what, "2027-06-30"), WHOLE)
}

/// Every way to write a waiver against every finding: exactly those are waived that it is about.
#[test]
fn waivers_hide_just_what_they_match() {
    let policy = policy(RULES);
    let clean = evaluated(&policy, &all());
    assert_eq!(clean.findings.len(), 5 * 5 + 4);
    let rules = ["mfa", "protected", "tagged", "mutable", "length", "*"];
    let subjects = [None, Some("email"), Some("Email")];
    let values = [
        None,
        Some(("\"OFF\"", "OFF")),
        Some(("\"off\"", "off")),
        Some(("false", "false")),
        Some(("8", "8")),
        Some(("{ absent = true }", "absent")),
    ];
    let mut n_waived = 0;
    for (named, pools) in NAMED {
        for rule in rules {
            for subject in subjects {
                for value in values {
                    let mut what = format!("rule = \"{rule}\"\n{named}");
                    what.extend(subject.map(|subject| format!("\nsubject = \"{subject}\"")));
                    what.extend(value.map(|(value, _)| format!("\nvalue = {value}")));
                    let mut evaluation = evaluated(&policy, &all());
                    notes(&mut evaluation, &policy, &waiver(&what, "2027-06-30"), WHOLE);
                    for finding in &evaluation.findings {
                        let id = finding.pool.identity.id.as_deref().unwrap();
                        let at = POOLS.iter().position(|(_, one, ..)| *one == id).unwrap();
                        let actual = finding.actual.as_ref().map_or("absent".to_owned(), ToString::to_string);
                        let meant = pools[at]
                            && (rule == "*" || rule == &*finding.rule.id)
                            && &*finding.rule.id != "length"
                            && subject.is_none_or(|subject| {
                                finding.subject.as_ref().is_some_and(|one| one.key == subject)
                            })
                            && value.is_none_or(|(_, value)| value == actual);
                        let is_waived = matches!(finding.standing.status, Status::Waived(_));
                        assert_eq!(is_waived, meant, "{what}\n{} of {id} is {actual}", finding.path);
                        n_waived += usize::from(is_waived);
                    }
                    let accepted: usize = evaluation.tally.waived.iter().sum();
                    let marked = evaluation.findings.iter();
                    let marked = marked.filter(|one| one.standing.status != Status::Open).count();
                    assert_eq!((accepted, evaluation.tally.fail), (marked, clean.tally.fail));
                }
            }
        }
    }
    assert!(n_waived > 300, "{n_waived}");
}

/// A waiver in force without a finding is idle. In a shard another may have the finding.
#[test]
fn waivers_without_a_finding_are_idle() {
    let policy = policy(RULES);
    let idle = |what: &str, expires: &str, scope| {
        let mut evaluation = evaluated(&policy, &all());
        notes(&mut evaluation, &policy, &waiver(what, expires), scope);
        evaluation.idle.len()
    };
    let (covers, nothing) = ("rule = \"mfa\"\npool = \"prod-*\"", "rule = \"mfa\"\npool = \"shop\"");
    assert_eq!(idle(covers, "2027-06-30", WHOLE), 0);
    assert_eq!(idle(nothing, "2027-06-30", WHOLE), 1);
    assert_eq!(idle(nothing, "2026-06-30", WHOLE), 0, "it ran out");
    assert_eq!(idle(nothing, "2027-06-30", SHARD), 0);
}

#[test]
fn a_value_is_compared_without_the_order_of_lists() {
    let policy =
        policy("[[rule]]\nid = \"names\"\nexpect = { path = \"AliasAttributes\", not-contains = \"email\" }");
    for (value, is_waived) in [
        ("[\"phone_number\", \"email\"]", true),
        ("[\"email\", \"phone_number\"]", true),
        ("[\"email\"]", false),
        ("[\"email\", \"email\", \"phone_number\"]", false),
        ("\"email\"", false),
    ] {
        let pool = r#"{"Id": "us-east-1_aaaaaaaa1", "AliasAttributes": ["email", "phone_number"]}"#;
        let mut evaluation = evaluated(&policy, &[pool.to_owned()]);
        let what = format!("rule = \"names\"\npool = \"us-east-1_aaaaaaaa1\"\nvalue = {value}");
        notes(&mut evaluation, &policy, &waiver(&what, "2027-06-30"), WHOLE);
        let waived = matches!(evaluation.findings[0].standing.status, Status::Waived(_));
        assert_eq!(waived, is_waived, "{value}");
    }
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    let policy = policy(RULES);
    let what = "rule = \"mfa\"\npool = \"us-east-1_aaaaaaaa1\"";
    for (expires, note, is_waived) in [
        ("2026-11-23", "expired on 2026-11-23, so a finding counts again", false),
        ("2026-11-24", "ends today, on 2026-11-24", true),
        ("2026-11-25", "ends tomorrow, on 2026-11-25", true),
        ("2026-12-08", "ends in 14 days, on 2026-12-08", true),
        ("2026-12-09", "", true),
    ] {
        let mut evaluation = evaluated(&policy, &all());
        let notes = notes(&mut evaluation, &policy, &waiver(what, expires), WHOLE);
        let expected = format!("waivers.toml:6:11: the waiver of `mfa` by team {note}");
        assert_eq!(notes, if note.is_empty() { Vec::new() } else { vec![expected] });
        let waived = evaluation.findings.iter().filter(|one| one.standing.status != Status::Open).count();
        assert_eq!(waived == 1, is_waived, "{expires}");
        let lapsed = evaluation.findings.iter().filter(|one| one.standing.lapsed.is_some()).count();
        assert_eq!(lapsed == 1, !is_waived, "{expires}");
    }
}

#[test]
fn what_is_stale_is_told_where_it_stands() {
    let once = |what: &str, note: &str| {
        assert_eq!(said(what), [format!("waivers.toml:{note}")], "{what}");
    };
    once(
        "rule = \"mfa\"\npool = \"eu-west-1_aaaaaaaa5\"",
        "2:8: the waiver of `mfa` by team covers nothing: no such finding in us-east-1_aaaaaaaa1 \
         (eu-west-1_aaaaaaaa5)",
    );
    once(
        "rule = \"mfa\"\npool = \"us-east-1_aaaaaaaa9\"",
        "3:8: the waiver of `mfa` by team covers nothing: the pool us-east-1_aaaaaaaa9 no longer exists",
    );
    once(
        "rule = \"mfa\"\npool = \"test-*\"",
        "3:8: the waiver of `mfa` by team covers nothing: it is for none of the 5 pools",
    );
    once(
        "rule = \"mfa\"\npool = \"us-east-1_aaaaaaaa1\"\nvalue = \"OPTIONAL\"",
        "4:9: the waiver of `mfa` by team was given for OPTIONAL, and MfaConfiguration is OFF now",
    );
    once(
        "rule = \"tagged\"\npool = \"us-east-1_aaaaaaaa1\"\nvalue = \"me\"",
        "4:9: the waiver of `tagged` by team was given for me, and UserPoolTags.owner is absent",
    );
    once(
        "rule = \"mfa-off\"\npool = \"us-east-1_aaaaaaaa1\"",
        "2:8: the waiver of `mfa-off` by team covers nothing: the rule is not among the chosen ones",
    );
    once(
        "rule = \"mfa\"\npool = \"*-staff\"",
        "3:8: the waiver of `mfa` by team is wider than what it covers: `*-staff` matches only prod-staff \
         (us-east-1_aaaaaaaa2): name that pool",
    );
    once(
        "rule = \"*\"\npool = \"us-east-1_aaaaaaaa1\"\nvalue = \"OFF\"",
        "2:8: the waiver of `*` by team is wider than what it covers: it covers every rule, and `mfa` alone is \
         found: name it",
    );
    assert_eq!(said("rule = \"mfa\"\npool = \"prod-*\""), [""; 0]);
}

/// A run: its scope, and the Regions that it listed.
type Run<'a> = (RunScope<'static>, &'a [(&'a str, &'a str)]);

/// A pool that could not be read, or a verdict that is unknown, may be what a waiver is for.
#[test]
fn nothing_is_stale_that_was_not_looked_at() {
    let policy = policy(RULES);
    let told = |text: &str, (scope, regions), pools: &[String], unread: bool| {
        let mut evaluation = listed(evaluated(&policy, pools), regions);
        if unread {
            let target = "us-east-1_aaaaaaaa9".to_owned();
            let message = "it could not be read".to_owned();
            let (operation, code, help, at) = (None, None, None, None);
            evaluation.unread.push(Unread {
                target,
                operation,
                code,
                message,
                help,
                at,
                about: About::default(),
            });
        }
        notes(&mut evaluation, &policy, &waiver(text, "2027-06-30"), scope).len()
    };
    let (regions, inputs, shard): (Run<'_>, Run<'_>, Run<'_>) = ((WHOLE, LISTED), (WHOLE, &[]), (SHARD, &[]));
    let gone = "rule = \"mfa\"\npool = \"us-east-1_aaaaaaaa9\"";
    assert_eq!(told(gone, regions, &all(), true), 0, "the pool is the unread one");
    assert_eq!(told(gone, inputs, &all(), false), 0, "the pool may be in another input");
    assert_eq!(told(gone, (WHOLE, &LISTED[1..]), &all(), false), 0, "its Region was not listed");
    assert_eq!(told(gone, regions, &all()[3..], false), 1, "its Region was listed, and has no pool");
    let elsewhere =
        "rule = \"mfa\"\npool = \"arn:aws:cognito-idp:us-east-1:777788889999:userpool/us-east-1_a\"";
    assert_eq!(told(elsewhere, regions, &all(), false), 0, "its account was not read");
    let glob = "rule = \"mfa\"\npool = \"us-east-1_aaaaaaaa?\"\nsubject = \"x\"";
    assert_eq!(told(glob, inputs, &all(), false), 1);
    assert_eq!(told(glob, inputs, &all(), true), 0, "the unread pool may be one of them");
    assert_eq!(told(glob, shard, &all(), false), 0, "other shards have other pools");
    let fine = "rule = \"mfa\"\npool = \"eu-west-1_aaaaaaaa5\"";
    assert_eq!(told(fine, shard, &all(), true), 1, "the pool that it names was read");
    let open = [pool(POOLS[4]).replace("\"ON\"", "\"NEWER\"")];
    assert_eq!(told(fine, inputs, &open, false), 0, "the verdict is unknown");
    let outside = "rule = \"token\"\npool = \"eu-west-1_aaaaaaaa5\"";
    assert_eq!(told(outside, inputs, &all(), false), 0, "the input holds no clients");
    let every = "rule = \"*\"\npool = \"eu-west-1_aaaaaaaa5\"\nvalue = \"x\"\nsubject = \"y\"";
    assert_eq!(told(every, inputs, &all(), false), 0, "some rule is undecided there");
}
