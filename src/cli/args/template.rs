//! Arguments for the parameters of templates.

use std::path::PathBuf;

use clap::Args;

/// Parameters of templates.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "CloudFormation templates")]
pub(crate) struct TemplateArgs {
    /// Value for a parameter of the template, or for a pseudo parameter such as `AWS::Region`. Can be given several
    /// times.
    // Parsed later: a failure here would repeat the text, which may be a secret.
    #[arg(long = "parameter", value_name = "KEY=VALUE")]
    pub parameters: Vec<String>,
    /// File with values, as for `aws cloudformation create-stack --parameters file://FILE`, or an object of names and
    /// values.
    #[arg(long, value_name = "FILE")]
    pub parameters_file: Option<PathBuf>,
}
