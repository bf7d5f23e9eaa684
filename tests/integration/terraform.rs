//! Real Terraform plans, the states after them, and the API's answers get the same verdicts, at every path of the
//! schema: if two of the three are decided, they agree.
//!
//! `.ci/terraform.sh` makes the JSON in `tests/terraform/*/made` and says when it differs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::{Detail, Options, evaluate};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::schema::{Kind, Node, schema};
use cognito_lint::source::hcl::{Configuration, Files};
use cognito_lint::source::{Chunk, Delivery, Shape};
use serde_json::Value;

/// 2026-01-01T00:00:00Z, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

/// Paths at which moto answers otherwise than the service, with the reason; the state after the apply is read from it.
const MOTO: [(&str, &str); 12] = [
    ("AccountRecoverySetting", "it does not fill in the mechanisms"),
    ("AdminCreateUserConfig.InviteMessageTemplate", "it fills in texts; the service leaves them out"),
    ("AdminCreateUserConfig.UnusedAccountValidityDays", "it does not keep it in step with the newer member"),
    ("Domains[].ManagedLoginVersion", "it does not keep it"),
    ("EmailVerification", "it fills in texts; the service leaves them out"),
    ("Groups[].Description", "it answers an empty text; the service leaves it out"),
    ("Policies.PasswordPolicy.TemporaryPasswordValidityDays", "it does not fill in 7"),
    ("Policies.SignInPolicy", "it does not fill it in"),
    ("SmsVerificationMessage", "it fills in texts; the service leaves them out"),
    ("UserPoolTags", "an update forgets them"),
    ("UsernameAttributes", "an update forgets them"),
    ("VerificationMessageTemplate.", "it fills in texts; the service leaves them out"),
];

/// Members that only a plan has, and how much of an answer is known from an input.
const OF_AN_INPUT: [&str; 4] =
    ["PlannedChange", "Journeys[].Proven", "Journeys[].Possible", "Journeys[].Undocumented"];

/// The verdicts that were seen for one pool, probe and element.
type Verdicts = BTreeMap<(String, String, String), BTreeSet<&'static str>>;

#[test]
fn plans_states_and_answers_agree_wherever_they_decide() {
    let answers = answers();
    let probes = Probes::of(&answers);
    let (mut wrong, mut compared) = (BTreeSet::new(), 0);
    for answer in answers {
        let name = answer.file_name().unwrap().to_str().unwrap();
        let mut seen: BTreeMap<_, Vec<(&str, &str)>> = BTreeMap::new();
        for kind in ["answer.json", "plan.json", "state.json", "tfstate", "source"] {
            let file = answer.with_file_name(name.replace("answer.json", kind));
            // An argument that is left out keeps the value that it has, which only a plan of a change shows.
            if kind == "source" && !name.starts_with("1.") {
                continue;
            }
            let chunk = if kind == "source" { source(&answer) } else { text(&file) };
            for (key, found) in verdicts(&probes.policy, &file, chunk) {
                let path = &probes.paths[&key.1];
                let limited = MOTO.iter().any(|(limit, _)| path.starts_with(limit))
                    || OF_AN_INPUT.iter().any(|own| path.starts_with(own));
                // Two elements of one name have no telling apart.
                if let ([verdict @ ("pass" | "fail")], false) = (&*Vec::from_iter(found), limited) {
                    seen.entry(key).or_default().push((kind, verdict));
                }
            }
        }
        for ((pool, rule, subject), verdicts) in seen {
            compared += verdicts.len().saturating_sub(1);
            if verdicts.iter().any(|(_, verdict)| *verdict != verdicts[0].1) {
                let file = answer.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
                wrong.insert(format!("{}: {file}: {pool} {subject}: {verdicts:?}", probes.paths[&rule]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} wrong:\n{wrong:#?}", wrong.len());
    assert!(compared > 20_000, "{compared} verdicts were compared");
}

/// A configuration alone decides nearly everything that its plan does.
#[test]
fn a_configuration_decides_what_its_plan_decides() {
    let answers = answers();
    let probes = Probes::of(&answers);
    let (mut decided, mut lost) = (0, BTreeMap::new());
    for answer in &answers {
        let name = answer.file_name().unwrap().to_str().unwrap();
        // A pool that is there has an id, which no configuration has.
        let before = answer.parent().unwrap().with_file_name("before.json");
        if !name.starts_with("1.") || before.exists() {
            continue;
        }
        let is_decided = |found: &BTreeSet<&str>| found.contains("pass") || found.contains("fail");
        let file = answer.with_file_name(name.replace("answer.json", "plan.json"));
        let of_source = verdicts(&probes.policy, answer, source(answer));
        for (key, found) in verdicts(&probes.policy, &file, text(&file)) {
            let path = &probes.paths[&key.1];
            if is_decided(&found) && !OF_AN_INPUT.iter().any(|own| path.starts_with(own)) {
                decided += 1;
                if !of_source.get(&key).is_some_and(is_decided) {
                    *lost.entry(path.clone()).or_insert(0) += 1;
                }
            }
        }
    }
    let share: usize = lost.values().sum();
    println!("{share} of {decided} verdicts that plans decide are not decided by their configurations");
    assert!(share * 1000 <= decided * 5, "{share} of {decided}: {lost:#?}");
    assert!(decided > 5_000, "{decided} verdicts were compared");
}

/// The answers of the API after each step of each configuration.
fn answers() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform");
    let entries = |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let made = entries(folder).map(|path| path.join("made")).filter(|path| path.is_dir());
    let mut answers: Vec<PathBuf> = made
        .flat_map(entries)
        .filter(|path| path.file_name().unwrap().to_str().unwrap().ends_with(".answer.json"))
        .collect();
    answers.sort();
    assert!(!answers.is_empty());
    answers
}

/// Rules that ask for one path each.
struct Probes {
    policy: Policy,
    /// Rule to path.
    paths: BTreeMap<String, String>,
}

impl Probes {
    /// Probes for every path, with the values that the answers have there among the operands.
    fn of(answers: &[PathBuf]) -> Probes {
        let read =
            |file: &PathBuf| -> Value { serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap() };
        let pools: Vec<Value> =
            answers.iter().flat_map(|file| read(file).as_array().unwrap().clone()).collect();
        let mut scripts = Vec::new();
        let mut paths = BTreeMap::new();
        for (_, node) in schema().nodes().skip(1).filter(|(_, node)| !node.name.is_empty()) {
            let mut values = Vec::new();
            let steps: Vec<String> = node.path.replace("[]", ".[]").split('.').map(str::to_owned).collect();
            if !node.path.contains("{}") {
                for pool in &pools {
                    collect(pool, &steps, &mut values);
                }
            }
            for operator in operators(node, &values) {
                let id = format!("p-{}", paths.len());
                scripts.push(SourceFile::new(&id, rule(&id, &node.path, &operator)));
                paths.insert(id, format!("{} {operator}", node.path));
            }
        }
        let compiled = |scripts: &[SourceFile]| {
            let mut mistakes = Vec::new();
            let rules = scripts.iter().flat_map(|script| written::read(script, &mut mistakes)).collect();
            (assemble(rules, &[], &[], Vec::new(), &mut mistakes), mistakes)
        };
        // A path that is always there cannot be asked for its presence, and the like.
        let (_, mistakes) = compiled(&scripts);
        let refused: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.source_file.name()).collect();
        scripts.retain(|script| !refused.contains(script.name()));
        let (policy, mistakes) = compiled(&scripts);
        assert!(mistakes.is_empty(), "{mistakes:#?}");
        Probes { policy, paths }
    }
}

/// The values at a path of a document.
fn collect(value: &Value, steps: &[String], values: &mut Vec<Value>) {
    match (value, steps) {
        (Value::Null, _) => {}
        (value, []) => values.push(value.clone()),
        (Value::Array(items), [step, rest @ ..]) if step == "[]" => {
            for item in items {
                collect(item, rest, values);
            }
        }
        (Value::Object(members), [step, rest @ ..]) => {
            if let Some(member) = members.get(step) {
                collect(member, rest, values);
            }
        }
        _ => {}
    }
}

/// The conditions on a path.
fn operators(node: &Node, values: &[Value]) -> Vec<String> {
    let mut operators = vec!["present = true".to_owned()];
    let quoted = |text: &str| format!("'{}'", text.replace('\'', ""));
    if node.secret {
        return operators;
    }
    match node.kind {
        Kind::String => {
            let seen = values.iter().filter_map(Value::as_str).filter(|text| !text.contains(['\'', '\n']));
            let seen: BTreeSet<&str> = seen.chain(node.values.iter().map(AsRef::as_ref)).collect();
            operators.extend(seen.into_iter().map(|text| format!("equals = {}", quoted(text))));
        }
        Kind::Integer => {
            let seen = values.iter().filter_map(Value::as_i64).chain(node.min);
            let seen: BTreeSet<i64> = seen.collect();
            operators.extend(seen.into_iter().map(|number| format!("equals = {number}")));
        }
        Kind::Boolean => operators.push("equals = true".to_owned()),
        Kind::List => {
            let element = schema().node(node.element.unwrap());
            let seen = values.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
            let seen: BTreeSet<&str> = seen.chain(element.values.iter().map(AsRef::as_ref)).collect();
            operators.push("length-at-least = 1".to_owned());
            operators.extend(seen.into_iter().map(|text| format!("contains = {}", quoted(text))));
        }
        Kind::Map => {
            let seen: BTreeSet<&String> =
                values.iter().filter_map(Value::as_object).flat_map(|map| map.keys()).collect();
            operators.extend(seen.into_iter().map(|key| format!("contains = {}", quoted(key))));
        }
        Kind::Structure | Kind::Timestamp => {}
    }
    operators
}

/// Elements that have a name are judged one by one.
fn rule(id: &str, path: &str, operator: &str) -> String {
    const NAMED: [&str; 6] =
        ["Clients", "Domains", "Groups", "IdentityProviders", "ResourceServers", "SchemaAttributes"];
    let (mut each, mut rest) = (String::new(), path);
    if let Some((list, inner)) = path.split_once("[].").filter(|(list, _)| NAMED.contains(list)) {
        (each, rest) = (format!("each = '{list}'\n"), inner);
    }
    let mut expect = String::new();
    let mut open = 0;
    while let Some((list, inner)) = rest.split_once("[].") {
        expect.push_str(&format!("{{ every = '{list}', expect = "));
        open += 1;
        rest = inner;
    }
    let closing = " }".repeat(open);
    format!("[[rule]]\nid = '{id}'\n{each}expect = {expect}{{ path = '{rest}', {operator} }}{closing}\n")
}

/// A file of a plan, a state or an answer.
fn text(file: &Path) -> Chunk {
    let bytes = std::fs::read(file).unwrap();
    Chunk { bytes, first_line: 1, shape: Shape::Document, ..Chunk::default() }
}

/// The configuration that an answer is of, with the provider that all have.
fn source(answer: &Path) -> Chunk {
    let step = answer.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
    let folder = answer.parent().unwrap().parent().unwrap();
    let mut texts = BTreeMap::new();
    let mut rest = vec![folder.join(step)];
    while let Some(inner) = rest.pop() {
        for path in std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                rest.push(path);
            } else {
                let name = path.strip_prefix(folder.join(step)).unwrap().to_str().unwrap().to_owned();
                texts.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    texts.insert("provider.tf".to_owned(), std::fs::read(folder.with_file_name("provider.tf")).unwrap());
    let configuration = Configuration {
        files: Arc::new(Files::of(texts)),
        root: String::new(),
        only: Vec::new(),
        given: Arc::default(),
    };
    Chunk { configuration: Some(configuration), ..Chunk::default() }
}

fn verdicts(policy: &Policy, file: &Path, chunk: Chunk) -> Verdicts {
    let options =
        Options { now: NOW, full_coverage: true, evidence: true, detail: Detail::Counts, shard: None };
    let evaluation = evaluate(policy, std::iter::once(Delivery::Chunk(chunk)), options);
    assert!(evaluation.unread.is_empty(), "{}: {:?}", file.display(), evaluation.unread);
    let mut verdicts = Verdicts::new();
    for one in evaluation.evidence.verdicts().map(Result::unwrap) {
        let pool = one.pool.identity.name.as_ref().map_or("", |name| name);
        let subject = one
            .subject
            .as_ref()
            .map_or(String::new(), |subject| subject.label.as_deref().unwrap_or(&subject.key).to_owned());
        let key = (pool.to_owned(), one.rule.to_string(), subject);
        verdicts.entry(key).or_default().insert(one.verdict.word());
    }
    verdicts
}

/// Nothing has drifted right after an apply: the state is what the plan made.
#[test]
fn nothing_drifts_between_a_plan_and_the_state_after_it() {
    let (mut drifted, mut compared) = (Vec::new(), 0);
    for answer in answers() {
        let name = answer.file_name().unwrap().to_str().unwrap();
        let file = |kind: &str| answer.with_file_name(name.replace("answer.json", kind));
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["drift", "--no-config", "--report", "json"])
            .args([file("plan.json"), file("state.json")])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["unread"], serde_json::json!([]), "{}", answer.display());
        for pool in report["pools"].as_array().unwrap() {
            compared += 1;
            assert!(pool["recorded"].is_object() && pool["current"].is_object(), "{pool}");
            for change in pool["changes"].as_array().unwrap() {
                // `Domains[NAME].Version` is `Domains[].Version` there.
                let path = change["path"].as_str().unwrap();
                let plain: String =
                    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
                let limited = MOTO.iter().any(|(limit, _)| plain.starts_with(&limit.replace("[]", "")));
                if !limited {
                    drifted.push(format!("{}: {change}", answer.display()));
                }
            }
        }
    }
    assert!(drifted.is_empty(), "{drifted:#?}");
    assert!(compared > 5, "{compared} pools were compared");
}

/// With the configuration that a plan or state was made from, findings have the fingerprints that they have there.
#[test]
fn a_plan_and_its_configuration_have_the_same_fingerprints() {
    let mut mistakes = Vec::new();
    let rules =
        builtin::ids().into_iter().flat_map(|id| written::read(&builtin::rule(id).unwrap(), &mut mistakes));
    let rules = rules.collect::<Vec<_>>();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let (mut known_by_id, mut compared) = (0, 0);
    for answer in &answers() {
        let name = answer.file_name().unwrap().to_str().unwrap();
        let of_source = fingerprints(&policy, source(answer));
        for kind in ["plan.json", "state.json", "tfstate"] {
            let written_in = source(answer).configuration.map(Arc::new);
            let file = answer.with_file_name(name.replace("answer.json", kind));
            let plain = fingerprints(&policy, text(&file));
            for (key, found) in fingerprints(&policy, Chunk { written_in, ..text(&file) }) {
                // The answers are other ones where less is known.
                let Some(same) = of_source.get(&key).filter(|_| !key[3].starts_with("Journeys")) else {
                    continue;
                };
                assert_eq!(&found, same, "{}: {key:?}", file.display());
                compared += 1;
                known_by_id += usize::from(plain[&key] != found);
            }
        }
    }
    assert!(compared > 300 && known_by_id > 100, "{known_by_id} of {compared} were compared");
}

/// The fingerprints of the findings, by address of the pool, rule, element and path without elements.
fn fingerprints(policy: &Policy, chunk: Chunk) -> BTreeMap<[String; 4], BTreeSet<String>> {
    let options =
        Options { now: NOW, full_coverage: false, evidence: false, detail: Detail::Places, shard: None };
    let evaluation = evaluate(policy, std::iter::once(Delivery::Chunk(chunk)), options);
    let mut all = BTreeMap::<_, BTreeSet<_>>::new();
    for one in &evaluation.findings {
        let subject =
            one.subject.as_ref().map(|subject| subject.label.as_ref().unwrap_or(&subject.key).clone());
        let address = one.pool.identity.address.as_deref().unwrap_or_default().to_owned();
        let members = one.path.split(['[', ']']).step_by(2).collect();
        let key = [address, one.rule.id.to_string(), subject.unwrap_or_default(), members];
        all.entry(key).or_default().extend(one.places().map(|(_, _, print)| print.to_owned()));
    }
    all
}
