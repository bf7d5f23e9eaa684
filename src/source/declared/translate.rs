//! Translates the arguments of a resource to members of the API's answers, with their places: one way for every
//! language. The mappings hold the differences between languages.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::fill::set;
use super::graph::{Meaning, Member, Open, Scalar, Term};
use super::mapping::{Argument, Form, Mapping};
use super::remark::Remark;
use crate::diagnostic::nearest;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::source::text::{ValueStep, read_time};
use crate::value::{Map, Text, Value};

/// Steps from a resource's part of the pool document to a value.
pub(in crate::source) type Way = Vec<ValueStep<'static>>;

/// A step to a member.
pub(super) fn step(name: impl Into<Cow<'static, str>>) -> ValueStep<'static> {
    ValueStep::Member(name.into())
}

/// The part of a pool document that a resource stands for.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub document: Map,
    pub values: BTreeMap<Way, Range<usize>>,
    /// Values that the file may have under their other name, with the reason that they are unknown otherwise.
    pub unsaid: Vec<(Way, Value)>,
    pub remarks: Vec<Remark>,
}

/// Translates the arguments of a resource.
pub(super) fn translate(mapping: &'static Mapping, arguments: &Term) -> Part {
    let mut translator = Translator { mapping, part: Part::default() };
    let members = match &arguments.what {
        Meaning::Map(members, _) => members.as_slice(),
        _ => &[],
    };
    let names = Names { owner: mapping.at, arguments: Some(&mapping.arguments) };
    let document = translator.members(members, &arguments.open(), names, &mut Way::new());
    Part { document, ..translator.part }
}

struct Translator {
    mapping: &'static Mapping,
    part: Part,
}

/// The names that a structure has for its members.
#[derive(Clone, Copy)]
struct Names {
    owner: NodeId,
    /// `None` where they are those of the API.
    arguments: Option<&'static [Argument]>,
}

/// The target of a name.
struct Named {
    to: Vec<&'static str>,
    node: NodeId,
    argument: Option<&'static Argument>,
}

impl Names {
    /// The names inside an argument, or a member.
    fn inside(owner: NodeId, argument: Option<&'static Argument>) -> Names {
        let arguments =
            argument.map(|argument| argument.inside.as_slice()).filter(|inside| !inside.is_empty());
        Names { owner, arguments }
    }

    fn get(self, name: &str, form: Form) -> Option<Named> {
        let Some(arguments) = self.arguments else {
            let node = schema().member(self.owner, name)?;
            let name = schema().node(self.owner).names.iter().find(|own| **own == name)?;
            let written = schema().node(node).is_sent();
            return written.then(|| Named { to: vec![name], node, argument: None });
        };
        let argument = arguments.iter().find(|one| one.name == name)?;
        let can = argument.settable || !form.refuses_strange();
        can.then(|| Named { to: argument.to.clone(), node: argument.node, argument: Some(argument) })
    }

    /// The names that a file can set, and the member that each leads to.
    fn settable(self) -> Vec<(&'static str, &'static [&'static str])> {
        match self.arguments {
            Some(arguments) => {
                let settable = arguments.iter().filter(|argument| argument.settable);
                settable.map(|argument| (argument.name, argument.to.as_slice())).collect()
            }
            None => {
                let names = schema().node(self.owner).names.iter();
                names.map(|name| (*name, std::slice::from_ref(name))).collect()
            }
        }
    }
}

impl Translator {
    fn members(&mut self, members: &[Member], open: &Open, names: Names, way: &mut Way) -> Map {
        let mut map = Map::default();
        let mut strange = Vec::new();
        for member in members {
            let Some(found) = names.get(&member.key, self.mapping.form) else {
                strange.push(member);
                continue;
            };
            let depth = way.len();
            way.extend(found.to.iter().map(|name| step(*name)));
            if let Some(value) = self.value(&member.value, Some(found.node), found.argument, way) {
                set(&mut map, &found.to, value);
            }
            way.truncate(depth);
        }
        if let Some(why) = open {
            for (_, to) in names.settable() {
                if let [name] = to
                    && map.get(name).is_none()
                {
                    map.set((*name).into(), Value::Unknown(why.clone()));
                }
            }
        }
        for member in strange {
            self.strange(member, names, &mut map, way);
        }
        map
    }

    /// An unknown name. The member that is probably meant is unknown, so that its default does not apply.
    fn strange(&mut self, member: &Member, names: Names, map: &mut Map, way: &mut Way) {
        let known = [self.mapping.link, self.mapping.factors.argument, self.mapping.secret()];
        if way.is_empty()
            && (known.contains(&Some(&member.key)) || self.mapping.unread.contains(&member.key.as_ref()))
        {
            return;
        }
        let path = self.path(way, &member.key);
        let at = member.key_at.clone();
        if !self.mapping.form.refuses_strange() {
            self.part.remarks.push(Remark::Strange { path, meant: None, at });
            return;
        }
        let absent = names.settable().into_iter().filter_map(|(name, to)| Some((name, *to.first()?)));
        let absent: Vec<_> = absent.filter(|(_, api)| map.get(api).is_none()).collect();
        let known = schema().node(names.owner).names.iter().find(|name| **name == member.key.as_ref());
        let meant = match known {
            // The API has a member of this name, so it is not a misspelling of another.
            Some(_) => None,
            None => nearest(&member.key, absent.iter().map(|(name, _)| *name)),
        };
        let api = meant.and_then(|meant| absent.iter().find(|(name, _)| *name == meant));
        let api = api.map(|(_, api)| *api).or(known.copied());
        if let Some(api) = api {
            let why = format!("`{path}` is not a property, and may be meant for it");
            map.set(api.into(), Value::Unknown(why.into()));
            way.push(step(api));
            self.part.values.entry(way.clone()).or_insert(at.clone());
            way.pop();
        }
        self.part.remarks.push(Remark::Strange { path, meant, at });
        if known.is_some() {
            return;
        }
        if schema().names_secret(&member.key) {
            map.set(member.key.to_string().into(), Value::Secret);
        } else if let Some(value) = self.value(&member.value, None, None, &mut Way::new()) {
            map.set(member.key.to_string().into(), value);
        }
    }

    /// The file's name for the value at a path.
    fn path(&self, way: &Way, last: &str) -> String {
        let names = way.iter().filter_map(|step| match step {
            ValueStep::Member(name) => Some(name.as_ref()),
            ValueStep::Index(_) => None,
        });
        let around = names.collect::<Vec<_>>().join(".");
        match self.mapping.name(&around).filter(|_| !around.is_empty()) {
            Some(around) => format!("{around}.{last}"),
            None => last.to_owned(),
        }
    }

    fn place(&mut self, way: &Way, at: Option<&Range<usize>>) {
        if let Some(at) = at.filter(|_| !way.is_empty()) {
            self.part.values.insert(way.clone(), at.clone());
        }
    }

    /// Translates one term. `None` for an absent value. An empty `way` records no place.
    fn value(
        &mut self,
        term: &Term,
        node: Option<NodeId>,
        argument: Option<&'static Argument>,
        way: &mut Way,
    ) -> Option<Value> {
        self.place(way, term.at.as_ref());
        let known = node.map(|id| schema().node(id));
        match &term.what {
            // A provider that shows what is not set sends what that means.
            Meaning::Absent => self.mapping.left_out(way).cloned(),
            Meaning::Scalar(scalar) => {
                if scalar.text.is_empty() && known.is_some_and(|node| node.empty_is_absent) {
                    return None;
                }
                if known.is_some_and(|node| node.secret) {
                    return Some(Value::Secret);
                }
                let value = self.scalar(scalar, known, term.at.as_ref(), way);
                let unset = value == Value::Int(0) && argument.is_some_and(|one| one.zero_is_unset);
                (!unset).then_some(value)
            }
            Meaning::List(items) => Some(self.list(items, known, argument, (term.at.as_ref(), way))),
            Meaning::Map(members, open) => Some(match (node, known) {
                (Some(id), Some(node)) if node.kind == Kind::Structure => {
                    Value::Map(self.members(members, open, Names::inside(id, argument), way))
                }
                _ => self.entries(members, open, known, way),
            }),
            Meaning::Later { .. } if known.is_some_and(|node| node.secret) => Some(Value::Secret),
            Meaning::Later { why, .. } => Some(Value::Later(why.clone())),
            Meaning::Unsaid(why) if node.is_some_and(has_two_names) => {
                self.part.unsaid.push((way.clone(), Value::Unknown(why.clone())));
                None
            }
            Meaning::Unknown(why) | Meaning::Unsaid(why) => Some(Value::Unknown(why.clone())),
            Meaning::Secret => Some(Value::Secret),
        }
    }

    /// A list. An element that says nothing keeps its place, so that those after it keep theirs.
    fn list(
        &mut self,
        items: &[Term],
        node: Option<&'static Node>,
        argument: Option<&'static Argument>,
        (at, way): (Option<&Range<usize>>, &mut Way),
    ) -> Value {
        let element = node.filter(|node| node.kind == Kind::List).and_then(|node| node.element);
        let mut values = Vec::new();
        for item in items {
            let seen = !way.is_empty();
            if seen {
                way.push(ValueStep::Index(values.len()));
                self.place(
                    way,
                    at.filter(|_| item.at.is_none() && !matches!(item.what, Meaning::Unknown(_))),
                );
            }
            values.push(self.value(item, element, argument, way).unwrap_or(Value::Null));
            if seen {
                way.pop();
            }
        }
        Value::List(values)
    }

    /// The keys and values of a map such as the tags.
    fn entries(
        &mut self,
        members: &[Member],
        open: &Open,
        node: Option<&'static Node>,
        way: &mut Way,
    ) -> Value {
        if let Some(why) = open {
            return Value::Unknown(why.clone());
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
                way.push(step(member.key.to_string()));
            }
            if let Some(value) = self.value(&member.value, element, None, way) {
                let hidden = secret && !matches!(value, Value::Unknown(_));
                map.set(member.key.to_string().into(), if hidden { Value::Secret } else { value });
            }
            if seen {
                way.pop();
            }
        }
        Value::Map(map)
    }

    /// A scalar as the type that the API has there: `"12"` is 12, and `"true"` is true.
    fn scalar(
        &mut self,
        scalar: &Scalar,
        node: Option<&'static Node>,
        at: Option<&Range<usize>>,
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
            Kind::Integer => scalar.integer().map_or_else(text, Value::Int),
            Kind::String => self.string(scalar, node, at, way),
            Kind::Timestamp => read_time(&scalar.text).unwrap_or_else(text),
            Kind::Structure | Kind::List | Kind::Map => text(),
        }
    }

    fn string(
        &mut self,
        scalar: &Scalar,
        node: &'static Node,
        at: Option<&Range<usize>>,
        way: &Way,
    ) -> Value {
        let word = match scalar.boolean() {
            Some(true) => "ON",
            Some(false) => "OFF",
            None => "",
        };
        let canonical = scalar.canonical();
        if let Some(value) = node.values.iter().find(|value| **value == word) {
            let name = match way.last() {
                Some(ValueStep::Member(name)) => name.to_string(),
                Some(ValueStep::Index(_)) | None => "the property".to_owned(),
            };
            let (written, boolean) = (scalar.text.to_string(), canonical.to_string());
            let at = at.cloned().unwrap_or_default();
            self.part.remarks.push(Remark::Boolean { name, written, boolean, read: word, at });
            return Value::String(value.clone());
        }
        let known = node.values.iter().find(|value| **value == *canonical);
        Value::String(known.cloned().unwrap_or_else(|| canonical.to_string().into()))
    }
}

/// Whether a value goes by another name too.
fn has_two_names(node: NodeId) -> bool {
    schema().mirrors().iter().any(|mirror| mirror.original == node || mirror.copy == node)
}
