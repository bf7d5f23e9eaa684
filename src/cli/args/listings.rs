//! The arguments of commands that show what the program knows.

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct ControlsArgs {
    /// Show the controls of this pack.
    #[arg(value_name = "PACK")]
    pub pack: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// Show only this path and what is inside it.
    pub path: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
