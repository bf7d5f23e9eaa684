//! Follows the references of a configuration to the resources that a value comes from, through modules.
//!
//! A new pool has no id, so a reference to it is unknown in a plan. The configuration alone shows which pool it is.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::address::{Part, parts};
use super::arguments::mapping;
use super::file::{Call, Configured, Module, is_managed};
use super::relevant::Relevant;
use super::resource::Resource;
use super::site::{Site, references, shows_keys};
use crate::pool::Section;

/// Modules that call each other deeper than this are not followed.
const DEEPEST: usize = 40;
/// Data sources that say where a plan runs and never which pool is meant.
const SURROUNDINGS: [&str; 4] = ["aws_region", "aws_caller_identity", "aws_partition", "aws_default_tags"];

/// Where references lead.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    /// Positions of the resources that were looked for.
    pub found: BTreeSet<usize>,
    /// A local value, which a plan does not show: what was found is all that it can lead to.
    pub hidden: Option<String>,
    /// A reference that could not be followed.
    pub lost: Option<String>,
    /// All of those, each with its place: equal sets mean equal values.
    pub sources: BTreeSet<String>,
    /// Resources of other types, and nothing worse.
    pub others: bool,
    /// The references that were followed: each is followed once, however many expressions share it.
    followed: BTreeSet<String>,
}

/// The search: its target and its scope.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub root: Option<&'a Module<'a>>,
    pub resources: &'a [Resource],
    /// The resources that contribute to changes, as the plan lists them.
    pub relevant: &'a [Relevant],
    /// The part of a pool that the resources to find hold.
    pub wanted: Section,
    /// The argument of other resources that has the same meaning.
    pub link: &'a str,
    /// Whether local values are taken for all that they can lead to.
    pub locals: bool,
}

impl<'a> Search<'a> {
    /// Follows the argument of a resource.
    pub(super) fn argument(&self, resource: &Resource, argument: &str) -> Resolution {
        let mut reach = Resolution::default();
        self.argument_at(resource, argument, 0, &mut reach);
        reach
    }

    fn argument_at(&self, resource: &Resource, argument: &str, depth: usize, reach: &mut Resolution) {
        let module = self.module(&resource.modules);
        let configured = module.and_then(|module| configured(module, resource.mapping.kind, &resource.name));
        let expressions = configured.and_then(Configured::arguments).unwrap_or_default();
        let Some(expression) = expressions.get(argument) else {
            reach.lost = Some("a configuration that the file does not hold".to_owned());
            return;
        };
        let instances = || self.instances(&resource.modules, resource.mapping.kind, &resource.name);
        let siblings = instances().filter_map(|(_, one)| one.key.clone()).collect();
        let site = Site {
            modules: &resource.modules,
            key: resource.key.as_deref(),
            for_each: configured.and_then(|configured| configured.for_each_expression),
            siblings: &siblings,
            is_set: shows_keys(&expressions, instances().map(|(_, one)| one)),
            depth,
        };
        self.expression(expression, site, reach);
    }

    /// Whether resources of a type are looked for.
    fn is_wanted(&self, kind: &str) -> bool {
        mapping(kind).is_some_and(|mapping| mapping.section == self.wanted)
    }

    /// The instances of a resource that there will be.
    fn instances(
        &self,
        modules: &[Part],
        kind: &str,
        name: &str,
    ) -> impl Iterator<Item = (usize, &'a Resource)> {
        let same = move |one: &Resource| {
            one.stays() && one.modules == modules && one.mapping.kind == kind && one.name == name
        };
        self.resources.iter().enumerate().filter(move |(_, one)| same(one))
    }

    /// The keys of the instances of a module that hold anything.
    fn keys(&self, around: &[Part], name: &str) -> BTreeSet<Option<String>> {
        let inside = self.resources.iter().filter(|one| one.modules.starts_with(around));
        let parts = inside.filter_map(|one| one.modules.get(around.len()));
        parts.filter(|part| part.name == name).map(|part| part.key.clone()).collect()
    }

    fn module(&self, path: &[Part]) -> Option<&'a Module<'a>> {
        path.iter().try_fold(self.root?, |module, part| {
            module.calls.get(part.name.as_str()).map(|call| &call.module)
        })
    }

    pub(super) fn call(&self, path: &[Part]) -> Option<&'a Call<'a>> {
        let (last, around) = path.split_last()?;
        self.module(around)?.calls.get(last.name.as_str())
    }

    fn expression(&self, expression: &Json, site: Site<'_>, reach: &mut Resolution) {
        let references = references(expression);
        let is_own = |one: &&str| one.starts_with("each.") || one.starts_with("count.");
        // An expression without them has the same value in every instance.
        let site = Site { key: site.key.filter(|_| references.iter().any(is_own)), ..site };
        for (at, reference) in references.iter().enumerate() {
            let keyed = site.is_index(references.get(at + 1..).unwrap_or_default());
            self.reference(reference, site, keyed, reach);
        }
    }

    /// Follows one reference. `keyed`: the key of the expression's own instance is the whole index of it.
    fn reference(&self, reference: &str, site: Site<'_>, keyed: bool, reach: &mut Resolution) {
        let path = parts(reference);
        let name = |at: usize| path.get(at).map_or("", |part| part.name.as_str());
        if site.depth > 0 && !reach.followed.insert(site.following(reference, keyed)) {
            return;
        }
        let mut lost = || reach.lose(site, reference);
        if site.depth == DEEPEST {
            return lost();
        }
        match name(0) {
            "each" if name(1) == "value" => self.each_value(&path[2..], site, reach),
            "each" | "count" | "path" | "terraform" | "self" => {}
            "var" => self.variable(name(1), site, reach),
            "data" if SURROUNDINGS.contains(&name(1)) => {}
            "data" => lost(),
            "local" => {
                let candidates = if self.locals { self.candidates(site.modules) } else { BTreeSet::new() };
                if candidates.is_empty() {
                    return lost();
                }
                reach.found.extend(candidates);
                reach.hidden = Some(format!("`{reference}`"));
            }
            "module" => match path.get(1) {
                Some(module) => self.output(module, name(2), site, keyed, reach),
                None => lost(),
            },
            kind => match path.get(1) {
                Some(named) if self.is_wanted(kind) => self.resource(kind, named, site, keyed, reach),
                Some(named) => self.attribute(kind, named, name(2), site, keyed, reach),
                None => lost(),
            },
        }
    }

    /// The collection of `for_each`, at the path after `each.value`.
    fn each_value(&self, rest: &[Part], site: Site<'_>, reach: &mut Resolution) {
        let expression = site.for_each.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        let Some(expression) = expression else {
            return reach.lose(site, "each.value");
        };
        let references = references(&expression);
        let alone = references.len() == 1;
        let site = Site { for_each: None, ..site };
        let first = rest.first().map_or("", |part| part.name.as_str());
        for reference in references {
            // `for_each = module.auth` leads to the output that `each.value.pool_id` names, and a resource to its
            // attribute.
            let whole = parts(reference);
            match whole.as_slice() {
                [kind, module] if kind.name == "module" && !first.is_empty() => {
                    self.output(module, first, site, alone, reach);
                }
                [kind, named] if !["var", "local", "each", "module"].contains(&kind.name.as_str()) => {
                    match kind.name.as_str() {
                        kind if self.is_wanted(kind) => {
                            self.resource(kind, named, site, alone, reach);
                        }
                        kind => self.attribute(kind, named, first, site, alone, reach),
                    }
                }
                _ => self.reference(reference, site, false, reach),
            }
        }
    }

    /// An argument of a module.
    pub(super) fn variable(&self, name: &str, site: Site<'_>, reach: &mut Resolution) {
        let Some((module, around)) = site.modules.split_last() else {
            // The variables of the root module are known before planning.
            return;
        };
        let Some(call) = self.call(site.modules) else {
            return reach.lose(site, &format!("var.{name}"));
        };
        let given = call.expressions.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        if let Some(expression) = given.as_ref().and_then(|given| given.get(name)) {
            let siblings = self.keys(around, &module.name).into_iter().flatten().collect();
            let site = Site {
                modules: around,
                key: module.key.as_deref(),
                for_each: call.for_each_expression,
                siblings: &siblings,
                is_set: false,
                depth: site.depth + 1,
            };
            self.expression(expression, site, reach);
        }
    }

    /// An output of a module. A reference without the name of an output may mean any of them.
    fn output(&self, module: &Part, output: &str, site: Site<'_>, keyed: bool, reach: &mut Resolution) {
        let inside = |key: Option<String>| {
            let part = Part { name: module.name.clone(), key };
            site.modules.iter().cloned().chain([part]).collect::<Vec<Part>>()
        };
        let keys = self.keys(site.modules, &module.name);
        let named = keys.iter().flatten().map(String::as_str).collect();
        let keys: Vec<Option<String>> = match (&module.key, site.pair(keyed, &named)) {
            (Some(_), _) => vec![module.key.clone()],
            (None, Some(own)) => vec![Some(own.to_owned())],
            (None, None) => keys.into_iter().collect(),
        };
        let called = self.call(&inside(None));
        let outputs = called.map(|call| &call.module.outputs).into_iter().flatten();
        let outputs: Vec<_> =
            outputs.filter(|(name, _)| output.is_empty() || name.as_ref() == output).collect();
        if outputs.is_empty() {
            reach.lose(site, &format!("module.{}.{output}", module.name));
        }
        for key in keys {
            let modules = inside(key);
            for (_, output) in &outputs {
                let expression = output.expression.and_then(|raw| serde_json::from_str(raw.get()).ok());
                let site = Site::plain(&modules, site.depth + 1);
                self.expression(&expression.unwrap_or_default(), site, reach);
            }
        }
    }

    /// A resource that was looked for: all of its instances, where none is named.
    fn resource(&self, kind: &str, named: &Part, site: Site<'_>, keyed: bool, reach: &mut Resolution) {
        let instances = self.named(kind, named, site, keyed);
        reach.found.extend(instances.into_iter().map(|(at, _)| at));
    }

    /// The instances of a resource that a reference may mean.
    fn named(&self, kind: &str, named: &Part, site: Site<'_>, keyed: bool) -> Vec<(usize, &'a Resource)> {
        let all: Vec<(usize, &'a Resource)> = self.instances(site.modules, kind, &named.name).collect();
        let keys = all.iter().filter_map(|(_, one)| one.key.as_deref()).collect();
        match named.key.as_deref().or_else(|| site.pair(keyed, &keys)) {
            Some(key) => all.into_iter().filter(|(_, one)| one.key.as_deref() == Some(key)).collect(),
            None => all,
        }
    }

    /// An attribute of another resource, which has the value of the argument of its name.
    fn attribute(
        &self,
        kind: &str,
        named: &Part,
        attribute: &str,
        site: Site<'_>,
        keyed: bool,
        reach: &mut Resolution,
    ) {
        let instances = self.named(kind, named, site, keyed);
        if attribute == self.link && !instances.is_empty() {
            for (_, one) in instances {
                self.argument_at(one, self.link, site.depth + 1, reach);
            }
            return;
        }
        let argument = if (kind, attribute) == ("terraform_data", "output") { "input" } else { attribute };
        let module = self.module(site.modules);
        let written = module.and_then(|module| configured(module, kind, &named.name));
        let arguments = written.and_then(Configured::arguments);
        match arguments.as_ref().and_then(|arguments| arguments.get(argument)) {
            Some(expression) => self.expression(expression, Site::plain(site.modules, site.depth + 1), reach),
            None => {
                reach.others |= kind.starts_with("aws_") && !kind.starts_with("aws_ssm_");
                reach.lose(site, &format!("{kind}.{}.{attribute}", named.name));
            }
        }
    }
}

impl Resolution {
    /// Notes a reference that cannot be followed.
    fn lose(&mut self, site: Site<'_>, reference: &str) {
        self.lost = Some(format!("`{reference}`"));
        self.sources.insert(format!("{:?} {reference} {:?}", site.modules, site.key));
    }
}

/// A resource as it is written.
pub(super) fn configured<'a>(module: &'a Module<'a>, kind: &str, name: &str) -> Option<&'a Configured<'a>> {
    let same =
        |one: &&Configured<'_>| is_managed(one.mode.as_deref()) && one.kind == kind && one.name == name;
    module.resources.iter().find(same)
}
