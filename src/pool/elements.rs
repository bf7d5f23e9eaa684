//! The elements that a quantifier goes through: those of a list, or the members of a structure or map.

use super::lookup::{Element, Scope, State, absent_member, found, resolve};
use super::section::Section;
use crate::schema::{Aspect, Kind, NodeId, Path, schema};
use crate::value::{Map, Value};

/// An element, and where it is.
#[derive(Clone, Debug)]
pub struct LocatedElement<'a> {
    pub element: Element<'a>,
    pub place: Place<'a>,
}

/// Where an element is.
#[derive(Clone, Debug)]
pub enum Place<'a> {
    /// Its position in a list.
    At(usize),
    /// The names that lead to it.
    In(Vec<&'a str>),
}

/// All elements of a list, or all members of a structure or map that have a value.
#[derive(Clone, Debug)]
pub enum Elements<'a> {
    List(&'a [Value], Option<NodeId>),
    /// With the first member that cannot be known, or is outside the input.
    Members(Vec<LocatedElement<'a>>, Option<State<'a>>),
}

impl<'a> Elements<'a> {
    pub fn iter(&self) -> impl Iterator<Item = LocatedElement<'a>> {
        let (list, node, members) = match self {
            Elements::List(list, node) => (*list, *node, &[] as &[LocatedElement<'a>]),
            Elements::Members(members, _) => (&[] as &[Value], None, members.as_slice()),
        };
        let element = move |(at, value): (usize, &'a Value)| LocatedElement {
            element: Element { value, node, key: None },
            place: Place::At(at),
        };
        list.iter().enumerate().map(element).chain(members.iter().cloned())
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Elements::List(list, _) => list.is_empty(),
            Elements::Members(members, _) => members.is_empty(),
        }
    }

    /// Whether an element of a section stands for any number of them: it is unknown how many there are.
    pub fn may_have_more(&self) -> bool {
        let Elements::List(list, Some(node)) = self else { return false };
        let is_section = Section::rooted_at(schema().node(*node).parent).is_some();
        is_section && list.iter().any(|value| matches!(value, Value::Unknown(_)))
    }

    /// A member that cannot be known, or is outside the input.
    pub fn doubt(&self) -> Option<&State<'a>> {
        match self {
            Elements::List(..) => None,
            Elements::Members(_, doubt) => doubt.as_ref(),
        }
    }
}

/// The elements at a path, or the state of the path where there are none to look at.
pub fn elements<'a>(
    scope: Scope<'a>,
    list: &Path,
    element: Option<NodeId>,
) -> Result<Elements<'a>, State<'a>> {
    let state = resolve(scope, list);
    if !list.aspect.is_several() {
        return match state {
            State::Present(Value::List(list)) | State::Default(Value::List(list)) => {
                Ok(Elements::List(list, element))
            }
            other => Err(other),
        };
    }
    let node = node_at(scope, list);
    let map = match &state {
        State::Present(Value::Map(map)) | State::Default(Value::Map(map)) => Some(map),
        State::Absent if node.is_some() => None,
        _ => return Err(state),
    };
    let plain = list.aspect == Aspect::Plain;
    let mut visitor = MemberVisitor { scope, root: node, plain, found: Vec::new(), doubt: None };
    visitor.members(map, node, &[]);
    Ok(Elements::Members(visitor.found, visitor.doubt))
}

fn node_at(scope: Scope<'_>, path: &Path) -> Option<NodeId> {
    let start = match scope.element {
        Some(element) if !path.from_pool => element.node?,
        _ => NodeId::ROOT,
    };
    path.steps.iter().try_fold(start, |id, step| step.member_of(id))
}

struct MemberVisitor<'a> {
    scope: Scope<'a>,
    root: Option<NodeId>,
    plain: bool,
    found: Vec<LocatedElement<'a>>,
    doubt: Option<State<'a>>,
}

impl<'a> MemberVisitor<'a> {
    /// Goes through the members of a structure or map. Those of a structure that are absent count with their default.
    fn members(&mut self, map: Option<&'a Map>, node: Option<NodeId>, names: &[&'a str]) {
        for (key, value) in map.iter().flat_map(|map| &map.0) {
            let node = node.and_then(|id| schema().member(id, key));
            self.member(found(value, node), node, &[names, &[key.as_ref()]].concat());
        }
        let structure = node.filter(|id| schema().node(*id).kind == Kind::Structure);
        let members: &'static [NodeId] = structure.map_or(&[], |id| &schema().node(id).members);
        for id in members {
            let name = schema().node(*id).name.as_ref();
            if map.is_none_or(|map| map.get(name).is_none()) {
                let state = absent_member(self.scope.pool, structure.filter(|_| map.is_some()), *id);
                self.member(state, Some(*id), &[names, &[name]].concat());
            }
        }
    }

    fn member(&mut self, state: State<'a>, node: Option<NodeId>, names: &[&'a str]) {
        if self.plain && node.is_some_and(|id| self.is_repeated(id)) {
            return;
        }
        let value = match state {
            State::Present(Value::Map(map)) | State::Default(Value::Map(map)) if self.plain => {
                return self.members(Some(map), node, names);
            }
            State::Present(value) | State::Default(value) => value,
            State::Absent
                if self.plain && node.is_some_and(|id| schema().node(id).kind == Kind::Structure) =>
            {
                return self.members(None, node, names);
            }
            State::Absent => return,
            State::Unknown(_) | State::Outside(_) => {
                self.doubt.get_or_insert(state);
                return;
            }
        };
        let element = Element { value, node, key: names.first().copied() };
        self.found.push(LocatedElement { element, place: Place::In(names.to_vec()) });
    }

    /// Whether it repeats a value that is here under another name: the one that the input has is kept.
    fn is_repeated(&self, id: NodeId) -> bool {
        let pool = self.scope.pool;
        let here = |other: NodeId| self.root.is_some_and(|root| schema().is_inside(other, root));
        let made = pool.mirrored.iter().any(|mirrored| mirrored.to == id && here(mirrored.from));
        let is_source = || pool.mirrored.iter().any(|mirrored| mirrored.from == id);
        let is_copy = || schema().mirrors().iter().any(|mirror| mirror.copy == id && here(mirror.original));
        made || (is_copy() && !is_source())
    }
}
