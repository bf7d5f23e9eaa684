//! Changes of declared pools in the files that declare them. Nothing is written here: the changed texts are read in
//! place of those on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::declared::Holder;
use super::edit::{Refusal, TextEdit, applied};
use super::text::ValueStep;
use super::{Chunk, ReadPool, cloudformation, hcl};
use crate::value::Value;

/// A value to be set in a pool.
#[derive(Clone, Debug)]
pub struct Setting {
    /// From the top of the pool.
    pub steps: Vec<ValueStep<'static>>,
    pub value: Value,
}

/// The input with other texts for some of its files, by their names, and with all of its pools.
pub fn with(chunk: &Chunk, texts: &Arc<BTreeMap<String, String>>) -> Chunk {
    let configuration = chunk.configuration.as_ref().map(|configuration| {
        let (list, read, shown) = (
            Arc::clone(&configuration.files),
            Arc::clone(&configuration.files),
            Arc::clone(&configuration.files),
        );
        let given = Arc::new(configuration.given.amended(texts));
        let texts = Arc::clone(texts);
        let files = hcl::Files {
            list: Box::new(move |directory| (list.list)(directory)),
            read: Box::new(move |path| {
                let changed = texts.get(&(read.shown)(path)).map(|text| text.clone().into_bytes());
                changed.or_else(|| (read.read)(path))
            }),
            shown: Box::new(move |path| (shown.shown)(path)),
        };
        hcl::Configuration { files: Arc::new(files), only: Vec::new(), given, ..configuration.clone() }
    });
    let bytes = match texts.get(&*chunk.origin.name).filter(|_| configuration.is_none()) {
        Some(text) => text.clone().into_bytes(),
        None => chunk.bytes.clone(),
    };
    Chunk {
        origin: chunk.origin.clone(),
        bytes,
        first_line: chunk.first_line,
        shape: chunk.shape,
        unread: chunk.unread.clone(),
        held: chunk.held.clone(),
        parameters: Arc::clone(&chunk.parameters),
        unsettled: chunk.unsettled.clone(),
        beside: Arc::clone(&chunk.beside),
        deployments: Arc::clone(&chunk.deployments),
        deployed_by: Arc::clone(&chunk.deployed_by),
        configuration,
        written_in: chunk.written_in.clone(),
        taken: chunk.taken,
        read: chunk.read,
    }
}

/// The texts of the files that change where values of a pool are set, by the names of the files.
pub fn settled(
    chunk: &Chunk,
    pool: &ReadPool,
    settings: &[Setting],
) -> Result<BTreeMap<String, (String, String)>, Refusal> {
    let places = pool.places().ok_or_else(|| Refusal::by_hand("no file declares the pool"))?;
    let mut groups: Vec<(&Holder, Vec<(String, Value)>)> = Vec::new();
    for setting in settings {
        let (steps, holder) =
            places.resource(&setting.steps).ok_or_else(|| Refusal::by_hand("no resource holds the value"))?;
        let names = setting.steps[steps..].iter().map(|step| match step {
            ValueStep::Member(name) => Some(name.as_ref()),
            ValueStep::Index(_) => None,
        });
        let member = names.collect::<Option<Vec<&str>>>().map(|names| names.join("."));
        let member = member.ok_or_else(|| Refusal::by_hand("the value is in an element of a list"))?;
        let name = holder.mapping.and_then(|mapping| mapping.name(&member)).ok_or_else(|| {
            let help = "a resource that sets it may have to be added";
            Refusal::new(format!("`{}` has no argument that sets `{member}`", holder.address), help)
        })?;
        let argument = name.split('.').next().unwrap_or_default();
        if holder.mapping.is_some_and(|mapping| mapping.replaced_by.contains(&argument)) {
            let message = format!("a change of `{argument}` replaces `{}`", holder.address);
            return Err(Refusal::new(
                message,
                "create a new one with the right setting, and move what uses it",
            ));
        }
        let value = setting.value.clone();
        match groups.iter_mut().find(|(known, _)| known.address == holder.address) {
            Some((_, settings)) => settings.push((name, value)),
            None => groups.push((holder, vec![(name, value)])),
        }
    }
    let mut edits: BTreeMap<Arc<str>, Vec<TextEdit>> = BTreeMap::new();
    for (holder, settings) in groups {
        let new = match &chunk.configuration {
            Some(configuration) => hcl::edits(configuration, holder, &settings)?,
            None => cloudformation::edits(chunk, holder, &settings)?,
        };
        for edit in new {
            edits.entry(Arc::clone(&edit.file)).or_default().push(edit);
        }
    }
    let mut texts = BTreeMap::new();
    for (file, edits) in edits {
        let unread = || Refusal::by_hand(format!("{file} cannot be read"));
        let before = text_of(chunk, &file).ok_or_else(unread)?;
        let overlapping = || Refusal::by_hand(format!("two changes touch the same part of {file}"));
        let after = applied(&before, &edits).ok_or_else(overlapping)?;
        texts.insert(file.to_string(), (before, after));
    }
    Ok(texts)
}

/// The text of a file of the input.
fn text_of(chunk: &Chunk, file: &str) -> Option<String> {
    match &chunk.configuration {
        Some(configuration) => hcl::text_of(configuration, file),
        None => (*chunk.origin.name == *file).then(|| String::from_utf8(chunk.bytes.clone()).ok())?,
    }
}
