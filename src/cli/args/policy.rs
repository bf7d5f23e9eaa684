//! Which rules and which configuration a run uses.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::file_name;

/// Which rules to use.
#[derive(Args, Debug, Default)]
pub(crate) struct PolicyArgs {
    /// The rules: packs, rule files, ids of built-in rules, with commas between them.
    ///
    /// Packs, rule files, directories of them, ids of built-in rules, globs on ids, or `tag:TAG`, `severity:SEVERITY`
    /// and `control:PACK/NUMBER`, with commas between them. `-` before a choice removes its rules: `strict,-mfa-*`. Can
    /// be given several times; replaces the choice of the configuration, unless the first one begins with `-`.
    #[arg(long = "rules", value_name = "CHOICE", allow_hyphen_values = true, value_parser = name())]
    pub rules: Vec<String>,
    /// Rules to turn off, in addition to those of the configuration: ids, globs, tags, severities and controls, as in
    /// `--rules`.
    #[arg(long = "off", value_name = "CHOICE")]
    pub off: Vec<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Which configuration to use.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ConfigArgs {
    /// Use this configuration instead of the nearest cognito-lint.toml in this directory or above.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// The same as the option of every command.
    #[arg(skip)]
    pub no_config: bool,
}

/// Reads a text that may hold the name of a file, of any bytes.
pub(super) fn name() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|text| file_name::of(Path::new(&text)).into_owned())
}
