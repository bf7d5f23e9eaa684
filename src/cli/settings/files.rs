//! Files, and the values that templates and configurations are given.

use super::{given, list, origin_of_both};
use crate::cli::args::CheckArgs;
use crate::config::Config;
use crate::report::settings::{Origin, Setting};

pub(super) fn files(args: &CheckArgs, config: Option<&Config>) -> Vec<Setting> {
    let left_out = args.files.left_out(config);
    let globs: Vec<&str> = left_out.globs().collect();
    let inputs: Vec<String> = args.inputs.iter().map(|input| input.display().to_string()).collect();
    let written = config.is_some_and(|config| !config.exclude.is_empty());
    let exclude = origin_of_both(!args.files.exclude.is_empty(), written);
    let skip = args.files.skip_unrecognized;
    let mut settings = vec![
        Setting::new("inputs", list(&inputs, ""), Origin::CommandLine),
        Setting::new("live", args.with_live.to_string(), given(args.with_live)),
        Setting::new("exclude", list(&globs, "none"), exclude),
        Setting::new("skip-unrecognized", skip.to_string(), given(skip)),
    ];
    settings.extend(values(args));
    settings
}

/// The names of what is given: a value may be a secret.
fn values(args: &CheckArgs) -> [Setting; 6] {
    let name = |text: &str| text.split_once('=').map_or("(without a name)", |(name, _)| name).to_owned();
    let listed =
        |setting, names: &[String]| Setting::new(setting, list(names, "none"), given(!names.is_empty()));
    let parameters: Vec<String> = args.template.parameters.iter().map(|text| name(text)).collect();
    let variables = &args.configuration.variables;
    let names: Vec<String> = variables.variables.iter().map(|one| name(&one.value)).collect();
    let files: Vec<String> =
        variables.variable_files.iter().map(|one| one.value.display().to_string()).collect();
    let file = args.template.parameters_file.as_ref().map(|file| file.display().to_string());
    let source = args.configuration.source.as_ref().map(|directory| directory.display().to_string());
    let workspace = variables.workspace.clone();
    [
        listed("parameter", &parameters),
        listed("parameters-file", file.as_slice()),
        listed("var", &names),
        listed("var-file", &files),
        Setting::new(
            "workspace",
            workspace.clone().unwrap_or_else(|| "not known".to_owned()),
            given(workspace.is_some()),
        ),
        listed("source", source.as_slice()),
    ]
}
