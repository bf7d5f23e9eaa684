//! Arguments of `scaffold`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::PolicyArgs;

#[derive(Args, Debug)]
pub(crate) struct ScaffoldArgs {
    /// The language of the declaration.
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t = Language::Terraform)]
    pub language: Language,
    /// Additional parts of the pool, with commas between them.
    #[arg(long, value_enum, value_name = "PART", value_delimiter = ',')]
    pub with: Vec<Part>,
    /// The name of the pool.
    #[arg(long, value_name = "NAME", default_value = "users")]
    pub name: String,
    /// The file to write, which must not exist; without it, the declaration is printed.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// A language that a pool can be declared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A configuration of Terraform.
    Terraform,
    /// A template of CloudFormation in YAML.
    Cloudformation,
    /// A stack of the AWS CDK in TypeScript.
    Cdk,
    /// A template of CloudFormation in JSON.
    Json,
}

/// A part that a pool can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// An app client.
    Client,
    /// A domain with sign-in pages.
    Domain,
}
