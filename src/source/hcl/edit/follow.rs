//! Where the value of an argument is written: in the resource, or in a variable, local value or module call that
//! nothing else uses.

use std::rc::Rc;
use std::sync::Arc;

use crate::source::declared::{Span, TextOf};
use crate::source::edit::Refusal;
use crate::source::hcl::directory::{is_json, nested_kind, order, rank};
use crate::source::hcl::files::{Assignment, Configuration, join};
use crate::source::hcl::parse;
use crate::source::hcl::remarks::ignored;
use crate::source::hcl::syntax::{Block, Body, Expr, Node};

/// An expression in a file.
pub(super) struct Written {
    pub file: Arc<TextOf>,
    pub expression: Rc<Expr>,
}

/// `main.tf:12`
pub(super) fn place(written: &Written) -> String {
    spot(&written.file, written.expression.at.start)
}

pub(super) fn spot(file: &TextOf, at: usize) -> String {
    format!("{}:{}", file.name, file.lines().line_column(at).0)
}

/// A file of a module.
struct File {
    text: Arc<TextOf>,
    body: Body,
}

/// The text of a file; `None` where it cannot be read.
fn text(configuration: &Configuration, path: &str) -> Option<Arc<TextOf>> {
    let text = String::from_utf8((configuration.files.read)(path)?).ok()?;
    Some(named((configuration.files.shown)(path), text))
}

fn named(name: String, text: String) -> Arc<TextOf> {
    Arc::new(TextOf { name: name.into(), text: text.into(), secrets: Vec::new(), index: Arc::default() })
}

/// The files of a directory that are not JSON.
fn files(configuration: &Configuration, directory: &str) -> Vec<File> {
    let names = (configuration.files.list)(directory);
    let paths =
        order(&names).into_iter().filter(|name| !is_json(name)).filter_map(|name| join(directory, name));
    let texts = paths.filter_map(|path| text(configuration, &path));
    texts.filter_map(|text| Some(File { body: parse::body(0, &text.text).ok()?, text })).collect()
}

/// The directory of a file by its name in messages: that of the root module. A module that it calls may be a part of
/// other configurations too, and what `terraform init` fetched is made anew.
pub(super) fn ensure_own(configuration: &Configuration, shown: &str) -> Result<String, Refusal> {
    if shown.split(['/', '\\']).any(|part| part == ".terraform") {
        let message = format!("it is written in {shown}, which `terraform init` fetched");
        return Err(Refusal::new(message, "change the source of the module"));
    }
    let root = &configuration.root;
    if has(configuration, root, shown) {
        return Ok(root.clone());
    }
    let message = format!("it is written in {shown}, a module that others may call too");
    Err(Refusal::new(
        message,
        format!("change it there: `cognito-lint fix {shown}` reads the module by itself"),
    ))
}

/// Whether a directory has a file, by its name in messages.
fn has(configuration: &Configuration, directory: &str, shown: &str) -> bool {
    let is_it =
        |name: &String| join(directory, name).is_some_and(|path| (configuration.files.shown)(&path) == shown);
    (configuration.files.list)(directory).iter().any(is_it)
}

/// The module of a resource, and the calls that lead to it.
pub(super) struct Modules<'c> {
    /// The calls, the innermost first, each with the directory that it is in.
    calls: Vec<(&'c Span, String)>,
    /// The directory of the resource.
    innermost: String,
}

impl Modules<'_> {
    fn of(root: String) -> Self {
        Modules { calls: Vec::new(), innermost: root }
    }

    pub(super) fn innermost(&self) -> &str {
        &self.innermost
    }

    /// All directories, that of the resource first.
    pub(super) fn directories(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.innermost()).chain(self.calls.iter().map(|(_, directory)| directory.as_str()))
    }
}

/// Follows calls from the root module to that of a file. `calls`: the innermost first.
pub(super) fn modules<'c>(
    configuration: &Configuration,
    calls: &'c [Span],
    shown: &str,
) -> Result<Modules<'c>, Refusal> {
    let (mut all, mut directory) = (Vec::new(), configuration.root.clone());
    for call in calls.iter().rev() {
        let source = argument(call, "source").and_then(|written| match &written.expression.node {
            Node::Text(source) if source.starts_with('.') => join(&directory, source),
            _ => None,
        });
        // A file outside of the directories of the configuration is refused by its name.
        let Some(inner) = source else { return ensure_own(configuration, shown).map(Modules::of) };
        all.push((call, std::mem::replace(&mut directory, inner)));
    }
    all.reverse();
    match has(configuration, &directory, shown) {
        true => Ok(Modules { calls: all, innermost: directory }),
        false => ensure_own(configuration, shown).map(Modules::of),
    }
}

/// Refuses a directory with a file that cannot be parsed: it may override the resource, or use the value.
pub(super) fn ensure_read(configuration: &Configuration, directory: &str) -> Result<(), Refusal> {
    let names = (configuration.files.list)(directory);
    for path in
        order(&names).into_iter().filter(|name| !is_json(name)).filter_map(|name| join(directory, name))
    {
        if text(configuration, &path).is_none_or(|text| parse::body(0, &text.text).is_err()) {
            let shown = (configuration.files.shown)(&path);
            return Err(Refusal::new(format!("{shown} beside it cannot be read"), "correct that file first"));
        }
    }
    Ok(())
}

/// Refuses an argument whose changes Terraform ignores, and finds the last file that overrides it, with the resource there.
pub(super) fn overridden(
    configuration: &Configuration,
    directory: &str,
    (labels, argument): ((&str, &str), &str),
) -> Result<Option<(Arc<TextOf>, Block)>, Refusal> {
    let files = files(configuration, directory);
    let same = |file: &File| {
        let blocks = file.body.blocks.iter().filter(|block| &*block.kind == "resource");
        blocks.filter(|block| (block.label(0), block.label(1)) == labels).cloned().collect::<Vec<_>>()
    };
    if files
        .iter()
        .flat_map(same)
        .flat_map(|block| ignored(&block))
        .any(|name| name == argument || name == "all")
    {
        let message = format!("`ignore_changes` keeps Terraform from a change of `{argument}`");
        return Err(Refusal::new(message, "remove it from `ignore_changes` first"));
    }
    let sets = |block: &Block| {
        let is_set = block.body.get(argument).is_some();
        is_set || block.body.blocks.iter().any(|inner| nested_kind(inner) == argument)
    };
    // The last one counts.
    let winner = files.iter().rev().find_map(|file| {
        let name = file.text.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let block = same(file).into_iter().rev().find(sets)?;
        rank(name).is_some_and(|(overrides, _)| overrides).then(|| (Arc::clone(&file.text), block))
    });
    Ok(winner)
}

/// The literal that an expression leads to, if each step to it is used for nothing else.
pub(super) fn literal(
    configuration: &Configuration,
    from: Written,
    modules: &Modules<'_>,
) -> Result<Written, Refusal> {
    literal_in(configuration, from, (&modules.innermost, &modules.calls))
}

fn literal_in(
    configuration: &Configuration,
    from: Written,
    (directory, calls): (&str, &[(&Span, String)]),
) -> Result<Written, Refusal> {
    let Node::Get(inner, name) = &from.expression.node else { return Ok(from) };
    let Node::Name(root) = &inner.node else { return Ok(from) };
    if !matches!(&**root, "var" | "local") {
        return Ok(from);
    }
    let reference = format!("{root}.{name}");
    let uses = uses(configuration, directory, (root, name));
    if uses.len() != 1 {
        let message = format!("the value comes from `{reference}`, which is used in {}", uses.join(", "));
        return Err(Refusal::new(message, "change it by hand, or give the resource a value of its own"));
    }
    let files = files(configuration, directory);
    let next = match (&**root, calls) {
        ("local", _) => found(&files, |body| {
            body.blocks("locals").find_map(|block| block.body.get(name)).map(|one| Rc::clone(&one.value))
        }),
        (_, [(call, directory), outer @ ..]) => match argument(call, name) {
            Some(written) => return literal_in(configuration, written, (directory, outer)),
            None => default(&files, name),
        },
        (_, []) => match by_option(configuration, name)? {
            Some(written) => Some(written),
            None => given(configuration, directory, name)?.or_else(|| default(&files, name)),
        },
    };
    match next {
        Some(written) => literal_in(configuration, written, (directory, calls)),
        None => {
            Err(Refusal::by_hand(format!("the value comes from `{reference}`, which has no value in a file")))
        }
    }
}

/// The first expression that a file has.
fn found(files: &[File], look: impl Fn(&Body) -> Option<Rc<Expr>>) -> Option<Written> {
    files
        .iter()
        .find_map(|file| Some(Written { expression: look(&file.body)?, file: Arc::clone(&file.text) }))
}

fn default(files: &[File], name: &str) -> Option<Written> {
    found(files, |body| {
        let variable = body.blocks("variable").find(|block| block.label(0) == name)?;
        Some(Rc::clone(&variable.body.get("default")?.value))
    })
}

/// The argument of a module call.
fn argument(call: &Span, name: &str) -> Option<Written> {
    let body = parse::body(0, &call.text.text).ok()?;
    let block = body.blocks.iter().find(|block| (block.whole.start..block.whole.end) == call.at)?;
    let expression = Rc::clone(&block.body.get(name)?.value);
    Some(Written { file: Arc::clone(&call.text), expression })
}

/// The value that an option gives to a variable of the root module, of the last one on the command line.
fn by_option(configuration: &Configuration, name: &str) -> Result<Option<Written>, Refusal> {
    for one in configuration.given.variables.iter().rev() {
        match one {
            Assignment::Variable { name: own, .. } if own == name => {
                let message = format!("the value comes from `--var {name}`");
                return Err(Refusal::new(message, "give it another value there"));
            }
            Assignment::Variable { .. } => {}
            Assignment::File { name: file, text } => {
                let text = named(file.clone(), text.clone());
                if let Some(written) = value_in(&text, name)? {
                    return Ok(Some(written));
                }
            }
        }
    }
    Ok(None)
}

/// The value that a file with values gives to a variable.
fn value_in(file: &Arc<TextOf>, name: &str) -> Result<Option<Written>, Refusal> {
    if is_json(&file.name) {
        return match file.text.contains(&format!("\"{name}\"")) {
            true => Err(Refusal::by_hand(format!("the value comes from {}, which is not edited", file.name))),
            false => Ok(None),
        };
    }
    let body = parse::body(0, &file.text).ok();
    let expression = body.and_then(|body| Some(Rc::clone(&body.get(name)?.value)));
    Ok(expression.map(|expression| Written { file: Arc::clone(file), expression }))
}

/// The value that a file gives to a variable of the root module, of the last one that Terraform reads.
fn given(configuration: &Configuration, directory: &str, name: &str) -> Result<Option<Written>, Refusal> {
    let names = (configuration.files.list)(directory);
    let is_auto = |name: &String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    let mut order: Vec<&String> = names.iter().filter(|name| is_auto(name)).collect();
    order.sort();
    let others = ["terraform.tfvars", "terraform.tfvars.json"];
    let by_option = names
        .iter()
        .filter(|name| name.contains(".tfvars") && !is_auto(name) && !others.contains(&name.as_str()));
    for text in by_option.filter_map(|name| text(configuration, &join(directory, name)?)) {
        if text.text.contains(name) {
            let message =
                format!("the value comes from `var.{name}`, to which {} may give another value", text.name);
            return Err(Refusal::by_hand(message));
        }
    }
    let plain = others.into_iter().flat_map(|plain| names.iter().filter(move |name| *name == plain));
    for file in order.into_iter().rev().chain(plain.collect::<Vec<_>>().into_iter().rev()) {
        let Some(text) = join(directory, file).and_then(|path| text(configuration, &path)) else { continue };
        if let Some(written) = value_in(&text, name)? {
            return Ok(Some(written));
        }
    }
    Ok(None)
}

/// The places in the files of a module that mention a reference, in comments too: one place too many refuses an edit,
/// and one too few would change what nobody asked for.
fn uses(configuration: &Configuration, directory: &str, (root, name): (&str, &str)) -> Vec<String> {
    let names = (configuration.files.list)(directory);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut uses = Vec::new();
    for text in order(&names).into_iter().filter_map(|name| text(configuration, &join(directory, name)?)) {
        for (at, _) in text.text.match_indices(root) {
            let (before, after) = (&text.text[..at], text.text[at + root.len()..].trim_start());
            let rest = after.strip_prefix('.').and_then(|after| after.trim_start().strip_prefix(name));
            if !before.ends_with(|c| is_name(c) || c == '.')
                && rest.is_some_and(|rest| !rest.starts_with(is_name))
            {
                uses.push(spot(&text, at));
            }
        }
    }
    uses
}
