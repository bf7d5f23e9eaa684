//! Templates beside one that are deployed with it: a stack exports the id of its pool, or gives it to a nested stack,
//! and another imports it for an app client of its own, as the CDK writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::condition::Conditions;
use super::deployed;
use super::kind::{Attached, POOL, link};
use super::neighbor::Neighbor;
use super::nested::{nested, plain};
use super::node::Node;
use super::resolver::Resolver;
use super::secret;
use super::template::{Resource, Template, conditions, mentions};
use super::waivers;
use crate::source::Chunk;
use crate::source::declared::TextOf;
use crate::source::inline::InlineWaiver;

/// A template beside another.
pub(super) struct Beside {
    pub template: Template,
    /// The outcomes of its conditions, as far as they are known.
    pub outcomes: BTreeMap<Arc<str>, bool>,
    pub text: Arc<TextOf>,
    pub inline: Vec<Arc<InlineWaiver>>,
}

/// The names that a template exports pools under, or gives them to nested stacks by, and those that it imports.
struct Shared {
    exported: Vec<Arc<str>>,
    imported: Vec<Arc<str>>,
}

impl Shared {
    fn of(template: &Template, file: &str) -> Shared {
        let exported = exports(template, file).into_iter().map(|(name, _)| name).collect();
        let links = template.resources.iter().filter_map(link);
        let imported = links.filter_map(|(.., link)| import(template, file, link)).collect();
        Shared { exported, imported }
    }

    /// Whether a template may export or import one of the names, or be of a stack that is given it.
    fn may_be_in(&self, one: &Neighbor) -> bool {
        let exports = |name: &Arc<str>| match name.split_once(GIVEN) {
            Some((path, _)) => one.may_run(Path::new(path)),
            None => one.contains("Export") && one.contains(name),
        };
        let imports = |name: &Arc<str>| match name.split_once(GIVEN) {
            Some((path, _)) => plain(Path::new(&*one.name)) == Path::new(path),
            None => one.contains("ImportValue") && one.contains(name),
        };
        self.imported.iter().any(exports) || self.exported.iter().any(|name| imports(name) || exports(name))
    }

    /// Whether another template exports or imports one of them.
    fn with(&self, other: &Shared) -> bool {
        let exports = |name: &Arc<str>| other.exported.contains(name);
        self.imported.iter().any(exports)
            || self.exported.iter().any(|name| exports(name) || other.imported.contains(name))
    }
}

/// The templates beside one that export or import what it imports or exports.
pub(super) fn read(template: &Template, chunk: &Chunk) -> Vec<Beside> {
    if chunk.beside.is_empty() {
        return Vec::new();
    }
    let file = &chunk.origin.name;
    let shared = Shared::of(template, file);
    let others = chunk.beside.iter().filter(|one| one.name != *file && shared.may_be_in(one));
    others.filter_map(|one| Beside::read(one, &shared, chunk)).collect()
}

impl Beside {
    fn read(one: &Neighbor, shared: &Shared, chunk: &Chunk) -> Option<Beside> {
        let Neighbor { name, text, .. } = one;
        let root = one.root()?;
        let deployed = deployed::template((name, text), root.clone(), chunk).ok()?;
        let template = deployed.template;
        if deployed.prevented.is_some() || !shared.with(&Shared::of(&template, name)) {
            return None;
        }
        let mut names = BTreeSet::new();
        for (resource, ..) in template.resources.iter().filter_map(link) {
            names.extend(resource.condition().map(Arc::from));
            names.extend(resource.properties().map(conditions).unwrap_or_default());
        }
        let mut scenarios = Conditions::of(&template).scenarios(&names);
        // Everything that depends on an open condition is left open.
        let outcomes =
            scenarios.pop().filter(|_| scenarios.is_empty()).map(|only| only.known).unwrap_or_default();
        let inline = waivers::waivers((name, text), &root, &template);
        let secrets = secret::places(&template, text);
        let text = Arc::new(TextOf {
            name: Arc::clone(name),
            text: Arc::clone(text),
            secrets,
            index: Arc::default(),
        });
        Some(Beside { template, outcomes, text, inline })
    }

    pub(super) fn resolver(&self) -> Resolver<'_> {
        Resolver { template: &self.template, outcomes: &self.outcomes, reveal: false }
    }
}

/// The parts of a pool that other templates have, each with the position of its template.
pub(super) fn parts<'b>(
    (template, file): (&Template, &str),
    beside: &'b [Beside],
    pool: &str,
) -> Vec<(usize, Attached<'b>)> {
    let own = exports(template, file).into_iter().filter(|(_, of)| *of == pool).map(|(name, _)| name);
    let names: Vec<Arc<str>> = own.filter(|name| exporters(beside, name).next().is_none()).collect();
    let all = beside.iter().enumerate().flat_map(|(at, one)| {
        let links = one.template.resources.iter().filter_map(link);
        links.map(move |attached| (at, attached))
    });
    let imports = |(at, (.., link)): &(usize, Attached<'b>)| {
        let one = &beside[*at];
        import(&one.template, &one.text.name, link).is_some_and(|name| names.contains(&name))
    };
    all.filter(imports).collect()
}

/// The template whose pool a property names through an export or output. `None` if no template, or more than one,
/// has it.
pub(super) fn exporter<'b>(
    (template, file): (&Template, &str),
    beside: &'b [Beside],
    link: &Node,
) -> Option<&'b Beside> {
    let name = import(template, file, link)?;
    let mut found = exporters(beside, &name);
    let own = exports(template, file).iter().any(|(own, _)| *own == name);
    found.next().filter(|_| found.next().is_none() && !own)
}

fn exporters<'b>(beside: &'b [Beside], name: &str) -> impl Iterator<Item = &'b Beside> {
    beside
        .iter()
        .filter(move |one| exports(&one.template, &one.text.name).iter().any(|(own, _)| **own == *name))
}

/// The separator between the file of a nested stack and the name of its parameter. No name of an export has it.
const GIVEN: char = '#';

/// The names under which a template exports its pools or gives them to nested stacks, and the logical id of each. What
/// may not be made is left out.
fn exports<'t>(template: &'t Template, file: &str) -> Vec<(Arc<str>, &'t str)> {
    let outputs = template.root().get("Outputs").map(Node::entries).unwrap_or_default();
    let exported = outputs.iter().filter_map(|output| {
        let name = output.value.get("Export")?.get("Name")?;
        Some((text(template, name)?, pool(template, output.value.get("Value")?)?))
    });
    let stacks = nested(template, file).filter(|nested| nested.stack.condition().is_none());
    let given = stacks.flat_map(|nested| {
        let parameters = nested.parameters.iter();
        parameters.filter_map(move |entry| {
            let name = format!("{}{GIVEN}{}", nested.path.display(), entry.key);
            Some((name.into(), pool(template, &entry.value)?))
        })
    });
    exported.chain(given).collect()
}

/// The pool whose id or ARN a value is.
fn pool<'t>(template: &'t Template, value: &'t Node) -> Option<&'t str> {
    let [pool] = mentions(value)[..] else { return None };
    value.call().filter(|(function, _)| ["Ref", "Fn::GetAtt"].contains(function))?;
    let is_pool = |one: &&Resource| *one.id == *pool && *one.kind == *POOL;
    template.resources.iter().find(is_pool).filter(|pool| pool.condition().is_none())?;
    Some(pool)
}

/// The name of what a property imports, or is given.
fn import(template: &Template, file: &str, link: &Node) -> Option<Arc<str>> {
    match link.call()? {
        ("Fn::ImportValue", name) => text(template, name),
        ("Ref", name) => {
            let name = name.text().filter(|name| template.parameters.contains_key(*name))?;
            Some(format!("{}{GIVEN}{name}", plain(Path::new(file)).display()).into())
        }
        _ => None,
    }
}

fn text(template: &Template, node: &Node) -> Option<Arc<str>> {
    Resolver { template, outcomes: &BTreeMap::new(), reveal: false }.term(node).what.as_text()
}
