//! Expressions that Terraform refuses as the value of a variable: it evaluates them without functions and references.

use crate::source::hcl::syntax::{Expr, Key, Node, Part, Place, Step};

/// The part of a value that it may not have, with its place.
pub(super) fn not_constant(expression: &Expr) -> Option<(String, Place)> {
    inside(expression, false)
}

/// `bound`: names of a `for` around it may be meant.
fn inside(expression: &Expr, bound: bool) -> Option<(String, Place)> {
    let any = |all: &[Expr]| all.iter().find_map(|one| inside(one, bound));
    match &expression.node {
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Opaque(_) => None,
        Node::Call { name, .. } => Some((
            format!("it calls `{name}`, and functions are not allowed in the value of a variable"),
            expression.at,
        )),
        Node::Name(_) if bound => None,
        // The name is not repeated: it may be a secret that lacks its quotes.
        Node::Name(_) => Some((
            "it is a reference, which the value of a variable must not be; a text is in quotes".to_owned(),
            expression.at,
        )),
        Node::Template(parts) => parts_inside(parts, bound),
        Node::Tuple(items) => any(items),
        Node::Object(pairs) => pairs.iter().find_map(|(key, value)| {
            let of_key = match key {
                Key::Name(_) => None,
                Key::Value(key) => inside(key, bound),
            };
            of_key.or_else(|| inside(value, bound))
        }),
        Node::Get(inner, _) | Node::Not(inner) | Node::Negative(inner) => inside(inner, bound),
        Node::Index(inner, index) => inside(inner, bound).or_else(|| inside(index, bound)),
        Node::Splat(inner, steps) => inside(inner, bound).or_else(|| {
            steps.iter().find_map(|step| match step {
                Step::Index(index) => inside(index, bound),
                Step::Get(_) | Step::Splat => None,
            })
        }),
        Node::Conditional(parts) => any(&parts[..]),
        Node::Binary(_, sides) => any(&sides[..]),
        Node::For(one) => {
            let inner = [one.key.as_ref(), Some(&one.value), one.condition.as_ref()];
            let mut inner = inner.into_iter().flatten();
            inside(&one.collection, bound).or_else(|| inner.find_map(|one| inside(one, true)))
        }
    }
}

fn parts_inside(parts: &[Part], bound: bool) -> Option<(String, Place)> {
    parts.iter().find_map(|part| match part {
        Part::Text(_) => None,
        Part::Value(value) => inside(value, bound),
        Part::If { condition, then, otherwise } => inside(condition, bound)
            .or_else(|| parts_inside(then, bound))
            .or_else(|| parts_inside(otherwise, bound)),
        Part::For { collection, body, .. } => inside(collection, bound).or_else(|| parts_inside(body, true)),
    })
}
