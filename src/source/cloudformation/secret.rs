//! The secrets of a template: under the API's names for them, and in the defaults of parameters that must not be
//! shown.

use std::ops::Range;

use super::node::{Node, What};
use super::template::{Template, mentions};
use crate::schema::schema;

/// The places of all secrets, without their quotes.
pub(super) fn places(template: &Template, text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut parameters: Vec<&str> = Vec::new();
    template.root().walk(&mut |node| {
        for entry in node.entries().iter().filter(|entry| schema().names_secret(&entry.key)) {
            literals(&entry.value, text, &mut places);
            parameters.extend(mentions(&entry.value));
        }
    });
    for (name, parameter) in &template.parameters {
        if parameter.hidden || parameters.contains(&&**name) {
            places.extend(parameter.default_at.clone().map(|at| unquoted(text, at)));
        }
    }
    places.sort_by_key(|place| place.start);
    places.dedup();
    places
}

/// Literal text. The names of its sources are not secret.
fn literals(node: &Node, text: &str, places: &mut Vec<Range<usize>>) {
    match (&node.what, node.call()) {
        (_, Some(("Ref" | "Fn::GetAtt" | "Fn::ImportValue" | "Fn::FindInMap", _))) => {}
        (What::Scalar(scalar), _) if scalar.is_null() || scalar.text.starts_with("{{resolve:") => {}
        (What::Scalar(_), _) => places.push(unquoted(text, node.at.clone())),
        _ => {
            for inner in node.entries().iter().map(|entry| &entry.value).chain(node.items()) {
                literals(inner, text, places);
            }
        }
    }
}

fn unquoted(text: &str, at: Range<usize>) -> Range<usize> {
    let quoted = at.len() > 1 && text[at.clone()].starts_with(['"', '\'']);
    if quoted { at.start + 1..at.end - 1 } else { at }
}
