//! Properties of a template as members of the API's answers, with their places.

use std::ops::Range;

use super::node::Scalar;
use super::remarks::Remarks;
use super::term::{Meaning, Member, Open, Term};
use crate::mistake::nearest;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::source::declared::{self, Argument, Mapping, Places};
use crate::source::text::Walk;
use crate::value::{Map, Text, Value};

/// A way from the pool to a value.
pub(super) type Way = Vec<Walk<'static>>;

/// A step to a member.
pub(super) fn step(name: &str) -> Walk<'static> {
    Walk::Member(name.to_owned().into())
}

/// Translates the properties of one resource.
pub(super) struct Translator<'a> {
    pub mapping: &'static Mapping,
    pub places: &'a mut Places,
    pub remarks: &'a mut Remarks,
    /// How many steps lead to the resource.
    pub depth: usize,
}

impl Translator<'_> {
    /// The properties of the resource that stands at a way; those of its own are taken out before.
    pub(super) fn properties(&mut self, term: Term, way: &mut Way) -> Map {
        let (members, open) = match term.what {
            Meaning::Map(members, open) => (members, open),
            Meaning::Unknown(why) | Meaning::Later { why, .. } => (Vec::new(), Some(why)),
            Meaning::Scalar(_) | Meaning::List(_) | Meaning::Absent => (Vec::new(), None),
        };
        let mut map = Map::default();
        let mut strange = Vec::new();
        for member in members {
            match self.property(&member.key) {
                Some(argument) => self.set(argument, member.value, &mut map, way),
                None => strange.push(member),
            }
        }
        for argument in self.mapping.arguments.iter().filter(|argument| argument.settable) {
            if let (Some(why), [name]) = (&open, argument.to.as_slice())
                && map.get(name).is_none()
            {
                map.set((*name).into(), Value::Unknown(why.clone()));
            }
        }
        for member in strange {
            self.strange(member, self.mapping.at, &mut map, way);
        }
        map
    }

    /// A property of the resource that a template can set.
    fn property(&self, name: &str) -> Option<&'static Argument> {
        self.mapping.argument(name).filter(|argument| argument.settable)
    }

    /// Sets the member of a property, at the end of the steps that lead to it.
    fn set(&mut self, argument: &'static Argument, term: Term, map: &mut Map, way: &mut Way) {
        let depth = way.len();
        way.extend(argument.to.iter().map(|name| step(name)));
        if let Some(value) = self.value(term, Some(argument.node), way) {
            declared::set(map, &argument.to, value);
        }
        way.truncate(depth);
    }

    fn structure(&mut self, members: Vec<Member>, open: Open, owner: NodeId, way: &mut Way) -> Map {
        let mut map = Map::default();
        let mut strange = Vec::new();
        for member in members {
            let node = schema().member(owner, &member.key);
            match node.filter(|id| schema().node(*id).derived.is_none()) {
                Some(node) => {
                    way.push(step(&member.key));
                    if let Some(value) = self.value(member.value, Some(node), way) {
                        map.set(schema().node(node).name.clone(), value);
                    }
                    way.pop();
                }
                None => strange.push(member),
            }
        }
        if let Some(why) = open {
            for id in &schema().node(owner).members {
                let name = &schema().node(*id).name;
                if map.get(name).is_none() {
                    map.set(name.clone(), Value::Unknown(why.clone()));
                }
            }
        }
        for member in strange {
            self.strange(member, owner, &mut map, way);
        }
        map
    }

    /// A property that there is not. One that is probably meant is not known, so that no default stands in for it.
    fn strange(&mut self, member: Member, owner: NodeId, map: &mut Map, way: &mut Way) {
        let top = way.len() == self.depth;
        // What stands at the top is called by its property, and what is inside by its member.
        let absent: Vec<(&'static str, &'static str)> = match top {
            true => {
                let settable = self.mapping.arguments.iter().filter(|argument| argument.settable);
                settable.filter_map(|one| Some((one.name, *one.to.first()?))).collect()
            }
            false => schema().node(owner).names.iter().map(|name| (*name, *name)).collect(),
        };
        let absent: Vec<_> = absent.into_iter().filter(|(_, api)| map.get(api).is_none()).collect();
        let known = schema().node(owner).names.iter().find(|name| **name == member.key.as_ref());
        let meant = match known {
            // The API has a member of this name, so it is no other one misspelt.
            Some(_) => None,
            None => nearest(&member.key, absent.iter().map(|(name, _)| *name)),
        };
        let path = self.path(way, &member.key);
        let help = meant.map_or_else(String::new, |name| format!(", but `{name}`"));
        let name = self.mapping.kind;
        self.remarks.note(
            &member.key_at,
            format!("`{name}` has no property `{path}`{help}; CloudFormation would refuse the template"),
        );
        let api = meant.and_then(|meant| absent.iter().find(|(name, _)| *name == meant));
        let api = api.map(|(_, api)| *api).or(known.copied());
        if let Some(api) = api {
            let why = format!("`{path}` stands here, which is no property, and may be meant for it");
            map.set(api.into(), Value::Unknown(why.into()));
            way.push(step(api));
            self.places.values.entry(way.clone()).or_insert(member.key_at.clone());
            way.pop();
        }
        if known.is_some() {
            return;
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
        match self.mapping.name(&around).filter(|_| !around.is_empty()) {
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
        if let Meaning::Scalar(scalar) = &what
            && scalar.text.is_empty()
            && known.is_some_and(|node| node.empty_is_absent)
        {
            return None;
        }
        if let (true, Meaning::Scalar(_) | Meaning::Later { .. }) =
            (known.is_some_and(|node| node.secret), &what)
        {
            return Some(Value::Secret);
        }
        Some(match what {
            Meaning::Scalar(scalar) => self.scalar(&scalar, known, &at, way),
            Meaning::List(items) => {
                let element = known.filter(|node| node.kind == Kind::List).and_then(|node| node.element);
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
                (Some(id), Some(known)) if known.kind == Kind::Structure => {
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
        let element = node.filter(|node| node.kind == Kind::Map).and_then(|node| node.element);
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
            Kind::Boolean => match &*scalar.canonical().to_ascii_lowercase() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => text(),
            },
            Kind::Integer => integer(scalar).map_or_else(text, Value::Int),
            Kind::String => self.string(scalar, node, at, way),
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
