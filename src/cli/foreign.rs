//! Options of other linters, each with what does the same here.

#[cfg(test)]
mod tests;

use std::ffi::OsString;

use clap::CommandFactory;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Arguments;
use crate::diagnostic::slip;

/// The advice, and the own options that it names; none where it names another command.
type Help = (&'static str, &'static [&'static str]);

const REPORT: Help =
    ("write a report with `--report FORMAT[=FILE]`: `--report sarif=results.sarif`", &["report"]);
const RULES: Help = ("choose rules with `--rules PACK|FILE|ID|GLOB`, or `--rules tag:TAG`", &["rules"]);
const OFF: Help =
    ("turn rules off with `--off mfa-off`, or in the configuration: `off = [\"mfa-off\"]`", &["off"]);
const INPUT: Help = ("name the file as an input, without an option: `cognito-lint check plan.json`", &[]);
const NEVER: Help = ("findings do not fail a run with `--exit-zero`", &["exit-zero"]);
const LEAST: Help = ("`--fail-on SEVERITY` sets the least severity that fails the run", &["fail-on"]);
const SEVERITY: Help = (
    "`--min-severity SEVERITY` hides findings of a lower severity, and `--fail-on SEVERITY` sets the least that fails the run",
    &["min-severity", "fail-on"],
);
const STATISTICS: Help = ("`--statistics` shows one line for each rule", &["statistics"]);
const GROUP: Help = ("`--group rule` shows each rule once, with its pools", &["group"]);
const SORT: Help = (
    "findings are in order of severity, then place; `--group rule|pool` sets how they are grouped",
    &["group"],
);
const LIMIT: Help = (
    "`--group rule` shows each rule once, and `--statistics` shows one line for each rule",
    &["group", "statistics"],
);
const QUIET: Help = ("`--quiet` prints nothing on standard output", &["quiet"]);
const VERBOSE: Help = (
    "`--verbose` says why verdicts were skipped, and prints each request of a run over live pools",
    &["verbose"],
);
const JOBS: Help = ("all processors are used; leave the option out", &[]);
const CACHE: Help = ("there is no cache; leave the option out", &[]);
const VERSION: Help = ("`cognito-lint --version` prints the version", &[]);
const PARAMETER: Help = (
    "give parameters of a template with `--parameter KEY=VALUE` or `--parameters-file FILE`",
    &["parameter", "parameters-file"],
);
const ACCOUNTS: Help =
    ("name accounts in the configuration, or assume a role with `--role-arn ARN`", &["role-arn"]);

const LIST: Help = ("`cognito-lint rules list` lists rules", &[]);
const EXCLUDE: Help = ("leave files of a directory out with `--exclude GLOB`", &["exclude"]);
const POOL: Help = ("choose live pools with `--pool ID`", &["pool"]);

/// Options that people know from other programs, and the help for each.
const FOREIGN: &[(&str, Help)] = &[
    ("--format", REPORT),
    ("-f", REPORT),
    ("--output-format", REPORT),
    ("--output", REPORT),
    ("--output-file", REPORT),
    ("--out", REPORT),
    ("-o", REPORT),
    ("--sarif", ("write SARIF with `--report sarif=FILE`", &["report"])),
    ("--json", ("write JSON with `--report json` or `--report json=FILE`", &["report"])),
    ("--html", ("write a page with `--report html=FILE`", &["report"])),
    ("--junit", ("write JUnit XML with `--report junit=FILE`", &["report"])),
    ("--csv", ("write CSV with `--report csv=FILE`", &["report"])),
    ("--markdown", ("write Markdown with `--report markdown=FILE`", &["report"])),
    ("--compact", ("print one line a finding with `--report compact`", &["report"])),
    ("--github", ("write annotations with `--report github`", &["report"])),
    ("--gitlab", ("write a report of code quality with `--report gitlab=FILE`", &["report"])),
    ("--soft-fail", NEVER),
    ("--no-fail", NEVER),
    ("--no-exit-code", NEVER),
    ("-z", NEVER),
    ("--exit-code", LEAST),
    ("--severity", SEVERITY),
    ("--level", SEVERITY),
    ("--fail-level", LEAST),
    ("--failure-threshold", LEAST),
    ("--threshold", LEAST),
    ("--select", RULES),
    ("--rule", RULES),
    ("--policy", RULES),
    ("--policies", RULES),
    ("--pack", RULES),
    ("--framework", RULES),
    ("--compliance", RULES),
    ("--check", RULES),
    ("--checks", RULES),
    ("--only", RULES),
    ("--enable", RULES),
    ("--rules-dir", RULES),
    ("--ignore", OFF),
    ("--skip", OFF),
    ("--skip-check", OFF),
    ("--exclude-rule", OFF),
    ("--disable", OFF),
    ("--list-rules", LIST),
    ("--list-checks", LIST),
    ("--list", LIST),
    ("-l", LIST),
    ("--explain", ("`cognito-lint rules show ID` explains a rule", &[])),
    ("--fix", ("`cognito-lint fix POOL` writes the input that makes a pool pass", &[])),
    ("--diff", ("`cognito-lint drift` compares recorded pools with the current ones", &[])),
    ("--watch", ("there is no watch mode; run the program again after a change", &[])),
    ("--no-color", ("colours are off with `--color never`", &["color"])),
    ("--no-colour", ("colours are off with `--color never`", &["color"])),
    ("--offline", ("inputs are read without a network; leave the option out", &[])),
    ("--summary", STATISTICS),
    ("--group-by", GROUP),
    ("--sort", SORT),
    ("--sort-by", SORT),
    ("--limit", LIMIT),
    ("--max-results", LIMIT),
    ("--tag", ("choose rules by their tags with `--rules tag:TAG`", &["rules"])),
    ("--tags", ("choose rules by their tags with `--rules tag:TAG`", &["rules"])),
    (
        "--strict",
        (
            "choose the strict pack with `--rules strict`, or count sections that the inputs lack as unknown with `--coverage full`",
            &["rules", "coverage"],
        ),
    ),
    ("--jobs", JOBS),
    ("-j", JOBS),
    ("--workers", JOBS),
    ("--threads", JOBS),
    ("--cache", CACHE),
    ("--no-cache", CACHE),
    ("--dry-run", ("`cognito-lint fix FILE` prints a diff and changes nothing", &[])),
    ("--config-file", ("choose the configuration with `--config FILE`", &["config"])),
    ("--version", VERSION),
    ("-V", VERSION),
    ("--include", INPUT),
    ("--template", INPUT),
    ("--plan", INPUT),
    ("--file", INPUT),
    ("--directory", INPUT),
    ("-d", INPUT),
    ("--stdin-filename", ("read standard input with `-` as the input", &[])),
    ("--skip-path", EXCLUDE),
    ("--exclude-path", EXCLUDE),
    ("--ignore-path", EXCLUDE),
    ("--generate-baseline", ("`cognito-lint baseline write` records existing findings", &[])),
    ("--create-baseline", ("`cognito-lint baseline write` records existing findings", &[])),
    ("--parameters", PARAMETER),
    ("--parameter-overrides", PARAMETER),
    ("--no-progress", QUIET),
    ("--silent", QUIET),
    ("--debug", VERBOSE),
    ("--log-level", VERBOSE),
    (
        "--regions",
        (
            "choose Regions with `--region REGION`, several times, or `--all-regions`",
            &["region", "all-regions"],
        ),
    ),
    (
        "-r",
        (
            "choose Regions with `--region REGION`, several times, or `--all-regions`",
            &["region", "all-regions"],
        ),
    ),
    ("--account", ACCOUNTS),
    ("--accounts", ACCOUNTS),
    ("--pool-id", POOL),
    ("--user-pool-id", POOL),
];

/// The same for commands that write no reports.
const LISTING: &[(&str, Help)] = &[
    ("--format", ("print JSON with `--json`", &["json"])),
    ("-f", ("print JSON with `--json`", &["json"])),
    ("--output-format", ("print JSON with `--json`", &["json"])),
    ("--report", ("print JSON with `--json`", &["json"])),
];

/// The error with help that fits, and without guesses of similar names: an option of a similar name does something
/// else.
pub(super) fn explained(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    nearest_command(&mut error, arguments);
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let (command, usage) = command(arguments);
    error.remove(ContextKind::Suggested);
    // That of clap shows the option that it guessed.
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidArg) else { return error };
    let name = written.split('=').next().unwrap_or(written).to_owned();
    let own = || near(&name, &command);
    let known = help(&name, &command).map(str::to_owned);
    let Some(help) = known.or_else(|| elsewhere(&name)).or_else(own) else {
        error.remove(ContextKind::SuggestedArg);
        return error;
    };
    error.remove(ContextKind::SuggestedArg);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![help.into()]));
    error
}

/// Leaves the command that differs by a slip of the finger alone among those that clap guesses.
fn nearest_command(error: &mut clap::Error, arguments: &[OsString]) {
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidSubcommand) else { return };
    let above = below(arguments).0;
    let names = above.get_subcommands().map(clap::Command::get_name);
    if let Some(name) = slip(written, names).map(str::to_owned) {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![name]));
    }
}

/// The help for a foreign option that leads to options of the command, or to another command.
fn help(name: &str, command: &str) -> Option<&'static str> {
    let own = own();
    let has = |word: &str| own.iter().any(|(long, of)| long == word && (of == command || of.is_empty()));
    let named = FOREIGN.iter().chain(LISTING).filter(|(foreign, _)| *foreign == name);
    named
        .map(|(_, help)| *help)
        .find(|(_, options)| options.iter().all(|option| has(option)))
        .map(|(text, _)| text)
}

/// The command that the arguments name, `check` without one: `rules list`. With its usage.
fn command(arguments: &[OsString]) -> (String, StyledStr) {
    let (mut command, names) = below(arguments);
    let usage = command.render_usage();
    (if names.is_empty() { "check".to_owned() } else { names.join(" ") }, usage)
}

/// The command that the first arguments lead to, and its name in parts.
fn below(arguments: &[OsString]) -> (clap::Command, Vec<String>) {
    let mut command = Arguments::command();
    command.build();
    let mut names = Vec::new();
    for word in arguments {
        let Some(below) = command.find_subcommand(word).cloned() else { break };
        names.push(below.get_name().to_owned());
        command = below;
    }
    (command, names)
}

/// The option that begins with the same words, or that differs by a slip of the finger: one of the command, else one of
/// others with where it leads.
fn near(name: &str, command: &str) -> Option<String> {
    let name = name.strip_prefix("--")?;
    let own = own();
    let here = || own.iter().filter(|(_, of)| of == command || of.is_empty()).map(|(long, _)| long.as_str());
    let begins = |long: &&str| long.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'));
    let longer = here().filter(begins).min_by_key(|long| long.len());
    if let Some(own) = longer.or_else(|| slip(name, here())) {
        return Some(format!("did you mean `--{own}`?"));
    }
    let other = format!("--{}", slip(name, own.iter().map(|(long, _)| long.as_str()))?);
    let way = help(&other, command).map(str::to_owned).or_else(|| elsewhere(&other))?;
    Some(format!("did you mean `{other}`? {way}"))
}

/// The commands that have the option, where the one that was given does not.
fn elsewhere(name: &str) -> Option<String> {
    let long = name.strip_prefix("--")?;
    let commands: Vec<String> = own()
        .into_iter()
        .filter(|(own, command)| own == long && !command.is_empty())
        .map(|(_, command)| format!("`{command}`"))
        .collect();
    let (last, others) = commands.split_last()?;
    let commands = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    Some(format!("`{name}` is an option of {commands}"))
}

/// Every own option with its command, which is empty for that of the program.
fn own() -> Vec<(String, String)> {
    let root = Arguments::command();
    let mut own = Vec::new();
    let mut rest = vec![(String::new(), &root)];
    while let Some((name, command)) = rest.pop() {
        // The program has the options of `check` too, and they are listed with that command.
        let here = command.get_arguments().filter(|own| !name.is_empty() || own.is_global_set());
        let here = here.filter(|own| !own.is_hide_set());
        let options = here.filter_map(clap::Arg::get_long);
        own.extend(options.map(|long| (long.to_owned(), name.clone())));
        let below = command
            .get_subcommands()
            .map(|below| (format!("{name} {}", below.get_name()).trim_start().to_owned(), below));
        rest.extend(below.collect::<Vec<_>>().into_iter().rev());
    }
    own
}
