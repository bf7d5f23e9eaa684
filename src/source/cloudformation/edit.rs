//! Edits of a template: the properties of a resource, where they are written.

mod insert;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::node::{Node, What};
use super::recognize::{Text, recognize};
use super::template::mentions;
use super::yaml;
use crate::source::Chunk;
use crate::source::declared::{Holder, Language, Scalar};
use crate::source::edit::{
    Additions, Refusal, TextEdit, end_of_line, has_comments, in_brackets, line_end, line_start,
};
use crate::source::text::Lines;
use crate::value::Value;

/// Directories of templates that a tool makes.
const MADE: [(&str, &str); 2] = [("cdk.out", "the CDK"), (".aws-sam", "SAM")];

/// The bounds that a parameter can have beside a list of values. A default outside of them is refused when the template
/// is deployed.
const BOUNDS: [&str; 5] = ["AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue"];

/// The edits that give properties of a resource other values. Each property is named with those around it.
pub(in crate::source) fn edits(
    chunk: &Chunk,
    holder: &Holder,
    settings: &[(String, Value)],
) -> Result<Vec<TextEdit>, Refusal> {
    let name = &chunk.origin.name;
    let text = std::str::from_utf8(&chunk.bytes).unwrap_or_default();
    let (root, language) = template(name, text, holder)?;
    let resource = root.get("Resources").and_then(|resources| resources.get(&holder.address));
    let resource = resource.ok_or_else(|| {
        let message = format!("{name} has no resource `{}` of its own", holder.address);
        Refusal::new(message, "change the code that produces the resource")
    })?;
    let file = File { name, text, root: &root, language, given: &chunk.parameters };
    let (mut edits, mut additions) = (Vec::new(), Additions::default());
    for (path, value) in settings {
        // A list whose elements are members of the pool: `EnabledMfas (SOFTWARE_TOKEN_MFA)`.
        let (path, element) = match path.split_once(" (") {
            Some((list, element)) => (list, Some(element.trim_end_matches(')'))),
            None => (path.as_str(), None),
        };
        let names: Vec<&str> = std::iter::once("Properties").chain(path.split('.')).collect();
        if names.iter().any(|name| name.ends_with("[]")) {
            return Err(Refusal::by_hand(format!("`{path}` is in an element of a list")));
        }
        match find(resource, &names)? {
            Found::Value(node) => {
                let wanted = wanted(node, value, element)?;
                edits.extend(file.replaced(node, &wanted)?);
            }
            Found::Absent(around, rest) => {
                let wanted = wanted_absent(value, element)?;
                additions.add(&around.at, rest, &wanted);
            }
        }
    }
    for (within, members) in additions.iter() {
        let (at, new) = insert::members((text, language), resource, within, members)?;
        edits.push(file.edit(at, new));
    }
    ensure_once((text, language), resource, &edits)?;
    Ok(edits)
}

/// The template, if it is one that a person writes.
fn template(name: &str, text: &str, holder: &Holder) -> Result<(Node, Language), Refusal> {
    if holder.text.is_some() {
        return Err(Refusal::by_hand("another template declares it"));
    }
    let parts = || name.split(['/', '\\']);
    let made = MADE.into_iter().find(|(directory, _)| parts().any(|part| part == *directory));
    let made = made.map(|(_, tool)| tool).or_else(|| holder.construct.as_ref().map(|_| "the CDK"));
    if let Some(tool) = made {
        let message = format!("{tool} made {name}, and makes it anew");
        return Err(Refusal::new(message, "change the code or the template that produces it"));
    }
    let Text::Template(root, language, false) = recognize(name, text) else {
        return Err(Refusal::by_hand(format!("{name} is not a file with one template")));
    };
    Ok((root, language))
}

/// Refuses edits of values that are those of several places, and of a resource that has such values in it.
fn ensure_once(
    (text, language): (&str, Language),
    resource: &Node,
    edits: &[TextEdit],
) -> Result<(), Refusal> {
    let repeated = if language == Language::Yaml { yaml::repeated(text) } else { Vec::new() };
    let touches =
        |at: &Range<usize>| repeated.iter().any(|shared| shared.start <= at.end && at.start <= shared.end);
    let borrows = !repeated.is_empty() && is_elsewhere(resource, &resource.at);
    if borrows || touches(&resource.at) || edits.iter().any(|edit| touches(&edit.at)) {
        return Err(Refusal::by_hand("it uses a YAML alias, so one place is the value of several"));
    }
    Ok(())
}

/// Whether a part of a value is written outside of a place.
fn is_elsewhere(node: &Node, within: &Range<usize>) -> bool {
    let is_inside = within.start <= node.at.start && node.at.end <= within.end;
    let inner = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    !is_inside || inner.into_iter().any(|inner| is_elsewhere(inner, within))
}

/// Where a property is.
enum Found<'t, 'n> {
    Value(&'t Node),
    /// The innermost map around it that is there, and the names from it.
    Absent(&'t Node, &'n [&'n str]),
}

fn find<'t, 'n>(node: &'t Node, names: &'n [&'n str]) -> Result<Found<'t, 'n>, Refusal> {
    let Some((first, rest)) = names.split_first() else { return Ok(Found::Value(node)) };
    if let Some((function, _)) = node.call() {
        let function = function.trim_start_matches("Fn::");
        return Err(Refusal::by_hand(format!("what is around `{first}` is the result of `{function}`")));
    }
    match (&node.what, node.get(first)) {
        (What::Map(_), Some(inner)) => find(inner, rest),
        (What::Map(_), None) => Ok(Found::Absent(node, names)),
        (What::Scalar(_) | What::List(_), _) => {
            Err(Refusal::by_hand(format!("what is around `{first}` is not a map")))
        }
    }
}

/// The value to write: the list with or without an element, where the setting is one.
fn wanted(node: &Node, value: &Value, element: Option<&str>) -> Result<Value, Refusal> {
    let Some(element) = element else { return Ok(value.clone()) };
    let mut all: Vec<Value> = node.items().iter().map(plain).collect();
    let one = Value::String(element.to_owned().into());
    all.retain(|held| *held != one);
    match value {
        Value::Bool(true) => all.push(one),
        Value::Bool(false) => {}
        _ => return Err(Refusal::by_hand(format!("`{element}` is in a list or not"))),
    }
    Ok(Value::List(all))
}

fn wanted_absent(value: &Value, element: Option<&str>) -> Result<Value, Refusal> {
    match (element, value) {
        (None, _) => Ok(value.clone()),
        (Some(element), Value::Bool(true)) => Ok(Value::List(vec![Value::String(element.to_owned().into())])),
        (Some(element), _) => Err(Refusal::by_hand(format!("`{element}` is in a list or not"))),
    }
}

/// A plain element of a list; null for what is not one.
fn plain(node: &Node) -> Value {
    node.text().map_or(Value::Null, |text| Value::String(text.to_owned().into()))
}

/// The template that is edited.
struct File<'t> {
    name: &'t Arc<str>,
    text: &'t str,
    root: &'t Node,
    language: Language,
    /// The values that are given for its parameters.
    given: &'t BTreeMap<String, String>,
}

impl File<'_> {
    fn edit(&self, at: Range<usize>, new: String) -> TextEdit {
        TextEdit { file: Arc::clone(self.name), at, new }
    }

    fn spot(&self, at: usize) -> String {
        format!("{}:{}", self.name, Lines::new(self.text, 1).line_column(at).0)
    }

    /// The edits that put another value in place of a literal, or in place of the default of its parameter.
    fn replaced(&self, node: &Node, value: &Value) -> Result<Vec<TextEdit>, Refusal> {
        if let Some(("Ref", name)) = node.call()
            && let Some(name) = name.text()
        {
            return self.parameter(name, value);
        }
        let edit = |(at, new)| self.edit(at, new);
        let shown = self.text.get(node.at.clone()).unwrap_or_default();
        let changes = match (&node.what, value) {
            (What::Scalar(scalar), _)
                if !shown.starts_with(['|', '>']) && self.text.is_char_boundary(node.at.end) =>
            {
                self.scalar(scalar, shown, value).map(|new| vec![(node.at.clone(), new)])
            }
            (What::List(items), Value::List(wanted)) => {
                let held: Vec<_> = items.iter().map(|item| (item.at.clone(), plain(item))).collect();
                let write = |one: &Value| insert::literal(one, self.language);
                match (held.iter().any(|(_, value)| *value == Value::Null), shown.starts_with('[')) {
                    (true, _) => None,
                    (false, true) if has_comments(self.text, &node.at, &held) => {
                        let message = format!(
                            "the list in {} has comments between its elements",
                            self.spot(node.at.start)
                        );
                        return Err(Refusal::by_hand(message));
                    }
                    (false, true) => in_brackets((self.text, node.at.clone()), &held, wanted, write),
                    (false, false) => self.indented_list(&held, wanted, write),
                }
            }
            _ => None,
        };
        let message = || format!("the value in {} is not a plain one", self.spot(node.at.start));
        Ok(changes.ok_or_else(|| Refusal::by_hand(message()))?.into_iter().map(edit).collect())
    }

    /// A value in the quotes that the one before it has.
    fn scalar(&self, scalar: &Scalar, shown: &str, value: &Value) -> Option<String> {
        let new = insert::literal(value, self.language)?;
        let bare = match value {
            Value::String(text) => text.to_string(),
            Value::Bool(_) | Value::Int(_) => new.clone(),
            _ => return None,
        };
        match (scalar.plain, shown.starts_with('\'')) {
            (true, _) => Some(new),
            (false, true) => Some(format!("'{}'", bare.replace('\'', "''"))),
            (false, false) => Some(serde_json::Value::from(bare).to_string()),
        }
    }

    /// The default of a parameter that nothing else uses.
    fn parameter(&self, name: &str, value: &Value) -> Result<Vec<TextEdit>, Refusal> {
        let mut uses = Vec::new();
        self.root.walk(&mut |node| {
            if node.call().is_some() {
                let own = mentions(node).into_iter().filter(|one| *one == name).count();
                let inner: usize = node.call().map_or(0, |(_, argument)| {
                    mentions(argument).into_iter().filter(|one| *one == name).count()
                });
                if own > inner {
                    uses.push(self.spot(node.at.start));
                }
            }
        });
        if uses.len() != 1 {
            let message =
                format!("the value comes from the parameter `{name}`, which is used in {}", uses.join(", "));
            return Err(Refusal::new(message, "change it by hand, or give the resource a value of its own"));
        }
        if self.given.contains_key(name) {
            let message =
                format!("the value comes from `--parameter {name}`, or from the file of parameters");
            return Err(Refusal::new(message, "give it another value there"));
        }
        let parameter = self.root.get("Parameters").and_then(|parameters| parameters.get(name));
        let message = || format!("the value comes from `{name}`, which has no default in the template");
        let default =
            parameter.and_then(|one| one.get("Default")).ok_or_else(|| Refusal::by_hand(message()))?;
        if let Some(bound) =
            BOUNDS.into_iter().find(|bound| parameter.is_some_and(|one| one.get(bound).is_some()))
        {
            let message = format!("the value comes from the parameter `{name}`, which has `{bound}`");
            return Err(Refusal::new(message, "change its `Default` by hand, within its bounds"));
        }
        let allowed = parameter.and_then(|one| one.get("AllowedValues")).map(Node::items).unwrap_or_default();
        let word = match value {
            Value::String(text) => text.to_string(),
            Value::Bool(_) | Value::Int(_) => value.to_string(),
            _ => return Err(Refusal::by_hand(format!("the parameter `{name}` is a list"))),
        };
        if !allowed.is_empty() && !allowed.iter().any(|one| one.text() == Some(&word)) {
            let message = format!("the parameter `{name}` does not allow `{word}`");
            return Err(Refusal::new(message, "add it to `AllowedValues` first"));
        }
        self.replaced(default, value)
    }

    /// The changes of a list that has one element on each line.
    fn indented_list(
        &self,
        held: &[(Range<usize>, Value)],
        wanted: &[Value],
        write: impl Fn(&Value) -> Option<String>,
    ) -> Option<Vec<(Range<usize>, String)>> {
        let text = self.text;
        let dash = |at: usize| {
            let start = line_start(text, at);
            text[start..at].trim() == "-"
        };
        if held.is_empty() || !held.iter().all(|(at, _)| dash(at.start)) {
            return None;
        }
        let stays = |value: &Value| wanted.contains(value);
        let last = held.iter().rfind(|(_, value)| stays(value))?;
        let mut changes = Vec::new();
        for (at, _) in held.iter().filter(|(_, value)| !stays(value)) {
            let end = end_of_line(text, at.end);
            let next = end + text[end..].find('\n').map_or(0, |newline| newline + 1);
            changes.push((line_start(text, at.start)..next, String::new()));
        }
        let before = &text[line_start(text, last.0.start)..last.0.start];
        let newline = line_end(text, last.0.start);
        let mut more = String::new();
        for one in wanted.iter().filter(|one| !held.iter().any(|(_, value)| value == *one)) {
            more.extend([newline, before, &write(one)?]);
        }
        let end = end_of_line(text, last.0.end);
        if !more.is_empty() {
            changes.push((end..end, more));
        }
        Some(changes)
    }
}
