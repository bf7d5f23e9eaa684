//! Templates beside one that are deployed with it: a stack exports the id of its pool, and another imports it for an
//! app client of its own, as the CDK writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::worlds;
use super::kind::{Attached, POOL, link};
use super::node::Node;
use super::recognize::{Text, recognize};
use super::repeat;
use super::scene::Scene;
use super::secret;
use super::template::{Template, conditions, mentions};
use crate::source::Chunk;
use crate::source::declared::TextOf;

/// A template beside another.
pub(super) struct Beside {
    pub template: Template,
    /// The outcomes of its conditions, as far as they are known.
    pub settled: BTreeMap<Arc<str>, bool>,
    pub text: Arc<TextOf>,
}

/// The templates beside one that export or import what it imports or exports.
pub(super) fn read(template: &Template, chunk: &Chunk) -> Vec<Beside> {
    if chunk.beside.is_empty() {
        return Vec::new();
    }
    let imported = template.resources.iter().filter_map(link).filter_map(|(.., link)| import(template, link));
    let mut names: Vec<Arc<str>> = imported.collect();
    names.extend(exports(template).map(|(name, _)| name));
    let shares = |text: &str| names.iter().any(|name| text.contains(&**name));
    let others = chunk.beside.iter().filter(|(name, text)| *name != chunk.origin.name && shares(text));
    others.filter_map(|(name, text)| Beside::read(name, text, chunk)).collect()
}

impl Beside {
    fn read(name: &Arc<str>, text: &Arc<str>, chunk: &Chunk) -> Option<Beside> {
        let Text::Template(root, ..) = recognize(name, text) else { return None };
        let (template, _) = repeat::template(root, &chunk.parameters).ok()?;
        let mut names = BTreeSet::new();
        for (resource, ..) in template.resources.iter().filter_map(link) {
            names.extend(resource.condition().map(Arc::from));
            names.extend(resource.properties().map(conditions).unwrap_or_default());
        }
        let mut worlds = worlds(&template, &names);
        // What depends on an open condition is left open.
        let settled =
            worlds.pop().filter(|_| worlds.is_empty()).map(|only| only.outcomes).unwrap_or_default();
        let secrets = secret::places(&template, text);
        let text = Arc::new(TextOf { name: Arc::clone(name), text: Arc::clone(text), secrets });
        Some(Beside { template, settled, text })
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { template: &self.template, settled: &self.settled, reveal: false }
    }
}

/// The parts of a pool that other templates have, each with the position of its template.
pub(super) fn parts<'b>(template: &Template, beside: &'b [Beside], pool: &str) -> Vec<(usize, Attached<'b>)> {
    let own = exports(template).filter(|(_, of)| *of == pool).map(|(name, _)| name);
    let names: Vec<Arc<str>> = own.filter(|name| exporters(beside, name).next().is_none()).collect();
    let all = beside.iter().enumerate().flat_map(|(at, one)| {
        let links = one.template.resources.iter().filter_map(link);
        links.map(move |attached| (at, attached))
    });
    let imports = |(at, (.., link)): &(usize, Attached<'b>)| {
        import(&beside[*at].template, link).is_some_and(|name| names.contains(&name))
    };
    all.filter(imports).collect()
}

/// The template of the pool that a property names by what another stack exports; `None` where there is no such
/// template, or more than one.
pub(super) fn exporter<'b>(template: &Template, beside: &'b [Beside], link: &Node) -> Option<&'b Beside> {
    let name = import(template, link)?;
    let mut found = exporters(beside, &name);
    found.next().filter(|_| found.next().is_none() && exports(template).all(|(own, _)| own != name))
}

fn exporters<'b>(beside: &'b [Beside], name: &str) -> impl Iterator<Item = &'b Beside> {
    beside.iter().filter(move |one| exports(&one.template).any(|(own, _)| *own == *name))
}

/// The names under which a template exports its pools, and the logical id of each. A pool that may not be made is left
/// out.
fn exports(template: &Template) -> impl Iterator<Item = (Arc<str>, &str)> {
    let outputs = template.root().get("Outputs").map(Node::entries).unwrap_or_default();
    outputs.iter().filter_map(|output| {
        let name = output.value.get("Export")?.get("Name")?;
        let value = output.value.get("Value")?;
        let [pool] = mentions(value)[..] else { return None };
        value.call().filter(|(function, _)| ["Ref", "Fn::GetAtt"].contains(function))?;
        let is_pool = |one: &&super::template::Resource| *one.id == *pool && *one.kind == *POOL;
        template.resources.iter().find(is_pool).filter(|pool| pool.condition().is_none())?;
        Some((text(template, name)?, pool))
    })
}

/// The name of the export that a property imports.
fn import(template: &Template, link: &Node) -> Option<Arc<str>> {
    match link.call() {
        Some(("Fn::ImportValue", name)) => text(template, name),
        _ => None,
    }
}

fn text(template: &Template, node: &Node) -> Option<Arc<str>> {
    Scene { template, settled: &BTreeMap::new(), reveal: false }.term(node).what.as_text()
}
