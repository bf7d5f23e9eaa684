//! Values for the variables of Terraform configurations, from the command line and from files.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::args::{ConfigurationArgs, VariableArgs};
use super::{Failure, load};
use crate::diagnostic::suggest;
use crate::source::hcl::{self, Assignment, Configuration, Given};
use crate::source::{Chunk, Delivery, Note, input};

/// The values that are given, in the order of the command line.
pub(super) fn given(args: &VariableArgs) -> Result<Arc<Given>, Failure> {
    let mut all = Vec::new();
    for one in &args.variables {
        all.push((one.position, assignment(&one.value)?));
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

/// A value of the command line, which no message repeats: it may be a secret.
fn assignment(text: &str) -> Result<Assignment, Failure> {
    let read = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
    let (name, value) = read.ok_or_else(|| {
        let help = "write it as `--var NAME=VALUE`";
        Failure::Other(miette::miette!(help = help, "a `--var` cannot be read: it has no name and `=`"))
    })?;
    Ok(Assignment::Variable { name: name.trim().to_owned(), value: value.to_owned() })
}

/// The configuration that the plans of a run were made of.
pub(super) fn written_in(args: &ConfigurationArgs) -> Result<Option<Arc<Configuration>>, Failure> {
    let Some(directory) = &args.source else { return Ok(None) };
    let Some(mut configuration) = input::configuration(directory) else {
        let help = "name the directory of the configuration that the plan was made from";
        let shown = directory.display();
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`--source {shown}`: the directory does not exist"
        )));
    };
    configuration.given = given(&args.variables)?;
    Ok(Some(Arc::new(configuration)))
}

/// Whether nothing is given.
pub(super) fn is_none(given: &Given) -> bool {
    given.variables.is_empty() && given.workspace.is_none()
}

/// Gives every configuration the values. An option that does nothing for any input is a mistake, which is found before
/// anything is judged.
pub(super) fn settled(
    deliveries: Box<dyn Iterator<Item = Delivery> + Send>,
    given: Arc<Given>,
    written_in: Option<Arc<Configuration>>,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    if is_none(&given) && written_in.is_none() {
        return Ok(deliveries);
    }
    let deliveries: Vec<Delivery> = deliveries.collect();
    ensure_used(&deliveries, &given, written_in.as_deref())?;
    let notes = strangers(&deliveries, &given, written_in.as_deref());
    Ok(applied(Box::new(notes.into_iter().chain(deliveries)), given, written_in))
}

/// Refuses values that no configuration takes, and a configuration that no plan was made of. What was not read may have
/// been either.
pub(super) fn ensure_used(
    deliveries: &[Delivery],
    given: &Given,
    written_in: Option<&Configuration>,
) -> Result<(), Failure> {
    if deliveries.iter().any(|delivery| matches!(delivery, Delivery::Unread(_))) {
        return Ok(());
    }
    if written_in.is_some() && !chunks(deliveries).any(Chunk::is_plan_or_state) {
        let help = "leave the option out: findings of a configuration are at its files already";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`--source` is for Terraform plans and states, but no input is one"
        )));
    }
    let configurations = configurations(deliveries, written_in);
    if configurations.is_empty() && !is_none(given) {
        let help = "leave the option out: plans and states have the values of their variables, and the parameters of \
                    templates are given with `--parameter KEY=VALUE`";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`--var`, `--var-file` and `--workspace` are for Terraform configurations, but no input is one"
        )));
    }
    let Some(declared) = declared(&configurations) else { return Ok(()) };
    for one in &given.variables {
        let Assignment::Variable { name, .. } = one else { continue };
        if !declared.contains(name) {
            let help = suggest(name, declared.iter().map(String::as_str));
            let message = format!("no configuration of the inputs declares the variable `{name}`");
            return Err(Failure::Other(miette::miette!(help = help, "{message}")));
        }
    }
    Ok(())
}

/// Notes on names in files of values that no configuration declares: a misspelled one changes nothing.
fn strangers(deliveries: &[Delivery], given: &Given, written_in: Option<&Configuration>) -> Vec<Delivery> {
    let Some(declared) = declared(&configurations(deliveries, written_in)) else { return Vec::new() };
    let note = |one: &Assignment| match one {
        Assignment::File { name, text } => {
            let message = hcl::strangers(name, text, &declared)?;
            Some(Delivery::Note(Note { target: "--var-file".to_owned(), message }))
        }
        Assignment::Variable { .. } => None,
    };
    given.variables.iter().filter_map(note).collect()
}

fn configurations<'c>(
    deliveries: &'c [Delivery],
    written_in: Option<&'c Configuration>,
) -> Vec<&'c Configuration> {
    chunks(deliveries).filter_map(|chunk| chunk.configuration.as_ref()).chain(written_in).collect()
}

/// The names of the variables that the configurations declare, where all are known.
fn declared(configurations: &[&Configuration]) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for configuration in configurations {
        all.extend(hcl::variables(configuration)?);
    }
    Some(all)
}

fn chunks(deliveries: &[Delivery]) -> impl Iterator<Item = &Chunk> {
    deliveries.iter().filter_map(Delivery::chunk)
}

/// Live pools have no variables.
pub(super) fn without_inputs() -> Failure {
    let help = "name the directory of the configuration: `cognito-lint check infra --var NAME=VALUE`";
    Failure::Other(miette::miette!(
        help = help,
        "`--var`, `--var-file`, `--workspace` and `--source` are for configurations and plans, but no input was given"
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
                None => {
                    chunk.written_in.clone_from(&written_in);
                    if !is_none(&given) {
                        let planned = chunk.deployments.iter().filter(|one| one.planned).cloned();
                        let written = chunk.deployed_by.iter();
                        let written = written.flat_map(|one| hcl::deployments(&one.with(&given)));
                        chunk.deployments = planned.chain(written).collect();
                    }
                }
            }
        }
        delivery
    }))
}
