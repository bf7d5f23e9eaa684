//! Values for the variables of Terraform configurations, from the command line and from files.

use std::sync::Arc;

use super::args::ConfigurationArgs;
use super::{Failure, load};
use crate::source::Delivery;
use crate::source::hcl::{Assignment, Given};

/// The values that are given, in the order of the command line.
pub(super) fn given(args: &ConfigurationArgs) -> Result<Arc<Given>, Failure> {
    let mut all = Vec::new();
    for one in &args.variables {
        let (name, value) = one.value.clone();
        all.push((one.position, Assignment::Variable { name, value }));
    }
    for one in &args.variable_files {
        let file = load::read(&one.value).map_err(Failure::Other)?;
        let (name, text) = (file.name().to_owned(), file.text().to_owned());
        all.push((one.position, Assignment::File { name, text }));
    }
    all.sort_by_key(|(position, _)| *position);
    let variables = all.into_iter().map(|(_, one)| one).collect();
    Ok(Arc::new(Given { variables, workspace: args.workspace.clone() }))
}

/// Whether nothing is given.
pub(super) fn is_none(given: &Given) -> bool {
    given.variables.is_empty() && given.workspace.is_none()
}

/// Live pools have no variables.
pub(super) fn without_inputs() -> Failure {
    let help = "name the directory of the configuration: `cognito-lint check infra --var NAME=VALUE`";
    Failure::Other(miette::miette!(
        help = help,
        "`--var`, `--var-file` and `--workspace` are for configurations, and no input was given"
    ))
}

/// Gives every configuration the values.
pub(super) fn applied(
    deliveries: Box<dyn Iterator<Item = Delivery> + Send>,
    given: Arc<Given>,
) -> Box<dyn Iterator<Item = Delivery> + Send> {
    Box::new(deliveries.map(move |mut delivery| {
        if let Delivery::Chunk(chunk) = &mut delivery
            && let Some(configuration) = &mut chunk.configuration
        {
            configuration.given = Arc::clone(&given);
        }
        delivery
    }))
}
