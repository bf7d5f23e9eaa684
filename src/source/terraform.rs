//! Reads what Terraform (or `tofu`) plans and holds: `terraform show -json` of a plan or a state, and a raw state.

mod address;
mod arguments;
mod file;
mod refuse;
mod relevant;
mod tree;
mod flat;
mod foreign;
mod resource;
mod changes;
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

pub(super) use refuse::{HELP, is_hcl, is_printed, is_shown_on_a_line, is_zip};

use self::file::{Configuration, Kept, Shown};
use self::foreign::Found;
use self::join::Joiner;
use self::refuse::{Kind, kind, unread};
use self::relevant::Relevant;
use self::resource::Resource;
use super::declared::{Declared, DeclaredPool, Language};
use super::{Chunk, Note, Reading, Unread};
use crate::pool::{Origin, Source};

/// Reads the pools of a plan or a state; `None` where the text is of neither.
pub(super) fn read(chunk: &Chunk) -> Option<Reading> {
    let text = std::str::from_utf8(&chunk.bytes).ok()?;
    let name = &chunk.origin.name;
    let refused = |unread: Unread| Reading { unread: vec![unread], ..Reading::default() };
    Some(match kind(text)? {
        Kind::Shown => match serde_json::from_str::<Shown<'_>>(text) {
            Ok(shown) => of_shown(chunk, text, &shown),
            Err(error) => refused(refuse::broken(name, text, &error)),
        },
        Kind::Kept => match serde_json::from_str::<Kept<'_>>(text) {
            Ok(kept) => match of_kept(chunk, text, &kept) {
                Ok(reading) => reading,
                Err(error) => refused(refuse::broken(name, text, &error)),
            },
            Err(error) => refused(refuse::broken(name, text, &error)),
        },
        Kind::Other(message) => refused(unread(name, message)),
    })
}

fn of_kept(chunk: &Chunk, text: &str, kept: &Kept<'_>) -> Result<Reading, serde_json::Error> {
    let (own, found) = (resource::of_kept(text, kept)?, foreign::of_kept(chunk, text, kept)?);
    Ok(assemble(chunk, text, None, &[], own, found))
}

fn of_shown(chunk: &Chunk, text: &str, shown: &Shown<'_>) -> Reading {
    let name = &chunk.origin.name;
    let major = shown.format_version.split('.').next().unwrap_or_default();
    if !matches!(major, "0" | "1") {
        let message =
            format!("this is of version {} of Terraform's format, which is not known", shown.format_version);
        return Reading { unread: vec![unread(name, message)], ..Reading::default() };
    }
    let relevant: Vec<Relevant> = shown.relevant_attributes.iter().filter_map(Relevant::of).collect();
    let resources = resource::of_shown(text, shown);
    let mut reading = match resources.and_then(|own| Ok((own, foreign::of_shown(chunk, text, shown)?))) {
        Ok((own, found)) => assemble(chunk, text, shown.configuration.as_ref(), &relevant, own, found),
        Err(error) => Reading { unread: vec![refuse::broken(name, text, &error)], ..Reading::default() },
    };
    if shown.errored == Some(true) {
        let message = "planning ended in an error, so the plan lacks what came after".to_owned();
        reading.unread.push(unread(name, message));
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
    text: &str,
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
    for pool in assembly.pools.iter_mut().chain(&mut assembly.gone) {
        pool.places.secrets.clone_from(&secrets);
    }
    let declared = Declared {
        origin,
        text: Arc::from(text),
        language: Language::Terraform,
        pools: assembly.pools,
        gone: assembly.gone,
    };
    Reading { declared: Some(declared), unread: found.unread, notes: assembly.notes.into_iter().collect() }
}

/// Says of resources what stands around them, and puts clients before what is for a client, also where their pool is
/// not in the file.
fn prepare(resources: &mut [Resource], configuration: Option<&Configuration<'_>>) {
    let root = configuration.and_then(|configuration| configuration.root_module.as_ref());
    let default_tags = configuration.is_none_or(tags_by_default);
    let region = configuration.and_then(region);
    resources.sort_by_key(|resource| !resource.is_client());
    for resource in resources {
        secrets::spread(resource);
        resource.written = written(root, resource);
        resource.default_tags = default_tags;
        resource.region.clone_from(&region);
    }
}

/// Whether a provider adds tags to what it makes.
fn tags_by_default(configuration: &Configuration<'_>) -> bool {
    let expressions = configuration.provider_config.values().filter_map(|provider| provider.expressions);
    expressions.into_iter().any(|raw| raw.get().contains("\"default_tags\""))
}

/// The Region of the one provider for AWS that there is, where it is written out.
fn region(configuration: &Configuration<'_>) -> Option<String> {
    let mut providers = configuration.provider_config.values().filter(|provider| {
        provider.full_name.as_deref().or(provider.name.as_deref()).is_some_and(|name| name.ends_with("aws"))
    });
    let only = providers.next().filter(|_| providers.next().is_none())?;
    let expressions: serde_json::Value = serde_json::from_str(only.expressions?.get()).ok()?;
    Some(expressions["region"]["constant_value"].as_str()?.to_owned())
}

/// What the configuration sets of a resource.
fn written(root: Option<&file::Module<'_>>, resource: &Resource) -> Option<serde_json::Value> {
    let module = resource
        .modules
        .iter()
        .try_fold(root?, |module, part| module.calls.get(part.name.as_str()).map(|call| &call.module))?;
    let configured = reference::configured(module, resource.mapping.kind, &resource.name)?;
    let mut arguments = configured.arguments()?;
    settled::mark(root?, resource, configured.for_each_expression, &mut arguments);
    Some(arguments)
}
