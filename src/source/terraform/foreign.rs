//! Resources that hold pools in another language, or that say Cognito and are not read: the templates of stacks, what
//! the Cloud Control API is given, and the rest of the provider's family.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::address::modules;
use super::configured;
use super::file::{Change, Instance, RawState, ResourceChange, ShowJson, ValuesModule, is_managed};
use super::listed::{is_cloud_control, is_foreign, is_instance, is_stack};
use super::refuse::unread;
use super::tree::{Marks, Tree, marks};
use crate::source::cloudformation::Deployment;
use crate::source::declared::DeclaredPool;
use crate::source::{Chunk, Note, Unread, cloudformation};

/// The type of resource that a template has for a pool.
const POOL: &str = "AWS::Cognito::UserPool";
/// That of a stack inside another.
const STACK: &str = "AWS::CloudFormation::Stack";

/// A resource that is not one of the provider's for pools.
struct Foreign {
    address: String,
    kind: String,
    tree: Tree,
    unknown: Json,
    /// The configuration does not set the parameters of the stack, so that those which a plan does not know are the
    /// template's own.
    by_default: bool,
}

/// The parameters that a stack set is given for some accounts and Regions.
struct Overrides<'f> {
    /// The name of the set, where it is known.
    set: Option<&'f str>,
    /// The names of the parameters; `None` for all that there are.
    names: Option<Vec<&'f str>>,
}

/// The pools of such resources.
#[derive(Default)]
pub(super) struct Found {
    pub pools: Vec<DeclaredPool>,
    pub unread: Vec<Unread>,
    pub notes: BTreeSet<Note>,
}

/// Reads those of a plan or a state as it is shown.
pub(super) fn of_shown(chunk: &Chunk, text: &str, shown: &ShowJson<'_>) -> Result<Found, serde_json::Error> {
    Ok(read(chunk, &shown_in(text, shown)?))
}

fn shown_in(text: &str, shown: &ShowJson<'_>) -> Result<Vec<Foreign>, serde_json::Error> {
    let mut all = Vec::new();
    for change in shown.resource_changes.iter().flatten() {
        if !is_managed(change.mode.as_deref()) || !is_foreign(&change.kind) || change.deposed.is_some() {
            continue;
        }
        let of: Change<'_> = serde_json::from_str(change.change.get())?;
        let Some(after) = of.after.filter(|after| after.get() != "null") else { continue };
        all.push(Foreign {
            address: change.address.to_string(),
            kind: change.kind.to_string(),
            tree: Tree::once(text, after)?,
            unknown: marks(of.after_unknown),
            by_default: is_stack(&change.kind) && sets_no_parameters(shown, change),
        });
    }
    if let Some((root, _)) = shown.without_changes() {
        of_module(text, root, &mut all)?;
    }
    Ok(all)
}

/// The stacks of a plan, or of a state as it is shown, with what they give for the parameters of their templates.
pub(super) fn deployments(name: &str, text: &str, shown: &ShowJson<'_>) -> Vec<Deployment> {
    let all = shown_in(text, shown).unwrap_or_default();
    let overrides: Vec<Overrides<'_>> = all.iter().filter_map(Foreign::overrides).collect();
    let stacks = all.iter().filter(|foreign| is_stack(&foreign.kind));
    let deployment = |foreign: &Foreign| {
        let template = foreign.tree.get("template_body")?.as_str()?;
        let unsettled = foreign.unsettled(template, &overrides).into_iter();
        let given = foreign.tree.get("parameters").map_or(&[] as &[_], Tree::members).iter();
        let known = given.filter_map(|(name, value)| Some((name.clone(), Ok(value.as_str()?.into()))));
        let later = |name| (name, Err("it is not known before the apply".into()));
        Some(Deployment {
            stack: format!("{} of {name}", foreign.address),
            template: Some(template.into()),
            written: Arc::default(),
            given: known.chain(unsettled.map(later)).collect(),
            open: None,
            planned: true,
        })
    };
    stacks.filter_map(deployment).collect()
}

/// Whether the configuration is there and has no parameters for a stack.
fn sets_no_parameters(shown: &ShowJson<'_>, change: &ResourceChange<'_>) -> bool {
    let root = shown.configuration.as_ref().and_then(|configuration| configuration.root_module.as_ref());
    let found = configured(root, &modules(&change.address), &change.kind, &change.name);
    let arguments = found.and_then(super::file::Configured::arguments);
    arguments.is_some_and(|arguments| arguments.get("parameters").is_none())
}

fn of_module(text: &str, module: &ValuesModule<'_>, all: &mut Vec<Foreign>) -> Result<(), serde_json::Error> {
    for resource in &module.resources {
        let managed = is_managed(resource.mode.as_deref());
        let Some(values) = resource.values.filter(|_| managed && is_foreign(&resource.kind)) else {
            continue;
        };
        let (address, kind) = (resource.address.to_string(), resource.kind.to_string());
        let tree = Tree::once(text, values)?;
        all.push(Foreign { address, kind, tree, unknown: Json::Null, by_default: true });
    }
    for inner in &module.child_modules {
        of_module(text, inner, all)?;
    }
    Ok(())
}

/// Reads those of a state as it is kept.
pub(super) fn of_kept(chunk: &Chunk, text: &str, kept: &RawState<'_>) -> Result<Found, serde_json::Error> {
    let mut all = Vec::new();
    for resource in &kept.resources {
        if !is_managed(resource.mode.as_deref()) || !is_foreign(&resource.kind) {
            continue;
        }
        let instances: Vec<Instance<'_>> = serde_json::from_str(resource.instances.get())?;
        for values in instances.iter().filter_map(|instance| instance.attributes) {
            all.push(Foreign {
                address: format!("{}.{}", resource.kind, resource.name),
                kind: resource.kind.to_string(),
                tree: Tree::once(text, values)?,
                unknown: Json::Null,
                by_default: true,
            });
        }
    }
    Ok(read(chunk, &all))
}

fn read(chunk: &Chunk, all: &[Foreign]) -> Found {
    let mut found = Found::default();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    let overrides: Vec<Overrides<'_>> = all.iter().filter_map(Foreign::overrides).collect();
    for foreign in all {
        match &*foreign.kind {
            kind if is_stack(kind) => found.stack(chunk, foreign, &overrides),
            kind if is_cloud_control(kind) => found.cloud_control(chunk, foreign),
            kind if is_instance(kind) => {}
            kind => *others.entry(kind.to_owned()).or_default() += 1,
        }
    }
    for (kind, count) in others {
        let resources = if count == 1 { "resource is" } else { "resources are" };
        found.note(chunk, format!("{count} `{kind}` {resources} not read, because no rule checks them"));
    }
    found
}

impl Foreign {
    /// The parameters that it gives a stack set, if that is what it is for.
    fn overrides(&self) -> Option<Overrides<'_>> {
        const OVERRIDES: &str = "parameter_overrides";
        if !is_instance(&self.kind) {
            return None;
        }
        let unknown = Marks(Some(&self.unknown)).member(OVERRIDES);
        let given = self.tree.get(OVERRIDES).map_or(&[] as &[_], Tree::members);
        let names = given.iter().map(|(name, _)| name.as_str()).chain(unknown.names());
        Some(Overrides {
            set: self.tree.get("stack_set_name").and_then(Tree::as_str),
            names: (!unknown.all()).then(|| names.collect()),
        })
    }

    /// The parameters of its template that have values which are not known.
    fn unsettled(&self, template: &str, overrides: &[Overrides<'_>]) -> BTreeSet<String> {
        let unknown = Marks(Some(&self.unknown)).member("parameters");
        let every = || cloudformation::names(template).unwrap_or_default();
        let mut unsettled: BTreeSet<String> = unknown.names().map(str::to_owned).collect();
        if unknown.all() && !self.by_default {
            unsettled.extend(every());
        }
        let own = self.tree.get("name").and_then(Tree::as_str);
        let is_meant = |one: &&Overrides<'_>| one.set.is_none() || own.is_none() || one.set == own;
        let overrides = overrides.iter().filter(is_meant).filter(|_| self.kind.ends_with("_stack_set"));
        for Overrides { names, .. } in overrides {
            match names {
                Some(names) => unsettled.extend(names.iter().map(|name| (*name).to_owned())),
                None => unsettled.extend(every()),
            }
        }
        unsettled
    }
}

impl Found {
    fn note(&mut self, chunk: &Chunk, message: String) {
        self.notes.insert(Note { target: chunk.origin.name.to_string(), message });
    }

    fn refuse(&mut self, chunk: &Chunk, message: String, help: &str) {
        let unread = unread(&chunk.origin.name, message);
        self.unread.push(Unread { help: Some(help.to_owned()), ..unread });
    }

    /// The pools of a stack's template.
    fn stack(&mut self, chunk: &Chunk, foreign: &Foreign, overrides: &[Overrides<'_>]) {
        let Foreign { address, tree, unknown, .. } = foreign;
        let unknown = Marks(Some(unknown));
        let body = tree.get("template_body").filter(|body| body.as_str().is_some());
        let Some((body, text)) = body.and_then(|body| Some((body, body.as_str()?))) else {
            let url = tree.get("template_url").is_some_and(|url| !url.is_unset());
            let url = url || unknown.member("template_url").any();
            if !url && unknown.member("template_body").any() {
                let message =
                    format!("the `template_body` of {address} is not known, so no pool of it is checked");
                return self.refuse(chunk, message, "check the stack once it is there: `cognito-lint check`");
            }
            if url {
                self.note(
                    chunk,
                    format!("the template of {address} is not in this file, so no pool of it is read"),
                );
            }
            return;
        };
        if text.contains(POOL) || text.contains(STACK) {
            let unsettled = foreign.unsettled(text, overrides);
            let given = tree.get("parameters").map_or(&[] as &[_], Tree::members).iter();
            let given = given.filter(|(name, _)| !unsettled.contains(name));
            let given = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
            let given = (given.collect(), unsettled);
            let called = |inner: &str| format!("{address}/{inner}");
            self.template(chunk, address, (body.at.clone(), text.to_owned()), given, called);
        }
    }

    /// The pool, or the part of one, that the Cloud Control API is given.
    fn cloud_control(&mut self, chunk: &Chunk, foreign: &Foreign) {
        let Foreign { address, tree, .. } = foreign;
        let kind = tree.get("type_name").and_then(Tree::as_str).unwrap_or_default();
        if !kind.starts_with(POOL) {
            return;
        }
        let state = tree.get("desired_state");
        let properties =
            state.and_then(Tree::as_str).and_then(|text| serde_json::from_str::<Json>(text).ok());
        let (Some(state), Some(properties)) = (state, properties) else {
            let message =
                format!("the `desired_state` of {address}, a {kind}, is not known, so it is not checked");
            return self.refuse(chunk, message, "check the pool once it is there: `cognito-lint check`");
        };
        let id = address.rsplit('.').next().unwrap_or("Resource");
        let template = json!({ "Resources": { id: { "Type": kind, "Properties": properties } } });
        let template = (state.at.clone(), template.to_string());
        self.template(chunk, address, template, Default::default(), |_| address.clone());
    }

    /// The pools of a template in an argument.
    fn template(
        &mut self,
        chunk: &Chunk,
        address: &str,
        (at, template): (Range<usize>, String),
        (given, unsettled): (BTreeMap<String, String>, BTreeSet<String>),
        called: impl Fn(&str) -> String + Copy,
    ) {
        let mut parameters = chunk.parameters.as_ref().clone();
        parameters.extend(given);
        let inner = Chunk {
            origin: chunk.origin.clone(),
            bytes: template.into_bytes(),
            first_line: 1,
            parameters: Arc::new(parameters),
            unsettled,
            ..Chunk::default()
        };
        let Some(reading) = cloudformation::read_inside(&inner) else {
            let message = format!("the template in {address} cannot be read");
            return self.refuse(chunk, message, "check the template by itself");
        };
        for one in reading.unread {
            self.refuse(
                chunk,
                format!("{address}: {}", one.message),
                one.help.as_deref().unwrap_or_default(),
            );
        }
        for note in reading.notes {
            self.note(chunk, format!("{address}: {}", note.message));
        }
        for mut pool in reading.declared.into_iter().flat_map(|declared| declared.pools) {
            pool.stand_in(called, &at);
            self.pools.push(pool);
        }
    }
}
