//! Changes of others outside of Terraform since the last apply, which a plan lists under `resource_drift`.

use super::resource::{Fate, Resource};
use super::tree::{Marks, Node, Tree};
use crate::schema::schema;
use crate::source::declared::Argument;

/// Differences that a note lists one by one.
const LISTED: usize = 8;

/// Gives the resources of a plan what the last apply left of them, and describes what others changed.
pub(super) fn notes(drifted: Vec<Resource>, resources: &mut [Resource], refresh_only: bool) -> Vec<String> {
    let mut notes = Vec::new();
    for was in drifted {
        let planned = resources.iter_mut().find(|one| one.address == was.address);
        if was.fate == Fate::Destroyed {
            let again = planned.as_ref().is_some_and(|planned| planned.stays());
            let then = if again { "; applying the plan makes it anew" } else { "" };
            notes.push(format!("{} was deleted outside of Terraform{then}", was.address));
            if let Some(planned) = planned {
                planned.recorded = Some(was.tree);
            }
            continue;
        }
        let Some(recorded) = &was.before else { continue };
        let mut differences = Vec::new();
        differ(
            &was.mapping.arguments,
            &[],
            (Some(recorded), Some(&was.tree)),
            was.sensitive(),
            &mut differences,
        );
        if differences.is_empty() {
            continue;
        }
        let listed: Vec<String> = differences.iter().take(LISTED).map(Difference::text).collect();
        let more = match differences.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let then = match &planned {
            _ if refresh_only => "this plan only records that in the state".to_owned(),
            Some(planned) => consequence(&differences, &planned.tree),
            None => "the plan leaves that as it is".to_owned(),
        };
        let listed = listed.join(", ");
        notes.push(format!("{} was changed outside of Terraform: {listed}{more}; {then}", was.address));
        if let Some(planned) = planned {
            planned.recorded = Some(recorded.clone());
        }
    }
    notes
}

/// An argument that others changed.
struct Difference<'t> {
    /// The blocks around it and its name.
    path: Vec<&'static str>,
    was: Option<&'t Tree>,
    is: Option<&'t Tree>,
    secret: bool,
}

impl Difference<'_> {
    /// The argument with both of its values, or its name alone where a value is secret or long.
    fn text(&self) -> String {
        let name = self.path.join(".");
        match (self.secret, shown(self.was), shown(self.is)) {
            (false, Some(was), Some(is)) => format!("`{name}` was {was} and is {is}"),
            _ => format!("`{name}`"),
        }
    }
}

/// Collects the arguments that differ between two values of the same block.
fn differ<'t>(
    arguments: &[Argument],
    around: &[&'static str],
    (was, is): (Option<&'t Tree>, Option<&'t Tree>),
    sensitive: Marks<'_>,
    differences: &mut Vec<Difference<'t>>,
) {
    for argument in arguments.iter().filter(|argument| argument.settable) {
        let (was, is) = (inner(was, argument.name), inner(is, argument.name));
        let same = match (was, is) {
            (Some(was), Some(is)) => was.same(is),
            (was, is) => [was, is].into_iter().flatten().all(Tree::is_unset),
        };
        if same {
            continue;
        }
        let mut path = around.to_vec();
        path.push(argument.name);
        let marks = sensitive.member(argument.name);
        let is_block = |tree: Option<&Tree>| tree.is_some_and(|tree| matches!(tree.node, Node::Map(_)));
        if !argument.inside.is_empty() && (is_block(was) || is_block(is)) && !marks.all() {
            let marks = if marks.names().next().is_some() { marks } else { marks.element(0) };
            differ(&argument.inside, &path, (was, is), marks, differences);
            continue;
        }
        let secret =
            marks.any() || schema().node(argument.node).secret || schema().names_secret(argument.name);
        differences.push(Difference { path, was, is, secret });
    }
}

/// A member of a block. A list of one block is that block.
fn inner<'t>(tree: Option<&'t Tree>, name: &str) -> Option<&'t Tree> {
    let tree = tree?.get(name)?;
    match tree.elements() {
        [only] if matches!(only.node, Node::Map(_)) => Some(only),
        _ => Some(tree),
    }
}

/// A value in few words; `None` where it is longer than a note should be.
fn shown(tree: Option<&Tree>) -> Option<String> {
    match tree.map(|tree| &tree.node) {
        None | Some(Node::Null) => Some("not set".to_owned()),
        Some(Node::Bool(value)) => Some(value.to_string()),
        Some(Node::Number(value)) => Some(value.to_string()),
        Some(Node::String(text)) if text.is_empty() => Some("not set".to_owned()),
        Some(Node::String(text)) if text.chars().count() <= 60 => Some(format!("{text:?}")),
        Some(Node::List(elements)) if elements.is_empty() => Some("empty".to_owned()),
        Some(_) => None,
    }
}

/// The effect of applying the plan on the changes of others.
fn consequence(differences: &[Difference<'_>], planned: &Tree) -> String {
    let sets_back = |one: &&Difference<'_>| {
        let after = one.path.iter().try_fold(planned, |tree, name| inner(Some(tree), name));
        match (after, one.was) {
            (Some(after), Some(was)) => after.same(was),
            (after, was) => [after, was].into_iter().flatten().all(Tree::is_unset),
        }
    };
    let back: Vec<&Difference<'_>> = differences.iter().filter(sets_back).collect();
    match back.len() {
        0 => "the plan does not set that back".to_owned(),
        all if all == differences.len() => "applying the plan sets that back".to_owned(),
        _ => {
            let names: Vec<String> = back.iter().map(|one| format!("`{}`", one.path.join("."))).collect();
            format!("applying the plan sets back only {}", names.join(", "))
        }
    }
}
