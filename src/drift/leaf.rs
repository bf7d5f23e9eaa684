//! Walks over the values of one pool as a comparison of pools reads them, each at its place, and makes a pool in which
//! some are others.

mod made;
mod spot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use made::{Made, filled};
pub use spot::Spot;
use spot::{nth, step};

use super::compare::quoted;
use super::held::{Held, state};
use super::identity;
use super::meaning::Meaning;
use super::pair::Pair;
use crate::pool::{Pool, Section};
use crate::schema::{Around, Kind, Node, NodeId, schema};
use crate::value::{Map, Value};

/// The value that takes the place of another.
#[derive(Clone, Debug, PartialEq)]
pub enum Instead {
    Same,
    /// There is none.
    Absent,
    Value(Value),
}

/// An element of a list, a key of a map, or a member that the schema does not know.
#[derive(Clone, Debug)]
pub struct Named<'v> {
    pub value: &'v Value,
    /// Its name in a path.
    pub shown: String,
}

/// The elements that are added at a place, and the names that are taken away.
#[derive(Clone, Debug, Default)]
pub struct Renamed {
    pub added: Vec<(String, Value)>,
    pub gone: Vec<String>,
}

/// Looks at the places of a pool.
pub trait Visit {
    /// A value that is compared as a whole; a default is one, and `None` means that there is none.
    fn value(&mut self, at: Spot<'_>, value: Option<&Value>) -> Instead;

    /// Names that the user chose, or that the schema does not know: all at this place. Each is entered later.
    fn names(&mut self, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) -> Renamed;

    /// Whether what is in something of that name is looked at.
    fn enters(&mut self, at: Spot<'_>) -> bool;

    /// Something that cannot be known. `incomplete`: it should have been read.
    fn unknown(&mut self, at: Spot<'_>, why: &str, incomplete: bool);

    /// A section that the input does not hold.
    fn outside(&mut self, section: Section);
}

/// Looks at every place of a pool in which pools can be alike. Answers the document with the values that take the place
/// of others, if there are any.
pub fn walk(pool: &Pool, visit: &mut dyn Visit) -> Option<Map> {
    let mut walk = Walk { pool, visit, path: String::new(), key: String::new() };
    walk.structure(NodeId::ROOT, Some(&pool.document))
}

struct Walk<'a> {
    pool: &'a Pool,
    visit: &'a mut dyn Visit,
    path: String,
    key: String,
}

impl Walk<'_> {
    fn spot(&mut self, node: Option<NodeId>) -> (&mut dyn Visit, Spot<'_>) {
        (&mut *self.visit, Spot { key: &self.key, path: &self.path, node })
    }

    /// Goes on at a place inside this one.
    fn inside<T>(&mut self, path: &str, key: &str, then: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.path.len(), self.key.len());
        if !path.starts_with('[') && before.0 > 0 {
            self.path.push('.');
        }
        self.path.push_str(path);
        if !key.starts_with('[') {
            self.key.push('.');
        }
        self.key.push_str(key);
        let result = then(self);
        self.path.truncate(before.0);
        self.key.truncate(before.1);
        result
    }

    fn structure(&mut self, id: NodeId, map: Option<&Map>) -> Option<Map> {
        let mut made = Made::of(map);
        let names = &schema().node(id).names;
        for name in names {
            let instead = self.member(id, map, name);
            made.put(name, instead);
        }
        let others = map.into_iter().flat_map(|map| &map.0);
        let others = others.filter(|(name, value)| !names.contains(&name.as_ref()) && *value != Value::Null);
        let others = others.map(|(name, value)| (name.to_string(), Named { value, shown: name.to_string() }));
        self.open(id, None, &others.collect(), &mut made);
        made.changed
    }

    /// Continues with a member of a structure, unless two pools never have the same, or it was not read.
    fn member(&mut self, around: NodeId, map: Option<&Map>, name: &str) -> Instead {
        let Some(id) = schema().member(around, name) else { return Instead::Same };
        let (here, value) = (schema().node(id), map.and_then(|map| map.get(name)));
        if !is_comparable(id, here) {
            return Instead::Same;
        }
        let section = Section::rooted_at(id);
        if let Some(section) = section {
            match state(self.pool, section, value.is_some()) {
                Held::Yes => {}
                Held::No => {
                    self.visit.outside(section);
                    return Instead::Same;
                }
                Held::Unread(why) => {
                    return self.inside(name, name, |walk| walk.unknown(Some(id), why, true));
                }
            }
        }
        let in_pool = || Section::around(id).next().is_none_or(|section| section == Section::UserPool);
        if value.is_none() && in_pool() {
            if let Some(why) = self.pool.cut_short() {
                return self.inside(name, name, |walk| walk.unknown(Some(id), &why, true));
            }
            // Of a pool that an input has only parts of, nothing else is known.
            if self.pool.partial && around == NodeId::ROOT {
                self.visit.outside(Section::UserPool);
                return Instead::Same;
            }
        }
        if value.is_none() && self.pool.unsaid(id).is_some() {
            return Instead::Same;
        }
        let around = if map.is_some() { self.pool.around(around) } else { Around::Absent };
        self.inside(name, name, |walk| walk.place(id, value, around))
    }

    fn unknown(&mut self, node: Option<NodeId>, why: &str, incomplete: bool) -> Instead {
        let (visit, spot) = self.spot(node);
        visit.unknown(spot, why, incomplete);
        Instead::Same
    }

    fn place(&mut self, id: NodeId, value: Option<&Value>, around: Around) -> Instead {
        let node = schema().node(id);
        let meant = Meaning::of(value, Some(node), self.pool.input_kind(), around);
        if let Meaning::Unknown(why) | Meaning::Undocumented(why) = &meant {
            let incomplete = !self.pool.origin.source.is_declared();
            return self.unknown(Some(id), why, incomplete);
        }
        match (node.kind, meant.value()) {
            (Kind::Structure, None) => filled(self.structure(id, None)),
            (Kind::Structure, Some(Value::Map(map))) => filled(self.structure(id, Some(map))),
            (Kind::Map, None) => filled(self.map(id, node, None)),
            (Kind::Map, Some(Value::Map(map))) => filled(self.map(id, node, Some(map))),
            (Kind::List, None) if node.key.is_some() => self.list(id, node, &[]),
            (Kind::List, Some(Value::List(items))) if node.key.is_some() => self.list(id, node, items),
            (_, value) => self.value(Some(id), value),
        }
    }

    fn value(&mut self, node: Option<NodeId>, value: Option<&Value>) -> Instead {
        match value.and_then(unknown_in) {
            Some(why) => {
                let incomplete = !self.pool.origin.source.is_declared();
                self.unknown(node, why, incomplete)
            }
            None => {
                let (visit, spot) = self.spot(node);
                visit.value(spot, value)
            }
        }
    }

    fn map(&mut self, id: NodeId, node: &Node, map: Option<&Map>) -> Option<Map> {
        let mut made = Made::of(map);
        let keys = map.into_iter().flat_map(|map| &map.0);
        let keys = keys.filter(|(key, value)| !node.is_volatile_key(key) && *value != Value::Null);
        let keys = keys.map(|(key, value)| (key.to_string(), Named { value, shown: key.to_string() }));
        self.open(id, node.element, &keys.collect(), &mut made);
        made.changed
    }

    /// Continues with the keys of a map, or with members that the schema does not know.
    fn open(
        &mut self,
        id: NodeId,
        element: Option<NodeId>,
        names: &BTreeMap<String, Named<'_>>,
        made: &mut Made<'_>,
    ) {
        let (visit, spot) = self.spot(Some(id));
        let renamed = visit.names(spot, names);
        for (name, Named { value, .. }) in names {
            let instead = self.inside(&quoted(name), &step(name), |walk| {
                let (visit, spot) = walk.spot(element);
                match (visit.enters(spot), element) {
                    (false, _) => Instead::Same,
                    (true, Some(element)) => walk.place(element, Some(value), Around::Given),
                    (true, None) => walk.value(None, Some(value)),
                }
            });
            made.put(name, instead);
        }
        for name in &renamed.gone {
            made.put(name, Instead::Absent);
        }
        for (name, value) in renamed.added {
            made.put(&name, Instead::Value(value));
        }
    }

    /// A list whose elements have an identity.
    fn list(&mut self, id: NodeId, node: &Node, items: &[Value]) -> Instead {
        let pair = Pair { recorded: self.pool, current: self.pool, apart: true };
        let by = identity::key(node, [items, items], pair);
        if items.iter().any(|item| identity::is_open(item, &by)) {
            let incomplete = !self.pool.origin.source.is_declared();
            return self.unknown(Some(id), "the name of an element is not known", incomplete);
        }
        let mut several: BTreeMap<String, Vec<(usize, Named<'_>)>> = BTreeMap::new();
        for (index, value) in items.iter().enumerate() {
            if !identity::comes_by_itself(&node.path, value, pair) {
                let named = Named { value, shown: identity::shown(value, &by, index) };
                several.entry(identity::key_of(value, &by)).or_default().push((index, named));
            }
        }
        let each =
            several.iter().flat_map(|(name, named)| named.iter().enumerate().map(move |one| (name, one)));
        let names = each.map(|(name, (at, (_, one)))| (nth(name, at), one.clone())).collect();
        let (visit, spot) = self.spot(Some(id));
        let renamed = visit.names(spot, &names);
        let mut made: Vec<Option<Value>> = items.iter().cloned().map(Some).collect();
        let mut changed = !renamed.added.is_empty() || !renamed.gone.is_empty();
        for (name, named) in &several {
            let shown = format!("[{}]", named[0].1.shown);
            let instead = self.inside(&shown, &step(name), |walk| walk.element(node, named));
            changed |= instead != Instead::Same;
            if let Instead::Value(value) = instead {
                made[named[0].0] = Some(value);
            }
            for (at, (index, _)) in named.iter().enumerate() {
                if renamed.gone.contains(&nth(name, at)) {
                    made[*index] = None;
                }
            }
        }
        let added = renamed.added.into_iter().map(|(_, value)| value);
        match changed {
            true => Instead::Value(Value::List(made.into_iter().flatten().chain(added).collect())),
            false => Instead::Same,
        }
    }

    /// The elements of one name. Of several it cannot be said which is which in another pool.
    fn element(&mut self, list: &Node, named: &[(usize, Named<'_>)]) -> Instead {
        let (visit, spot) = self.spot(list.element);
        match (list.element, named) {
            (Some(element), [(_, one)]) if visit.enters(spot) => {
                self.place(element, Some(one.value), Around::Given)
            }
            (_, [_, _, ..]) => self.unknown(list.element, "several have this name", false),
            _ => Instead::Same,
        }
    }
}

/// Whether two pools can be alike in a member: not in what names them, in dates, in texts of their own, nor in what the
/// service changes by itself. What mirrors another member is looked at there.
fn is_comparable(id: NodeId, node: &Node) -> bool {
    static COPIES: LazyLock<BTreeSet<NodeId>> =
        LazyLock::new(|| schema().mirrors().iter().map(|mirror| mirror.copy).collect());
    is_shared(node) && !COPIES.contains(&id)
}

/// Whether pools that are alike have the same value of a member.
pub(super) fn is_shared(node: &Node) -> bool {
    node.drifts() && !node.identifies && node.rare().own.is_none() && node.kind != Kind::Timestamp
}

/// The same of a place and of everything around it.
pub(super) fn is_shared_path(node: Option<NodeId>) -> bool {
    let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
    std::iter::successors(node, above).all(|id| id == NodeId::ROOT || is_shared(schema().node(id)))
}

/// Why a value is not known whole.
fn unknown_in(value: &Value) -> Option<&str> {
    match value {
        Value::Later(why) | Value::Unknown(why) => Some(why),
        Value::List(items) => items.iter().find_map(unknown_in),
        Value::Map(map) => map.0.iter().find_map(|(_, value)| unknown_in(value)),
        _ => None,
    }
}
