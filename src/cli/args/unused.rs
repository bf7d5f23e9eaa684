//! Options of `check` that are of no use to another command: its help does not have them, and they are refused.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// Those of every command that writes a file and no verdict.
const BY_EVERY: [&str; 1] = ["show-settings"];

/// Those of `waive`: it reads files alone, and prints waivers, whatever the exit code of a check.
const BY_WAIVE: [&str; 27] = [
    "report",
    "fail-on",
    "exit-zero",
    "group",
    "statistics",
    "min-severity",
    "suppressions",
    "unknown",
    "live",
    "allow-empty",
    "quiet",
    "evidence",
    "shard",
    "baseline",
    "since",
    "who",
    "trail",
    "profile",
    "region",
    "all-regions",
    "role-arn",
    "external-id",
    "role-session-name",
    "pool",
    "endpoint-url",
    "max-rps",
    "timeout",
];

/// Hides the options that `waive` does not use.
pub(super) fn by_waive(own: Arg) -> Arg {
    hidden(own, &BY_WAIVE)
}

/// Hides those that `baseline write` does not use: it replaces the file, whatever was in it.
pub(super) fn by_write(own: Arg) -> Arg {
    hidden(own, &["baseline"])
}

/// Hides those that `baseline prune` does not use.
pub(super) fn by_prune(own: Arg) -> Arg {
    hidden(own, &[])
}

fn hidden(own: Arg, unused: &[&str]) -> Arg {
    let is_unused = |long: &str| unused.contains(&long) || BY_EVERY.contains(&long);
    let hide = own.get_long().is_some_and(is_unused);
    if hide { own.hide(true) } else { own }
}

/// Refuses an option that the command does not use, as one that it does not have.
pub(super) fn refused(command: &Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let (mut command, mut matches) = (command, matches);
    while let Some((name, below)) = matches.subcommand() {
        let Some(inner) = command.find_subcommand(name) else { break };
        (command, matches) = (inner, below);
    }
    let is_given = |own: &&Arg| {
        own.is_hide_set() && matches.value_source(own.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    let Some(long) = command.get_arguments().find(is_given).and_then(Arg::get_long) else { return Ok(()) };
    let mut error = clap::Error::new(ErrorKind::UnknownArgument).with_cmd(command);
    error.insert(ContextKind::InvalidArg, ContextValue::String(format!("--{long}")));
    Err(error)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Arguments;

    /// Every option of `check` that a command takes has an effect there, or is refused: a new one is put on one side.
    #[test]
    fn every_option_is_used_or_refused() {
        let waive = "owner reason expires from-comments rules off config coverage waivers no-waivers today exclude \
                     skip-unrecognized parameter parameters-file var var-file workspace source";
        let baseline = "rules off config report fail-on exit-zero group statistics min-severity suppressions unknown \
                        coverage live allow-empty quiet evidence shard waivers no-waivers since today who trail \
                        exclude skip-unrecognized parameter parameters-file var var-file workspace source profile \
                        region all-regions role-arn external-id role-session-name pool endpoint-url max-rps timeout";
        let global = ["color", "verbose", "no-config", "help"];
        for (line, own, used) in [
            ("waive mfa-off pool", "", waive),
            ("baseline write", "output", baseline),
            ("baseline prune", "baseline", baseline),
        ] {
            let mut root = Arguments::command();
            root.build();
            let names = line.split(' ').take_while(|word| !["mfa-off"].contains(word));
            let command = names.fold(&root, |command, name| command.find_subcommand(name).unwrap());
            for option in command.get_arguments() {
                let Some(long) = option.get_long().filter(|long| !global.contains(long)) else { continue };
                let is_used = used.split_whitespace().chain([own]).any(|used| used == long);
                assert_eq!(option.is_hide_set(), !is_used, "{line} --{long}");
                if is_used {
                    continue;
                }
                let value = match long {
                    "shard" => "=1/2",
                    "timeout" => "=1s",
                    "fail-on" | "min-severity" => "=low",
                    "role-arn" => "=arn:aws:iam::111122223333:role/reader",
                    "group" => "=rule",
                    "suppressions" => "=never",
                    "unknown" => "=fail",
                    "max-rps" => "=1",
                    "role-session-name" => "=nightly",
                    _ if option.get_action().takes_values() => "=x",
                    _ => "",
                };
                let beside = match long {
                    "who" | "trail" => " --since x",
                    "external-id" | "role-session-name" => {
                        " --role-arn arn:aws:iam::111122223333:role/reader"
                    }
                    "live" => " plan.json",
                    _ => "",
                };
                let text = format!("{line} --{long}{value}{beside}");
                let arguments: Vec<OsString> = text.split(' ').map(OsString::from).collect();
                let error = Arguments::read(&arguments).expect_err(&text);
                assert_eq!(error.kind(), ErrorKind::UnknownArgument, "{text}: {error}");
            }
        }
    }
}
