//! The values in which two documents of a pool differ. A value that is left out is the API's default.

use crate::pool::{Element, Pool, Scope, State, resolve};
use crate::schema::{Kind, NodeId, Path, schema};
use crate::source::ValueStep;
use crate::value::{Map, Value};

/// A value that is different, with the one of the first document.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub steps: Vec<ValueStep<'static>>,
    pub first: Option<Value>,
}

/// The differences of two documents.
pub(super) fn differences(first: &Pool, second: &Pool) -> Vec<Difference> {
    let mut all = Comparison { first, second, found: Vec::new() };
    all.maps((&first.document, &second.document), Some(NodeId::ROOT), &mut Vec::new());
    all.found
}

struct Comparison<'p> {
    first: &'p Pool,
    second: &'p Pool,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn maps(
        &mut self,
        (first, second): (&Map, &Map),
        node: Option<NodeId>,
        steps: &mut Vec<ValueStep<'static>>,
    ) {
        let only = second.0.iter().filter(|(name, _)| first.get(name).is_none());
        for (name, _) in first.0.iter().chain(only) {
            let node = node.and_then(|node| schema().member(node, name));
            steps.push(ValueStep::Member(name.to_string().into()));
            match (first.get(name), second.get(name)) {
                (Some(one), Some(other)) => self.values((one, other), node, steps),
                (Some(Value::Map(_)), None) | (None, Some(Value::Map(_)))
                    if node.is_some_and(is_structure) =>
                {
                    self.defaults(node, steps);
                }
                (Some(Value::Map(map)), None) => self.maps((map, &Map::default()), node, steps),
                (None, Some(Value::Map(map))) => self.maps((&Map::default(), map), node, steps),
                (_, _) => self.effective(node, steps),
            }
            steps.pop();
        }
    }

    /// A structure that one of the two leaves out: its members may have other defaults than those of a structure that
    /// is there.
    fn defaults(&mut self, node: Option<NodeId>, steps: &mut Vec<ValueStep<'static>>) {
        for member in node.map_or(&[] as &[NodeId], |node| &schema().node(node).members) {
            steps.push(ValueStep::Member(schema().node(*member).name.to_string().into()));
            match is_structure(*member) {
                true => self.defaults(Some(*member), steps),
                false => self.effective(Some(*member), steps),
            }
            steps.pop();
        }
    }

    /// A value that one of the two leaves out.
    fn effective(&mut self, node: Option<NodeId>, steps: &[ValueStep<'static>]) {
        let (one, other) = (effective(self.first, steps), effective(self.second, steps));
        if !same(one.as_ref(), other.as_ref(), node) {
            self.found.push(Difference { steps: steps.to_vec(), first: one });
        }
    }

    fn values(
        &mut self,
        (one, other): (&Value, &Value),
        node: Option<NodeId>,
        steps: &mut Vec<ValueStep<'static>>,
    ) {
        match (one, other) {
            (Value::Map(one), Value::Map(other)) => self.maps((one, other), node, steps),
            (Value::List(ones), Value::List(others))
                if ones.len() == others.len() && ones.iter().any(|one| matches!(one, Value::Map(_))) =>
            {
                let element = node.and_then(|node| schema().node(node).element);
                for (index, pair) in ones.iter().zip(others).enumerate() {
                    steps.push(ValueStep::Index(index));
                    self.values(pair, element, steps);
                    steps.pop();
                }
            }
            _ if same(Some(one), Some(other), node) => {}
            _ => self.found.push(Difference { steps: steps.clone(), first: Some(one.clone()) }),
        }
    }
}

fn is_structure(node: NodeId) -> bool {
    schema().node(node).kind == Kind::Structure
}

fn same(one: Option<&Value>, other: Option<&Value>, node: Option<NodeId>) -> bool {
    let unordered = node.is_some_and(|node| schema().node(node).unordered);
    match (one, other) {
        (Some(Value::List(one)), Some(Value::List(other))) if unordered => {
            one.len() == other.len() && one.iter().all(|one| other.contains(one))
        }
        (one, other) => one == other,
    }
}

/// The value at a path, or the default of an absent one.
pub(super) fn effective(pool: &Pool, steps: &[ValueStep<'_>]) -> Option<Value> {
    let (element, names) = match steps {
        [ValueStep::Member(list), ValueStep::Index(index), rest @ ..] => {
            let value = pool.document.get(list)?.as_list()?.get(*index)?;
            let list = schema().member(NodeId::ROOT, list)?;
            (Some(Element { value, node: schema().node(list).element, key: None }), rest)
        }
        all => (None, all),
    };
    let names = names.iter().map(|step| match step {
        ValueStep::Member(name) => Some(name.as_ref()),
        ValueStep::Index(_) => None,
    });
    let path = Path::parse(&names.collect::<Option<Vec<&str>>>()?.join(".")).ok()?;
    match resolve(Scope { element, ..Scope::of(pool) }, &path) {
        State::Present(value) | State::Default(value) => Some(value.clone()),
        State::Unknown(why) => Some(Value::Unknown(why.as_ref().into())),
        State::Absent | State::Outside(_) => None,
    }
}
