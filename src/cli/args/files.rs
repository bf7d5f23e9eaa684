//! Which files of the inputs are read.

use clap::Args;
use glob::Pattern;

use crate::config::Config;
use crate::source::input::LeftOut;

/// Which files of the inputs are read.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Files")]
pub(crate) struct FilesArgs {
    /// Skip files and directories inside a directory: a glob on the path inside it, or on a name. Can be
    /// given several times.
    #[arg(long, value_name = "GLOB", value_parser = pattern)]
    pub exclude: Vec<Pattern>,
    /// Skip named files that do not mention user pools, for hooks that get every changed file.
    #[arg(long)]
    pub skip_unrecognized: bool,
}

impl FilesArgs {
    /// The files of the command line and of the configuration.
    pub(crate) fn left_out(&self, config: Option<&Config>) -> LeftOut {
        let written = config.map(|config| config.exclude.as_slice()).unwrap_or_default();
        let exclude = self.exclude.iter().chain(written).cloned().collect();
        LeftOut::new(exclude, self.skip_unrecognized)
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("this is not a glob: {}", error.msg))
}
