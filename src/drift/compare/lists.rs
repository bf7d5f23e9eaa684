//! Lists: what their elements are told apart by decides which of them came, went or changed.

use super::{Comparison, Found, Place, Side, made};
use crate::drift::meaning::Meaning;
use crate::drift::{Element, identity};
use crate::evaluate::key_of;
use crate::pool::Pool;
use crate::schema::{Node, schema};
use crate::value::Value;

impl Comparison<'_> {
    pub(super) fn list(&mut self, place: &Place, a: &Meaning<'_>, b: &Meaning<'_>) {
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
                    // It may be any of the other side.
                    if let Value::Later(why) | Value::Unknown(why) = item {
                        self.unknown(place, side, why.to_string());
                    }
                }
            }
            return;
        }
        let by = identity::key(node, [&of_a, &of_b], self.pair);
        for (of_a, of_b) in identity::matched(&of_a, &of_b, &by) {
            let shown = of_b.or(of_a).map(|(index, item)| identity::shown(item, &by, index));
            let path = format!("{}[{}]", place.path, shown.unwrap_or_default());
            let key = |side: Option<(usize, &Value)>, pool: &Pool| {
                side.map(|(index, item)| key_of(item, Some(element), pool, index))
            };
            let own = Element {
                list: id,
                before: key(of_a, self.pair.recorded),
                after: key(of_b, self.pair.current),
            };
            let inner = Place { path, node: Some(element), element: Some(own) };
            match (of_a, of_b) {
                (Some((_, a)), Some((_, b))) => {
                    self.place(&inner, (Side::element(a), Side::element(b)));
                }
                (a, b) => {
                    let one = a.or(b).map(|(_, item)| item);
                    if one.is_some_and(|one| identity::comes_by_itself(&node.path, one, self.pair)) {
                        continue;
                    }
                    let value = |side: Option<(usize, &Value)>| side.map(|(_, item)| item.clone());
                    let change = made(&inner, value(a), value(b));
                    self.found.changes.push(change);
                }
            }
        }
    }

    /// Whether two lists without keys hold the same.
    fn same_items(&self, node: &Node, a: &[Value], b: &[Value]) -> bool {
        let same = |a: &Value, b: &Value| {
            let mut inner = Comparison { pair: self.pair, watched: self.watched, found: Found::default() };
            let place = Place { path: "[]".to_owned(), node: node.element, element: None };
            inner.place(&place, (Side::element(a), Side::element(b)));
            inner.found.changes.is_empty()
        };
        if node.unordered {
            let within = |a: &[Value], b: &[Value]| a.iter().all(|a| b.iter().any(|b| same(a, b)));
            return within(a, b) && within(b, a);
        }
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    }
}
