//! Arguments for the variables of a Terraform configuration.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

/// Variables of a configuration.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Terraform configurations")]
pub(crate) struct VariableArgs {
    /// Value for a variable of the configuration, as for `terraform plan`. Can be given several times; a later one
    /// wins.
    // Parsed later: a failure here would repeat the text, which may be a secret.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub variables: Vec<Placed<String>>,
    /// File with values for variables, in the form of `terraform.tfvars`. Can be given several times; a later one
    /// wins.
    #[arg(long = "var-file", value_name = "FILE", value_parser = file)]
    pub variable_files: Vec<Placed<PathBuf>>,
    /// Value of `terraform.workspace`, which is unknown without it.
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
}

/// The same, with the configuration that a plan was made of.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Terraform configurations")]
pub(crate) struct ConfigurationArgs {
    #[command(flatten)]
    pub variables: VariableArgs,
    /// Directory of the configuration that a plan or state was made from: findings point at its files, and waivers in
    /// their comments count.
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
}

/// A value with its position among those of two options.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub position: usize,
    pub value: T,
}

/// The values are read in the order of the command line, which decides between the two options.
fn placed<T>(value: T) -> Placed<T> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    Placed { position: NEXT.fetch_add(1, Ordering::Relaxed), value }
}

#[expect(clippy::unnecessary_wraps, reason = "the parser of a value may fail")]
fn variable(text: &str) -> Result<Placed<String>, String> {
    Ok(placed(text.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "the parser of a value may fail")]
fn file(text: &str) -> Result<Placed<PathBuf>, String> {
    Ok(placed(PathBuf::from(text)))
}
