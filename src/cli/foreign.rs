//! Options of other linters, each with what does the same here.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Arguments;
use crate::diagnostic::slip;

const REPORT: &str = "write a report with `--report FORMAT[=FILE]`: `--report sarif=results.sarif`";
const RULES: &str = "choose rules with `--rules PACK|FILE|ID|GLOB`, or `--rules tag:TAG`";
const OFF: &str = "turn rules off with `--off mfa-off`, or in the configuration: `off = [\"mfa-off\"]`";
const INPUT: &str = "name the file as an input, without an option: `cognito-lint check plan.json`";
const NEVER: &str = "findings do not fail a run with `--exit-zero`";
const LEAST: &str = "`--fail-on SEVERITY` sets the least severity that fails the run";
const SEVERITY: &str = "`--min-severity SEVERITY` hides findings of a lower severity, and `--fail-on SEVERITY` sets the least that fails the run";
const STATISTICS: &str = "`--statistics` shows one line for each rule";
const GROUP: &str = "`--group rule` shows each rule once, with its pools";
const QUIET: &str = "`--quiet` prints nothing on standard output";
const VERBOSE: &str =
    "`--verbose` says why verdicts were skipped, and prints each request of a run over live pools";
const PARAMETER: &str =
    "give parameters of a template with `--parameter KEY=VALUE` or `--parameters-file FILE`";
const ACCOUNTS: &str = "name accounts in the configuration, or assume a role with `--role-arn ARN`";

/// Options that people know from other programs, and the help for each.
const FOREIGN: &[(&str, &str)] = &[
    ("--format", REPORT),
    ("-f", REPORT),
    ("--output-format", REPORT),
    ("--output", REPORT),
    ("--output-file", REPORT),
    ("--out", REPORT),
    ("-o", REPORT),
    ("--sarif", "write SARIF with `--report sarif=FILE`"),
    ("--json", "write JSON with `--report json` or `--report json=FILE`"),
    ("--junit", "write JUnit XML with `--report junit=FILE`"),
    ("--csv", "write CSV with `--report csv=FILE`"),
    ("--markdown", "write Markdown with `--report markdown=FILE`"),
    ("--compact", "print one line a finding with `--report compact`"),
    ("--soft-fail", NEVER),
    ("--no-fail", NEVER),
    ("--no-exit-codes", NEVER),
    ("-z", NEVER),
    ("--exit-code", LEAST),
    ("--severity", SEVERITY),
    ("--fail-level", LEAST),
    ("--failure-threshold", LEAST),
    ("--select", RULES),
    ("--rule", RULES),
    ("--policy", RULES),
    ("--policies", RULES),
    ("--pack", RULES),
    ("--check", RULES),
    ("--checks", RULES),
    ("--ignore", OFF),
    ("--skip", OFF),
    ("--skip-check", OFF),
    ("--exclude-rule", OFF),
    ("--disable", OFF),
    ("--list-rules", "`cognito-lint rules list` lists rules"),
    ("--list", "`cognito-lint rules list` lists rules"),
    ("-l", "`cognito-lint rules list` lists rules"),
    ("--explain", "`cognito-lint rules show ID` explains a rule"),
    ("--fix", "`cognito-lint fix POOL` writes the input that makes a pool pass"),
    ("--diff", "`cognito-lint drift` compares recorded pools with what is there now"),
    ("--watch", "there is no watch mode; run the program again after a change"),
    ("--no-color", "colours are off with `--color never`"),
    ("--no-colour", "colours are off with `--color never`"),
    ("--offline", "inputs are read without a network; leave the option out"),
    ("--summary", STATISTICS),
    ("--group-by", GROUP),
    ("--show-settings", "`cognito-lint rules list` shows each rule as it is in a run with the configuration"),
    ("--jobs", "all processors are used; leave the option out"),
    ("-j", "all processors are used; leave the option out"),
    ("--include", INPUT),
    ("--template", INPUT),
    ("--plan", INPUT),
    ("--file", INPUT),
    ("--directory", INPUT),
    ("-d", INPUT),
    ("--stdin-filename", "read standard input with `-` as the input"),
    ("--generate-baseline", "`cognito-lint baseline write` records the findings that are there already"),
    ("--create-baseline", "`cognito-lint baseline write` records the findings that are there already"),
    ("--var", PARAMETER),
    ("--parameters", PARAMETER),
    ("--parameter-overrides", PARAMETER),
    ("--no-progress", QUIET),
    ("--silent", QUIET),
    ("--debug", VERBOSE),
    ("--log-level", VERBOSE),
    ("--regions", "choose Regions with `--region REGION`, several times, or `--all-regions`"),
    ("-r", "choose Regions with `--region REGION`, several times, or `--all-regions`"),
    ("--account", ACCOUNTS),
    ("--pool-id", "choose live pools with `--pool ID`"),
];

/// The error with help that fits, and without guesses of similar names: an option of a similar name does something
/// else.
pub(super) fn explained(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    error.remove(ContextKind::Suggested);
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidArg) else { return error };
    let name = written.split('=').next().unwrap_or(written).to_owned();
    let own = || near(&name).map(|own| format!("did you mean `{own}`?"));
    let Some(help) = help(&name).map(str::to_owned).or_else(own) else {
        error.remove(ContextKind::SuggestedArg);
        return error;
    };
    error.remove(ContextKind::SuggestedArg);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![help.into()]));
    error
}

fn help(name: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(foreign, _)| *foreign == name).map(|(_, help)| *help)
}

/// An own option that differs by a slip of the finger.
fn near(name: &str) -> Option<String> {
    let name = name.strip_prefix("--")?;
    let command = Arguments::command();
    let commands = std::iter::once(&command).chain(command.get_subcommands());
    let own = commands.flat_map(|command| command.get_arguments().filter_map(clap::Arg::get_long));
    slip(name, own).map(|own| format!("--{own}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn every_foreign_option_leads_to_one_that_is_there() {
        let command = Arguments::command();
        let commands = std::iter::once(&command).chain(command.get_subcommands());
        let own: Vec<&str> =
            commands.flat_map(|one| one.get_arguments().filter_map(clap::Arg::get_long)).collect();
        for (foreign, help) in FOREIGN.iter().copied() {
            let arguments = ["cognito-lint", "check", foreign, "x"];
            let error = Arguments::try_parse_from(arguments).expect_err(foreign);
            let said = explained(error).to_string();
            assert!(said.contains(help), "{foreign}: {said}");
            assert!(!said.contains("as a value") && !said.contains("similar"), "{foreign}: {said}");
            for word in
                help.split(['`', ' ', '=', '[', ':', ';', ',']).filter_map(|word| word.strip_prefix("--"))
            {
                assert!(own.contains(&word), "{foreign} leads to --{word}");
            }
        }
    }

    #[test]
    fn only_a_slip_leads_to_a_similar_option() {
        let said = |option: &str| {
            let error = Arguments::try_parse_from(["cognito-lint", "check", option]).expect_err(option);
            explained(error).to_string()
        };
        assert!(said("--reprot").contains("did you mean `--report`?"), "{}", said("--reprot"));
        for option in ["--strict", "--telemetry"] {
            assert!(!said(option).contains("tip"), "{}", said(option));
        }
    }
}
