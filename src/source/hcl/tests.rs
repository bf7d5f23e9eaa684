//! Expressions and configurations against what Terraform makes of them, as data: `tests/configurations`.

#![expect(clippy::disallowed_methods, reason = "the cases are files")]

mod hostile;
mod refused;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::inventory::{Found, Inventory};
use super::scope::{self, Instance, Program};
use super::unknown::Stop;
use super::{Assignment, Configuration, Files, Given, function, parse, started};
use crate::source::declared::{Meaning, Term};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configurations")
}

fn json(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// All files below a folder, by their paths from it.
pub(super) fn texts(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut texts = BTreeMap::new();
    let mut rest = vec![folder.to_owned()];
    while let Some(inner) = rest.pop() {
        for entry in std::fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rest.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                texts.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    texts
}

pub(super) fn configuration(texts: BTreeMap<String, Vec<u8>>, variables: Vec<Assignment>) -> Configuration {
    Configuration {
        files: Arc::new(Files::of(texts)),
        root: String::new(),
        only: Vec::new(),
        given: Arc::new(Given { variables, workspace: None }),
    }
}

/// Whether an expression has the value that Terraform has for it; `false` where it is not known here.
fn judged(program: &Program<'_>, root: &scope::Scope, case: &Json) -> Result<bool, String> {
    let text = case["expression"].as_str().unwrap();
    let expression = parse::expression(0, text).map_err(|refused| format!("{text}: {}", refused.message))?;
    let value = program.evaluate(&expression, root);
    if case["error"] == true {
        return match value {
            Err(Stop::Caught(_)) => Ok(true),
            Err(Stop::Lost(_)) => Ok(false),
            other => Err(format!("{text}: {other:?} in place of an error")),
        };
    }
    if case["differs"] == true {
        // Versions of Terraform have several values.
        return match value {
            Err(Stop::Lost(_)) => Ok(true),
            other => Err(format!("{text}: {other:?} is not that of every version")),
        };
    }
    if case["lost"] == true {
        let is_lost = matches!(value, Err(Stop::Lost(_)));
        return if is_lost {
            Ok(true)
        } else {
            Err(format!("{text}: {value:?}: nothing catches this error"))
        };
    }
    match value.and_then(|value| function::json_of(&value)) {
        Err(Stop::Unknown(_) | Stop::Lost(_)) => Ok(false),
        Err(Stop::Caught(why)) => Err(format!("{text}: the error {why:?}")),
        Ok(found) => {
            let found: Json = serde_json::from_str(&found).unwrap();
            let same = found == case["value"] || case["value"] == Json::String(found.to_string());
            if same { Ok(true) } else { Err(format!("{text}: {found} in place of {}", case["value"])) }
        }
    }
}

/// Judges the expressions of a file, of which no more than a share may be unknown, in percent.
fn judge_all(file: &str, most: usize) {
    let configuration = configuration(BTreeMap::new(), Vec::new());
    let program = Program::new(&configuration.files, String::new());
    let root = program.made(Instance::new(program.directory(""), scope::Given::default())).scope();
    let cases = json(&folder().join(file));
    let (mut wrong, mut unknown, mut all) = (Vec::new(), Vec::new(), 0);
    for case in cases.as_array().unwrap() {
        all += 1;
        match judged(&program, &root, case) {
            Ok(true) => {}
            Ok(false) => unknown.push(case["expression"].to_string()),
            Err(message) => wrong.push(message),
        }
    }
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
    let share = unknown.len() * 100 / all;
    assert!(share <= most, "{share} % of {all} are unknown:\n{}", unknown.join("\n"));
}

#[test]
fn expressions_have_the_values_of_terraform() {
    judge_all("expressions.json", 15);
}

/// Arguments at the edges of what functions take, where much is refused.
#[test]
fn edges_of_functions_are_those_of_terraform() {
    judge_all("edges.json", 25);
}

/// Texts in YAML as `yamldecode` reads them.
#[test]
fn yaml_has_the_values_of_terraform() {
    judge_all("yaml.json", 10);
}

/// The term at a path of a resource's arguments, such as `password_policy[0].minimum_length`.
fn at<'t>(arguments: &'t Term, path: &str) -> Option<&'t Term> {
    let mut term = arguments;
    for step in path.split('.') {
        if matches!(term.what, Meaning::Unknown(_)) {
            return Some(term);
        }
        let (name, index) = step.split_once('[').map_or((step, None), |(name, index)| (name, Some(index)));
        term = term.get(name)?;
        if let (Meaning::List(items), Some(index)) = (&term.what, index) {
            term = items.get(index.trim_end_matches(']').parse::<usize>().unwrap())?;
        }
    }
    Some(term)
}

fn shown(term: &Term) -> Json {
    match &term.what {
        Meaning::Scalar(scalar) => Json::String(scalar.text.to_string()),
        Meaning::List(items) => items.iter().map(shown).collect(),
        Meaning::Map(members, _) => {
            members.iter().map(|member| (member.key.to_string(), shown(&member.value))).collect()
        }
        Meaning::Secret => Json::String("sensitive".to_owned()),
        Meaning::Later { why, .. } | Meaning::Unknown(why) | Meaning::Unsaid(why) => {
            Json::String(format!("unknown: {why}"))
        }
        Meaning::Absent => Json::Null,
    }
}

/// Numbers and booleans as texts, as arguments are here.
fn plain(value: &Json) -> Json {
    match value {
        Json::Number(_) | Json::Bool(_) => Json::String(value.to_string()),
        other => other.clone(),
    }
}

fn compare(name: &str, case: &Json, found: &[Found], wrong: &mut Vec<String>) {
    for (address, wanted) in case["resources"].as_object().unwrap() {
        let Some(one) = found.iter().find(|one| &*one.resource.address == address) else {
            wrong.push(format!("{name}: {address} is not found"));
            continue;
        };
        for (path, value) in wanted["known"].as_object().unwrap() {
            let term = at(&one.lowered.arguments, path);
            let got = term.map_or(Json::Null, shown);
            let sensitive = got == "sensitive" && name == "sensitive-and-impure";
            if got != plain(value) && !sensitive {
                wrong.push(format!("{name}: {address}: {path} is {got} in place of {value}"));
            }
        }
        for path in wanted["unknown"].as_array().unwrap() {
            let path = path.as_str().unwrap();
            let term = at(&one.lowered.arguments, path).map(|term| &term.what);
            if !matches!(term, Some(Meaning::Unknown(_) | Meaning::Later { .. })) {
                wrong.push(format!("{name}: {address}: {path} is {term:?} and not unknown"));
            }
        }
    }
    let open = case["open"].as_array().unwrap();
    for one in found {
        let address = &*one.resource.address;
        let is_open = open.iter().any(|open| open.as_str() == Some(address));
        if is_open != one.resource.open.is_some() {
            wrong.push(format!("{name}: whether there is a {address} is taken for {}", !is_open));
        }
        if !is_open && case["resources"].get(address).is_none() {
            wrong.push(format!("{name}: there is no {address}"));
        }
    }
}

#[test]
fn configurations_have_the_values_of_terraform() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder().join("cases")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let case = json(&path.join("case.json"));
        let variables = case["variables"].as_array().unwrap().iter().map(|one| {
            let (name, value) = one.as_str().unwrap().split_once('=').unwrap();
            Assignment::Variable { name: name.to_owned(), value: value.to_owned() }
        });
        let configuration = configuration(texts(&path), variables.collect());
        let (program, root) = started(
            &configuration,
            super::assumption::Assumptions::new(),
            None,
            &mut std::collections::BTreeSet::new(),
        );
        let mut inventory = Inventory::default();
        inventory.collect(&program, &root);
        compare(name, &case, &inventory.found, &mut wrong);
        let refused = program.texts.borrow().iter().find_map(|file| file.refused.clone());
        let refused = refused.map(|refused| Json::String(refused.target));
        if refused.as_ref() != case.get("refused") {
            wrong.push(format!("{name}: {refused:?} is refused"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 21, "{count} cases");
}
