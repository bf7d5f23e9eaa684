//! The state of a path in a pool: present, default, absent, unknown or outside.

use std::borrow::Cow;

use super::{Lifecycle, Pool, Section, Source, scopes};
use crate::schema::{Absence, ArnPart, Around, Aspect, Kind, Node, NodeId, Path, Step, schema};
use crate::value::{Map, Value};

/// The state of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum State<'a> {
    /// The value is there.
    Present(&'a Value),
    /// It is absent, and the API uses this default.
    Default(&'a Value),
    /// It is absent, and there is no default.
    Absent,
    /// It is unknown, with the reason.
    Unknown(Cow<'a, str>),
    /// It is outside the input.
    Outside(Beyond),
}

/// The part of a pool that is outside the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beyond {
    /// The input does not hold the section.
    Section(Section),
    /// Its language has no argument for the member.
    Member(NodeId),
}

impl Beyond {
    /// The member of an inferred structure that names the part of the pool for want of which others are left out.
    pub const MEMBER: &str = "Outside";

    /// The path of the section or member.
    pub fn path(self) -> &'static str {
        match self {
            Beyond::Section(section) => section.member(),
            Beyond::Member(id) => schema().node(id).path.as_ref(),
        }
    }

    /// The part that a path is in.
    pub fn at(path: &str) -> Beyond {
        match (Section::of(path), schema().find(path)) {
            (Section::UserPool, Some(id)) => Beyond::Member(id),
            (section, _) => Beyond::Section(section),
        }
    }
}

/// The start of paths: the pool, or an element of one of its lists.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub pool: &'a Pool,
    /// `None` for the pool itself.
    pub element: Option<Element<'a>>,
    /// The element around it, where it is an element of a list inside another.
    pub outer: Option<Element<'a>>,
}

impl<'a> Scope<'a> {
    /// The scope of a pool.
    pub fn of(pool: &'a Pool) -> Scope<'a> {
        Scope { pool, element: None, outer: None }
    }

    /// The scope of an element that is reached from here.
    #[must_use]
    pub fn inside(self, element: Element<'a>) -> Scope<'a> {
        Scope { pool: self.pool, element: Some(element), outer: self.element }
    }
}

/// An element that paths can start at.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    pub value: &'a Value,
    /// Its place in the schema.
    pub node: Option<NodeId>,
    /// The name of the member, or the key of the map, that it is in; of the outermost, where it is in several.
    pub key: Option<&'a str>,
}

/// Follows a path and hands on the state of what it asks for.
pub fn at<R>(scope: Scope<'_>, path: &Path, then: impl FnOnce(State<'_>) -> R) -> R {
    let text = |text: &str| Value::String(text.to_owned().into());
    let part = match path.aspect {
        Aspect::Value | Aspect::Members | Aspect::Plain => return then(resolve(scope, path)),
        Aspect::Key => {
            let key = scope.element.and_then(|element| element.key).map(text);
            return then(key.as_ref().map_or(State::Absent, State::Present));
        }
        Aspect::Scopes => {
            return match resolve(scope, path) {
                State::Present(servers) | State::Default(servers) => {
                    let names = scopes::names(servers);
                    then(found(&names, None))
                }
                other => then(other),
            };
        }
        Aspect::Outer => {
            let outer = scope.outer.map(|outer| Scope::of(scope.pool).inside(outer));
            return then(outer.map_or(State::Absent, |outer| resolve(outer, path)));
        }
        Aspect::Source => {
            let kind = text(scope.pool.input_kind().word());
            return then(State::Present(&kind));
        }
        Aspect::Arn(part) => part,
    };
    let arn = resolve(scope, path);
    let of_pool = path.steps.len() == 1 && (path.from_pool || scope.element.is_none());
    if of_pool && path.steps[0].name == "Arn" && !matches!(arn, State::Present(Value::String(_))) {
        let known = own_part(scope.pool, part).map(|part| text(&part));
        return then(match (known.as_ref(), arn) {
            (Some(known), _) => State::Present(known),
            (None, State::Absent) => State::Unknown(Cow::Borrowed("a pool has an ARN once it is created")),
            (None, other) => other,
        });
    }
    match arn {
        State::Present(Value::String(arn)) | State::Default(Value::String(arn)) => {
            let value = part.of(arn).map(text);
            then(value.as_ref().map_or(State::Absent, State::Present))
        }
        State::Present(Value::Later(why)) => then(State::Unknown(Cow::Borrowed(why))),
        State::Present(other) | State::Default(other) => {
            then(State::Unknown(Cow::Owned(format!("{} was found where the API has an ARN", other.kind()))))
        }
        other => then(other),
    }
}

/// A part of a pool's ARN that is known without the ARN.
fn own_part(pool: &Pool, part: ArnPart) -> Option<std::sync::Arc<str>> {
    match part {
        ArnPart::Region => pool.identity().region,
        ArnPart::Account => pool.identity().account,
        ArnPart::Partition | ArnPart::Service => None,
    }
}

/// The member that every answer of `DescribeUserPool` has and a document lacks.
pub fn lacking(document: &Map) -> Option<NodeId> {
    schema().in_every_answer().iter().copied().find(|id| member(document, *id).is_none())
}

/// The value of a member of the pool's structures.
fn member(document: &Map, id: NodeId) -> Option<&Value> {
    let node = schema().node(id);
    match node.parent {
        NodeId::ROOT => document.get(&node.name),
        around => member(document, around)?.get(&node.name),
    }
}

/// Follows a path and returns its state.
pub fn resolve<'a>(scope: Scope<'a>, path: &Path) -> State<'a> {
    let pool = scope.pool;
    let lacked = pool
        .lacks
        .filter(|_| is_in_pool_itself(scope, path) && Node::around(path).is_none_or(|node| !node.planned));
    let mut steps = path.steps.iter();
    let start = match scope.element {
        Some(element) if !path.from_pool => (element.value, element.node),
        _ => {
            let Some(first) = steps.next() else {
                return State::Absent;
            };
            let node = first.member_of(NodeId::ROOT);
            if node.is_some_and(|id| schema().node(id).inferred) {
                // A member of that name in an input is not of the service.
                match pool.journeys.get() {
                    Some(value) => return follow(scope, (value, node), None, steps),
                    None => return State::Unknown(Cow::Borrowed("it was not worked out")),
                }
            }
            let section = node.and_then(Section::rooted_at).unwrap_or(Section::UserPool);
            // A section that was not read as a whole may have more elements than are known.
            let unread = pool.unread.iter().any(|(unread, _)| *unread == section);
            match pool.document.get(&first.name).filter(|_| !unread) {
                Some(value) => (value, node),
                None => match section_state(pool, section) {
                    Some(state) => return state,
                    None => return absent(pool, lacked, (node, Around::Given), steps),
                },
            }
        }
    };
    follow(scope, start, lacked, steps)
}

/// Follows the steps of a path from a value.
fn follow<'a, 's>(
    scope: Scope<'a>,
    (mut value, mut node): (&'a Value, Option<NodeId>),
    lacked: Option<NodeId>,
    mut steps: impl Iterator<Item = &'s Step>,
) -> State<'a> {
    let pool = scope.pool;
    while let Some(step) = steps.next() {
        let next = node.and_then(|id| step.member_of(id));
        match value {
            Value::Map(map) => match map.get(&step.name) {
                Some(inner) => (value, node) = (inner, next),
                None if next.is_some_and(|id| schema().node(id).inferred) => {
                    let beyond = map.get(Beyond::MEMBER).and_then(Value::as_str);
                    return beyond.map_or(State::Absent, |path| State::Outside(Beyond::at(path)));
                }
                None => {
                    let inner = inner_section(pool, next);
                    let around = node.map_or(Around::Given, |node| pool.around(node));
                    return inner.unwrap_or_else(|| absent(pool, lacked, (next, around), steps));
                }
            },
            Value::Later(why) | Value::Unknown(why) => return State::Unknown(Cow::Borrowed(why)),
            other => {
                return State::Unknown(Cow::Owned(format!(
                    "{} was found where the API has an object with `{}`",
                    other.kind(),
                    step.name
                )));
            }
        }
    }
    match node.map(|id| (id, schema().node(id))) {
        // An empty block says no more than one that is left out.
        Some((id, known)) if known.kind == Kind::Structure && known.means_none(value) => {
            absent(pool, lacked, (Some(id), Around::Given), std::iter::empty())
        }
        _ => found(value, node),
    }
}

/// Whether a path is in the answer of `DescribeUserPool`.
fn is_in_pool_itself(scope: Scope<'_>, path: &Path) -> bool {
    let section = match scope.element {
        Some(element) if !path.from_pool => element.node.and_then(|node| Section::around(node).next()),
        _ => path.steps.first().map(|step| Section::of(&step.name)),
    };
    section.is_none_or(|section| section == Section::UserPool)
}

/// Whether a section inside another is held.
fn inner_section(pool: &Pool, node: Option<NodeId>) -> Option<State<'_>> {
    section_state(pool, node.and_then(Section::rooted_at)?)
}

impl Pool {
    /// The section, where the input does not hold it.
    pub fn outside(&self, section: Section) -> Option<Beyond> {
        let is_there = section != Section::UserPool && self.document.get(section.member()).is_some();
        match section_state(self, section).filter(|_| !is_there)? {
            State::Outside(beyond) => Some(beyond),
            State::Present(_) | State::Default(_) | State::Absent | State::Unknown(_) => None,
        }
    }
}

/// The state of a section that is unread or outside. `None` if it is held.
fn section_state(pool: &Pool, section: Section) -> Option<State<'_>> {
    if let Some((_, why)) = pool.unread.iter().find(|(unread, _)| *unread == section) {
        return Some(State::Unknown(Cow::Borrowed(why)));
    }
    let held = match section {
        Section::UserPool => !pool.partial,
        section => pool.held.contains(&section),
    };
    (!held).then_some(State::Outside(Beyond::Section(section)))
}

/// The state of a value that is there, which may mean the same as its absence.
pub(super) fn found(value: &Value, node: Option<NodeId>) -> State<'_> {
    let node = node.map(|id| schema().node(id));
    let default = |node: &'static Node| node.given_default().map_or(State::Absent, State::Default);
    match (value, node) {
        (Value::Unknown(why), _) => State::Unknown(Cow::Borrowed(why)),
        (value, Some(node)) if node.means_none(value) => default(node),
        _ => State::Present(value),
    }
}

/// The state of a member that a structure does not have; `None` where the structure is absent too.
pub(super) fn absent_member(pool: &Pool, structure: Option<NodeId>, member: NodeId) -> State<'_> {
    let in_pool = Section::around(member).next().is_none_or(|section| section == Section::UserPool);
    let around = structure.map_or(Around::Absent, |structure| pool.around(structure));
    let lacked = pool.lacks.filter(|_| in_pool);
    let inner = inner_section(pool, Some(member));
    inner.unwrap_or_else(|| absent(pool, lacked, (Some(member), around), std::iter::empty()))
}

/// The meaning of an absent value, after following the rest of the path through the schema.
fn absent<'a>(
    pool: &Pool,
    lacked: Option<NodeId>,
    (mut node, mut around): (Option<NodeId>, Around),
    rest: impl Iterator<Item = &'a Step>,
) -> State<'static> {
    if let Some(lacked) = lacked {
        return State::Unknown(Cow::Owned(cut_short(pool, lacked)));
    }
    for step in rest {
        // A default of the structure around it is the defaults of its members, so only those are used.
        node = node.and_then(|id| step.member_of(id));
        around = Around::Absent;
    }
    let Some(id) = node else { return State::Absent };
    if let Some(member) = pool.unsaid(id) {
        return match pool.lifecycle {
            Lifecycle::Adopted => {
                State::Unknown(Cow::Borrowed("it was created elsewhere, and the input does not show it"))
            }
            Lifecycle::Answered | Lifecycle::Created | Lifecycle::Updated | Lifecycle::Stated => {
                State::Outside(Beyond::Member(member))
            }
        };
    }
    let node = schema().node(id);
    match node.absence(pool.input_kind(), around) {
        Absence::Default(value) => State::Default(value),
        Absence::Unknown(why) if node.since.is_some() && pool.origin.source == Source::Saved => {
            State::Unknown(Cow::Owned(format!("{why}; older saved answers do not have it")))
        }
        Absence::Unknown(why) => State::Unknown(Cow::Borrowed(why)),
        Absence::Absent => State::Absent,
    }
}

/// The reason that absent members of a truncated answer are unknown.
pub(super) fn cut_short(pool: &Pool, lacked: NodeId) -> String {
    let lacked = &schema().node(lacked).path;
    match pool.origin.source {
        Source::Live => format!(
            "the service's answer has no `{lacked}`, which every answer of DescribeUserPool has, so it is incomplete"
        ),
        Source::Saved | Source::Terraform | Source::CloudFormation | Source::Test(_) => format!(
            "the document has no `{lacked}`, which every answer of DescribeUserPool has, so it was truncated"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_leads_to_a_member_of_the_structure_that_it_is_followed_from() {
        let path = Path::parse("Name").unwrap();
        let structures =
            ["", "Clients[]", "SchemaAttributes[]", "UserPoolTags"].map(|path| schema().find(path).unwrap());
        for structure in structures.into_iter().chain(structures) {
            assert_eq!(path.steps[0].member_of(structure), schema().member(structure, "Name"));
        }
    }
}
