//! The effect of a call on one path: whether it leaves the current value there, another one, or one that cannot be
//! known.

use serde_json::Value as Json;

use super::converted::{converted, is_hidden, is_hidden_text};
use super::{Change, Element, alike};
use crate::schema::{Act, Around, Kind, LeftOut, Missing, NodeId, Service, Write, schema};
use crate::trail::{Effect, How, Left, Record, member};
use crate::value::Value;

/// The effect of the call of a record on the path of a change. `writes` are the calls that can have changed it, and
/// `there` says whether the element or pool is there now.
pub(super) fn effect(record: &Record, writes: &[&'static Write], change: &Change, there: bool) -> Effect {
    let own = writes.iter().filter(|write| write.name == record.name);
    let mut effects = own.map(|write| Work { record, write, change, there }.effect());
    effects.find(|effect| *effect != Effect::Keeps).unwrap_or(Effect::Keeps)
}

/// Whether the call of a record is about what a change is in, or may be.
pub(super) fn is_about(record: &Record, writes: &[&'static Write], change: &Change, there: bool) -> bool {
    let own = writes.iter().filter(|write| write.name == record.name);
    own.into_iter().any(|write| Work { record, write, change, there }.aim() != Aim::Elsewhere)
}

/// One call, and the path that it may write.
struct Work<'a> {
    record: &'a Record,
    write: &'static Write,
    change: &'a Change,
    /// Whether the element or pool is there now.
    there: bool,
}

/// Whether a call is about the element that a change is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Here,
    Elsewhere,
    Unknown,
}

/// A member of a request or a response.
enum Found<'j> {
    There(&'j Json, NodeId),
    /// The outermost member on the way that is not there.
    Missing(NodeId),
    /// The record hides it, or what is around it.
    Hidden,
}

impl Work<'_> {
    fn effect(&self) -> Effect {
        let aim = self.aim();
        // CloudTrail leaves out a request that is too large, and says so.
        let cut = member(&self.record.request, "Omitted").is_some_and(|omitted| *omitted == true);
        if cut && aim != Aim::Elsewhere {
            return Effect::May(Left::Any, How::Touches);
        }
        if aim == Aim::Elsewhere {
            return Effect::Keeps;
        }
        let effect = match self.write.act {
            Act::Update => self.update(),
            Act::Create => self.create(),
            Act::Delete => self.delete(),
            Act::Tag | Act::Untag => self.tag(),
            Act::Add => self.add(),
            Act::Unclear => Effect::May(Left::Any, How::Touches),
        };
        match effect {
            Effect::Writes(_, how) if aim == Aim::Unknown => Effect::May(Left::Any, how),
            effect => effect,
        }
    }

    /// The node of the structure, element or list that the call writes.
    fn at(&self) -> NodeId {
        schema().find(self.write.at).unwrap_or(NodeId::ROOT)
    }

    /// Whether the change is that the whole element, or the pool, came or went.
    fn is_whole(&self) -> bool {
        let whole =
            self.write.at.is_empty() && self.write.act != Act::Update || self.write.at.ends_with("[]");
        whole && self.change.node.unwrap_or(NodeId::ROOT) == self.at()
    }

    fn aim(&self) -> Aim {
        let Record { request, answer, .. } = self.record;
        let Some((list, _)) = self.write.at.split_once("[]") else {
            let of_client = self.write.at == "RiskConfiguration" && member(request, "ClientId").is_some();
            return if of_client { Aim::Elsewhere } else { Aim::Here };
        };
        let Some(element) = self.change.element.as_ref() else { return Aim::Unknown };
        let of_answer = || self.write.answer.and_then(|name| member(answer, name));
        let key = self.write.key.and_then(|key| {
            member(request, key).or_else(|| of_answer().and_then(|made| member(made, key)))?.as_str()
        });
        if key.is_some_and(is_hidden_text) {
            return Aim::Unknown;
        }
        let Some(key) = key.filter(|_| schema().find(list) == Some(element.list)) else {
            return if self.write.key == Some("ClientId") && self.write.at.ends_with("RiskConfiguration") {
                // Without a client, the settings are those of the pool.
                Aim::Elsewhere
            } else {
                Aim::Unknown
            };
        };
        let Element { before, after, .. } = element;
        let own = [before, after].into_iter().flatten().any(|own| own == key);
        if own { Aim::Here } else { Aim::Elsewhere }
    }

    fn update(&self) -> Effect {
        if self.is_whole() {
            return Effect::Keeps;
        }
        let Some(node) = self.change.node else { return Effect::May(Left::Any, How::Touches) };
        let asked = self.find(&self.record.request, node);
        if let Some(answer) = self.answer() {
            let how = if matches!(asked, Found::There(..)) { How::Sets } else { How::Resets };
            return match self.find(answer, node) {
                Found::There(json, node) => self.writes(json, node, how),
                Found::Missing(level) => self.resets(node, level, how),
                Found::Hidden => Effect::May(Left::Any, How::Touches),
            };
        }
        let mut effects = Vec::new();
        for node in self.names_in_request(node) {
            effects.push(match self.find(&self.record.request, node) {
                Found::There(json, node) if is_zero_for_absent(json, node) => {
                    Effect::May(Left::Any, How::Unmeasured)
                }
                Found::There(json, node) => self.writes(json, node, How::Sets),
                Found::Missing(level) => self.missing(node, level),
                Found::Hidden => Effect::May(Left::Any, How::Touches),
            });
        }
        let set = effects.iter().filter(|effect| matches!(effect, Effect::Writes(_, How::Sets)));
        match (set.collect::<Vec<_>>().as_slice(), effects.as_slice()) {
            ([], []) => Effect::Keeps,
            ([], [first, rest @ ..]) if rest.iter().all(|one| one == first) => *first,
            ([first, rest @ ..], _) if rest.iter().all(|one| one == first) => **first,
            // It has two names, and the call says different things of them.
            _ => Effect::May(Left::Any, How::Touches),
        }
    }

    /// The names of a path that the request of an update can have.
    fn names_in_request(&self, node: NodeId) -> Vec<NodeId> {
        let mut names = schema().with_twins(node);
        let at = self.at();
        names.retain(|name| match self.write.at {
            "" => schema().above(*name).last().is_some_and(|top| {
                let top = schema().node(top);
                top.path == "Name" || top.set_by.as_deref() == Some(self.write.name)
            }),
            _ => schema().is_inside(*name, at),
        });
        names
    }

    /// A member of JSON that has the members of the structure at `self.at()`.
    fn find<'j>(&self, json: &'j Json, node: NodeId) -> Found<'j> {
        let at = self.at();
        let mut way: Vec<NodeId> = schema().above(node).take_while(|id| *id != at).collect();
        way.reverse();
        let mut value = json;
        for step in way {
            let shows = match schema().node(schema().node(step).parent).kind {
                Kind::List => value.is_array(),
                _ => value.is_object(),
            };
            if !shows {
                return Found::Hidden;
            }
            let Some(inner) = self.step(value, step) else { return Found::Missing(step) };
            value = inner;
        }
        Found::There(value, node)
    }

    /// The response, if it shows the structure that the call leaves.
    fn answer(&self) -> Option<&Json> {
        let answer = self.write.answer.and_then(|name| member(&self.record.answer, name));
        answer.filter(|answer| answer.as_object().is_none_or(|members| !members.is_empty()))
    }

    fn step<'j>(&self, value: &'j Json, step: NodeId) -> Option<&'j Json> {
        let node = schema().node(step);
        let around = schema().node(node.parent);
        match around.kind {
            Kind::Map => value.get(self.change.key.as_deref()?),
            Kind::List => {
                let (key, element) = (around.key.as_ref()?, self.change.element.as_ref()?);
                let own = element.after.as_deref().or(element.before.as_deref())?;
                let items = value.as_array()?;
                items.iter().find(|item| member(item, key).and_then(Json::as_str) == Some(own))
            }
            _ if node.path == "Name" => member(value, "PoolName"),
            _ => member(value, &node.name),
        }
    }

    /// The effect of a request that leaves a path out: `level` is the outermost member that is not there.
    fn missing(&self, node: NodeId, level: NodeId) -> Effect {
        match self.write.missing {
            Missing::Kept => Effect::Keeps,
            // A part of the MFA settings that other calls set too.
            Missing::Reset
                if schema().with_twins(node).len() > 1 && schema().node(level).parent != self.at() =>
            {
                self.may_reset(node, level, How::Unmeasured)
            }
            Missing::Reset if schema().with_twins(node).len() > 1 && level != node => {
                self.may_reset(node, level, How::Unmeasured)
            }
            Missing::Reset => self.resets(node, level, How::Resets),
            Missing::OfMember => {
                let (own, outer) = (schema().node(node), schema().node(level));
                let around = schema().node(outer.parent);
                let given = outer.parent != self.at();
                match outer.left_out.or(own.left_out.filter(|_| level != node)) {
                    Some(LeftOut::Kept) => Effect::Keeps,
                    Some(LeftOut::Reset) if !given || around.replaced => {
                        self.resets(node, level, How::Resets)
                    }
                    None if given && around.replaced => self.resets(node, level, How::Resets),
                    Some(LeftOut::Reset) | None => self.may_reset(node, level, How::Unmeasured),
                }
            }
            Missing::Documented => self.may_reset(node, level, How::Documented),
            Missing::Unknown => self.may_reset(node, level, How::Unmeasured),
        }
    }

    fn writes(&self, json: &Json, node: NodeId, how: How) -> Effect {
        let value = converted(json, Some(node));
        Effect::Writes(self.left(Some(&value), node, Around::Given), how)
    }

    fn resets(&self, node: NodeId, level: NodeId, how: How) -> Effect {
        Effect::Writes(self.left_by_reset(node, level), how)
    }

    fn may_reset(&self, node: NodeId, level: NodeId, how: How) -> Effect {
        Effect::May(self.left_by_reset(node, level), how)
    }

    fn left_by_reset(&self, node: NodeId, level: NodeId) -> Left {
        self.left(None, node, if level == node { Around::Given } else { Around::Absent })
    }

    /// Whether a value is the current one.
    fn left(&self, value: Option<&Value>, node: NodeId, around: Around) -> Left {
        let current = self.change.after.as_ref();
        if [value, current].into_iter().flatten().any(is_hidden) {
            return Left::Any;
        }
        if alike(node, value, around, current) { Left::Current } else { Left::Other }
    }

    /// An element, or a pool, that is there after a call or not.
    fn presence(&self, there: bool, how: How) -> Effect {
        Effect::Writes(if there == self.there { Left::Current } else { Left::Other }, how)
    }

    fn create(&self) -> Effect {
        if self.write.service == Service::Waf {
            return self.associate();
        }
        if self.is_whole() {
            return self.presence(true, How::Creates);
        }
        let Some(node) = self.change.node else { return Effect::May(Left::Any, How::Touches) };
        let answer = self.answer();
        match self.find(answer.unwrap_or(&self.record.request), node) {
            Found::There(json, node) => self.writes(json, node, How::Sets),
            Found::Missing(level) if answer.is_some() => self.resets(node, level, How::Creates),
            Found::Missing(level) => self.may_reset(node, level, How::Unmeasured),
            Found::Hidden => Effect::May(Left::Any, How::Touches),
        }
    }

    fn delete(&self) -> Effect {
        if self.is_whole() {
            return self.presence(false, How::Deletes);
        }
        let at = self.at();
        if self.change.node == Some(at) {
            let left = if self.change.after.is_none() { Left::Current } else { Left::Other };
            return Effect::Writes(left, How::Deletes);
        }
        // The element is there again, so a later call has made it.
        Effect::Writes(Left::Other, How::Deletes)
    }

    /// A web ACL that protects the pool from a call on.
    fn associate(&self) -> Effect {
        let arn = member(&self.record.request, "WebACLArn").and_then(Json::as_str);
        let current = match self.change.node {
            node if node == Some(self.at()) => self.change.after.as_ref().map(|acl| acl.get("ARN")),
            node if node == schema().find("WebACL.ARN") => Some(self.change.after.as_ref()),
            _ => return Effect::May(Left::Any, How::Touches),
        };
        let current = current.flatten().and_then(Value::as_str);
        match (arn, current) {
            (Some(arn), Some(current)) if arn == current => Effect::Writes(Left::Current, How::Sets),
            (Some(_), _) => Effect::Writes(Left::Other, How::Sets),
            (None, _) => Effect::May(Left::Any, How::Touches),
        }
    }

    fn tag(&self) -> Effect {
        let Some(key) = self.change.key.as_deref() else { return Effect::May(Left::Any, How::Touches) };
        let named = self.write.key.and_then(|name| member(&self.record.request, name));
        let shows =
            |named: &&Json| if self.write.act == Act::Tag { named.is_object() } else { named.is_array() };
        let Some(named) = named.filter(shows) else { return Effect::May(Left::Any, How::Touches) };
        let node = self.change.node.unwrap_or(NodeId::ROOT);
        match self.write.act {
            Act::Tag => match named.get(key) {
                Some(value) => self.writes(value, node, How::Sets),
                None => Effect::Keeps,
            },
            _ => {
                match named.as_array().is_some_and(|keys| keys.iter().any(|own| own.as_str() == Some(key))) {
                    true => self.resets(node, node, How::Deletes),
                    false => Effect::Keeps,
                }
            }
        }
    }

    fn add(&self) -> Effect {
        let added =
            self.write.key.and_then(|name| member(&self.record.request, name)).and_then(Json::as_array);
        let element = self.change.element.as_ref().and_then(|element| element.after.as_deref());
        let (Some(added), Some(element)) = (added, element) else { return Effect::Keeps };
        let names = added.iter().filter_map(|one| member(one, "Name")).filter_map(Json::as_str);
        match names.map(bare).any(|name| name == bare(element)) {
            true if self.change.before.is_none() => Effect::Writes(Left::Current, How::Creates),
            true => Effect::May(Left::Any, How::Touches),
            false => Effect::Keeps,
        }
    }
}

/// The name of an attribute without its prefixes.
fn bare(attribute: &str) -> &str {
    let name = attribute.strip_prefix("dev:").unwrap_or(attribute);
    name.strip_prefix("custom:").unwrap_or(name)
}

fn is_zero_for_absent(json: &Json, node: NodeId) -> bool {
    schema().node(node).zero_is_absent && json.as_f64() == Some(0.0)
}
