//! Arguments for what reports for people show.

use clap::{Args, ValueEnum};

use crate::report::{Group, Show};
use crate::rule::Severity;

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// How `human` groups findings [default: by rule if one rule has ten findings or more, else by severity].
    #[arg(long = "group", value_enum, value_name = "BY")]
    by: Option<By>,
    /// Print one line for each rule, with its severity, findings and pools, in `human` and `compact`.
    #[arg(long)]
    statistics: bool,
    /// Hide findings of a lower severity in `human`, `compact` and `markdown`. The exit code and all other formats
    /// have every finding.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub min_severity: Option<Severity>,
    /// Whether SARIF has waived findings, as suppressed results [default: auto].
    #[arg(long, value_enum, value_name = "WHEN")]
    suppressions: Option<Suppressions>,
    /// The same as the option of every command.
    #[arg(skip)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Each explanation once, with its pools below it.
    Rule,
    /// The findings of each pool together.
    Pool,
}

/// Whether SARIF has results that waivers suppress.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Suppressions {
    /// Except in GitHub Actions: code scanning ignores `suppressions`, and would open an alert for each.
    Auto,
    Always,
    Never,
}

impl Suppressions {
    fn are_shown(self) -> bool {
        match self {
            Suppressions::Auto => std::env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true"),
            Suppressions::Always => true,
            Suppressions::Never => false,
        }
    }
}

impl ShowArgs {
    /// The first option that is given.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let options = [
            ("--group", self.by.is_some()),
            ("--statistics", self.statistics),
            ("--min-severity", self.min_severity.is_some()),
            ("--suppressions", self.suppressions.is_some()),
        ];
        options.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }

    /// Whether nobody says on the command line if SARIF has waived findings.
    pub(crate) fn suppressions_are_left_to_environment(&self) -> bool {
        matches!(self.suppressions, None | Some(Suppressions::Auto))
    }

    pub(crate) fn show(&self) -> Show {
        Show {
            group: match self.by {
                None => Group::Auto,
                Some(By::Rule) => Group::Rule,
                Some(By::Pool) => Group::Pool,
            },
            statistics: self.statistics,
            least: self.min_severity.unwrap_or(Severity::Info),
            verbose: self.verbose,
            suppressions: self.suppressions.unwrap_or(Suppressions::Auto).are_shown(),
        }
    }
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::parse(word).ok_or_else(|| crate::diagnostic::suggest(word, Severity::ALL.map(Severity::word)))
}
