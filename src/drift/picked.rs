//! The elements that a rule picks from a list by their keys: a change of another element is nothing to it.

use std::collections::{BTreeMap, BTreeSet};

use super::Element;
use crate::rule::{Count, Leaf, ListPath, Operator, Predicate, Quantified, Rule, Unique};
use crate::schema::{NodeId, schema};
use crate::value::Value;

/// The keys of the elements that a rule looks at, by their lists; `None` for a list of which it looks at any.
#[derive(Debug, Default)]
pub(super) struct Picked(BTreeMap<NodeId, Option<BTreeSet<String>>>);

impl Picked {
    pub(super) fn of(rule: &Rule) -> Picked {
        let mut picked = Picked::default();
        if let Some(each) = &rule.each {
            picked.add(each, None);
        }
        for predicate in rule.when.iter().chain([&rule.expect]) {
            picked.walk(predicate);
        }
        picked
    }

    /// Whether the rule looks at an element, by the keys that it has on both sides.
    pub(super) fn has(&self, element: &Element) -> bool {
        let Some(Some(keys)) = self.0.get(&element.list) else { return true };
        [&element.before, &element.after].into_iter().flatten().any(|key| keys.contains(key))
    }

    fn walk(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::Leaf(leaf) => self.whole(leaf),
            Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
                for one in inner {
                    self.walk(one);
                }
            }
            Predicate::Named(named) => self.walk(&named.inner),
            Predicate::Some(Quantified { list, filter, expect })
            | Predicate::Every(Quantified { list, filter, expect }) => {
                self.add(list, filter.as_deref());
                for one in filter.iter().chain(expect) {
                    self.walk(one);
                }
            }
            Predicate::Count(Count { list, filter, .. }) | Predicate::Unique(Unique { list, filter, .. }) => {
                self.add(list, filter.as_deref());
                if let Some(filter) = filter {
                    self.walk(filter);
                }
            }
        }
    }

    /// A list that is compared as a whole, such as by its length.
    fn whole(&mut self, leaf: &Leaf) {
        let compared = leaf.compared.iter().map(|compared| compared.node);
        for node in [leaf.node].into_iter().chain(compared).flatten() {
            if schema().node(node).element.is_some() {
                self.0.insert(node, None);
            }
        }
    }

    fn add(&mut self, list: &ListPath, filter: Option<&Predicate>) {
        let Some(element) = list.element else { return };
        let list = schema().node(element).parent;
        let key = schema().node(list).key.as_deref().and_then(|key| schema().member(element, key));
        let keys = key.zip(filter).and_then(|(key, filter)| keys_of(filter, key));
        let known = self.0.entry(list).or_insert_with(|| Some(BTreeSet::new()));
        *known = known.take().zip(keys).map(|(mut known, keys)| {
            known.extend(keys);
            known
        });
    }
}

/// The only keys with which a filter holds; `None` where these are not named.
fn keys_of(filter: &Predicate, key: NodeId) -> Option<BTreeSet<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match filter {
        Predicate::Leaf(leaf) if leaf.node == Some(key) => {
            leaf.operators.iter().find_map(|operator| match operator {
                Operator::Equals(value) => Some([text(value)?].into()),
                Operator::OneOf(values) => values.iter().map(text).collect(),
                _ => None,
            })
        }
        Predicate::All(inner) => inner.iter().find_map(|one| keys_of(one, key)),
        _ => None,
    }
}
