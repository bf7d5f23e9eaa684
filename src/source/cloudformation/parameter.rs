//! The parameters of a template: from the command line, from a file, or from their defaults.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::node::{Node, Problem, Scalar, What};
use super::{json, yaml};

/// A parameter of a template.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub value: Given,
    /// The values that it can have, if the template lists them.
    pub allowed: Vec<Arc<str>>,
    /// Its value must not be shown.
    pub hidden: bool,
    /// The span of its default.
    pub default_at: Option<Range<usize>>,
}

/// The value of a parameter.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Text(Scalar),
    List(Vec<Arc<str>>),
    /// Not known, and why.
    Unknown(Arc<str>),
}

/// The faults of the values that were given for parameters, with their places.
pub(super) type Wrong = Vec<(Option<Range<usize>>, String)>;

/// The parameters of a template, and what is wrong with those that were given.
pub(super) fn read(root: &Node, given: &BTreeMap<String, String>) -> (BTreeMap<Arc<str>, Parameter>, Wrong) {
    let written = root.get("Parameters").map(Node::entries).unwrap_or_default();
    let mut wrong = Vec::new();
    let mut parameters = BTreeMap::new();
    for entry in written {
        let name = &entry.key;
        let mut parameter = declared(name, &entry.value);
        if let Some(text) = given.get(&**name) {
            let list = matches!(list_of(&entry.value), Some(true));
            let refused = |text: &str| {
                !parameter.allowed.is_empty()
                    && parameter.allowed.iter().all(|allowed| **allowed != *text.trim())
            };
            let parts: Vec<&str> = if list { text.split(',').collect() } else { vec![text] };
            if let Some(part) = parts.iter().find(|part| refused(part)) {
                let shown = if parameter.hidden { "the value given" } else { part };
                let message = format!(
                    "parameter `{name}` cannot be `{shown}`; the template allows {}",
                    parameter.allowed.join(", ")
                );
                wrong.push((Some(entry.key_at.clone()), message));
                parameter.value =
                    Given::Unknown(format!("what was given for parameter `{name}` is not allowed").into());
            } else if !is_stored(&entry.value) {
                parameter.value = value(text.as_str().into(), false, list);
            }
        }
        parameters.insert(Arc::clone(name), parameter);
    }
    for name in
        given.keys().filter(|name| !name.starts_with("AWS::") && !parameters.contains_key(name.as_str()))
    {
        let names = parameters.keys().map(AsRef::as_ref);
        let known = match parameters.is_empty() {
            true => "it has none".to_owned(),
            false => crate::diagnostic::suggest(name, names),
        };
        wrong.push((None, format!("this template has no parameter `{name}`: {known}")));
    }
    (parameters, wrong)
}

/// The names of the parameters that a template declares. `None` for a text that is not a template itself.
pub fn names(text: &str) -> Option<BTreeSet<String>> {
    let root = match json::read(text).ok()? {
        Some(root) => root,
        None => yaml::read(text).ok()?.0,
    };
    root.get("Resources")?;
    let declared = root.get("Parameters").map(Node::entries).unwrap_or_default();
    Some(declared.iter().map(|entry| entry.key.to_string()).collect())
}

fn declared(name: &str, node: &Node) -> Parameter {
    let default = node.get("Default");
    let hidden =
        node.get("NoEcho").and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let canonical = |node: &Node| match &node.what {
        What::Scalar(scalar) => Some(scalar.canonical()),
        _ => None,
    };
    // The allowed values of a stored parameter are the names that it is stored under.
    let allowed = node.get("AllowedValues").filter(|_| !is_stored(node)).map(Node::items).unwrap_or_default();
    let value = match default.map(|default| &default.what) {
        _ if is_stored(node) => Given::Unknown(
            format!("parameter `{name}` is read from the Parameter Store when the template is deployed")
                .into(),
        ),
        Some(What::Scalar(scalar)) => {
            value(Arc::clone(&scalar.text), scalar.plain, list_of(node) == Some(true))
        }
        _ => Given::Unknown(
            format!("parameter `{name}` has no default; give it with --parameter {name}=...").into(),
        ),
    };
    Parameter {
        value,
        allowed: allowed.iter().filter_map(canonical).collect(),
        hidden,
        default_at: default.map(|default| default.at.clone()),
    }
}

fn value(text: Arc<str>, plain: bool, list: bool) -> Given {
    match list {
        true if text.is_empty() => Given::List(Vec::new()),
        true => Given::List(text.split(',').map(|part| part.trim().into()).collect()),
        false => Given::Text(Scalar { text, plain }),
    }
}

fn list_of(node: &Node) -> Option<bool> {
    let kind = node.get("Type")?.text()?;
    Some(kind == "CommaDelimitedList" || kind.starts_with("List<"))
}

/// Whether the value is in the Parameter Store, under the given name.
fn is_stored(node: &Node) -> bool {
    node.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::Value<"))
}

/// Reads `KEY=VALUE` as it is written on the command line.
pub fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        // The text may be a secret without its name.
        _ => Err("it is not of the form KEY=VALUE".to_owned()),
    }
}

/// Reads a file of parameters: a list of `ParameterKey` and `ParameterValue` or of `KEY=VALUE`, or an object of names
/// and values, which may be under `Parameters`. The error has the place and the fault.
pub fn assignments(text: &str) -> Result<BTreeMap<String, String>, String> {
    let told = |problem: Problem| {
        let (line, column) = crate::diagnostic::line_column(text, problem.at);
        format!("{line}:{column}: {}", problem.message)
    };
    let root = match json::read(text).map_err(told)? {
        Some(root) => root,
        None => yaml::read(text).map_err(told)?.0,
    };
    let root = root.get("Parameters").unwrap_or(&root);
    let mut all = BTreeMap::new();
    let pairs: Result<Vec<(String, String)>, Problem> = match &root.what {
        What::Map(entries) => entries
            .iter()
            .map(|entry| Ok((entry.key.to_string(), plain_text(&entry.key, &entry.value)?)))
            .collect(),
        What::List(items) => items.iter().map(listed).collect(),
        What::Scalar(_) => Err(Problem::new(root.at.start, "expected an object or a list of parameters")),
    };
    for (name, value) in pairs.map_err(told)? {
        if all.insert(name.clone(), value).is_some() {
            return Err(format!("`{name}` is given twice"));
        }
    }
    Ok(all)
}

fn listed(item: &Node) -> Result<(String, String), Problem> {
    if let Some(text) = item.text() {
        return assignment(text).map_err(|why| Problem::new(item.at.start, why));
    }
    let Some(name) = item.get("ParameterKey").and_then(Node::text) else {
        return Err(Problem::new(
            item.at.start,
            "expected an object with `ParameterKey` and `ParameterValue`",
        ));
    };
    match item.get("ParameterValue") {
        Some(value) => Ok((name.to_owned(), plain_text(name, value)?)),
        None => {
            let message =
                format!("`{name}` has no `ParameterValue`, and what the stack has now is not known here");
            Err(Problem::new(item.at.start, message))
        }
    }
}

fn plain_text(name: &str, node: &Node) -> Result<String, Problem> {
    let scalar = |node: &Node| match &node.what {
        What::Scalar(scalar) if !scalar.is_null() => Ok(scalar.canonical().to_string()),
        _ => Err(Problem::new(node.at.start, format!("the value of `{name}` is not a text"))),
    };
    match &node.what {
        What::List(items) => Ok(items.iter().map(scalar).collect::<Result<Vec<_>, _>>()?.join(",")),
        _ => scalar(node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_a_file_is_read() {
        let expected = BTreeMap::from([("A".to_owned(), "1".to_owned()), ("B".to_owned(), "x,y".to_owned())]);
        for text in [
            r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "x,y"}]"#,
            r#"{"Parameters": {"A": 1, "B": "x,y"}, "Tags": {"t": "v"}}"#,
            r#"{"A": "1", "B": ["x", "y"]}"#,
            r#"["A=1", "B=x,y"]"#,
            "A: 1\nB: x,y\n",
        ] {
            assert_eq!(assignments(text), Ok(expected.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_place() {
        let wrong = |text| assignments(text).unwrap_err();
        assert_eq!(
            wrong("[\n  {\"ParameterKey\": \"A\", \"UsePreviousValue\": true}]"),
            "2:3: `A` has no `ParameterValue`, and what the stack has now is not known here"
        );
        assert_eq!(wrong("{\"A\": {}}"), "1:7: the value of `A` is not a text");
        assert_eq!(wrong("[\"A=1\", \"A=2\"]"), "`A` is given twice");
        assert_eq!(wrong("[\"A\"]"), "1:2: it is not of the form KEY=VALUE");
        assert_eq!(wrong("word"), "1:1: expected an object or a list of parameters");
    }

    #[test]
    fn an_assignment_has_a_name() {
        assert_eq!(assignment("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert!(assignment("=b").is_err());
        assert!(assignment("A").is_err());
    }
}
