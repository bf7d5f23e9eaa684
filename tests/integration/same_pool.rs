//! One pool in every form that it can be written in gets the same verdict from every built-in rule.
//!
//! `same_pool/NAME.json` is the answer of the API with the sections under their names, `NAME.tf.json` a plan that
//! makes the same pool, `NAME.yaml` a template. The plans are made by hand in the form that Terraform documents.

mod leave_one_out;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::pool::{Projection, Scope, State, resolve};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::schema::{Kind, NodeId, Path as SchemaPath, schema};
use cognito_lint::source::{Chunk, Delivery, Shape};
use cognito_lint::value::{Text, Value};

/// 2026-01-01T00:00:00Z, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

const FORMS: [&str; 2] = ["tf.json", "yaml"];

#[test]
fn every_form_gets_the_same_verdicts() {
    let policy = policy();
    let (mut complaints, mut compared) = (Vec::new(), 0);
    for answer in answers() {
        let expected = verdicts(&policy, &answer);
        for form in FORMS {
            let file = answer.with_extension(form);
            if !file.exists() {
                continue;
            }
            compared += 1;
            let found = verdicts(&policy, &file);
            for rule in builtin::ids() {
                let (expected, found) = (expected.get(rule), found.get(rule));
                let unknown = found.is_some_and(|all| all == &["Unknown"]) && UNDECIDED.contains(&rule);
                let open = |verdict: &String| matches!(verdict.as_str(), "Unknown" | "Skipped");
                let created = found.is_some_and(|all| all.iter().all(open)) && OF_THE_CREATED.contains(&rule);
                if expected != found && !unknown && !created {
                    complaints.push(format!("{}: {rule}: {expected:?} became {found:?}", file.display()));
                }
            }
        }
    }
    assert!(compared > 0);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Members that are only known once the pool exists.
const NOT_DECLARED: [&str; 19] = [
    "Arn",
    "CreationDate",
    "CustomDomain",
    "Domain",
    "EstimatedNumberOfUsers",
    "Id",
    "LastModifiedDate",
    "LogDelivery.UserPoolId",
    "RiskConfiguration.LastModifiedDate",
    "RiskConfiguration.UserPoolId",
    "Status",
    "[].AWSAccountId",
    "[].ClientId",
    "[].CloudFrontDistribution",
    "[].CreationDate",
    "[].LastModifiedDate",
    "[].S3Bucket",
    "[].Status",
    "[].Version",
];

/// Members whose default AWS does not document for a new pool, so that a file that leaves them out does not show
/// them.
const UNDOCUMENTED: [&str; 1] = ["AccountRecoverySetting.RecoveryMechanisms"];

/// Rules on that.
const UNDECIDED: [&str; 4] =
    ["recovery-by-one-way-only", "recovery-left-unset", "recovery-by-sms-first", "recovery-missing"];

/// Rules on members that are only known once the pool exists, such as its account, its domain and its dates, or that are
/// declared elsewhere, such as the contents of a web ACL.
const OF_THE_CREATED: [&str; 9] = [
    "client-untouched-for-years",
    "custom-domain-missing",
    "domain-failed",
    "passkeys-of-another-domain",
    "pool-outside-regions",
    "pool-unused",
    "sign-in-domain-unused",
    "trigger-of-another-account",
    "web-acl-empty",
];

/// Not only the verdicts of the rules that there are: every member is the same, defaults included.
#[test]
fn every_form_makes_the_same_document() {
    let mut complaints = Vec::new();
    for answer in answers() {
        let expected = members(&chunk(&answer));
        for file in FORMS.map(|form| answer.with_extension(form)).iter().filter(|file| file.exists()) {
            let found = members(&chunk(file));
            for path in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
                let (expected, found) = (expected.get(path), found.get(path));
                let unknown = found.is_some_and(|state| state.starts_with("unknown: AWS does not document"));
                if expected != found && !(unknown && UNDOCUMENTED.contains(&path.as_str())) {
                    complaints.push(format!("{}: {path}: {expected:?} became {found:?}", file.display()));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The value at every path of the pool of a file.
fn members(chunk: &Chunk) -> BTreeMap<String, String> {
    let mut projection = Projection::identity();
    projection.keep(NodeId::ROOT);
    let pool = cognito_lint::source::read(chunk, &projection).first().0.remove(0);
    let mut members = BTreeMap::new();
    // The contents of a web ACL are declared elsewhere.
    let acl = |path: &str| path.starts_with("WebACL.") && path != "WebACL.ARN";
    let inside =
        |path: &str| path.contains("[]") || path.contains("{}") || acl(path) || NOT_DECLARED.contains(&path);
    for (id, node) in schema().nodes().filter(|(_, node)| node.kind != Kind::Structure && !inside(&node.path))
    {
        let path = SchemaPath::parse(&node.path).unwrap();
        let found = match resolve(Scope::of(&pool), &path) {
            State::Present(value) | State::Default(value) => shown(value, Some(id)),
            State::Absent => continue,
            State::Unknown(why) => format!("unknown: {why}"),
            State::Outside(section) => format!("outside: {section:?}"),
        };
        members.insert(node.path.to_string(), found);
    }
    members
}

/// A value in which the order of lists means nothing, and a default no more than what is left out.
fn shown(value: &Value, node: Option<NodeId>) -> String {
    let list = |items: &mut dyn Iterator<Item = String>| {
        let mut items: Vec<String> = items.collect();
        items.sort();
        items.join(", ")
    };
    match value {
        Value::List(items) => {
            let element = node.and_then(|id| schema().node(id).element);
            format!("[{}]", list(&mut items.iter().map(|item| shown(item, element))))
        }
        Value::Map(map) => {
            let member = |(name, value): &(Text, Value)| {
                let node = node.and_then(|id| schema().member(id, name));
                let default = node.and_then(|id| schema().node(id).defaults().any.as_ref());
                let text = format!("{name}: {}", shown(value, node));
                let hidden = default == Some(value) || NOT_DECLARED.contains(&format!("[].{name}").as_str());
                (!hidden && name != "UserPoolId").then_some(text)
            };
            format!("{{{}}}", list(&mut map.0.iter().filter_map(member)))
        }
        plain => plain.to_string(),
    }
}

/// Every rule that is there.
fn policy() -> Policy {
    let mut mistakes = Vec::new();
    let mut rules = Vec::new();
    for id in builtin::ids() {
        rules.extend(written::read(&builtin::rule(id).unwrap(), &mut mistakes));
    }
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    policy
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/same_pool")
}

fn answers() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.file_name().unwrap().to_str().unwrap().matches('.').count() == 1)
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    files
}

/// The verdicts of each rule, sorted; what a finding is about goes by other names in each form.
fn verdicts(policy: &Policy, file: &Path) -> BTreeMap<String, Vec<String>> {
    let evaluation = judge(policy, file);
    assert_eq!(evaluation.tally.pools, 1, "{}: {:?}", file.display(), evaluation.unread);
    assert!(evaluation.unread.is_empty(), "{}: {:?}", file.display(), evaluation.unread);
    let mut verdicts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in evaluation.evidence.verdicts().map(Result::unwrap) {
        verdicts.entry(one.rule.to_string()).or_default().push(format!("{:?}", one.verdict));
    }
    for all in verdicts.values_mut() {
        all.sort();
    }
    verdicts
}

fn judge(policy: &Policy, file: &Path) -> Evaluation {
    let options =
        Options { now: NOW, full_coverage: false, evidence: true, detail: Detail::ALL, shard: None };
    evaluate(policy, std::iter::once(Delivery::Chunk(chunk(file))), options)
}

fn chunk(file: &Path) -> Chunk {
    let bytes = std::fs::read(file).unwrap();
    Chunk { bytes, first_line: 1, shape: Shape::Document, ..Chunk::default() }
}
