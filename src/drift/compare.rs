//! Compares two documents of a pool by the meaning of their values.

mod lists;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::held::{Held, state};
use super::meaning::{Meaning, same};
use super::pair::Pair;
use super::{Change, Element, Uncompared, twice};
use crate::pool::{Lifecycle, Pool, Section};
use crate::schema::{Around, InputKind, Kind, NodeId, schema};
use crate::value::{Map, Value};

/// The result of the comparison of two pools.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub changes: Vec<Change>,
    pub uncompared: BTreeSet<Uncompared>,
}

/// One side of a place: the value, and the structure around it.
#[derive(Clone, Copy)]
struct ComparedValue<'a> {
    value: Option<&'a Value>,
    around: Around,
}

impl<'a> ComparedValue<'a> {
    /// A member of a structure that is at `node`.
    fn of(pool: &Pool, node: Option<NodeId>, around: Option<&'a Map>, name: &str) -> ComparedValue<'a> {
        let there = || node.map_or(Around::Given, |node| pool.around(node));
        ComparedValue {
            value: around.and_then(|map| map.get(name)),
            around: if around.is_some() { there() } else { Around::Absent },
        }
    }

    fn element(value: &'a Value) -> ComparedValue<'a> {
        ComparedValue { value: Some(value), around: Around::Given }
    }
}

/// A place in both documents.
#[derive(Clone, Default)]
struct ComparedPath {
    path: String,
    node: Option<NodeId>,
    element: Option<Element>,
    key: Option<String>,
}

struct Comparison<'a> {
    pair: Pair<'a>,
    /// The paths that rules read: a default at one of them is compared, even if a file does not set it.
    watched: &'a BTreeSet<NodeId>,
    found: Compared,
}

/// Compares two documents. `watched` are the paths that rules read.
pub(super) fn compare(pair: Pair<'_>, watched: &BTreeSet<NodeId>) -> Compared {
    let mut comparison = Comparison { pair, watched, found: Compared::default() };
    let place = ComparedPath { path: String::new(), node: Some(NodeId::ROOT), ..ComparedPath::default() };
    comparison.members(&place, (Some(&pair.recorded.document), Some(&pair.current.document)));
    let mut found = comparison.found;
    twice::report_once(&mut found.changes, pair);
    found
}

/// Whether two values of a path mean the same in answers of the API. `around` is the structure that would hold the
/// first; the second is a value that was compared, with its default.
pub fn alike(node: NodeId, value: Option<&Value>, around: Around, compared: Option<&Value>) -> bool {
    let (pool, watched) = (Pool::default(), BTreeSet::new());
    let pair = Pair { recorded: &pool, current: &pool, apart: false };
    let mut comparison = Comparison { pair, watched: &watched, found: Compared::default() };
    let place = ComparedPath { node: Some(node), ..ComparedPath::default() };
    let compared = ComparedValue { value: compared, around: Around::Absent };
    comparison.place(&place, (ComparedValue { value, around }, compared));
    comparison.found.changes.is_empty() && comparison.found.uncompared.is_empty()
}

impl<'a> Comparison<'a> {
    fn input_kinds(&self) -> (InputKind, InputKind) {
        (self.pair.recorded.input_kind(), self.pair.current.input_kind())
    }

    /// Continues with a member of a structure, unless it changes by itself or was not read on both sides.
    fn member(&mut self, around: &ComparedPath, name: &str, sides: (ComparedValue<'_>, ComparedValue<'_>)) {
        let node = around.node.and_then(|id| schema().member(id, name));
        if let Some(node) = node {
            let here = schema().node(node);
            if !here.drifts() || (self.pair.apart && here.identifies) {
                return;
            }
            if let Some(section) = Section::rooted_at(node)
                && !self.both_hold(section, sides)
            {
                return;
            }
        }
        if self.is_cut_off(node.or(around.node), sides) {
            return;
        }
        // Of a pool that an input has only parts of, nothing else is compared.
        let in_pool =
            around.node == Some(NodeId::ROOT) && node.is_none_or(|id| Section::rooted_at(id).is_none());
        let unsaid = |pool: &Pool, side: ComparedValue<'_>| {
            side.value.is_none()
                && ((pool.partial && in_pool) || node.is_some_and(|node| pool.unsaid(node).is_some()))
        };
        if unsaid(self.pair.recorded, sides.0) || unsaid(self.pair.current, sides.1) {
            return;
        }
        self.place(&ComparedPath { path: join(&around.path, name), node, ..around.clone() }, sides);
    }

    /// Whether a side leaves out a value because its document was cut short. That is reported once, unless both sides
    /// leave it out.
    fn is_cut_off(&mut self, node: Option<NodeId>, (a, b): (ComparedValue<'_>, ComparedValue<'_>)) -> bool {
        let in_pool =
            node.and_then(|id| Section::around(id).next()).is_none_or(|section| section == Section::UserPool);
        let pairs = [(self.pair.recorded, a, b, "recorded"), (self.pair.current, b, a, "current")];
        let cut = pairs.into_iter().find(|(pool, own, ..)| own.value.is_none() && pool.lacks.is_some());
        let Some((pool, _, other, side)) = cut.filter(|_| in_pool) else { return false };
        let both = self.pair.recorded.lacks.is_some() && self.pair.current.lacks.is_some();
        if (other.value.is_some() || !both)
            && let (Some(lacked), Some(why)) = (pool.lacks, pool.cut_short())
        {
            let what = schema().node(lacked).path.to_string();
            let why = Some(format!("{why}; nothing else that it leaves out is compared"));
            self.found.uncompared.insert(Uncompared { what, side, why, incomplete: true });
        }
        true
    }

    fn place(&mut self, place: &ComparedPath, (a, b): (ComparedValue<'_>, ComparedValue<'_>)) {
        let node = place.node.map(|id| schema().node(id));
        let (of_a, of_b) = self.input_kinds();
        let meant_a = Meaning::of(a.value, node, of_a, a.around);
        let meant_b = Meaning::of(b.value, node, of_b, b.around);
        if self.is_left_alone(place, &meant_a, &meant_b) {
            return;
        }
        for (meant, side) in [(&meant_a, "recorded"), (&meant_b, "current")] {
            if let Meaning::Unknown(why) | Meaning::Undocumented(why) = meant {
                // If both are unknown, there is no evidence of a difference.
                if meant_a != meant_b {
                    self.unknown(place, side, why.clone());
                }
                return;
            }
        }
        match (node.map(|node| node.kind), meant_a.value(), meant_b.value()) {
            (kind, None, None)
                if kind != Some(Kind::Structure) || self.input_kinds().0 == self.input_kinds().1 => {}
            (Some(Kind::Structure), a, b) if are(a, b, |value| matches!(value, Value::Map(_))) => {
                self.structure(place, map_of(a), map_of(b));
            }
            (Some(Kind::Map), a, b) if are(a, b, |value| matches!(value, Value::Map(_))) => {
                self.map(place, map_of(a), map_of(b));
            }
            (Some(Kind::List), a, b) if are(a, b, |value| matches!(value, Value::List(_))) => {
                self.list(place, &meant_a, &meant_b);
            }
            (_, Some(a), Some(b)) if same(a, b, node) => {}
            _ => self.change(place, &meant_a, &meant_b),
        }
    }

    /// Whether a plan or template does not manage a path. A state has values that a plan leaves to the service, and
    /// an answer has values that a state does not know.
    fn is_left_alone(&self, place: &ComparedPath, a: &Meaning<'_>, b: &Meaning<'_>) -> bool {
        let says = |pool: &Pool| (!pool.origin.source.is_declared(), pool.lifecycle != Lifecycle::Created);
        let declared = match says(self.pair.recorded).cmp(&says(self.pair.current)) {
            Ordering::Less => a,
            Ordering::Greater => b,
            Ordering::Equal => return false,
        };
        let structure = place.node.is_some_and(|id| schema().node(id).kind == Kind::Structure);
        match declared {
            Meaning::Value(_) | Meaning::Unknown(_) => false,
            // Members of it may have defaults.
            Meaning::Undocumented(_) => true,
            Meaning::Absent => !structure,
            Meaning::Default(_) => !place.node.is_some_and(|id| self.is_watched(id)),
        }
    }

    fn is_watched(&self, id: NodeId) -> bool {
        self.watched
            .iter()
            .any(|watched| schema().is_inside(*watched, id) || schema().is_inside(id, *watched))
    }

    fn structure(&mut self, place: &ComparedPath, a: Option<&Map>, b: Option<&Map>) {
        let before = std::mem::take(&mut self.found.changes);
        self.members(place, (a, b));
        let mut inside = std::mem::replace(&mut self.found.changes, before);
        // A structure that was added or removed as a whole is one change, unless its absent members have defaults.
        let whole = inside.len() > 1
            && match (a, b) {
                (None, Some(_)) => inside.iter().all(|change| change.before.is_none()),
                (Some(_), None) => inside.iter().all(|change| change.after.is_none()),
                _ => false,
            };
        if whole && !place.path.is_empty() {
            let value = |map: Option<&Map>| map.map(|map| Value::Map(map.clone()));
            inside = vec![made(place, value(a), value(b))];
        }
        self.found.changes.append(&mut inside);
    }

    /// The members of a structure on both sides, those of the schema first.
    fn members(&mut self, place: &ComparedPath, (a, b): (Option<&Map>, Option<&Map>)) {
        let known = place.node.map_or(&[] as &[_], |id| &schema().node(id).names);
        let unknown: BTreeSet<&str> = [a, b]
            .into_iter()
            .flatten()
            .flat_map(|map| &map.0)
            .map(|(name, _)| name.as_ref())
            .filter(|name| !known.contains(name))
            .collect();
        for name in known.iter().copied().chain(unknown) {
            self.member(place, name, self.sides(place.node, (a, b), name));
        }
    }

    fn sides<'v>(
        &self,
        node: Option<NodeId>,
        (a, b): (Option<&'v Map>, Option<&'v Map>),
        name: &str,
    ) -> (ComparedValue<'v>, ComparedValue<'v>) {
        (
            ComparedValue::of(self.pair.recorded, node, a, name),
            ComparedValue::of(self.pair.current, node, b, name),
        )
    }

    fn map(&mut self, place: &ComparedPath, a: Option<&Map>, b: Option<&Map>) {
        let Some(node) = place.node.map(|id| schema().node(id)) else { return };
        let keys: BTreeSet<&str> =
            [a, b].into_iter().flatten().flat_map(|map| &map.0).map(|(key, _)| key.as_ref()).collect();
        for key in keys.into_iter().filter(|key| !node.is_volatile_key(key)) {
            let path = join(&place.path, &quoted(key));
            let inner = ComparedPath { path, node: node.element, key: Some(key.to_owned()), ..place.clone() };
            self.place(&inner, self.sides(place.node, (a, b), key));
        }
    }

    fn change(&mut self, place: &ComparedPath, a: &Meaning<'_>, b: &Meaning<'_>) {
        let change = Change {
            before_default: matches!(a, Meaning::Default(_)),
            after_default: matches!(b, Meaning::Default(_)),
            ..made(place, a.value().cloned(), b.value().cloned())
        };
        self.found.changes.push(change);
    }

    fn unknown(&mut self, place: &ComparedPath, side: &'static str, why: String) {
        if place.node.is_some_and(|id| schema().node(id).identifies) {
            return;
        }
        // A value that a plan or template does not know yet differs on every deployment.
        let pool = if side == "recorded" { self.pair.recorded } else { self.pair.current };
        let declared = pool.origin.source.is_declared();
        let what = place.path.clone();
        self.found.uncompared.insert(Uncompared { what, side, why: Some(why), incomplete: !declared });
    }

    /// Whether a section was read on both sides. If not, that is reported once.
    fn both_hold(&mut self, section: Section, (a, b): (ComparedValue<'_>, ComparedValue<'_>)) -> bool {
        let state = |pool: &'a Pool, side: ComparedValue<'_>| state(pool, section, side.value.is_some());
        let (of_a, of_b) = (state(self.pair.recorded, a), state(self.pair.current, b));
        let mut told = |side, why: Option<&str>, incomplete| {
            let what = section.member().to_owned();
            let why = why.map(str::to_owned);
            self.found.uncompared.insert(Uncompared { what, side, why, incomplete });
        };
        match (of_a, of_b) {
            (Held::Yes, Held::Yes) => return true,
            (Held::No, Held::No) => {}
            (Held::Unread(why), _) => told("recorded", Some(why), true),
            (_, Held::Unread(why)) => told("current", Some(why), true),
            (Held::No, Held::Yes) => told("recorded", None, false),
            (Held::Yes, Held::No) => told("current", None, false),
        }
        false
    }
}

fn made(place: &ComparedPath, before: Option<Value>, after: Option<Value>) -> Change {
    Change {
        path: place.path.clone(),
        node: place.node,
        element: place.element.clone(),
        key: place.key.clone(),
        before: before.map(|value| sent(value, place.node)),
        after: after.map(|value| sent(value, place.node)),
        ..Change::default()
    }
}

/// A value without its derived members.
fn sent(value: Value, id: Option<NodeId>) -> Value {
    let inner = |name: &str| id.and_then(|id| schema().member(id, name));
    match value {
        Value::Map(Map(members)) => {
            let members = members.into_iter().map(|(name, value)| (inner(&name), name, value));
            let kept = members.filter(|(node, ..)| node.is_none_or(|id| schema().node(id).is_sent()));
            Value::Map(Map(kept.map(|(node, name, value)| (name, sent(value, node))).collect()))
        }
        value => value,
    }
}

fn are(a: Option<&Value>, b: Option<&Value>, fits: impl Fn(&Value) -> bool) -> bool {
    a.is_none_or(&fits) && b.is_none_or(&fits)
}

fn map_of(value: Option<&Value>) -> Option<&Map> {
    match value {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}

pub(super) fn join(around: &str, name: &str) -> String {
    if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") }
}

/// A key of a map in a path.
pub(super) fn quoted(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { format!("{key:?}") }
}
