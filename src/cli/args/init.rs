//! The arguments of `init`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// Where to write it.
    #[arg(default_value = "cognito-lint.toml")]
    pub file: PathBuf,
    /// Replace the file if there is one.
    #[arg(long)]
    pub force: bool,
}
