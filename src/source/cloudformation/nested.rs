//! Nested stacks: which template beside another a stack of it runs, and what it gives for its parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::condition::Conditions;
use super::node::{Entry, Node, What};
use super::resolver::Resolver;
use super::template::{APPLICATION, Resource, STACK, STACK_SET, Template, conditions};
use crate::source::declared::{Meaning, Term};

/// A stack that runs a template of a file.
pub(super) struct Nested<'t> {
    pub stack: &'t Resource,
    pub path: PathBuf,
    pub parameters: &'t [Entry],
}

/// The nested stacks of a template whose templates are files.
pub(super) fn nested<'t>(template: &'t Template, file: &str) -> impl Iterator<Item = Nested<'t>> {
    let directory = directory(file);
    template.resources.iter().filter_map(move |stack| {
        let path = asset(stack).or_else(|| {
            let path = stack.properties()?.get(address(&stack.kind)?)?.text();
            path.filter(|path| is_path(path))
        });
        address(&stack.kind)?;
        let path = plain(&directory.join(path?));
        let parameters = stack.properties()?.get("Parameters").map(Node::entries).unwrap_or_default();
        Some(Nested { stack, path, parameters })
    })
}

/// The property in which a type of resource names the template that it runs.
fn address(kind: &str) -> Option<&'static str> {
    match kind {
        STACK | STACK_SET => Some("TemplateURL"),
        APPLICATION => Some("Location"),
        _ => None,
    }
}

/// The file that the CDK wrote for a stack.
fn asset(stack: &Resource) -> Option<&str> {
    stack.body.get("Metadata")?.get("aws:asset:path")?.text()
}

/// Whether an address is a path, which `aws cloudformation package` or SAM replaces.
fn is_path(address: &str) -> bool {
    !address.contains("://")
}

fn directory(file: &str) -> PathBuf {
    Path::new(file).parent().map(Path::to_owned).unwrap_or_default()
}

/// A path without `.` in it, and without `..` after a name, so that paths of one file are the same.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match (part, plain.components().next_back()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(plain.pop()),
            _ => plain.push(part),
        }
    }
    plain
}

/// The values of parameters, or why they are not known.
pub(super) type Parameters = BTreeMap<String, Result<Arc<str>, Arc<str>>>;

const OF_INSTANCES: &str = "instances of the stack set have values of their own";

/// A way in which a template is run by a stack of another.
pub(super) struct Run {
    /// The logical id of the stack.
    pub id: Arc<str>,
    /// The stack, and the file that it is in.
    pub stack: String,
    /// Whether it is sure to be the file that it runs.
    pub certain: bool,
    /// Why it is not made.
    pub prevented: Option<String>,
    /// The values that it gives for parameters, or why they are not known.
    pub given: Parameters,
    /// Why it may give others.
    pub open: Option<Arc<str>>,
}

/// The ways in which a template runs that of a file, in every way in which its conditions can come out.
pub(super) fn runs(template: &Template, file: &str, child: &Path) -> Vec<Run> {
    let stacks = || template.resources.iter().filter(|one| address(&one.kind).is_some());
    let mut names = BTreeSet::new();
    for stack in stacks() {
        names.extend(stack.condition().map(Arc::from));
        names.extend(conditions(&stack.body));
    }
    let mut runs = Vec::new();
    for outcomes in Conditions::of(template).scenarios(&names) {
        let resolver = Resolver { template, outcomes: &outcomes.known, reveal: false };
        runs.extend(stacks().filter_map(|stack| run(resolver, stack, file, child)));
    }
    runs.extend(in_loops(template, file, child));
    runs
}

/// How a stack runs the template of a file, if it does.
fn run(resolver: Resolver<'_>, stack: &Resource, file: &str, child: &Path) -> Option<Run> {
    let properties = resolver.term(stack.properties()?);
    let address = properties.get(address(&stack.kind)?).map(|address| &address.what);
    let address = address.and_then(Meaning::as_text);
    let path = asset(stack).or(address.as_deref().filter(|address| is_path(address)));
    let path = path.map(|path| plain(&directory(file).join(path)));
    let certain = match (path, &address) {
        (Some(path), _) if path == *child => true,
        (None, Some(address)) if ends_in(address, child) => false,
        (None, None) if may_name(stack.properties()?, child) => false,
        _ => return None,
    };
    let (given, open) = parameters(&properties);
    let of = format!("stack `{}` of {file}", stack.id);
    let prevented = stack.condition().filter(|name| resolver.outcomes.get(*name) == Some(&false));
    let prevented = prevented.map(|name| format!("{of} is not made, since condition `{name}` is false"));
    Some(Run {
        id: Arc::clone(&stack.id),
        stack: of,
        certain,
        prevented,
        given,
        open: open.or_else(|| stack.body.made_anew()),
    })
}

/// The values that a stack gives for the parameters of its template, and why it may give more.
pub(super) fn parameters(properties: &Term) -> (Parameters, Option<Arc<str>>) {
    let (mut given, open) = parameters_of_all(properties);
    let open = of_instances(properties, &mut given).or(open);
    (given, open)
}

/// Takes down what the instances of a stack set may have values of their own for.
fn of_instances(properties: &Term, given: &mut Parameters) -> Option<Arc<str>> {
    let mut open = None;
    let groups = properties.get("StackInstancesGroup").map(|groups| &groups.what);
    let groups = match groups {
        Some(Meaning::List(groups)) => groups.as_slice(),
        Some(Meaning::Unknown(why) | Meaning::Later { why, .. }) => {
            open = Some(Arc::clone(why));
            &[]
        }
        _ => &[],
    };
    let own = groups.iter().filter_map(|group| group.get("ParameterOverrides"));
    for own in own {
        let items = if let Meaning::List(items) = &own.what { items.as_slice() } else { &[] };
        if items.is_empty() {
            open = open.or_else(|| own.open());
        }
        for item in items {
            match item.get("ParameterKey").and_then(|key| key.what.as_text()) {
                Some(key) => drop(given.insert(key.to_string(), Err(OF_INSTANCES.into()))),
                None => open = Some(OF_INSTANCES.into()),
            }
        }
    }
    open
}

fn parameters_of_all(properties: &Term) -> (Parameters, Option<Arc<str>>) {
    let unknown = |what: &Meaning| match what {
        Meaning::Unknown(why) | Meaning::Later { why, .. } | Meaning::Unsaid(why) => Arc::clone(why),
        _ => "it is not a text".into(),
    };
    let value = |term: &Term| term.what.as_text().ok_or_else(|| unknown(&term.what));
    let mut given = BTreeMap::new();
    let Some(parameters) = properties.get("Parameters") else { return (given, properties.open()) };
    match &parameters.what {
        Meaning::Map(members, open) => {
            given.extend(members.iter().map(|member| (member.key.to_string(), value(&member.value))));
            (given, open.clone())
        }
        // The parameters of a stack set are a list.
        Meaning::List(items) => {
            let mut open = None;
            for item in items {
                match (
                    item.get("ParameterKey").and_then(|key| key.what.as_text()),
                    item.get("ParameterValue"),
                ) {
                    (Some(key), Some(term)) => drop(given.insert(key.to_string(), value(term))),
                    _ => open = Some(unknown(&item.what)),
                }
            }
            (given, open)
        }
        Meaning::Absent => (given, None),
        other => (given, Some(unknown(other))),
    }
}

/// Stacks that loops over an unknown list may make.
fn in_loops(template: &Template, file: &str, child: &Path) -> Vec<Run> {
    let mut runs = Vec::new();
    for entry in template.brings_in() {
        entry.value.walk(&mut |node| {
            let kind = node.get("Type").and_then(Node::text).and_then(address);
            if kind.is_some() && may_name(node, child) {
                runs.push(Run {
                    id: Arc::clone(&entry.key),
                    stack: format!("`{}` of {file}", entry.key),
                    certain: false,
                    prevented: None,
                    given: BTreeMap::new(),
                    open: Some(format!("what `{}` makes is not known", entry.key).into()),
                });
            }
        });
    }
    runs
}

/// Whether something in a value may name a file.
fn may_name(node: &Node, file: &Path) -> bool {
    let mut any = false;
    node.walk(&mut |node| any |= matches!(&node.what, What::Scalar(scalar) if ends_in(&scalar.text, file)));
    any
}

/// Whether an address has the name of a file at its end.
fn ends_in(address: &str, file: &Path) -> bool {
    let address = address.split('?').next().unwrap_or_default();
    let Some(name) = file.file_name().map(|name| name.to_string_lossy()) else { return false };
    address.strip_suffix(&*name).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\', '}']))
}
