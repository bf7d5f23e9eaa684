//! Remarks about a configuration beside its pools: files and modules that could not be read, and pools that
//! there are none of.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::absent::{Absent, Why};
use super::inventory::Inventory;
use super::scope::{Instance, Program};
use super::syntax::{Block, Node};
use crate::source::Unread;

/// Words of which one is in everything that has to do with user pools.
const MENTIONS: [&str; 4] = ["cognito", "user_pool", "user-pool", "userpool"];

/// Whether a text may have to do with user pools.
pub(in crate::source) fn mentions(text: &[u8]) -> bool {
    MENTIONS.iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
}

/// Messages, and what was not read.
pub(super) fn of(
    program: &Program<'_>,
    inventory: &Inventory,
    root: &Rc<Instance>,
    only: &[String],
) -> (BTreeSet<String>, Vec<Unread>) {
    let mut messages = BTreeSet::new();
    let mut unread = refused(program, &mut messages);
    for address in &inventory.none {
        messages.insert(format!(
            "there is no {address}: its `count` is 0, its `for_each` is empty, or it is not `enabled`"
        ));
    }
    for one in inventory.found.iter().filter(|one| one.mapping.is_pool()) {
        let mut ignored = ignored(&one.resource.block);
        ignored.retain(|name| name != "tags" && name != "tags_all");
        if !ignored.is_empty() {
            messages.insert(format!(
                "{} has `ignore_changes` ({}): the pool that is there may have other values, and what is \
                 written is judged",
                one.resource.address,
                ignored.join(", ")
            ));
        }
    }
    for (address, files) in &inventory.wrapped {
        let Some(files) = files else {
            let message = "what it declares is not read from a configuration: check a plan".to_owned();
            unread.push(Unread::new(address.clone(), message));
            continue;
        };
        for file in files {
            messages.insert(format!(
                "{address} deploys {file}, which is checked with what it gives for parameters"
            ));
        }
    }
    for address in &inventory.repeated {
        let message =
            "it is declared more than once, which Terraform refuses, and it is not clear which one counts";
        unread.push(Unread::new(address.clone(), message.to_owned()));
    }
    absent(program, &mut messages, &mut unread);
    if inventory.declared == 0 && inventory.wrapped.is_empty() && unread.is_empty() && !only.is_empty() {
        messages.insert("no resource in this configuration is a user pool, or a part of one".to_owned());
    }
    if root.directory.variables.is_empty()
        && (program.files.list)(&program.root).iter().any(|name| name == "terragrunt.hcl")
    {
        messages.insert(TERRAGRUNT.to_owned());
    }
    (messages, unread)
}

/// How variables of the root module get a value, where pools depend on some without any.
pub(super) fn valueless(program: &Program<'_>) -> Option<String> {
    let names = program.valueless.borrow();
    let shown = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match names.iter().next() {
        None => None,
        Some(name) if names.len() == 1 => Some(format!(
            "the variable {name} has no value: give it one with `--var {name}=VALUE` or `--var-file FILE`"
        )),
        Some(_) => Some(format!(
            "the variables {shown} have no value: give each one with `--var NAME=VALUE`, or all with `--var-file FILE`"
        )),
    }
}

const TERRAGRUNT: &str = "terragrunt.hcl is not read: give the values of its `inputs` with `--var-file FILE`";

/// Files that are not read as a configuration. One that has nothing to do with user pools is a note.
fn refused(program: &Program<'_>, messages: &mut BTreeSet<String>) -> Vec<Unread> {
    let mut unread = Vec::new();
    for file in program.texts.borrow().iter() {
        let Some(refused) = &file.refused else { continue };
        let text = file.text.text.as_bytes();
        if mentions(text) || memchr::memmem::find(text, b"module").is_some() || text.is_empty() {
            unread.push(refused.clone());
        } else {
            let (line, column) = refused.at.unwrap_or((1, 1));
            messages.insert(format!("{}:{line}:{column}: {}", refused.target, refused.message));
        }
    }
    unread
}

/// Calls of modules that are not here. One whose text mentions user pools may hold some.
fn absent(program: &Program<'_>, messages: &mut BTreeSet<String>, unread: &mut Vec<Unread>) {
    let mut others = Vec::new();
    for Absent { address, at, why } in program.absent.borrow().iter() {
        let (message, help) = match why {
            Why::Elsewhere(source) => (
                format!("it comes from {source}, which is not here: pools in it are not checked"),
                "run `terraform init` or `terraform get` first, which fetches modules, or check a plan",
            ),
            Why::Nowhere(source) => (
                format!(
                    "it comes from {source}, where no configuration can be read: pools in it are not checked"
                ),
                "name a directory that has the module in it, such as the top of the repository",
            ),
            Why::Endless => (
                "it calls a module that it is in, or one that is too deep".to_owned(),
                "Terraform refuses modules that call themselves",
            ),
            Why::Many => (
                "the configuration has too many modules: pools in this one and in later ones are not checked"
                    .to_owned(),
                "check the modules one by one, or a plan",
            ),
            Why::Unclear => (
                "its source is not known: pools in it are not checked".to_owned(),
                "give the variables that it is made of with `--var NAME=VALUE`",
            ),
        };
        let texts = program.texts.borrow();
        let Some(file) = texts.get(at.file) else { continue };
        let block = program.text(*at);
        let source = match why {
            Why::Elsewhere(source) | Why::Nowhere(source) => source.as_str(),
            Why::Endless | Why::Many | Why::Unclear => "",
        };
        if mentions(source.as_bytes())
            || mentions(block.as_bytes())
            || matches!(why, Why::Endless | Why::Many)
        {
            let lines = file.text.lines();
            let (line, column) = lines.line_column(at.start);
            let message = format!("{message} (called at {}:{line}:{column})", file.text.name);
            unread.push(Unread { help: Some(help.to_owned()), ..Unread::new(address.clone(), message) });
        } else {
            others.push(address.clone());
        }
    }
    if !others.is_empty() {
        let shown: Vec<&str> = others.iter().take(5).map(String::as_str).collect();
        let more = if others.len() > shown.len() { ", ..." } else { "" };
        messages.insert(format!(
            "{} not here to be read ({}{more}): `terraform init` fetches modules, and pools in them are checked then",
            if others.len() == 1 { "1 module is".to_owned() } else { format!("{} modules are", others.len()) },
            shown.join(", ")
        ));
    }
}

/// The arguments whose changes Terraform ignores; `all` for each of them.
pub(super) fn ignored(block: &Block) -> Vec<String> {
    fn root(node: &Node) -> Option<String> {
        match node {
            Node::Name(name) | Node::Text(name) => Some(name.to_string()),
            Node::Get(inner, _) | Node::Index(inner, _) => root(&inner.node),
            _ => None,
        }
    }
    let lifecycle = block.body.blocks("lifecycle").next();
    let changes = lifecycle.and_then(|lifecycle| lifecycle.body.get("ignore_changes"));
    match changes.map(|changes| &changes.value.node) {
        Some(Node::Tuple(items)) => items.iter().filter_map(|item| root(&item.node)).collect(),
        Some(Node::Name(_) | Node::Text(_)) => vec!["all".to_owned()],
        _ => Vec::new(),
    }
}
