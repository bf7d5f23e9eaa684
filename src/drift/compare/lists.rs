//! Lists: matches elements by their identity, and finds those that were added, removed or changed.

use super::{Compared, ComparedPath, ComparedValue, Comparison, made};
use crate::drift::identity::{ElementKey, Item};
use crate::drift::meaning::Meaning;
use crate::drift::{Element, identity};
use crate::evaluate::key_of;
use crate::pool::Pool;
use crate::schema::{Node, schema};
use crate::value::Value;

impl Comparison<'_> {
    pub(super) fn list(&mut self, place: &ComparedPath, a: &Meaning<'_>, b: &Meaning<'_>) {
        let Some((id, node)) = place.node.map(|id| (id, schema().node(id))) else { return };
        let empty: &[Value] = &[];
        let items = |meant: &Meaning<'_>| -> Vec<Value> {
            meant.value().and_then(Value::as_list).unwrap_or(empty).to_vec()
        };
        let (of_a, of_b) = (items(a), items(b));
        let Some(element) = node.element else { return };
        if node.key.is_none() {
            if !self.same_items(node, &of_a, &of_b) {
                self.change(place, a, b);
                return;
            }
            for (items, side) in [(&of_a, "recorded"), (&of_b, "current")] {
                for item in items {
                    // It may be any element of the other side.
                    if let Value::Later(why) | Value::Unknown(why) = item {
                        self.unknown(place, side, why.to_string());
                    }
                }
            }
            return;
        }
        let by = identity::key(node, [&of_a, &of_b], self.pair);
        let matched = identity::matched(&of_a, &of_b, &by);
        let open = Lone::of(&matched, &by);
        for (of_a, of_b) in matched {
            let shown = of_b.or(of_a).map(|(index, item)| identity::shown(item, &by, index));
            let path = format!("{}[{}]", place.path, shown.unwrap_or_default());
            let key = |side: Option<(usize, &Value)>, pool: &Pool| {
                side.map(|(index, item)| key_of(item, Some(element), pool, index))
            };
            let own = Element {
                list: id,
                before: key(of_a, self.pair.recorded),
                after: key(of_b, self.pair.current),
                last_modified: of_b.and_then(|(_, item)| last_modified(item)),
            };
            let inner = ComparedPath { path, node: Some(element), element: Some(own), ..place.clone() };
            let value = |side: Option<(usize, &Value)>| side.map(|(_, item)| item.clone());
            match (of_a, of_b) {
                (Some((_, a)), Some((_, b))) => {
                    self.place(&inner, (ComparedValue::element(a), ComparedValue::element(b)));
                }
                (Some((_, one)), None) | (None, Some((_, one)))
                    if identity::comes_by_itself(&node.path, one, self.pair) => {}
                (a, b) => match open.unclear(a.or(b).map(|(_, item)| item), &by, a.is_some()) {
                    Some(side) => self.unknown(&inner, side, WHY.to_owned()),
                    None => {
                        let change = made(&inner, value(a), value(b));
                        self.found.changes.push(change);
                    }
                },
            }
        }
    }

    /// Whether two lists without keys hold the same.
    fn same_items(&self, node: &Node, a: &[Value], b: &[Value]) -> bool {
        let same = |a: &Value, b: &Value| {
            let mut inner = Comparison { pair: self.pair, watched: self.watched, found: Compared::default() };
            let place = ComparedPath { path: "[]".to_owned(), node: node.element, ..ComparedPath::default() };
            inner.place(&place, (ComparedValue::element(a), ComparedValue::element(b)));
            inner.found.changes.is_empty()
        };
        if node.unordered {
            let within = |a: &[Value], b: &[Value]| a.iter().all(|a| b.iter().any(|b| same(a, b)));
            return within(a, b) && within(b, a);
        }
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    }
}

/// When something was last modified, in milliseconds since 1970.
pub(in crate::drift) fn last_modified(of: &Value) -> Option<i64> {
    match of.get("LastModifiedDate") {
        Some(Value::Time(millis)) => Some(*millis),
        _ => None,
    }
}

/// The reason that an element is not compared.
const WHY: &str = "the name of an element is not known yet, and it may be this one";

/// The numbers of elements that are on one side only, recorded and current: those with an unknown key, and the
/// others.
#[derive(Default)]
struct Lone {
    open: [usize; 2],
    known: [usize; 2],
}

impl Lone {
    fn of(matched: &[(Item<'_>, Item<'_>)], by: &ElementKey) -> Lone {
        let mut lone = Lone::default();
        for pair in matched {
            let (side, one) = match pair {
                (Some((_, one)), None) => (0, one),
                (None, Some((_, one))) => (1, one),
                _ => continue,
            };
            let counts = if identity::is_open(one, by) { &mut lone.open } else { &mut lone.known };
            counts[side] += 1;
        }
        lone
    }

    /// The side on which an element is unknown that may be equal to this one. If more are known on one side only than
    /// are open on the other, some of them were added or removed for certain.
    fn unclear(&self, one: Option<&Value>, by: &ElementKey, recorded: bool) -> Option<&'static str> {
        let (own, other) = if recorded { (0, 1) } else { (1, 0) };
        let is_open = one.is_some_and(|one| identity::is_open(one, by));
        if is_open {
            return Some(["recorded", "current"][own]);
        }
        (self.known[own] <= self.open[other]).then_some(["recorded", "current"][other])
    }
}
