//! Values for the parameters of templates, from the command line and from a file.

use std::collections::{BTreeMap, BTreeSet};

use super::args::TemplateArgs;
use super::{Failure, load};
use crate::source::cloudformation;

/// The parameters of templates. The command line outranks the file.
pub(super) fn given(args: &TemplateArgs) -> Result<BTreeMap<String, String>, Failure> {
    let mut all = match &args.parameters_file {
        None => BTreeMap::new(),
        Some(file) => {
            let script = load::read(file).map_err(Failure::Other)?;
            cloudformation::assignments(script.text()).map_err(|why| {
                let help = "expected a list of `ParameterKey` and `ParameterValue`, or an object of names and values";
                Failure::Other(miette::miette!(help = help, "{}: {why}", script.name()))
            })?
        }
    };
    let mut seen = BTreeSet::new();
    for (name, value) in &args.parameters {
        if !seen.insert(name) {
            return Err(Failure::Other(miette::miette!("`--parameter {name}` is given twice")));
        }
        all.insert(name.clone(), value.clone());
    }
    Ok(all)
}

/// Live pools have no parameters.
pub(super) fn without_inputs() -> Failure {
    let help = "name the template: `cognito-lint check template.yaml --parameter KEY=VALUE`";
    Failure::Other(miette::miette!(help = help, "`--parameter` is for templates, and no input was given"))
}
