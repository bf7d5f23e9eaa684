//! Reads what Terraform (or `tofu`) plans and holds: `terraform show -json` of a plan or a state, and a raw state.

mod address;
mod arguments;
mod listed;
mod file;
mod refuse;
mod relevant;
mod tree;
mod flat;
mod foreign;
mod sensitive;
mod resource;
mod changes;
mod outside;
mod provider;
mod secrets;
mod site;
mod reference;
mod candidate;
mod join;
mod planned;
mod settled;
mod written;
mod given;
mod lower;
mod pools;

use std::ops::Range;
use std::sync::Arc;

pub(super) use arguments::{coverage, mapping};
pub(super) use listed::{is_instance, is_stack};
pub(super) use refuse::{HELP, is_hcl, is_printed, is_shown_on_a_line, is_zip};

use self::file::{Configuration, Configured, RawState, ShowJson};
use self::foreign::Found;
use self::join::Joiner;
use self::refuse::{Kind, kind, unread};
use self::relevant::Relevant;
use self::resource::Resource;
use super::cloudformation::Deployment;
use super::declared::{Declared, DeclaredPool, Language};
use super::{Chunk, Note, Reading, Shape, Unread};
use crate::pool::{Origin, Source};

/// Whether a text is a plan or a state, as far as its beginning tells.
pub(super) fn is_plan_or_state(chunk: &Chunk) -> bool {
    let text = std::str::from_utf8(&chunk.bytes);
    chunk.shape == Shape::Document
        && matches!(text.ok().and_then(kind), Some(Kind::ShowJson | Kind::RawState))
}

/// The stacks of a plan, or of a state as it is shown, which may deploy templates in files of their own.
pub(super) fn deployments(name: &str, text: &str) -> Vec<Deployment> {
    let shown = match kind(text) {
        Some(Kind::ShowJson) => serde_json::from_str::<ShowJson<'_>>(text).ok(),
        _ => None,
    };
    shown.map(|shown| foreign::deployments(name, text, &shown)).unwrap_or_default()
}

/// Reads the pools of a plan or a state; `None` where the text is of neither.
pub(super) fn read(chunk: &Chunk) -> Option<Reading> {
    let text = std::str::from_utf8(&chunk.bytes).ok()?;
    let name = &chunk.origin.name;
    let refused = |unread: Unread| Reading { unread: vec![unread], ..Reading::default() };
    Some(match kind(text)? {
        Kind::ShowJson => match serde_json::from_str::<ShowJson<'_>>(text) {
            Ok(shown) => of_shown(chunk, text, &shown),
            Err(error) => refused(refuse::broken(name, text, &error)),
        },
        Kind::RawState => match serde_json::from_str::<RawState<'_>>(text) {
            Ok(kept) => match of_kept(chunk, text, &kept) {
                Ok(reading) => reading,
                Err(error) => refused(refuse::broken(name, text, &error)),
            },
            Err(error) => refused(refuse::broken(name, text, &error)),
        },
        Kind::Other(message) => refused(unread(name, message)),
    })
}

fn of_kept(chunk: &Chunk, text: &str, kept: &RawState<'_>) -> Result<Reading, serde_json::Error> {
    let (own, found) = (resource::of_kept(text, kept)?, foreign::of_kept(chunk, text, kept)?);
    Ok(assemble(chunk, None, &[], own, found))
}

fn of_shown(chunk: &Chunk, text: &str, shown: &ShowJson<'_>) -> Reading {
    let name = &chunk.origin.name;
    let major = shown.format_version.split('.').next().unwrap_or_default();
    if !matches!(major, "0" | "1") {
        let message =
            format!("this is of version {} of Terraform's format, which is not known", shown.format_version);
        return Reading { unread: vec![unread(name, message)], ..Reading::default() };
    }
    let relevant: Vec<Relevant> = shown.relevant_attributes.iter().filter_map(Relevant::of).collect();
    let read = || {
        let mut own = resource::of_shown(text, shown)?;
        let refresh_only = shown.resource_changes.is_none();
        let outside = outside::notes(resource::of_drift(text, shown)?, &mut own, refresh_only);
        Ok((own, foreign::of_shown(chunk, text, shown)?, outside))
    };
    let mut reading = match read() {
        Ok((own, found, outside)) => {
            let mut reading = assemble(chunk, shown.configuration.as_ref(), &relevant, own, found);
            reading
                .notes
                .extend(outside.into_iter().map(|message| Note { target: name.to_string(), message }));
            reading.notes.sort();
            reading
        }
        Err(error) => Reading { unread: vec![refuse::broken(name, text, &error)], ..Reading::default() },
    };
    if shown.errored == Some(true) {
        let message = "planning ended in an error, so the plan lacks what came after".to_owned();
        let help = "correct the error that `terraform plan` reported, and plan again";
        reading.unread.push(Unread { help: Some(help.to_owned()), ..unread(name, message) });
    } else if shown.complete == Some(false) {
        let message = "the plan is not complete: it leaves changes to a later one, as `-target` or what cannot be \
                       planned yet make it";
        reading.unread.push(Unread {
            help: Some("plan again without `-target`, or once this plan is applied".to_owned()),
            ..unread(name, message.to_owned())
        });
    }
    reading
}

fn assemble(
    chunk: &Chunk,
    configuration: Option<&Configuration<'_>>,
    relevant: &[Relevant],
    mut resources: Vec<Resource>,
    found: Found,
) -> Reading {
    let root = configuration.and_then(|configuration| configuration.root_module.as_ref());
    prepare(&mut resources, configuration);
    let origin = Origin { source: Source::Terraform, name: Arc::clone(&chunk.origin.name) };
    let mut assembly = pools::assemble(Joiner { root, relevant, resources: &resources }, &origin);
    assembly.notes.extend(found.notes);
    let mut secrets: Vec<Range<usize>> = Vec::new();
    for resource in &resources {
        secrets::of(resource, &mut secrets);
        let target = origin.name.to_string();
        let notes = changes::notes(resource).into_iter();
        assembly.notes.extend(notes.map(|message| Note { target: target.clone(), message }));
    }
    if assembly.pools.is_empty() && found.pools.is_empty() && !resources.iter().any(Resource::is_pool) {
        let message = "no `aws_cognito_user_pool` is in this file".to_owned();
        assembly.notes.insert(Note { target: origin.name.to_string(), message });
    }
    let prior: Vec<Resource> = resources.iter().filter_map(Resource::prior).collect();
    for was in pools::assemble(Joiner { root, relevant, resources: &prior }, &origin).pools {
        let pool = was.scenarios.into_iter().next().map(|first| first.pool).filter(|pool| !pool.partial);
        if pool.is_none() {
            continue;
        }
        let address = pool.as_ref().and_then(|pool| pool.address.clone());
        let same = |pool: &&mut DeclaredPool| pool.scenarios.iter().any(|one| one.pool.address == address);
        if let Some(changed) = assembly.pools.iter_mut().find(same) {
            changed.before = pool;
        }
    }
    for pool in &found.pools {
        secrets.extend(pool.places.secrets.iter().cloned());
    }
    assembly.pools.extend(found.pools);
    secrets.sort_by_key(|place| place.start);
    let secrets: Arc<[Range<usize>]> = secrets.into();
    for pool in assembly.pools.iter_mut().chain(&mut assembly.gone) {
        pool.places.secrets = Arc::clone(&secrets);
    }
    let declared = Declared {
        origin,
        text: None,
        language: Language::Terraform,
        pools: assembly.pools,
        gone: assembly.gone,
        inline: Vec::new(),
    };
    Reading { declared: Some(declared), unread: found.unread, notes: assembly.notes.into_iter().collect() }
}

/// Adds the surroundings of resources, and puts clients before parts of clients, even if their pool is not in the
/// file.
fn prepare(resources: &mut [Resource], configuration: Option<&Configuration<'_>>) {
    let root = configuration.and_then(|configuration| configuration.root_module.as_ref());
    resources.sort_by_key(|resource| !resource.is_client());
    for resource in resources {
        let configured = configured(root, &resource.modules, resource.mapping.kind, &resource.name);
        resource.written = configured.and_then(|configured| written(root?, resource, configured));
        provider::apply(configuration, configured, resource);
        secrets::spread(resource);
    }
}

/// A resource as the configuration has it.
fn configured<'c>(
    root: Option<&'c file::Module<'c>>,
    modules: &[address::Part],
    kind: &str,
    name: &str,
) -> Option<&'c Configured<'c>> {
    let module = modules
        .iter()
        .try_fold(root?, |module, part| module.calls.get(part.name.as_str()).map(|call| &call.module))?;
    reference::configured(module, kind, name)
}

/// The settings of a resource in the configuration.
fn written(
    root: &file::Module<'_>,
    resource: &Resource,
    configured: &Configured<'_>,
) -> Option<serde_json::Value> {
    let mut arguments = configured.arguments()?;
    settled::mark(root, resource, configured.for_each_expression, &mut arguments);
    Some(arguments)
}
