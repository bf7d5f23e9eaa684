//! Values for the variables of Terraform configurations, from the command line and from files.

use std::sync::Arc;

use super::args::ConfigurationArgs;
use super::{Failure, load};
use crate::source::hcl::{Assignment, Configuration, Given};
use crate::source::{Delivery, input};

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

/// The configuration that the plans of a run were made of.
pub(super) fn written_in(args: &ConfigurationArgs) -> Result<Option<Arc<Configuration>>, Failure> {
    let Some(directory) = &args.source else { return Ok(None) };
    let Some(mut configuration) = input::configuration(directory) else {
        let help = "name the directory of the configuration that the plan was made of";
        let shown = directory.display();
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`--source {shown}`: the directory does not exist"
        )));
    };
    configuration.given = given(args)?;
    Ok(Some(Arc::new(configuration)))
}

/// Whether nothing is given.
pub(super) fn is_none(args: &ConfigurationArgs, given: &Given) -> bool {
    given.variables.is_empty() && given.workspace.is_none() && args.source.is_none()
}

/// Live pools have no variables.
pub(super) fn without_inputs() -> Failure {
    let help = "name the directory of the configuration: `cognito-lint check infra --var NAME=VALUE`";
    Failure::Other(miette::miette!(
        help = help,
        "`--var`, `--var-file`, `--workspace` and `--source` are for configurations and plans, and no input was given"
    ))
}

/// Gives every configuration the values.
pub(super) fn applied(
    deliveries: Box<dyn Iterator<Item = Delivery> + Send>,
    given: Arc<Given>,
    written_in: Option<Arc<Configuration>>,
) -> Box<dyn Iterator<Item = Delivery> + Send> {
    Box::new(deliveries.map(move |mut delivery| {
        if let Delivery::Chunk(chunk) = &mut delivery {
            match &mut chunk.configuration {
                Some(configuration) => configuration.given = Arc::clone(&given),
                None => chunk.written_in.clone_from(&written_in),
            }
        }
        delivery
    }))
}
