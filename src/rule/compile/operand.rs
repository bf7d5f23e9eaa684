//! Operands and the parameters that they may name.

use std::ops::Range;

use super::{Compiler, inside};
use crate::diagnostic::{SourceDiagnostic, SourceFile, suggest};
use crate::rule::policy::Override;
use crate::rule::written::{SpannedText, WrittenRule};
use crate::spanned::{Item, Toml};
use crate::value::Value;

/// The parameters of a rule after overrides.
pub(super) struct Params(Vec<Param>);

struct Param {
    name: String,
    name_at: Range<usize>,
    /// The value in force, and where it was written: the rule's file, a pack or a configuration.
    item: Item,
    source_file: SourceFile,
    used: bool,
}

/// An operand with its parameter put in.
#[derive(Clone)]
pub(super) struct Operand {
    pub value: Value,
    pub item: Item,
    pub source_file: SourceFile,
}

impl Operand {
    fn new(item: &Item, source_file: &SourceFile) -> Operand {
        Operand { value: item.toml.to_value(), item: item.clone(), source_file: source_file.clone() }
    }

    pub(super) fn mistake(&self, message: impl Into<String>, label: impl Into<String>) -> SourceDiagnostic {
        SourceDiagnostic::new(&self.source_file, self.item.at.clone(), message, label)
    }

    /// The same, with what it is as label.
    pub(super) fn wrong_kind(&self, message: impl Into<String>) -> SourceDiagnostic {
        self.mistake(message, format!("this is {}", self.item.toml.kind()))
    }

    /// The elements of an array, each with its own place.
    pub(super) fn elements(&self) -> Option<Vec<Operand>> {
        match &self.item.toml {
            Toml::List(items) => {
                Some(items.iter().map(|item| Operand::new(item, &self.source_file)).collect())
            }
            _ => None,
        }
    }

    /// How it was written.
    pub(super) fn source(&self) -> &str {
        &self.source_file.text()[self.item.at.clone()]
    }
}

impl Params {
    pub(super) fn new(
        written: &WrittenRule,
        overrides: &[&Override],
        mistakes: &mut Vec<SourceDiagnostic>,
    ) -> Params {
        let param = |param: &crate::rule::written::WrittenParam| Param {
            name: param.name.0.clone(),
            name_at: param.name.1.clone(),
            item: param.value.clone(),
            source_file: written.source_file.clone(),
            used: false,
        };
        let mut params: Vec<Param> = written.params.iter().map(param).collect();
        for change in overrides {
            for set in &change.params {
                override_param(&mut params, written, change, set, mistakes);
            }
        }
        Params(params)
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|param| param.name == name).map(|param| param.item.toml.to_value())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|param| param.name.as_str())
    }

    /// Reports parameters that are not used, unless there are mistakes beside a number of others: those hide uses.
    pub(super) fn check_used(&self, others: usize, mistakes: &mut Vec<SourceDiagnostic>) {
        if mistakes.len() > others {
            return;
        }
        for param in self.0.iter().filter(|param| !param.used) {
            let message = format!("the parameter `{}` is not used", param.name);
            let help =
                format!("write `{{ param = \"{}\" }}` where its value belongs, or take it out", param.name);
            mistakes.push(
                SourceDiagnostic::new(&param.source_file, param.name_at.clone(), message, "unused")
                    .help(help),
            );
        }
    }

    pub(super) fn take_values(&mut self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.0)
            .into_iter()
            .map(|param| (param.name, param.item.toml.to_value()))
            .collect()
    }
}

fn override_param(
    params: &mut [Param],
    written: &WrittenRule,
    change: &Override,
    set: &crate::rule::policy::ParamOverride,
    mistakes: &mut Vec<SourceDiagnostic>,
) {
    let (name, name_at) = &set.name;
    let names: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
    let Some(param) = params.iter_mut().find(|param| param.name == *name) else {
        let message = format!("the rule `{}` has no parameter `{name}`", written.id.0);
        let help = match names.is_empty() {
            true => "it has no parameters".to_owned(),
            false => suggest(name, names.iter().map(String::as_str)),
        };
        mistakes.push(
            SourceDiagnostic::new(&change.source_file, name_at.clone(), message, "unknown parameter")
                .help(help),
        );
        return;
    };
    if std::mem::discriminant(&param.item.toml) != std::mem::discriminant(&set.value.toml) {
        let message = format!("`{name}` must be {}", param.item.toml.kind());
        let help = format!("the rule's own value is {}", param.item.toml.to_value());
        let label = format!("this is {}", set.value.toml.kind());
        mistakes.push(
            SourceDiagnostic::new(&change.source_file, set.value.at.clone(), message, label).help(help),
        );
        return;
    }
    param.item = set.value.clone();
    param.source_file = change.source_file.clone();
}

/// The path of an operand that is another value of the pool: `{ path = "$.CustomDomain" }`.
pub(super) fn path_operand(item: &Item) -> Option<SpannedText> {
    let Toml::Table(table) = &item.toml else { return None };
    match table.get("path").filter(|_| table.entries.len() == 1)? {
        Item { toml: Toml::String(path), at } => Some((path.clone(), at.clone())),
        _ => None,
    }
}

/// The placeholders of a text: `{name}`, with its place and its name. Other braces are text.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices('{').filter_map(|(start, _)| {
        let name = &text[start + 1..start + text[start..].find('}')?];
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (!name.is_empty() && name.chars().all(plain)).then(|| (start..start + name.len() + 2, name))
    })
}

/// The texts of a parameter as a part of a pattern that matches just them.
fn escaped(param: &Operand) -> Option<String> {
    let texts = param.elements().unwrap_or_else(|| vec![param.clone()]);
    let escape = |one: &Operand| one.value.as_str().filter(|text| !text.is_empty()).map(regex::escape);
    let texts: Vec<String> = texts.iter().map(escape).collect::<Option<_>>()?;
    (!texts.is_empty()).then(|| texts.join("|"))
}

impl Compiler<'_> {
    /// The value of an operand, with `{ param = "name" }` put in.
    pub(super) fn operand(&mut self, item: &Item) -> Option<Operand> {
        let source_file = self.rule.source_file.clone();
        let Toml::Table(table) = &item.toml else {
            return Some(Operand::new(item, &source_file));
        };
        let help = "write a plain value, `{ param = \"name\" }` or `{ path = \"NAME\" }`";
        let Some(Item { toml: Toml::String(name), at }) =
            table.get("param").filter(|_| table.entries.len() == 1)
        else {
            self.mistake(
                item.at.clone(),
                "an operand cannot be a table",
                "this is a table",
                Some(help.to_owned()),
            );
            return None;
        };
        self.param(name, at)
    }

    /// The value of a parameter.
    pub(super) fn param(&mut self, name: &str, at: &Range<usize>) -> Option<Operand> {
        if let Some(param) = self.params.0.iter_mut().find(|param| param.name == *name) {
            param.used = true;
            let is_param = !matches!(param.item.toml, Toml::Float(_) | Toml::Date(_) | Toml::Table(_));
            return is_param.then(|| Operand::new(&param.item, &param.source_file));
        }
        if self.rule.lacks_params {
            return None;
        }
        let names: Vec<&str> = self.params.names().collect();
        let help = match names.is_empty() {
            true => format!("declare it: `params = {{ {name} = ... }}`"),
            false => suggest(name, names),
        };
        let message = format!("this rule has no parameter `{name}`");
        self.mistake(at.clone(), message, "unknown parameter", Some(help));
        None
    }

    /// A regular expression with its parameters put in: a text as it is, and a list as one text or another.
    pub(super) fn pattern(&mut self, item: &Item) -> Option<Operand> {
        let operand = self.operand(item)?;
        let Toml::String(text) = &item.toml else { return Some(operand) };
        let placed = (text.clone(), item.at.clone());
        let (mut filled, mut from) = (String::new(), 0);
        for (at, name) in placeholders(text) {
            // Digits say how often something is repeated.
            if name.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let param = self.param(name, &inside(self.rule, &placed, at.clone()))?;
            let Some(texts) = escaped(&param) else {
                let message =
                    format!("`{name}` is put into a pattern, and must be a text or a list of texts");
                let help = "write at least one text, and none that is empty";
                self.mistakes.push(param.wrong_kind(message).help(help));
                return None;
            };
            filled.push_str(&text[from..at.start]);
            filled.push_str(&format!("(?:{texts})"));
            from = at.end;
        }
        filled.push_str(&text[from..]);
        Some(Operand { value: Value::String(filled.into()), ..operand })
    }
}
