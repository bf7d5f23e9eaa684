//! Attributes as states written by old providers have them: one flat object of texts, `password_policy.0.minimum_length`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

use super::tree::{Node, Tree};
use crate::source::text::{DEEPEST, members, place};

/// The value under one name.
#[derive(Default)]
struct Branch {
    /// The text and its span.
    leaf: Option<(String, Range<usize>)>,
    /// The number of elements of a list, or entries of a map, with its span.
    count: Option<(bool, Range<usize>)>,
    inside: BTreeMap<String, Branch>,
}

/// The attributes as a tree. Keys of maps may hold dots, which are not told from those of the path; no argument
/// that is looked at has such keys but the tags.
pub(super) fn read(text: &str, part: &RawValue) -> Tree {
    let mut root = Branch::default();
    for (path, value) in members(part.get()) {
        let at = place(text, value.get());
        let Ok(value) = serde_json::from_str::<String>(value.get()) else { continue };
        let mut branch = &mut root;
        let mut rest = path.as_ref();
        // No argument is nested deeper.
        for _ in 0..DEEPEST {
            let in_map = matches!(branch.count, Some((false, _)));
            let (step, more) = match rest.split_once('.') {
                Some((step, more)) if !in_map => (step, Some(more)),
                _ => (rest, None),
            };
            if matches!(step, "#" | "%") && more.is_none() {
                branch.count = Some((step == "#", at));
                break;
            }
            branch = branch.inside.entry(step.to_owned()).or_default();
            let Some(more) = more else {
                branch.leaf = Some((value, at));
                break;
            };
            rest = more;
        }
    }
    let mut tree = grow(root);
    tree.at = place(text, part.get());
    tree
}

fn grow(branch: Branch) -> Tree {
    if let Some((text, at)) = branch.leaf {
        return Tree { at, node: Node::String(text) };
    }
    let at = branch.count.as_ref().map_or(0..0, |(_, at)| at.clone());
    if matches!(branch.count, Some((true, _))) {
        // Elements of a set go by a hash, and any order will do; those of a list by their number.
        let mut elements: Vec<(Option<usize>, Tree)> =
            branch.inside.into_iter().map(|(key, inside)| (key.parse().ok(), grow(inside))).collect();
        elements.sort_by_key(|(number, _)| *number);
        let elements: Vec<Tree> = elements.into_iter().map(|(_, element)| element).collect();
        // A list has no place of its own, and is found at its first element.
        let at = elements.first().map_or(at, |first| first.at.clone());
        return Tree { at, node: Node::List(elements) };
    }
    let members: Vec<(String, Tree)> =
        branch.inside.into_iter().map(|(name, inside)| (name, grow(inside))).collect();
    let at = members.first().map_or(at, |(_, first)| first.at.clone());
    Tree { at, node: Node::Map(members) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_blocks_and_maps_come_out_of_flat_names() {
        let text = r#"{"name":"a","tags.%":"1","tags.cost.center":"7","policy.#":"1","policy.0.length":"8",
            "set.#":"2","set.2001":"x","set.17":"y","none.#":"0","empty.%":"0"}"#;
        let raw: &RawValue = serde_json::from_str(text).unwrap();
        let tree = read(text, raw);
        assert_eq!(tree.get("name").and_then(Tree::as_str), Some("a"));
        assert_eq!(
            tree.get("tags").and_then(|tags| tags.get("cost.center")).and_then(Tree::as_str),
            Some("7")
        );
        let length = tree.get("policy").and_then(|policy| policy.elements()[0].get("length")).unwrap();
        assert_eq!(&text[length.at.clone()], "\"8\"");
        let set: Vec<_> = tree.get("set").unwrap().elements().iter().filter_map(Tree::as_str).collect();
        assert_eq!(set, ["y", "x"]);
        assert!(tree.get("none").is_some_and(Tree::is_unset));
        assert!(tree.get("empty").is_some_and(Tree::is_unset));
    }
}
