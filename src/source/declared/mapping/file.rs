//! The form of a mapping file: the types of resources, each with its arguments by the members they set.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Argument, Factors, Form, LeftOut, Mapping, secrets};
use crate::pool::Section;
use crate::schema::{NodeId, schema};
use crate::value::Value;

/// One type of resource in a mapping file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    at: &'static str,
    link: Option<&'static str>,
    #[serde(borrow)]
    arguments: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    computed: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    named: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    replaced_by: Vec<&'static str>,
    #[serde(borrow)]
    other: Vec<&'static str>,
    #[serde(borrow, default)]
    unread: Vec<&'static str>,
    #[serde(default)]
    factors: Factors,
    #[serde(borrow, default)]
    left_out: BTreeMap<&'static str, Json>,
    /// Blocks that the provider fills.
    #[serde(borrow, default)]
    filled: Vec<&'static str>,
    /// Arguments that are 0 where nothing is set.
    #[serde(borrow, default)]
    zero_is_unset: Vec<&'static str>,
    /// The values that the provider writes where nothing is set.
    #[serde(borrow, default)]
    defaults: BTreeMap<&'static str, &'static str>,
    #[serde(default)]
    adopts: bool,
}

/// The mapping of an entry; the path that the schema does not have where there is one.
pub(super) fn mapping(kind: &'static str, entry: Entry, form: Form) -> Result<Mapping, String> {
    let at = match entry.at {
        "" => NodeId::ROOT,
        path => schema().find(path).ok_or(path)?,
    };
    let mut arguments = Vec::new();
    // A block is before its members, since a shorter path sorts before a longer one.
    let settable = entry.arguments.iter().map(|one| (true, one));
    for (settable, (path, to)) in settable.chain(entry.computed.iter().map(|one| (false, one))) {
        let names: Vec<&'static str> = path.split('.').collect();
        let (filled, zero_is_unset) = (entry.filled.contains(path), entry.zero_is_unset.contains(path));
        let argument = Argument {
            name: "",
            to: Vec::new(),
            node: at,
            settable,
            filled,
            zero_is_unset,
            inside: Vec::new(),
        };
        insert(&mut arguments, &names, to, argument)?;
    }
    let left_out = entry.left_out.into_iter().map(|(path, value)| left_out(path, value)).collect();
    Ok(Mapping {
        kind,
        at,
        section: Section::around(at).next().unwrap_or(Section::UserPool),
        is_element: entry.at.ends_with("[]"),
        link: entry.link,
        secrets: secrets(&arguments),
        arguments,
        other: [entry.other, entry.unread.clone()].concat(),
        unread: entry.unread,
        names: entry.arguments.into_iter().map(|(path, to)| (to, path)).collect(),
        named: entry.named,
        replaced_by: entry.replaced_by,
        form,
        factors: entry.factors,
        left_out,
        defaults: entry.defaults,
        adopts: entry.adopts,
    })
}

/// The value of a member that is left out: a value, or `{"later": WHY}`.
fn left_out(path: &'static str, value: Json) -> LeftOut {
    let value = match value.get("later").and_then(Json::as_str) {
        Some(why) => Value::Later(why.into()),
        None => Value::from_json(value),
    };
    LeftOut { path: path.split('.').collect(), value }
}

/// Puts an argument into its block. Its node is that of the part around.
fn insert(
    arguments: &mut Vec<Argument>,
    names: &[&'static str],
    to: &'static str,
    argument: Argument,
) -> Result<(), String> {
    match names {
        [] => {}
        [name] => {
            let to: Vec<&'static str> = to.split('.').collect();
            let node = to.iter().try_fold(argument.node, |node, step| schema().member(node, step));
            let node = node.ok_or_else(|| to.join("."))?;
            arguments.push(Argument { name, to, node, ..argument });
        }
        [block, rest @ ..] => {
            let block = arguments.iter_mut().find(|argument| argument.name == *block).ok_or(*block)?;
            let steps: usize = block.to.iter().map(|step| step.len() + 1).sum();
            let node = schema().node(block.node).element.unwrap_or(block.node);
            let to = to.get(steps..).unwrap_or_default();
            insert(&mut block.inside, rest, to, Argument { node, ..argument })?;
        }
    }
    Ok(())
}
