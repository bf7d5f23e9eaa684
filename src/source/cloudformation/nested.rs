//! Nested stacks: which template beside another a stack of it runs, and what it gives for its parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::node::{Entry, Node, Problem};
use super::parameter::Wrong;
use super::repeat;
use super::resolver::Resolver;
use super::template::{APPLICATION, Resource, STACK, Template};
use crate::source::Chunk;

/// A stack that runs a template of a file.
pub(super) struct Nested<'t> {
    pub stack: &'t Resource,
    pub path: PathBuf,
    pub parameters: &'t [Entry],
}

/// The nested stacks of a template whose templates are files.
pub(super) fn nested<'t>(template: &'t Template, file: &str) -> impl Iterator<Item = Nested<'t>> {
    let directory = Path::new(file).parent().map(Path::to_owned).unwrap_or_default();
    template.resources.iter().filter_map(move |stack| {
        let path = match &*stack.kind {
            STACK => asset(stack).or_else(|| property(stack, "TemplateURL")),
            APPLICATION => property(stack, "Location"),
            _ => None,
        };
        let path = plain(&directory.join(path?));
        let parameters = stack.properties()?.get("Parameters").map(Node::entries).unwrap_or_default();
        Some(Nested { stack, path, parameters })
    })
}

/// The file that the CDK wrote for a stack.
fn asset(stack: &Resource) -> Option<&str> {
    stack.body.get("Metadata")?.get("aws:asset:path")?.text()
}

/// A path that `aws cloudformation package` or SAM replaces with an address.
fn property<'t>(stack: &'t Resource, name: &str) -> Option<&'t str> {
    stack.properties()?.get(name)?.text().filter(|text| !text.contains("://"))
}

/// A path without `.` in it, so that paths of one file are the same.
pub(super) fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// Takes the template of a file apart, with what is given for its parameters. What a parent gives that is not known
/// takes the place of a default.
pub(super) fn template(file: &str, root: Node, chunk: &Chunk) -> Result<(Template, Wrong), Problem> {
    let (mut known, mut unknown) = (chunk.parameters.as_ref().clone(), BTreeSet::new());
    for (name, value) in given(file, &root, chunk) {
        match value {
            _ if known.contains_key(&name) => {}
            Some(value) => drop(known.insert(name, value)),
            None => drop(unknown.insert(name)),
        }
    }
    unknown.extend(chunk.unsettled.iter().filter(|name| !known.contains_key(*name)).cloned());
    repeat::template(root, &known, &unknown)
}

/// The values that the stacks of other templates give for the parameters of a file. `None` for a value that is
/// unknown, or not the same in each.
fn given(file: &str, root: &Node, chunk: &Chunk) -> BTreeMap<String, Option<String>> {
    let path = plain(Path::new(file));
    let mut stacks: Vec<BTreeMap<String, Option<String>>> = Vec::new();
    for parent in chunk.beside.iter().filter(|parent| *parent.name != *file && parent.may_run(&path)) {
        let Some(root) = parent.root() else { continue };
        let Ok((template, _)) = repeat::template(root, &chunk.parameters, &BTreeSet::new()) else { continue };
        let resolver = Resolver { template: &template, outcomes: &BTreeMap::new(), reveal: false };
        let own = nested(&template, &parent.name).filter(|nested| nested.path == path);
        stacks.extend(own.map(|nested| {
            let value = |entry: &Entry| (entry.key.to_string(), resolver.term(&entry.value).what.as_text());
            nested
                .parameters
                .iter()
                .map(value)
                .map(|(key, text)| (key, text.as_deref().map(str::to_owned)))
                .collect()
        }));
    }
    let declared = root.get("Parameters").map(Node::entries).unwrap_or_default();
    let passed = declared.iter().filter_map(|parameter| {
        let mut values = stacks.iter().map(|stack| stack.get(&*parameter.key));
        let first = values.next()?;
        let same = values.all(|other| other == first);
        let given = stacks.iter().any(|stack| stack.contains_key(&*parameter.key));
        given.then(|| (parameter.key.to_string(), first.cloned().flatten().filter(|_| same)))
    });
    passed.collect()
}
