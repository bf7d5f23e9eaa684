//! Arguments of `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArgs, FilesArgs, LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List rules with their packs, and the severity that they have in a run.
    List {
        /// List only these rules: a choice, as in `--rules`.
        #[arg(value_name = "CHOICE", value_parser = super::name())]
        choices: Vec<String>,
        #[command(flatten)]
        policy: PolicyArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show a rule: why, fix, links, parameters, controls, an example.
    Show {
        /// The rule's id.
        id: String,
        #[command(flatten)]
        policy: PolicyArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check rules for mistakes, and name pairs that contradict each other.
    Check {
        /// Rule files, directories of them, packs, or ids of built-in rules. Without any, the rules of a run are checked.
        #[arg(value_name = "PACK|FILE|ID", value_parser = super::name())]
        files: Vec<String>,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Write a rule to start from, with tests that it passes.
    New {
        /// The id of the rule, which describes the bad state: token-long-lived.
        id: String,
        /// The path of the setting that the rule checks; `cognito-lint schema` lists them.
        #[arg(long)]
        path: String,
        /// The file to write, which must not exist; without it, the rule is printed.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Show which settings the chosen rules check, and which settings no chosen rule checks.
    Coverage {
        #[command(flatten)]
        policy: PolicyArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write the strictest policy of built-in rules that pools meet.
    ///
    /// A check with it finds nothing for the same pools today, and later finds what got worse. Rules that only most
    /// pools meet are comments, which name the pools that fail.
    Learn(Box<LearnArgs>),
    /// Run the tests of rules, by default of all built-in rules.
    ///
    /// If the configuration names rule files, their tests are the default. Tests outside rules use the parameters that
    /// the configuration sets.
    Test {
        /// Rule files, files of tests in TOML or JSON, directories of them, packs, or ids of built-in rules.
        #[arg(value_name = "PACK|FILE|ID", value_parser = super::name())]
        rules: Vec<String>,
        #[command(flatten)]
        config: ConfigArgs,
        /// How to treat mutants: rules with one change that the tests should notice.
        #[arg(long, value_enum, default_value_t = Mutants::Report)]
        mutants: Mutants,
    },
}

#[derive(Args, Debug)]
pub(crate) struct LearnArgs {
    /// Files that `check` reads, directories of them, or `-` for standard input. Without any, live pools are read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// The file to write, which must not exist; without it, the configuration is printed.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub files: FilesArgs,
    #[command(flatten)]
    pub template: TemplateArgs,
    #[command(flatten)]
    pub variables: VariableArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}

/// The treatment of mutants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mutants {
    /// List those that no test notices.
    Report,
    /// List them, and end with exit code 1.
    Fail,
    /// Try none.
    Skip,
}
