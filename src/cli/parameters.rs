//! Values for the parameters of templates, from the command line and from a file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::args::TemplateArgs;
use super::{Failure, load};
use crate::diagnostic::suggest;
use crate::source::{Delivery, cloudformation};

/// The parameters of templates. The command line outranks the file.
pub(super) fn given(args: &TemplateArgs) -> Result<BTreeMap<String, String>, Failure> {
    let mut all = match &args.parameters_file {
        None => BTreeMap::new(),
        Some(file) => {
            let source_file = load::read(file).map_err(Failure::Other)?;
            cloudformation::assignments(source_file.text()).map_err(|why| {
                let help = "expected a list of `ParameterKey` and `ParameterValue`, or an object of names and values";
                Failure::Other(miette::miette!(help = help, "{}: {why}", source_file.name()))
            })?
        }
    };
    let mut seen = BTreeSet::new();
    for parameter in &args.parameters {
        let (name, value) = cloudformation::assignment(parameter).map_err(|why| {
            let help = "write it as `--parameter KEY=VALUE`";
            Failure::Other(miette::miette!(help = help, "a `--parameter` cannot be read: {why}"))
        })?;
        if !seen.insert(name.clone()) {
            return Err(Failure::Other(miette::miette!("`--parameter {name}` is given twice")));
        }
        all.insert(name, value);
    }
    Ok(all)
}

/// Live pools have no parameters.
pub(super) fn without_inputs() -> Failure {
    let help = "name the template: `cognito-lint check template.yaml --parameter KEY=VALUE`";
    Failure::Other(miette::miette!(help = help, "`--parameter` is for templates, but no input was given"))
}

/// Gives each template those of the parameters that it declares. A name that no template declares is a mistake, which
/// is found before anything is judged.
pub(super) fn settled(
    deliveries: impl Iterator<Item = Delivery> + Send + 'static,
    given: &BTreeMap<String, String>,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    if given.is_empty() {
        return Ok(Box::new(deliveries));
    }
    let mut deliveries: Vec<Delivery> = deliveries.collect();
    let (mut known, mut whole) = (BTreeSet::new(), true);
    for delivery in &mut deliveries {
        let Delivery::Chunk(chunk) = delivery else { continue };
        let names = std::str::from_utf8(&chunk.bytes).ok().and_then(cloudformation::names);
        let Some(names) = names else {
            // A template inside of another text is found when it is read.
            whole &= !is_wrapped(&chunk.bytes);
            continue;
        };
        // One that may be of a nested stack has what the templates above it are given.
        if chunk.beside.is_empty() {
            let own = given.iter().filter(|(name, _)| name.starts_with("AWS::") || names.contains(*name));
            chunk.parameters = Arc::new(own.map(|(name, value)| (name.clone(), value.clone())).collect());
        }
        known.extend(names);
    }
    let missing = given.keys().find(|name| !name.starts_with("AWS::") && !known.contains(*name));
    match missing.filter(|_| whole) {
        None => Ok(Box::new(deliveries.into_iter())),
        Some(name) => {
            let help = match known.is_empty() {
                true => "the inputs have no template with parameters".to_owned(),
                false => suggest(name, known.iter().map(String::as_str)),
            };
            let message = format!("no template of the inputs has a parameter `{name}`");
            Err(Failure::Other(miette::miette!(help = help, "{message}")))
        }
    }
}

/// Whether a text may hold a template in a member.
fn is_wrapped(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("TemplateBody") || text.contains("template_body")
}
