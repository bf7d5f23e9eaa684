//! The resources of a configuration that hold parts of pools, in all modules, with their arguments.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::expand::Expansion;
use super::lower::{Lowered, lower};
use super::scope::{Given, Instance, Program, ResourceInstance};
use super::syntax::{Block, Node, Place};
use crate::source::declared::Mapping;
use crate::source::terraform;

/// A resource that holds a part of a pool.
pub(super) struct Found {
    pub resource: ResourceInstance,
    pub mapping: &'static Mapping,
    pub lowered: Lowered,
    /// An `import` block takes over what is there already.
    pub adopted: bool,
}

/// Everything that is found in a configuration.
#[derive(Default)]
pub(super) struct Inventory {
    pub found: Vec<Found>,
    /// Pools, and modules, of which there is no instance.
    pub none: BTreeSet<String>,
    /// Resources with a template, or a resource of CloudFormation, in them that may be a pool.
    pub wrapped: BTreeSet<String>,
    /// Resources of types that hold a part of a pool, whatever becomes of them.
    pub declared: usize,
}

impl Inventory {
    /// Collects the resources of a module, and of those that it calls.
    pub(super) fn collect(&mut self, program: &Program<'_>, instance: &Rc<Instance>) {
        let imported: BTreeSet<String> = match instance.prefix.is_empty() {
            true => instance.directory.imports.iter().filter_map(|block| imported(block)).collect(),
            false => BTreeSet::new(),
        };
        for ((kind, name), block) in &instance.directory.resources {
            let Some(mapping) = terraform::mapping(kind) else {
                let is_wrapped =
                    matches!(&**kind, "aws_cloudformation_stack" | "aws_cloudcontrolapi_resource");
                if is_wrapped && program.text(block.whole).contains("Cognito") {
                    self.wrapped.insert(format!("{}{kind}.{name}", instance.prefix));
                }
                continue;
            };
            self.declared += 1;
            let (expansion, resources) = program.resources(block, instance);
            if mapping.is_pool() && resources.is_empty() {
                self.none.insert(format!("{}{kind}.{name}", instance.prefix));
            }
            for resource in resources {
                let lowered = lower(program, &resource, mapping);
                let base = format!("{kind}.{name}");
                let adopted = imported.contains(&*resource.address)
                    || (!matches!(expansion, Expansion::One) && imported.contains(&base));
                self.found.push(Found { resource, mapping, lowered, adopted });
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
    let mut calls = Vec::new();
    let mut instance = &resource.scope.instance;
    while let Given::Call(block, scope) = &instance.given {
        calls.push(block.whole);
        instance = &scope.instance;
    }
    calls
}
