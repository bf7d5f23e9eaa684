//! Follows the references of a configuration to the resources that a value comes from, through modules.
//!
//! A pool that is yet to be made has no id, so what names its pool by that id is unknown in a plan; which pool it is
//! stands in the configuration alone.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::address::{Part, parts};
use super::file::{Call, Configured, Module};
use super::resource::Resource;

/// Modules that call each other deeper than this are not followed.
const DEEPEST: usize = 40;
/// Data sources that say where a plan runs and never which pool is meant.
const SURROUNDINGS: [&str; 4] = ["aws_region", "aws_caller_identity", "aws_partition", "aws_default_tags"];

/// Where references lead.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Positions of the resources that were looked for.
    pub found: BTreeSet<usize>,
    /// A reference that could not be followed.
    pub lost: Option<String>,
    /// Resources of other types, and nothing worse.
    pub others: bool,
}

/// What to look for, and in what.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub root: Option<&'a Module<'a>>,
    pub resources: &'a [Resource],
    /// The types of the resources to find.
    pub wanted: &'a [&'a str],
    /// The argument of other resources that has the same meaning.
    pub link: &'a str,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Site<'a> {
    modules: &'a [Part],
    /// The key of the resource or module instance that the expression is of.
    key: Option<&'a str>,
    for_each: Option<&'a RawValue>,
    /// How many instances there are of what the expression is of.
    siblings: usize,
    depth: usize,
}

impl<'a> Search<'a> {
    /// Follows the argument of a resource.
    pub(super) fn argument(&self, resource: &Resource, argument: &str) -> Reach {
        self.argument_at(resource, argument, 0)
    }

    fn argument_at(&self, resource: &Resource, argument: &str, depth: usize) -> Reach {
        let mut reach = Reach::default();
        let module = self.module(&resource.modules);
        let configured = module.and_then(|module| configured(module, &resource.kind, &resource.name));
        let expression = configured.and_then(|configured| {
            let expressions: Json = serde_json::from_str(configured.expressions?.get()).ok()?;
            expressions.get(argument).cloned()
        });
        let Some(expression) = expression else {
            reach.lost = Some("a configuration that the file does not hold".to_owned());
            return reach;
        };
        let site = Site {
            modules: &resource.modules,
            key: resource.key.as_deref(),
            for_each: configured.and_then(|configured| configured.for_each_expression),
            siblings: self.instances(&resource.modules, &resource.kind, &resource.name).count(),
            depth,
        };
        self.expression(&expression, site, &mut reach);
        reach
    }

    /// The instances of a resource that there will be.
    fn instances(
        &self,
        modules: &[Part],
        kind: &str,
        name: &str,
    ) -> impl Iterator<Item = (usize, &'a Resource)> {
        let same = move |one: &Resource| {
            one.stays() && one.modules == modules && one.kind == kind && one.name == name
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

    fn call(&self, path: &[Part]) -> Option<&'a Call<'a>> {
        let (last, around) = path.split_last()?;
        self.module(around)?.calls.get(last.name.as_str())
    }

    fn expression(&self, expression: &Json, site: Site<'_>, reach: &mut Reach) {
        let references = references(expression);
        // `main[each.key]` shows as `main` beside `each.key`.
        let keyed = references.iter().any(|one| one.starts_with("each.") || *one == "count.index");
        for reference in references {
            self.reference(reference, site, keyed, reach);
        }
    }

    fn reference(&self, reference: &str, site: Site<'_>, keyed: bool, reach: &mut Reach) {
        let path = parts(reference);
        let name = |at: usize| path.get(at).map_or("", |part| part.name.as_str());
        let mut lost = || reach.lost = Some(format!("`{reference}`"));
        if site.depth == DEEPEST {
            return lost();
        }
        match name(0) {
            "each" if name(1) == "value" => self.each_value(&path[2..], site, reach),
            "each" | "count" | "path" | "terraform" | "self" => {}
            "var" => self.variable(name(1), site, reach),
            "data" if SURROUNDINGS.contains(&name(1)) => {}
            "local" | "data" => lost(),
            "module" => match path.get(1) {
                Some(module) => self.output(module, name(2), site, keyed, reach),
                None => lost(),
            },
            kind if self.wanted.contains(&kind) => match path.get(1) {
                Some(resource) => self.resource(kind, resource, site, keyed, reach),
                None => lost(),
            },
            kind if name(2) == self.link => {
                let of = self.instances(site.modules, kind, name(1));
                let inner: Vec<Reach> =
                    of.map(|(_, one)| self.argument_at(one, self.link, site.depth + 1)).collect();
                if inner.is_empty() {
                    lost();
                }
                for inner in inner {
                    reach.join(inner);
                }
            }
            kind if kind.starts_with("aws_") && !kind.starts_with("aws_ssm_") => {
                reach.others = true;
                lost();
            }
            _ => lost(),
        }
    }

    /// What the elements of `for_each` are made of.
    fn each_value(&self, rest: &[Part], site: Site<'_>, reach: &mut Reach) {
        let expression = site.for_each.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        let Some(expression) = expression else {
            reach.lost = Some("`each.value`".to_owned());
            return;
        };
        for reference in references(&expression) {
            // `for_each = module.auth` leads to the output that `each.value.pool_id` names.
            let whole = parts(reference);
            match (whole.as_slice(), rest.first()) {
                ([kind, module], Some(output)) if kind.name == "module" => {
                    self.output(module, &output.name, site, true, reach);
                }
                _ => self.reference(reference, Site { for_each: None, ..site }, true, reach),
            }
        }
    }

    /// What a module was given.
    fn variable(&self, name: &str, site: Site<'_>, reach: &mut Reach) {
        let Some((module, around)) = site.modules.split_last() else {
            // What the whole configuration is given is known before it is planned.
            return;
        };
        let Some(call) = self.call(site.modules) else {
            reach.lost = Some(format!("`var.{name}`"));
            return;
        };
        let given = call.expressions.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        if let Some(expression) = given.as_ref().and_then(|given| given.get(name)) {
            let site = Site {
                modules: around,
                key: module.key.as_deref(),
                for_each: call.for_each_expression,
                siblings: self.keys(around, &module.name).len(),
                depth: site.depth + 1,
            };
            self.expression(expression, site, reach);
        }
    }

    /// What a module gives. A reference without the name of an output may mean any of them.
    fn output(&self, module: &Part, output: &str, site: Site<'_>, keyed: bool, reach: &mut Reach) {
        let inside = |key: Option<String>| {
            let part = Part { name: module.name.clone(), key };
            site.modules.iter().cloned().chain([part]).collect::<Vec<Part>>()
        };
        let keys = self.keys(site.modules, &module.name);
        let own = site.key.map(str::to_owned);
        let keys: Vec<Option<String>> = match &module.key {
            Some(_) => vec![module.key.clone()],
            None if keyed && keys.contains(&own) && site.pairs_with(keys.len()) => vec![own],
            None => keys.into_iter().collect(),
        };
        let called = self.call(&inside(None));
        let outputs = called.map(|call| &call.module.outputs).into_iter().flatten();
        let outputs: Vec<_> =
            outputs.filter(|(name, _)| output.is_empty() || name.as_ref() == output).collect();
        if outputs.is_empty() {
            reach.lost = Some(format!("`module.{}.{output}`", module.name));
        }
        for key in keys {
            let modules = inside(key);
            for (_, output) in &outputs {
                let expression = output.expression.and_then(|raw| serde_json::from_str(raw.get()).ok());
                let site =
                    Site { modules: &modules, key: None, for_each: None, siblings: 1, depth: site.depth + 1 };
                self.expression(&expression.unwrap_or_default(), site, reach);
            }
        }
    }

    /// A resource that was looked for: all of its instances, where none is named.
    fn resource(&self, kind: &str, named: &Part, site: Site<'_>, keyed: bool, reach: &mut Reach) {
        let all: Vec<(usize, &Resource)> = self.instances(site.modules, kind, &named.name).collect();
        let with = |key: &str| {
            let keyed = all.iter().filter(|(_, one)| one.key.as_deref() == Some(key));
            keyed.map(|(at, _)| *at).collect::<Vec<usize>>()
        };
        let own = site.key.filter(|key| keyed && site.pairs_with(all.len()) && !with(key).is_empty());
        match (named.key.as_deref(), own) {
            (Some(key), _) | (None, Some(key)) => reach.found.extend(with(key)),
            (None, None) => reach.found.extend(all.iter().map(|(at, _)| *at)),
        }
    }
}

impl Site<'_> {
    /// Whether an expression with `each.key` or `count.index` means the instance of the same key. Numbers may be
    /// reckoned with, so there must be one for each.
    fn pairs_with(&self, instances: usize) -> bool {
        self.key.is_some_and(|key| key.parse::<usize>().is_err()) || self.siblings == instances
    }
}

impl Reach {
    fn join(&mut self, mut other: Reach) {
        self.found.append(&mut other.found);
        self.lost = self.lost.take().or(other.lost);
        self.others |= other.others;
    }
}

/// A resource as it is written.
pub(super) fn configured<'a>(module: &'a Module<'a>, kind: &str, name: &str) -> Option<&'a Configured<'a>> {
    let same = |one: &&Configured<'_>| {
        one.mode.as_deref().is_none_or(|mode| mode == "managed") && one.kind == kind && one.name == name
    };
    module.resources.iter().find(same)
}

/// The references of an expression. Each comes with its own beginnings after it, `main[0].id`, `main[0]`, `main`,
/// which are left out.
fn references(expression: &Json) -> Vec<&str> {
    let all = expression.get("references").and_then(Json::as_array).into_iter().flatten();
    let mut kept = Vec::new();
    let mut last = "";
    for reference in all.filter_map(Json::as_str) {
        let beginning = last.strip_prefix(reference).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !beginning {
            kept.push(reference);
        }
        last = reference;
    }
    kept
}
