//! Edits of a configuration: the arguments of a resource, where they are written.

mod follow;
mod insert;

use std::rc::Rc;
use std::sync::Arc;

use super::directory::{is_json, nested_kind};
use super::files::{Configuration, join};
use super::parse;
use super::syntax::{Block, Body, Expr, Node};
use crate::source::declared::Holder;
use crate::source::edit::{Additions, Refusal, TextEdit, has_comments, in_brackets};
use crate::value::Value;
use follow::Written;
pub(in crate::source) use insert::literal;

/// The edits that give arguments of a resource other values. Each argument is named with the blocks around it.
pub(in crate::source) fn edits(
    configuration: &Configuration,
    holder: &Holder,
    settings: &[(String, Value)],
) -> Result<Vec<TextEdit>, Refusal> {
    let Some(file) = &holder.text else {
        return Err(Refusal::by_hand("the place of the resource is not known"));
    };
    let modules = follow::modules(configuration, &holder.calls, &file.name)?;
    if is_json(&file.name) {
        return Err(Refusal::by_hand(format!(
            "{} is a configuration in JSON, which is not edited",
            file.name
        )));
    }
    let refused = || Refusal::by_hand(format!("{} cannot be read as a configuration", file.name));
    let body = parse::body(0, &file.text).map_err(|_| refused())?;
    let block = resource(&body, holder).ok_or_else(refused)?;
    for directory in modules.directories() {
        follow::ensure_read(configuration, directory)?;
    }
    let (mut edits, mut additions) = (Vec::new(), Additions::default());
    for (name, value) in &whole(holder, block, settings) {
        let names: Vec<&str> = name.split('.').collect();
        let labels = (block.label(0), block.label(1));
        let argument = names.first().copied().unwrap_or_default();
        let winner = follow::overridden(configuration, modules.innermost(), (labels, argument))?;
        let (file, block) = winner.as_ref().map_or((file, block), |(file, block)| (file, block));
        match find(block, &names)? {
            Found::Attribute(expression) => {
                let here = Written { file: Arc::clone(file), expression };
                let written = follow::literal(configuration, here, &modules)?;
                follow::ensure_own(configuration, &written.file.name)?;
                edits.extend(replaced(&written, value)?);
            }
            Found::Absent(..) if winner.is_some() => {
                let at = follow::spot(file, block.whole.start);
                return Err(Refusal::by_hand(format!("`{argument}` is overridden in {at}")));
            }
            Found::Absent(around, rest) => {
                follow::ensure_own(configuration, &file.name)?;
                let whole = around.whole.start..around.whole.end;
                additions.add(&whole, rest, value);
            }
        }
    }
    for (within, members) in additions.iter() {
        let (at, new) = insert::members(&file.text, &body, within, members)?;
        edits.push(TextEdit { file: Arc::clone(&file.name), at, new });
    }
    Ok(edits)
}

/// The text of a file by its name in messages.
pub(in crate::source) fn text_of(configuration: &Configuration, shown: &str) -> Option<String> {
    let directory = follow::ensure_own(configuration, shown).ok()?;
    let paths = (configuration.files.list)(&directory).into_iter().filter_map(|name| join(&directory, &name));
    let path = paths.into_iter().find(|path| (configuration.files.shown)(path) == shown)?;
    String::from_utf8((configuration.files.read)(&path)?).ok()
}

fn resource<'b>(body: &'b Body, holder: &Holder) -> Option<&'b Block> {
    body.blocks.iter().find(|block| (block.whole.start..block.whole.end) == holder.whole)
}

/// The settings, and those that their blocks need beside them.
fn whole(holder: &Holder, block: &Block, settings: &[(String, Value)]) -> Vec<(String, Value)> {
    let mut all = settings.to_vec();
    for around in settings.iter().filter_map(|(name, _)| Some(name.rsplit_once('.')?.0)) {
        for (needed, value) in holder.mapping.iter().flat_map(|mapping| mapping.needed(around)) {
            let name = format!("{around}.{needed}");
            let is_absent =
                matches!(find(block, &name.split('.').collect::<Vec<_>>()), Ok(Found::Absent(..)));
            if is_absent && all.iter().all(|(known, _)| *known != name) {
                all.push((name, value.clone()));
            }
        }
    }
    all
}

/// Where an argument is.
enum Found<'b, 'n> {
    Attribute(Rc<Expr>),
    /// The innermost block around it that is there, and the names from it.
    Absent(&'b Block, &'n [&'n str]),
}

fn find<'b, 'n>(block: &'b Block, names: &'n [&'n str]) -> Result<Found<'b, 'n>, Refusal> {
    let Some((first, rest)) = names.split_first() else {
        return Err(Refusal::by_hand("the argument has no name"));
    };
    let inner: Vec<&Block> = block.body.blocks.iter().filter(|one| nested_kind(one) == *first).collect();
    match (block.body.get(first), &inner[..], rest) {
        (Some(attribute), _, []) => Ok(Found::Attribute(Rc::clone(&attribute.value))),
        (Some(_), ..) => {
            Err(Refusal::by_hand(format!("`{first}` is an object, whose members are not edited")))
        }
        (None, [], _) => Ok(Found::Absent(block, names)),
        (None, [one], _) if &*one.kind == "dynamic" => {
            Err(Refusal::by_hand(format!("a dynamic block makes `{first}`")))
        }
        (None, [one], [_, ..]) => find(one, rest),
        (None, ..) => Err(Refusal::by_hand(format!("`{first}` is several blocks, or one block as a whole"))),
    }
}

/// The edits that put another value in place of a literal.
fn replaced(written: &Written, value: &Value) -> Result<Vec<TextEdit>, Refusal> {
    let Written { file, expression } = written;
    let (text, at) = (&file.text, expression.at.start..expression.at.end);
    let edit = |(at, new)| TextEdit { file: Arc::clone(&file.name), at, new };
    let shown = || text.get(at.clone()).unwrap_or_default();
    let changes = match (&expression.node, value) {
        (Node::Tuple(items), Value::List(wanted)) => {
            let held: Vec<_> =
                items.iter().map(|item| (item.at.start..item.at.end, plain(&item.node))).collect();
            match held.iter().any(|(_, value)| *value == Value::Null) {
                true => None,
                false if has_comments(text, &at, &held) => {
                    let message =
                        format!("the list in {} has comments between its elements", follow::place(written));
                    return Err(Refusal::by_hand(message));
                }
                false => in_brackets((text, at.clone()), &held, wanted, literal),
            }
        }
        (Node::Text(_) | Node::Bool(_) | Node::Number(_) | Node::Null, _) if !shown().starts_with("<<") => {
            literal(value).map(|new| vec![(at.clone(), new)])
        }
        _ => None,
    };
    let message = || format!("the value is an expression in {}: `{}`", follow::place(written), shown());
    Ok(changes.ok_or_else(|| Refusal::by_hand(message()))?.into_iter().map(edit).collect())
}

/// A plain value of a list; null for what is not one.
fn plain(node: &Node) -> Value {
    match node {
        Node::Text(text) => Value::String(text.to_string().into()),
        Node::Bool(value) => Value::Bool(*value),
        _ => Value::Null,
    }
}
