//! Properties of a template as members of the API's answers, with their places.

use std::ops::Range;

use super::kind::Kind;
use super::node::Scalar;
use super::remarks::Remarks;
use super::term::{Meaning, Member, Open, Term};
use crate::mistake::nearest;
use crate::schema::{Kind as Type, Node, NodeId, schema};
use crate::source::declared::Places;
use crate::source::json::Walk;
use crate::value::{Map, Text, Value};

/// A way from the pool to a value.
pub(super) type Way = Vec<Walk<'static>>;

/// A step to a member.
pub(super) fn step(name: &str) -> Walk<'static> {
    Walk::Member(name.to_owned().into())
}

/// Translates the properties of one resource.
pub(super) struct Translator<'a> {
    pub kind: &'static Kind,
    pub places: &'a mut Places,
    pub remarks: &'a mut Remarks,
    /// How many steps lead to the resource.
    pub depth: usize,
}

impl Translator<'_> {
    /// The properties of the resource that stands at a way; those of its own are taken out before.
    pub(super) fn properties(&mut self, term: Term, way: &mut Way) -> Map {
        let node = match self.kind.node {
            "" => NodeId::ROOT,
            path => schema().find(path).unwrap_or(NodeId::ROOT),
        };
        let (members, open) = match term.what {
            Meaning::Map(members, open) => (members, open),
            Meaning::Unknown(why) | Meaning::Later { why, .. } => (Vec::new(), Some(why)),
            Meaning::Scalar(_) | Meaning::List(_) | Meaning::Absent => (Vec::new(), None),
        };
        let mut map = self.structure(members, open, node, way);
        for name in self.kind.later {
            if map.get(name).is_none() {
                let why = format!("the `{name}` of what a template makes is known when it is deployed");
                map.set((*name).into(), Value::Later(why.into()));
            }
        }
        map
    }

    /// The API's name of a property at the top of the resource.
    fn api_name<'n>(&self, property: &'n str, top: bool) -> Option<&'n str>
    where
        'static: 'n,
    {
        if !top {
            return Some(property);
        }
        let renamed = self.kind.renamed.iter().find(|(name, _)| *name == property);
        match renamed {
            Some((_, name)) => Some(name),
            None if self.kind.foreign.contains(&property) || self.kind.own.contains(&property) => None,
            // What has another name here is not known under its name in the API.
            None if self.kind.renamed.iter().any(|(_, name)| *name == property) => None,
            None => Some(property),
        }
    }

    fn structure(&mut self, members: Vec<Member>, open: Open, owner: NodeId, way: &mut Way) -> Map {
        let top = way.len() == self.depth;
        let mut map = Map::default();
        let mut strange = Vec::new();
        for member in members {
            let name = self.api_name(&member.key, top);
            let node = name.and_then(|name| schema().member(owner, name));
            let node = node.filter(|id| schema().node(*id).derived.is_none());
            match (node, name) {
                (Some(node), Some(name)) => {
                    way.push(step(name));
                    if let Some(value) = self.value(member.value, Some(node), way) {
                        map.set(schema().node(node).name.clone(), value);
                    }
                    way.pop();
                }
                _ => strange.push(member),
            }
        }
        if let Some(why) = open {
            for id in &schema().node(owner).members {
                let name = &schema().node(*id).name;
                if map.get(name).is_none() && !(top && self.kind.foreign.contains(&name.as_ref())) {
                    map.set(name.clone(), Value::Unknown(why.clone()));
                }
            }
        }
        for member in strange {
            self.strange(member, owner, top, &mut map, way);
        }
        map
    }

    /// A property that there is not. One that is probably meant is not known, so that no default stands in for it.
    fn strange(&mut self, member: Member, owner: NodeId, top: bool, map: &mut Map, way: &mut Way) {
        let kind = self.kind;
        let is_absent =
            |name: &&&'static str| !(top && kind.foreign.contains(name)) && map.get(name).is_none();
        let absent: Vec<&'static str> =
            schema().node(owner).names.iter().filter(is_absent).copied().collect();
        let called = |name: &&'static str| -> &'static str {
            let renamed = kind.renamed.iter().find(|(_, api)| top && api == name);
            renamed.map_or(name, |(property, _)| property)
        };
        let meant = nearest(&member.key, absent.iter().map(called));
        let path = self.path(way, &member.key);
        let help = meant.map_or_else(String::new, |name| format!(", but `{name}`"));
        let name = self.kind.name;
        self.remarks.note(
            &member.key_at,
            format!("`{name}` has no property `{path}`{help}; CloudFormation would refuse the template"),
        );
        let api = meant.and_then(|meant| absent.iter().find(|name| called(name) == meant));
        if let Some(api) = api {
            let why = format!("`{path}` stands here, which is no property, and may be meant for it");
            map.set((*api).into(), Value::Unknown(why.into()));
            way.push(step(api));
            self.places.values.entry(way.clone()).or_insert(member.key_at.clone());
            way.pop();
        }
        if schema().names_secret(&member.key) {
            map.set(member.key.to_string().into(), Value::Secret);
        } else if let Some(value) = self.value(member.value, None, &mut Way::new()) {
            map.set(member.key.to_string().into(), value);
        }
    }

    /// What the template calls what stands at a way.
    fn path(&self, way: &Way, last: &str) -> String {
        let names = way[self.depth..].iter().filter_map(|step| match step {
            Walk::Member(name) => Some(name.as_ref()),
            Walk::Index(_) => None,
        });
        let around = names.collect::<Vec<_>>().join(".");
        match (self.kind.property)(&around).filter(|_| !around.is_empty()) {
            Some(around) => format!("{around}.{last}"),
            None => last.to_owned(),
        }
    }

    /// A value; `None` for none. `way` is empty where nobody needs the place.
    pub(super) fn value(&mut self, term: Term, node: Option<NodeId>, way: &mut Way) -> Option<Value> {
        let Term { at, what } = term;
        if matches!(what, Meaning::Absent) {
            return None;
        }
        if !way.is_empty() {
            self.places.values.entry(way.clone()).or_insert(at.clone());
        }
        let known = node.map(|id| schema().node(id));
        if let (true, Meaning::Scalar(_) | Meaning::Later { .. }) =
            (known.is_some_and(|node| node.secret), &what)
        {
            return Some(Value::Secret);
        }
        Some(match what {
            Meaning::Scalar(scalar) => self.scalar(&scalar, known, &at, way),
            Meaning::List(items) => {
                let element = known.filter(|node| node.kind == Type::List).and_then(|node| node.element);
                let mut values = Vec::new();
                for mut item in items {
                    if item.at.end == 0 {
                        item.at = at.clone();
                    }
                    let seen = !way.is_empty();
                    if seen {
                        way.push(Walk::Index(values.len()));
                    }
                    values.extend(self.value(item, element, way));
                    if seen {
                        way.pop();
                    }
                }
                Value::List(values)
            }
            Meaning::Map(members, open) => match (node, known) {
                (Some(id), Some(known)) if known.kind == Type::Structure => {
                    Value::Map(self.structure(members, open, id, way))
                }
                _ => self.entries(members, open, known, way),
            },
            Meaning::Later { why, .. } => Value::Later(why),
            Meaning::Unknown(why) => Value::Unknown(why),
            Meaning::Absent => return None,
        })
    }

    /// The keys and values of a map such as the tags.
    fn entries(
        &mut self,
        members: Vec<Member>,
        open: Open,
        node: Option<&'static Node>,
        way: &mut Way,
    ) -> Value {
        if let Some(why) = open {
            return Value::Unknown(why);
        }
        let element = node.filter(|node| node.kind == Type::Map).and_then(|node| node.element);
        let mut map = Map::default();
        for member in members {
            let secret = match node {
                Some(node) => node.is_secret_key(&member.key),
                None => schema().names_secret(&member.key),
            };
            let seen = !way.is_empty();
            if seen {
                way.push(step(&member.key));
            }
            if let Some(value) = self.value(member.value, element, way) {
                map.set(member.key.to_string().into(), if secret { Value::Secret } else { value });
            }
            if seen {
                way.pop();
            }
        }
        Value::Map(map)
    }

    /// A scalar as the type that the API has there: CloudFormation takes `"12"` for 12 and `"true"` for true.
    fn scalar(
        &mut self,
        scalar: &Scalar,
        node: Option<&'static Node>,
        at: &Range<usize>,
        way: &Way,
    ) -> Value {
        let text = || Value::String(Text::Owned(scalar.canonical().to_string()));
        let Some(node) = node else {
            return match scalar.boolean() {
                Some(boolean) => Value::Bool(boolean),
                None => scalar.text.parse().ok().filter(|_| scalar.plain).map_or_else(text, Value::Int),
            };
        };
        match node.kind {
            Type::Boolean => match &*scalar.canonical().to_ascii_lowercase() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => text(),
            },
            Type::Integer => integer(scalar).map_or_else(text, Value::Int),
            Type::String => self.string(scalar, node, at, way),
            _ => text(),
        }
    }

    fn string(&mut self, scalar: &Scalar, node: &'static Node, at: &Range<usize>, way: &Way) -> Value {
        let word = match scalar.boolean() {
            Some(true) => "ON",
            Some(false) => "OFF",
            None => "",
        };
        if let Some(value) = node.values.iter().find(|value| **value == word) {
            let (text, boolean) = (&scalar.text, scalar.canonical());
            let name = match way.last() {
                Some(Walk::Member(name)) => name.as_ref(),
                _ => "the property",
            };
            self.remarks.note(
                at,
                format!(
                    "`{text}` without quotes is the boolean {boolean} to CloudFormation, and Cognito refuses \
                     \"{boolean}\" for {name}; it is read as \"{word}\" here, and should be written so"
                ),
            );
            return Value::String(value.clone());
        }
        let canonical = scalar.canonical();
        let known = node.values.iter().find(|value| **value == *canonical);
        Value::String(known.cloned().unwrap_or_else(|| canonical.to_string().into()))
    }
}

/// A whole number as YAML 1.1 writes it: one that starts with 0 and has no quotes is octal.
fn integer(scalar: &Scalar) -> Option<i64> {
    let text = scalar.text.trim();
    let digits = text.trim_start_matches('-');
    if scalar.plain
        && digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|digit| digit.is_ascii_digit())
    {
        return i64::from_str_radix(text, 8).ok();
    }
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}
