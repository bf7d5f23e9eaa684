//! Arguments of `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArgs, FilesArgs, LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List rules with their packs, and the severity that they have in a run.
    List {
        /// List only these: a choice of rules, as in `--rules`.
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
        /// The id of the rule, for the bad state: token-long-lived.
        id: String,
        /// The path that the rule looks at; `cognito-lint schema` lists them.
        #[arg(long)]
        path: String,
        /// The file to write, which must not be there; without it, the rule is printed.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Show which settings the chosen rules look at, and which none of them does.
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
    /// pools meet are comments that name the others.
    Learn(Box<LearnArgs>),
    /// Run the tests of rules, by default of all built-in rules.
    ///
    /// If the configuration names rule files, their tests are the default. Tests apart from rules are about the rules
    /// as the configuration sets them.
    Test {
        /// Rule files, files of tests in TOML or JSON, directories of them, packs, or ids of built-in rules.
        #[arg(value_name = "PACK|FILE|ID", value_parser = super::name())]
        rules: Vec<String>,
        #[command(flatten)]
        config: ConfigArgs,
        /// Mutants are rules with one change that the tests should notice.
        #[arg(long, value_enum, default_value_t = Mutants::Report)]
        mutants: Mutants,
    },
}

#[derive(Args, Debug)]
pub(crate) struct LearnArgs {
    /// Files that `check` reads, directories of them, or `-` for standard input. Without any, live pools are read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// The file to write, which must not be there; without it, the configuration is printed.
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
    /// Name those that no test notices.
    Report,
    /// The same, with exit code 1.
    Fail,
    /// Try none.
    Skip,
}
