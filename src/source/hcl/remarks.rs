//! Remarks about a configuration beside its pools: files and modules that could not be read, and pools that
//! there are none of.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::absent::{Absent, Why};
use super::directory::{order, rank};
use super::inventory::Inventory;
use super::scope::{Instance, Program};
use super::syntax::{Block, Node};
use crate::source::Unread;

/// Words of which one is in everything that has to do with user pools.
const MENTIONS: [&str; 5] = ["cognito", "user_pool", "user-pool", "userpool", "AWS::Cognito"];

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
    let mut messages = program.strange.clone();
    let mut unread = refused(program);
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
    messages.extend(superseded(program));
    if inventory.declared == 0 && inventory.wrapped.is_empty() && unread.is_empty() && !only.is_empty() {
        messages.insert("no resource in this configuration is a user pool, or a part of one".to_owned());
    }
    // Of a directory, the reader of directories says so.
    if !only.is_empty()
        && root.directory.variables.is_empty()
        && (program.files.list)(&program.root).iter().any(|name| name == "terragrunt.hcl")
    {
        messages.insert(TERRAGRUNT.to_owned());
    }
    (messages, unread)
}

/// Files of the root module that a `.tofu` file beside them replaces, which Terraform takes all the same.
fn superseded(program: &Program<'_>) -> Option<String> {
    let names = (program.files.list)(&program.root);
    let read = order(&names);
    let left_out =
        names.iter().map(String::as_str).filter(|name| rank(name).is_some() && !read.contains(name));
    let left_out: Vec<&str> = left_out.collect();
    let verb = if left_out.len() == 1 { "is" } else { "are" };
    (!left_out.is_empty()).then(|| {
        format!(
            "{} {verb} not read, since OpenTofu takes the file that ends in `.tofu` instead; Terraform takes the other",
            left_out.join(", ")
        )
    })
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

/// Files that are not read as a configuration. Terraform refuses their directories, or they may change any value in them.
fn refused(program: &Program<'_>) -> Vec<Unread> {
    program.texts.borrow().iter().filter_map(|file| file.refused.clone()).collect()
}

/// Why a module is not here, and what helps.
fn reason(why: &Why) -> (String, &'static str) {
    let from =
        |source: &str, what: &str| format!("it comes from {source}, {what}: pools in it are not checked");
    match why {
        Why::Elsewhere(source) => (
            from(source, "which is not here"),
            "run `terraform init` or `terraform get` first, which fetches modules, or check a plan",
        ),
        Why::Outdated(source) => (
            from(source, "and what was fetched is not that"),
            "run `terraform init` or `terraform get` again, which fetches the module",
        ),
        Why::Outside(source) => (
            from(source, "outside of what is read"),
            "name a directory that has the module in it, such as the top of the repository",
        ),
        Why::Nowhere(source) => (
            from(source, "where there is no configuration"),
            "correct its `source`: Terraform refuses a directory without a configuration",
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
    }
}

/// Calls of modules that are not here. One from a registry whose text does not mention user pools is a note.
fn absent(program: &Program<'_>, messages: &mut BTreeSet<String>, unread: &mut Vec<Unread>) {
    let mut others = Vec::new();
    for Absent { address, at, why } in program.absent.borrow().iter() {
        let texts = program.texts.borrow();
        let Some(file) = texts.get(at.file) else { continue };
        if let Why::Elsewhere(source) = why
            && !mentions(source.as_bytes())
            && !mentions(program.text(*at).as_bytes())
        {
            others.push(address.clone());
            continue;
        }
        let (message, help) = reason(why);
        let (line, column) = file.text.lines().line_column(at.start);
        let message = format!("{message} (called at {}:{line}:{column})", file.text.name);
        unread.push(Unread { help: Some(help.to_owned()), ..Unread::new(address.clone(), message) });
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
