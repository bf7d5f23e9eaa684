//! The files of a directory as one module: later files override what earlier ones have.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::syntax::{Attribute, Block, Body, Expr, Node};
use crate::source::Unread;
use crate::source::declared::TextOf;

/// A file that was read.
#[derive(Clone)]
pub(super) struct File {
    /// Its path; empty for a value of the command line.
    pub path: String,
    pub text: Arc<TextOf>,
    /// Why it could not be read as a configuration.
    pub refused: Option<Unread>,
}

/// A module as it is written.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub path: String,
    /// By type and name.
    pub resources: BTreeMap<(Rc<str>, Rc<str>), Rc<Block>>,
    pub data: BTreeSet<(Rc<str>, Rc<str>)>,
    pub variables: BTreeMap<Rc<str>, Rc<Block>>,
    pub locals: BTreeMap<Rc<str>, Rc<Expr>>,
    pub outputs: BTreeMap<Rc<str>, Rc<Block>>,
    pub calls: BTreeMap<Rc<str>, Rc<Block>>,
    pub providers: Vec<Rc<Block>>,
    pub imports: Vec<Rc<Block>>,
    /// Blocks that are declared more than once, and not in an override file, which Terraform refuses.
    pub repeated: BTreeSet<String>,
    /// The name of a file that could not be read: what it declares is not known.
    pub incomplete: Option<String>,
    /// Whether it has files of a configuration at all.
    pub is_there: bool,
}

/// The order in which files of a directory are read; `None` for other files.
pub(super) fn rank(name: &str) -> Option<(bool, bool)> {
    let json = ["tf.json", "tofu.json"].into_iter().find_map(|end| stem(name, end));
    let stem = json.or_else(|| ["tf", "tofu"].into_iter().find_map(|end| stem(name, end)))?;
    let hidden =
        name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    let overrides = stem == "override" || stem.ends_with("_override");
    (!hidden).then_some((overrides, json.is_some()))
}

fn stem<'n>(name: &'n str, end: &str) -> Option<&'n str> {
    name.strip_suffix(end)?.strip_suffix('.')
}

/// Whether a file is JSON by its name, as Terraform sees it.
pub(super) fn is_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == "json")
}

/// Whether a file is a part of a configuration, or has values for it, by its name.
pub(in crate::source) fn is_configuration(name: &str) -> bool {
    rank(name).is_some() || name.ends_with(".tfvars") || name.ends_with(".tfvars.json")
}

/// The files of a directory that count, in the order in which they are read.
pub(super) fn order(names: &[String]) -> Vec<&str> {
    let superseded = |name: &str| {
        let other = |end: &str, with: &str| {
            stem(name, end).is_some_and(|stem| names.iter().any(|one| *one == format!("{stem}.{with}")))
        };
        other("tf", "tofu") || other("tf.json", "tofu.json")
    };
    let mut found: Vec<((bool, bool), &str)> = Vec::new();
    for name in names {
        if let Some(rank) = rank(name).filter(|_| !superseded(name)) {
            found.push((rank, name));
        }
    }
    found.sort_by(|((a, _), one), ((b, _), other)| (a, one).cmp(&(b, other)));
    found.into_iter().map(|(_, name)| name).collect()
}

impl Directory {
    pub(super) fn add(&mut self, body: &Body, overrides: bool) {
        for block in &body.blocks {
            let kind = (Rc::from(block.label(0)), Rc::from(block.label(1)));
            let merge = |known: Option<&Rc<Block>>| match known.filter(|_| overrides) {
                Some(known) => Rc::new(overridden(known, block)),
                None => Rc::new(block.clone()),
            };
            if !overrides && self.has(block, &kind) {
                let name =
                    if &*block.kind == "resource" { String::new() } else { format!("{} ", block.kind) };
                self.repeated.insert(format!("{name}{}", block.labels.join(".")));
            }
            match &*block.kind {
                "resource" => {
                    let merged = merge(self.resources.get(&kind));
                    self.resources.insert(kind, merged);
                }
                "data" => {
                    self.data.insert(kind);
                }
                "variable" => {
                    let merged = merge(self.variables.get(&kind.0));
                    self.variables.insert(kind.0, merged);
                }
                "output" => {
                    let merged = merge(self.outputs.get(&kind.0));
                    self.outputs.insert(kind.0, merged);
                }
                "module" => {
                    let merged = merge(self.calls.get(&kind.0));
                    self.calls.insert(kind.0, merged);
                }
                "locals" => self.local_values(block, overrides),
                "provider" => self.provider(block, overrides),
                "import" => self.imports.push(Rc::new(block.clone())),
                // Nothing in other blocks is a value, or a part of a pool.
                _ => {}
            }
        }
    }

    fn local_values(&mut self, block: &Block, overrides: bool) {
        for one in &block.body.attributes {
            let known = self.locals.insert(Rc::clone(&one.name), Rc::clone(&one.value));
            if known.is_some() && !overrides {
                self.repeated.insert(format!("local.{}", one.name));
            }
        }
    }

    fn has(&self, block: &Block, kind: &(Rc<str>, Rc<str>)) -> bool {
        match &*block.kind {
            "resource" => self.resources.contains_key(kind),
            "data" => self.data.contains(kind),
            "variable" => self.variables.contains_key(&kind.0),
            "output" => self.outputs.contains_key(&kind.0),
            "module" => self.calls.contains_key(&kind.0),
            _ => false,
        }
    }

    fn provider(&mut self, block: &Block, overrides: bool) {
        let same = |one: &&mut Rc<Block>| one.labels == block.labels && alias(one) == alias(block);
        match self.providers.iter_mut().find(same).filter(|_| overrides) {
            Some(known) => *known = Rc::new(overridden(known, block)),
            None => self.providers.push(Rc::new(block.clone())),
        }
    }
}

/// The name of a provider beside that of its kind.
pub(super) fn alias(provider: &Block) -> Option<&str> {
    match &provider.body.get("alias")?.value.node {
        Node::Text(name) => Some(name),
        _ => None,
    }
}

/// The kind of a nested block, whether it is written out or dynamic.
pub(super) fn nested_kind(block: &Block) -> &str {
    if &*block.kind == "dynamic" { block.label(0) } else { &block.kind }
}

/// A block with what an override file says: an argument replaces that of its name, and blocks replace all of their
/// kind.
fn overridden(known: &Block, by: &Block) -> Block {
    let new = |one: &&Attribute| by.body.get(&one.name).is_none();
    let mut attributes: Vec<Attribute> = known.body.attributes.iter().filter(new).cloned().collect();
    attributes.extend(by.body.attributes.iter().cloned());
    let replaced = |one: &&Block| !by.body.blocks.iter().any(|other| nested_kind(other) == nested_kind(one));
    let mut blocks: Vec<Block> = known.body.blocks.iter().filter(replaced).cloned().collect();
    blocks.extend(by.body.blocks.iter().cloned());
    Block { body: Rc::new(Body { attributes, blocks }), ..known.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_in_the_order_of_terraform() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let listed =
            names(&["b.tf", "a_override.tf", "override.tf.json", "c.tf.json", ".x.tf", "y.tf~", "z.txt"]);
        assert_eq!(order(&listed), ["b.tf", "c.tf.json", "a_override.tf", "override.tf.json"]);
        assert_eq!(order(&names(&["main.tf", "main.tofu", "x.tf"])), ["main.tofu", "x.tf"]);
    }
}
