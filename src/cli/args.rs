//! The command line.

mod short;
mod unused;
mod alone;
mod policy;
mod configuration;
mod decisions;
mod baseline;
mod files;
mod iam;
mod init;
mod live;
mod show;
mod merge;
mod report;
mod listings;
mod template;
mod journeys;
mod rules;
mod drift;
mod outliers;
mod fix;
mod scaffold;
mod snapshot;
mod evidence;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::rule::Severity;
use crate::shard::Shard;
pub(crate) use baseline::{BaselineCommand, TrendArgs, WaiveArgs};
pub(crate) use configuration::{ConfigurationArgs, VariableArgs};
pub(crate) use decisions::{CallerArgs, DecisionArgs};
pub(crate) use drift::{DriftArgs, FailOnDrift};
pub(crate) use evidence::{EvidenceArgs, EvidenceCommand, PackArgs, VerifyArgs};
pub(super) use files::FilesArgs;
pub(crate) use fix::FixArgs;
pub(crate) use iam::IamArgs;
pub(crate) use init::InitArgs;
pub(crate) use journeys::JourneysArgs;
pub(crate) use listings::{ControlsArgs, Described, SchemaArgs};
pub(crate) use live::LiveArgs;
pub(crate) use merge::MergeArgs;
pub(crate) use outliers::{FailOnOutliers, OutliersArgs};
use policy::name;
pub(crate) use policy::{ConfigArgs, PolicyArgs};
pub(crate) use report::ReportArgs;
pub(crate) use rules::{LearnArgs, Mutants, RulesCommand};
pub(crate) use scaffold::{Language, Part, ScaffoldArgs};
pub(crate) use show::ShowArgs;
pub(crate) use snapshot::SnapshotArgs;
pub(crate) use template::TemplateArgs;

/// Audits Amazon Cognito user pools against policy rules written in TOML.
///
/// Exit codes: 0 nothing found, 1 findings, 2 could not start, 3 incomplete (something could not be read or
/// decided, or there was nothing to check), 130 and 143 interrupted.
#[derive(Debug, Parser)]
#[command(name = "cognito-lint", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: Box<CheckArgs>,
    /// When to use colours and links.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "All commands")]
    pub color: Color,
    /// Print the reason of each skipped verdict and, for live pools, each request with its result.
    #[arg(long, short, global = true, overrides_with = "verbose", help_heading = "All commands")]
    pub verbose: bool,
    /// Ignore every cognito-lint.toml.
    #[arg(long, global = true, overrides_with = "no_config", help_heading = "All commands")]
    pub no_config: bool,
}

impl Command {
    /// Hands the option of every command on to where it means something.
    pub(crate) fn say_more(&mut self) {
        match self {
            Command::Check(args) => args.say_more(),
            Command::Snapshot(args) => args.live.verbose = true,
            Command::Evidence(args) => args.pack.live.verbose = true,
            Command::Drift(args) => args.live.verbose = true,
            Command::Outliers(args) => args.live.verbose = true,
            Command::Baseline(BaselineCommand::Write { check, .. } | BaselineCommand::Prune { check }) => {
                check.say_more();
            }
            Command::Waive(args) => args.check.say_more(),
            Command::Merge(args) => args.show.verbose = true,
            Command::Report(args) => args.show.verbose = true,
            Command::Fix(args) => args.live.verbose = true,
            Command::Journeys(args) => args.live.verbose = true,
            Command::Rules(RulesCommand::Learn(args)) => args.live.verbose = true,
            Command::Trend(_)
            | Command::Controls(_)
            | Command::Rules(_)
            | Command::Schema(_)
            | Command::IamPolicy(_)
            | Command::Init(_)
            | Command::Scaffold(_)
            | Command::Completions { .. }
            | Command::Man => {}
        }
    }

    /// Keeps a command that reads a configuration from doing so. The others read none in any case.
    pub(crate) fn leave_config_out(&mut self) {
        let config = match self {
            Command::Check(args) => &mut args.policy.config,
            Command::Snapshot(args) => &mut args.config,
            Command::Evidence(args) => &mut args.pack.policy.config,
            Command::Journeys(args) => &mut args.config,
            Command::Drift(args) => &mut args.policy.config,
            Command::Outliers(args) => &mut args.policy.config,
            Command::Baseline(BaselineCommand::Write { check, .. } | BaselineCommand::Prune { check }) => {
                &mut check.policy.config
            }
            Command::Waive(args) => &mut args.check.policy.config,
            Command::IamPolicy(args) => &mut args.policy.config,
            Command::Fix(args) => &mut args.policy.config,
            Command::Scaffold(args) => &mut args.policy.config,
            Command::Rules(
                RulesCommand::List { policy, .. }
                | RulesCommand::Show { policy, .. }
                | RulesCommand::Coverage { policy, .. },
            ) => &mut policy.config,
            Command::Rules(RulesCommand::Check { config, .. } | RulesCommand::Test { config, .. }) => config,
            Command::Rules(RulesCommand::Learn(args)) => &mut args.config,
            Command::Rules(RulesCommand::New { .. })
            | Command::Merge(_)
            | Command::Report(_)
            | Command::Trend(_)
            | Command::Controls(_)
            | Command::Schema(_)
            | Command::Init(_)
            | Command::Completions { .. }
            | Command::Man => return,
        };
        config.no_config = true;
    }
}

impl CheckArgs {
    fn say_more(&mut self) {
        self.live.verbose = true;
        self.show.verbose = true;
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check pools against rules (the default command).
    Check(Box<CheckArgs>),
    /// Write the current pools, with every section of configuration, to a file that `check` reads later.
    Snapshot(Box<SnapshotArgs>),
    /// Compare recorded pools with the current ones.
    Drift(Box<DriftArgs>),
    /// Find pools that differ from most pools of their group.
    Outliers(Box<OutliersArgs>),
    /// Record existing findings, or remove fixed ones from the record.
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Print a waiver of a rule for a pool; with inputs, one for each finding.
    Waive(WaiveArgs),
    /// Show how many findings the JSON reports of a directory have, by severity and time.
    Trend(TrendArgs),
    /// Merge the JSON reports of shards, or of single accounts, into one.
    Merge(MergeArgs),
    /// Convert a saved JSON report to other formats, with the exit code of its run.
    Report(ReportArgs),
    /// List, show, check and test rules.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Show the controls of the packs for standards, and the rules that prove each.
    Controls(ControlsArgs),
    /// Write an evidence pack with verdicts on controls for an auditor, or verify one.
    Evidence(Box<EvidenceArgs>),
    /// Answer who can get a token from a pool, how, and what it can do.
    Journeys(Box<JourneysArgs>),
    /// Show which settings a pool can have: types, values, bounds, defaults.
    Schema(SchemaArgs),
    /// Print the least IAM policy for reading live pools with the chosen rules.
    IamPolicy(IamArgs),
    /// Write the complete input that makes a pool pass, or fix the file that declares it.
    Fix(Box<FixArgs>),
    /// Write the smallest declaration of a new pool that passes the rules.
    Scaffold(Box<ScaffoldArgs>),
    /// Write a commented cognito-lint.toml to start from.
    Init(InitArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    /// If the terminal supports them, and NO_COLOR is not set.
    Auto,
    Always,
    Never,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Files with pools, directories of them, or `-` for standard input; without any, live pools are read.
    ///
    /// Saved `aws cognito-idp describe-user-pool` output, a snapshot, a Terraform configuration (its directory or a
    /// `.tf` file), a plan or state as JSON, a CloudFormation template, a directory of them, or `-`.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Write a report to standard output or to a file: human, compact, json, jsonl, sarif, junit, github, gitlab,
    /// markdown, csv, html, ocsf, asff or oscal. Can be given several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]", value_parser = name())]
    pub reports: Vec<String>,
    /// Least severity that fails the run, or `never` [default: low].
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on)]
    pub fail_on: Option<FailOn>,
    /// Do not fail the run because of findings, as with `--fail-on never`. Exit codes 2 and 3 stay.
    #[arg(long, conflicts_with = "fail_on")]
    pub exit_zero: bool,
    #[command(flatten)]
    pub show: ShowArgs,
    /// The effect of an unknown verdict [default: fail].
    #[arg(long, value_enum, value_name = "HOW")]
    pub unknown: Option<Unknown>,
    /// Whether sections that the inputs do not contain count as unknown [default: inputs].
    #[arg(long, value_enum, value_name = "WHAT")]
    pub coverage: Option<Coverage>,
    /// Also read the current pools that a plan changes.
    ///
    /// Each finding then says whether applying the plan introduces, keeps or removes it. The report also lists changes
    /// by others that the plan would undo.
    #[arg(long = "live", requires = "inputs")]
    pub with_live: bool,
    /// End with 0 when there is nothing to check.
    #[arg(long)]
    pub allow_empty: bool,
    /// Print nothing on standard output; only the exit code gives the result.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
    /// Print the settings of the run with their origins, and the rules with their parameters, and check nothing.
    #[arg(long)]
    pub show_settings: bool,
    /// Add every verdict, and the verdicts on controls, to reports.
    ///
    /// `json` then also has the verdicts that passed or were skipped. `json`, `html` and `human` have the verdicts on
    /// the controls of the chosen packs.
    #[arg(long)]
    pub evidence: bool,
    /// Check only the I-th of N parts of the pools, counted from 1; `merge` combines the reports.
    #[arg(long, value_name = "I/N", value_parser = Shard::parse)]
    pub shard: Option<Shard>,
    #[command(flatten)]
    pub decisions: DecisionArgs,
    #[command(flatten)]
    pub callers: CallerArgs,
    #[command(flatten)]
    pub files: FilesArgs,
    #[command(flatten)]
    pub template: TemplateArgs,
    #[command(flatten)]
    pub configuration: ConfigurationArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FailOn(pub Option<Severity>);

fn fail_on(word: &str) -> Result<FailOn, String> {
    if word == "never" {
        return Ok(FailOn(None));
    }
    Severity::parse(word).map(|severity| FailOn(Some(severity))).ok_or_else(|| {
        let words = Severity::ALL.map(Severity::word);
        crate::diagnostic::suggest(word, words.into_iter().chain(["never"]))
    })
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Unknown {
    /// The run is incomplete.
    Fail,
    /// Accepted.
    Ignore,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Coverage {
    /// Rules that need such a section are skipped.
    Inputs,
    /// Their verdict is unknown.
    Full,
}
