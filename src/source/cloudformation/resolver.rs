//! Evaluates expressions, as far as they can be known before the template is deployed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::{MACRO, Node, What};
use super::parameter::Given;
use super::template::Template;
use super::text;
use super::work::{EXCEEDED, VALUE};
use crate::source::declared::{Meaning, Member, Term};

/// A template while its conditions come out in some way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver<'s> {
    pub template: &'s Template,
    /// The conditions whose outcome is known.
    pub outcomes: &'s BTreeMap<Arc<str>, bool>,
    /// Work with what must not be shown, because only a yes or no comes of it.
    pub reveal: bool,
}

impl Resolver<'_> {
    /// The result of an expression.
    pub(super) fn term(&self, node: &Node) -> Term {
        if !self.template.work.take(VALUE) {
            return Term { at: Some(node.at.clone()), what: Meaning::unknown(EXCEEDED) };
        }
        if let Some((function, argument)) = node.call() {
            return self.call(function, argument, node);
        }
        let what = match &node.what {
            What::Scalar(scalar) if scalar.text.contains("{{resolve:") => Meaning::later(
                "a dynamic reference (`{{resolve:...}}`) is known when the template is deployed",
            ),
            What::Scalar(scalar) if scalar.is_null() => {
                Meaning::unknown("there is nothing here (null), which CloudFormation refuses")
            }
            What::Scalar(scalar) => Meaning::Scalar(scalar.clone()),
            What::List(items) => Meaning::List(
                items
                    .iter()
                    .map(|item| self.term(item))
                    .filter(|term| !matches!(term.what, Meaning::Absent))
                    .collect(),
            ),
            What::Map(_) => self.map(node),
        };
        Term { at: Some(node.at.clone()), what }
    }

    fn map(&self, node: &Node) -> Meaning {
        if let Some(why) = node.made_anew() {
            return Meaning::Unknown(why);
        }
        let (mut members, mut open) = (Vec::new(), None);
        for entry in node.entries() {
            if entry.key.starts_with("Fn::") {
                let why = format!("what `{}` brings in here is not known before the deployment", entry.key);
                open = Some(why.into());
                continue;
            }
            let value = self.term(&entry.value);
            if !matches!(value.what, Meaning::Absent) {
                members.push(Member { key: Arc::clone(&entry.key), key_at: entry.key_at.clone(), value });
            }
        }
        Meaning::Map(members, open)
    }

    /// A call of a function. Its place is that of the call, since its arguments may be anywhere.
    fn call(&self, function: &str, argument: &Node, node: &Node) -> Term {
        let short = format!("!{}", function.trim_start_matches("Fn::"));
        let term = |node: &Node| self.term(node);
        let work = &self.template.work;
        let what = match function {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::If" => return self.choice(argument, node),
            "Fn::Sub" => text::substitute(argument, &term, &|name| self.named(name), work),
            "Fn::Join" => text::join(argument, &term, work),
            "Fn::Split" => text::split(argument, &term, work),
            "Fn::Select" => text::select(argument, &term),
            "Fn::Base64" => text::base64(&self.term(argument).what, work),
            "Fn::Length" => text::length(&self.term(argument).what),
            "Fn::ToJsonString" => text::to_json(&self.term(argument).what, work),
            "Fn::FindInMap" => self.mapped(argument),
            "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => {
                Meaning::unknown(format!("`{short}` is used where a value is expected"))
            }
            MACRO => node.made_anew().map_or(Meaning::Absent, Meaning::Unknown),
            _ => {
                let shown = argument.text().map_or_else(String::new, |text| format!(" {text}"));
                let of = self.term(argument).resources();
                let why = format!("`{short}{shown}` is known when the template is deployed").into();
                Meaning::Later { why, of }
            }
        };
        Term { at: Some(node.at.clone()), what }
    }

    fn reference(&self, argument: &Node) -> Meaning {
        match argument.text() {
            Some(name) => self.named(name),
            None => Meaning::unknown("`!Ref` takes a name"),
        }
    }

    /// The value of a name: a parameter, a pseudo parameter, a resource, or an attribute of one.
    pub(super) fn named(&self, name: &str) -> Meaning {
        if name == "AWS::NoValue" {
            return Meaning::Absent;
        }
        if let Some(parameter) = self.template.parameters.get(name) {
            if parameter.hidden && !self.reveal {
                return Meaning::later(format!("the value of parameter `{name}` is not shown (NoEcho)"));
            }
            return match &parameter.value {
                Given::Text(scalar) => Meaning::Scalar(scalar.clone()),
                Given::List(items) if !self.template.work.take(VALUE * items.len()) => {
                    Meaning::unknown(EXCEEDED)
                }
                Given::List(items) => Meaning::List(
                    items
                        .iter()
                        .map(|item| Term { at: None, what: Meaning::text(Arc::clone(item)) })
                        .collect(),
                ),
                Given::Unknown(why) => Meaning::later(Arc::clone(why)),
            };
        }
        if name.starts_with("AWS::") {
            return match self.template.pseudo.get(name) {
                Some(value) => Meaning::text(value.as_str()),
                None => Meaning::later(format!(
                    "`{name}` is known when the template is deployed; give it with --parameter {name}=..."
                )),
            };
        }
        let (resource, attribute) = name.split_once('.').map_or((name, None), |(id, rest)| (id, Some(rest)));
        if !self.template.has_resource(resource) {
            return Meaning::unknown(format!(
                "the template has neither a parameter nor a resource `{resource}`"
            ));
        }
        let why = match attribute {
            None => format!("the id of `{resource}` is known when the template is deployed"),
            Some(_) => format!("`{name}` is known when the template is deployed"),
        };
        Meaning::Later { why: why.into(), of: vec![resource.into()] }
    }

    fn attribute(&self, argument: &Node) -> Meaning {
        match (&argument.what, argument.items()) {
            (What::Scalar(scalar), _) if scalar.text.contains('.') => self.named(&scalar.text),
            (_, [resource, attribute]) => match (resource.text(), attribute.text()) {
                (Some(resource), Some(attribute)) => self.named(&format!("{resource}.{attribute}")),
                (Some(resource), None) => self.named(&format!("{resource}.?")),
                _ => Meaning::unknown("`!GetAtt` takes a resource and an attribute"),
            },
            _ => Meaning::unknown("`!GetAtt` takes a resource and an attribute"),
        }
    }

    fn choice(&self, argument: &Node, node: &Node) -> Term {
        let unknown = |why: String| Term { at: Some(node.at.clone()), what: Meaning::unknown(why) };
        let [condition, then, otherwise] = argument.items() else {
            return unknown("`!If` takes a condition and two values".to_owned());
        };
        let name = condition.text().or_else(|| condition.get("Condition").and_then(Node::text));
        let Some(name) = name else {
            return unknown("`!If` takes the name of a condition".to_owned());
        };
        let chosen = match self.outcomes.get(name) {
            Some(true) => then,
            Some(false) => otherwise,
            None if self.template.condition(name).is_none() => {
                return unknown(format!("the template has no condition `{name}`"));
            }
            None => return unknown(format!("it depends on condition `{name}`, whose outcome is not known")),
        };
        self.term(chosen)
    }

    fn mapped(&self, argument: &Node) -> Meaning {
        let [map, first, second, rest @ ..] = argument.items() else {
            return Meaning::unknown("`!FindInMap` takes a map and two keys");
        };
        let mut keys = Vec::new();
        for key in [map, first, second] {
            let term = self.term(key);
            match (term.what.as_text(), term.what) {
                (Some(text), _) => keys.push(text),
                (None, Meaning::Later { why, of }) => return Meaning::Later { why, of },
                (None, Meaning::Unknown(why)) => return Meaning::Unknown(why),
                (None, _) => return Meaning::unknown("a key of `!FindInMap` is not a text"),
            }
        }
        let found = match self.template.mapped(&keys) {
            Ok(found) => found,
            Err(why) => return Meaning::Unknown(why),
        };
        match (found, rest.first().and_then(|options| options.get("DefaultValue"))) {
            (Some(value), _) | (None, Some(value)) => self.term(value).what,
            (None, None) => {
                Meaning::unknown(format!("mapping `{}` has nothing at `{}`, `{}`", keys[0], keys[1], keys[2]))
            }
        }
    }
}
