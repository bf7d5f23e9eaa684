//! Declarations of new pools as text: settings by the names of the API, written as the resources of a language.

mod tree;
mod place;
mod hcl;
mod template;
mod construct;

use std::sync::Arc;

use crate::value::{Text, Value};
use place::Resource;

/// A language that pools are declared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftLanguage {
    Terraform,
    /// A template in YAML.
    Yaml,
    /// A template in JSON.
    Json,
    /// A stack of the AWS CDK in TypeScript.
    Cdk,
}

/// The settings of a pool that is not there yet.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Each path once.
    pub settings: Vec<DraftSetting>,
}

/// A value of a new pool.
#[derive(Clone, Debug)]
pub struct DraftSetting {
    /// The members from the top of the pool. The first element of a list is meant: `Clients`, `ExplicitAuthFlows`.
    pub path: Vec<Text>,
    pub term: Term,
    /// Lines that are written above it.
    pub comments: Vec<String>,
}

/// A value, or something that stands for one.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Value(Value),
    Parameter(Arc<Parameter>),
    List(Vec<Term>),
    Structure(Vec<(Text, Term)>),
}

/// A value that a person has to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// In snake case.
    pub name: String,
    /// A sentence without a period.
    pub about: String,
    /// A value that it could have.
    pub example: String,
}

impl Draft {
    /// Sets a value. It replaces the one that is there.
    pub fn set(&mut self, path: &[Text], term: Term) {
        match self.settings.iter_mut().find(|setting| setting.path == path) {
            Some(setting) => setting.term = term,
            None => {
                let (path, comments) = (path.to_vec(), Vec::new());
                self.settings.push(DraftSetting { path, term, comments });
            }
        }
    }

    /// The parameters, each once, in the order of the settings.
    pub fn parameters(&self) -> Vec<&Parameter> {
        let mut parameters = Vec::new();
        for setting in &self.settings {
            setting.term.add_parameters(&mut parameters);
        }
        parameters
    }

    /// The same with an example for each value that a person has to choose.
    #[must_use]
    pub fn with_examples(&self) -> Draft {
        let settings = self.settings.iter();
        let settings = settings.map(|one| DraftSetting { term: one.term.with_examples(), ..one.clone() });
        Draft { settings: settings.collect() }
    }

    /// The declaration, and the paths of settings that the language has no name for.
    pub fn text(&self, language: DraftLanguage) -> (String, Vec<String>) {
        let (resources, unsaid) = place::resources(self, language);
        let text = match language {
            DraftLanguage::Terraform => hcl::text(self, &resources),
            DraftLanguage::Yaml => template::yaml(self, &resources),
            DraftLanguage::Json => template::json(self, &resources),
            DraftLanguage::Cdk => construct::text(self, &resources),
        };
        (escaped(&text, language), unsaid)
    }
}

/// Writes characters that are not to be seen, or read in more than one way, by their numbers. They are in quoted texts
/// alone.
fn escaped(text: &str, language: DraftLanguage) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_plain = if letter.is_ascii() { letter != '\u{7f}' } else { letter.is_alphanumeric() };
        let number = u32::from(letter);
        match language {
            _ if is_plain => escaped.push(letter),
            DraftLanguage::Terraform | DraftLanguage::Yaml if number > 0xffff => {
                escaped.push_str(&format!("\\U{number:08x}"));
            }
            _ => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    escaped
}

impl Term {
    /// Whether it is a list without elements.
    pub fn is_empty(&self) -> bool {
        match self {
            Term::List(items) => items.is_empty(),
            Term::Value(value) => value.as_list().is_some_and(<[Value]>::is_empty),
            Term::Parameter(_) | Term::Structure(_) => false,
        }
    }

    fn add_parameters<'t>(&'t self, parameters: &mut Vec<&'t Parameter>) {
        match self {
            Term::Value(_) => {}
            Term::Parameter(parameter) if parameters.contains(&parameter.as_ref()) => {}
            Term::Parameter(parameter) => parameters.push(parameter),
            Term::List(items) => {
                for item in items {
                    item.add_parameters(parameters);
                }
            }
            Term::Structure(members) => {
                for (_, member) in members {
                    member.add_parameters(parameters);
                }
            }
        }
    }

    fn with_examples(&self) -> Term {
        match self {
            Term::Value(_) => self.clone(),
            Term::Parameter(parameter) => Term::Value(Value::String(parameter.example.clone().into())),
            Term::List(items) => Term::List(items.iter().map(Term::with_examples).collect()),
            Term::Structure(members) => {
                let members = members.iter().map(|(name, member)| (name.clone(), member.with_examples()));
                Term::Structure(members.collect())
            }
        }
    }
}
