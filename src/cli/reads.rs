//! Files that a run reads, none of which it may replace by what it writes.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::{CheckArgs, PolicyArgs};
use super::output::is_same_file;
use crate::config::Config;
use crate::source::input::{self, LeftOut};

/// The files and directories of a run.
#[derive(Debug, Default)]
pub(super) struct Reads {
    inputs: Vec<PathBuf>,
    /// Files of options.
    files: Vec<PathBuf>,
    left_out: LeftOut,
}

impl Reads {
    pub(super) fn of(inputs: &[PathBuf]) -> Reads {
        Reads { inputs: inputs.to_vec(), ..Reads::default() }
    }

    /// The files of a check, but for its baseline: `baseline` replaces that.
    pub(super) fn of_check(args: &CheckArgs, config: Option<&Config>) -> Reads {
        let variables = args.configuration.variables.variable_files.iter().map(|one| &one.value);
        let options = args.decisions.waivers.iter().chain(&args.callers.trails).chain(variables);
        let options = options.chain(&args.template.parameters_file).cloned();
        let reads = Reads { left_out: args.files.left_out(config), ..Reads::of(&args.inputs) };
        reads.with(options).with(rule_files(&args.policy))
    }

    /// The same with files of options.
    #[must_use]
    pub(super) fn with(mut self, files: impl IntoIterator<Item = PathBuf>) -> Reads {
        self.files.extend(files);
        self
    }

    /// Refuses to replace one of the files by what a run writes.
    pub(super) fn ensure_kept(&self, what: &str, file: &Path) -> Result<(), Failure> {
        let named = self.inputs.iter().chain(&self.files).find(|input| is_same_file(input, file));
        let within = || self.inputs.iter().find(|input| input::is_read_of(input, file, &self.left_out));
        let shown = match (named, within) {
            (Some(input), _) => format!("the input {}", input.display()),
            (None, within) => match within() {
                Some(input) => format!("{}, a file of the input {}", file.display(), input.display()),
                None => return Ok(()),
            },
        };
        let help = format!("name another file for the {what}");
        Err(Failure::Other(miette::miette!(help = help, "the {what} would overwrite {shown}")))
    }
}

/// The files of rules, and the configuration.
pub(super) fn rule_files(args: &PolicyArgs) -> Vec<PathBuf> {
    let rules = args.rules.iter().flat_map(|choice| choice.split(',')).map(PathBuf::from);
    rules.chain(args.config.config.clone()).filter(|file| file.is_file()).collect()
}
