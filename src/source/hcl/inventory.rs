//! The resources of a configuration that hold parts of pools, in all modules, with their arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::expand::Expansion;
use super::lower::{Lowered, lower};
use super::scope::{Given, Instance, Program, ResourceInstance};
use super::stack;
use super::syntax::{Block, Node, Place};
use super::unknown::Question;
use super::value::What;
use crate::source::cloudformation::Neighbor;
use crate::source::declared::Mapping;
use crate::source::terraform;

/// A resource that holds a part of a pool.
pub(super) struct Found {
    pub resource: ResourceInstance,
    pub mapping: &'static Mapping,
    pub lowered: Lowered,
    /// An `import` block takes over what is there already.
    pub adopted: bool,
    /// Its module and its name, without keys.
    pub base: Rc<str>,
    /// Questions whose answers would decide its conditions, and whether it is there.
    pub questions: BTreeSet<Question>,
}

/// Everything that is found in a configuration.
#[derive(Default)]
pub(super) struct Inventory {
    pub found: Vec<Found>,
    /// Pools, and modules, of which there is no instance.
    pub none: BTreeSet<String>,
    /// Resources with a template, or a resource of CloudFormation, in them that may be a pool, with the files in the
    /// same run that hold the templates, where all of these are known.
    pub wrapped: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The templates in the same run.
    pub beside: Arc<[Neighbor]>,
    /// Blocks that modules declare more than once.
    pub repeated: BTreeSet<String>,
    /// Resources of types that hold a part of a pool, whatever becomes of them.
    pub declared: usize,
    /// The files that those are in, and the calls of their modules.
    pub files: BTreeSet<usize>,
}

impl Inventory {
    /// Collects the resources of a module, and of those that it calls.
    pub(super) fn collect(&mut self, program: &Program<'_>, instance: &Rc<Instance>) {
        let imported: BTreeSet<String> = match instance.prefix.is_empty() {
            true => instance.directory.imports.iter().filter_map(|block| imported(block)).collect(),
            false => BTreeSet::new(),
        };
        let repeated = instance.directory.repeated.iter().map(|one| format!("{}{one}", instance.prefix));
        self.repeated.extend(repeated);
        for ((kind, name), block) in &instance.directory.resources {
            let Some(mapping) = terraform::mapping(kind) else {
                let is_stack = terraform::is_stack(kind);
                let is_wrapped = is_stack || kind.as_ref() == "aws_cloudcontrolapi_resource";
                let says = || program.text(block.whole).contains("Cognito");
                if is_wrapped && (says() || (is_stack && may_run_pools(program, block, instance))) {
                    let files = stack::files(program, (block, instance), &self.beside).filter(|_| is_stack);
                    let files = files.map(|files| files.into_iter().map(str::to_owned).collect());
                    self.wrapped.insert(format!("{}{kind}.{name}", instance.prefix), files);
                }
                continue;
            };
            let base: Rc<str> = format!("{}/{kind}.{name}", instance.path).into();
            if !program.wanted.is_empty() && !program.wanted.contains(&*base) {
                continue;
            }
            self.declared += 1;
            self.files.insert(block.whole.file);
            self.files.extend(around(instance).into_iter().map(|call| call.file));
            let ((expansion, resources), mut exists) = program.asking(|| program.resources(block, instance));
            exists.extend(instance.questions.iter().cloned());
            if mapping.is_pool() && resources.is_empty() {
                self.none.insert(format!("{}{kind}.{name}", instance.prefix));
            }
            for resource in resources {
                let (lowered, mut questions) = program.asking(|| lower(program, &resource, mapping));
                questions.extend(exists.iter().cloned());
                let adopted = imported.contains(&*resource.address)
                    || (!matches!(expansion, Expansion::One) && imported.contains(&format!("{kind}.{name}")));
                let base = Rc::clone(&base);
                self.found.push(Found { resource, mapping, lowered, adopted, base, questions });
            }
        }
        for (name, block) in &instance.directory.calls {
            let calls = program.calls(instance, name, block);
            for inner in &calls.instances {
                self.collect(program, inner);
            }
            if calls.instances.is_empty() && calls.value.as_unknown().is_none() {
                self.none.insert(format!("{}module.{name}", instance.prefix));
            }
        }
    }
}

/// Whether the template of a stack may have pools: one that is elsewhere, or that says so.
fn may_run_pools(program: &Program<'_>, block: &Block, instance: &Rc<Instance>) -> bool {
    if block.body.get("template_url").is_some() {
        return true;
    }
    let Some(template) = block.body.get("template_body") else { return false };
    match program.value(&template.value, &instance.scope()).what {
        What::Text(text) => ["Cognito", "AWS::CloudFormation::Stack", "AWS::Serverless::Application"]
            .iter()
            .any(|word| text.contains(word)),
        What::Null => false,
        _ => true,
    }
}

/// The address that an `import` block of the root is for, without keys.
fn imported(block: &Block) -> Option<String> {
    fn address(node: &Node) -> Option<String> {
        match node {
            Node::Name(name) => Some(name.to_string()),
            Node::Get(inner, name) => Some(format!("{}.{name}", address(&inner.node)?)),
            Node::Index(inner, _) => address(&inner.node),
            Node::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }
    address(&block.body.get("to")?.value.node)
}

/// The file that a resource is written in, and those of the calls around it.
pub(super) fn files(resource: &ResourceInstance) -> BTreeSet<usize> {
    let calls = calls(resource).into_iter().map(|call| call.file);
    std::iter::once(resource.block.whole.file).chain(calls).collect()
}

/// The calls of the modules that a resource is in, the innermost first.
pub(super) fn calls(resource: &ResourceInstance) -> Vec<Place> {
    around(&resource.scope.instance)
}

/// The calls that lead to a module, the innermost first.
fn around(mut instance: &Rc<Instance>) -> Vec<Place> {
    let mut calls = Vec::new();
    while let Given::Call(block, scope) = &instance.given {
        calls.push(block.whole);
        instance = &scope.instance;
    }
    calls
}
