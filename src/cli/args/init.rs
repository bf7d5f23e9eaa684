//! The arguments of `init`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The file to write, or `-` for standard output.
    #[arg(default_value = "cognito-lint.toml")]
    pub file: PathBuf,
    /// Overwrite an existing file.
    #[arg(long)]
    pub force: bool,
}
