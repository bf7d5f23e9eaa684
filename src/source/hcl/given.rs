//! The values of the root module's variables, in the order in which Terraform takes them.

mod constant;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::directory::{Directory, is_json};
use super::files::{Assignment, Given};
use super::parse::{self, Refused};
use super::scope::{Instance, Program};
use super::syntax::{Body, Expr, Place};
use super::unknown::Unknown;
use super::value::Value;
use super::variable::takes_text;
use crate::source::Unread;
use crate::source::text::Lines;

/// The values that are given, and what could not be read of them.
#[derive(Default)]
pub(super) struct Values {
    pub all: BTreeMap<Rc<str>, Value>,
    pub unread: Vec<Unread>,
    /// Remarks about names in the files of the directory that are not those of variables.
    pub strange: BTreeSet<String>,
}

/// The values of all files and of the command line.
pub(super) fn values(program: &Program<'_>, directory: &Rc<Directory>, given: &Given) -> Values {
    let mut values = Values::default();
    for name in files(&(program.files.list)(&directory.path)) {
        let path = if directory.path.is_empty() { name } else { format!("{}/{name}", directory.path) };
        if let Some(bytes) = (program.files.read)(&path) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let shown = (program.files.shown)(&path);
            let mut strange = values.file(program, directory, &shown, &text);
            strange.retain(|name| !directory.variables.contains_key(name.as_str()));
            if directory.incomplete.is_none() && !strange.is_empty() {
                values.strange.insert(strangers(&shown, &strange));
            }
        }
    }
    for one in &given.variables {
        match one {
            Assignment::File { name, text } => {
                values.file(program, directory, name, text);
            }
            Assignment::Variable { name, value } => values.variable(program, directory, name, value),
        }
    }
    values
}

/// The files of a directory that Terraform takes values from by itself, the last of which wins.
fn files(names: &[String]) -> Vec<String> {
    let has = |name: &str| names.iter().any(|one| one == name);
    let mut found: Vec<String> = Vec::new();
    found.extend(
        ["terraform.tfvars", "terraform.tfvars.json"].into_iter().filter(|name| has(name)).map(str::to_owned),
    );
    let automatic = |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    let mut others: Vec<String> = names.iter().filter(automatic).cloned().collect();
    others.sort();
    found.extend(others);
    found
}

/// The arguments of a file of values.
fn assignments(file: usize, shown: &str, text: &str) -> Result<Body, Refused> {
    let body = match is_json(shown) {
        true => parse::json_body(file, text, true)?,
        false => parse::body(file, text)?,
    };
    let refused = |message, at: Place| Refused { message, at: Lines::new(text, 1).line_column(at.start) };
    if let Some(block) = body.blocks.first() {
        let message = format!("it has a block (`{}`), and only arguments are allowed in it", block.kind);
        return Err(refused(message, block.header));
    }
    match body.attributes.iter().find_map(|attribute| constant::not_constant(&attribute.value)) {
        Some((message, at)) => Err(refused(message, at)),
        None => Ok(body),
    }
}

/// A value of the command line as an expression.
fn constant(file: usize, text: &str) -> Result<Expr, Refused> {
    let expression = parse::expression(file, text)?;
    match constant::not_constant(&expression) {
        Some((message, at)) => Err(Refused { message, at: Lines::new(text, 1).line_column(at.start) }),
        None => Ok(expression),
    }
}

/// A remark about names in a file of values that are not those of variables. Terraform warns of them.
pub(super) fn strangers(shown: &str, names: &BTreeSet<String>) -> String {
    let listed: Vec<&str> = names.iter().map(String::as_str).collect();
    let values = if names.len() == 1 { "a value" } else { "values" };
    format!("{shown} has {values} for {}, which no configuration declares", listed.join(", "))
}

/// The names that a file of values has; none where it cannot be read.
pub(super) fn names(shown: &str, text: &str) -> BTreeSet<String> {
    names_of(&assignments(0, shown, text).unwrap_or_default())
}

fn names_of(body: &Body) -> BTreeSet<String> {
    body.attributes.iter().map(|attribute| attribute.name.to_string()).collect()
}

impl Values {
    /// Reads a file, and returns the names that it has.
    fn file(
        &mut self,
        program: &Program<'_>,
        directory: &Rc<Directory>,
        shown: &str,
        text: &str,
    ) -> BTreeSet<String> {
        let file = program.add_text(shown.to_owned(), shown.to_owned(), text.to_owned());
        let parsed = assignments(file, shown, text);
        match parsed {
            Ok(body) => {
                self.body(program, directory, &body);
                names_of(&body)
            }
            Err(refused) => {
                // A value that it gives may be any variable's.
                for name in directory.variables.keys() {
                    let why = Unknown::because(format!("{shown} may give var.{name}, and could not be read"));
                    self.all.insert(Rc::clone(name), Value::unknown(why));
                }
                let message = format!("this is not read as values of variables: {}", refused.message);
                self.unread.push(Unread { at: Some(refused.at), ..Unread::new(shown.to_owned(), message) });
                BTreeSet::new()
            }
        }
    }

    fn body(&mut self, program: &Program<'_>, directory: &Rc<Directory>, body: &Body) {
        let scope =
            Rc::new(Instance::new(Rc::clone(directory), super::scope::Given::Root(BTreeMap::new()))).scope();
        for attribute in &body.attributes {
            self.all.insert(Rc::clone(&attribute.name), program.value(&attribute.value, &scope));
        }
    }

    /// A value of the command line: a text where the variable is plain, else an expression.
    fn variable(&mut self, program: &Program<'_>, directory: &Rc<Directory>, name: &str, text: &str) {
        // One of several configurations may declare it. A name that none declares is refused before they are read.
        let Some(declared) = directory.variables.get(name) else { return };
        let file = program.add_text(String::new(), format!("--var {name}"), text.to_owned());
        let at = Place { file, start: 0, end: text.len() };
        let value = match takes_text(declared) {
            true => Value::text(text).at(at),
            false => match constant(file, text) {
                Ok(expression) => {
                    let scope = Rc::new(Instance::new(
                        Rc::clone(directory),
                        super::scope::Given::Root(BTreeMap::new()),
                    ))
                    .scope();
                    program.value(&expression, &scope)
                }
                Err(refused) => {
                    let message = format!("this is not a value: {}", refused.message);
                    self.unread.push(Unread::new(format!("--var {name}"), message));
                    Value::unknown(Unknown::because(format!("the value of var.{name} is not read")))
                }
            },
        };
        self.all.insert(name.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_values_are_read_in_the_order_of_terraform() {
        let names =
            ["b.auto.tfvars", "x.tfvars", "a.auto.tfvars.json", "terraform.tfvars.json", "terraform.tfvars"];
        let names = names.map(str::to_owned);
        let wanted = ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "b.auto.tfvars"];
        assert_eq!(files(&names), wanted);
    }
}
