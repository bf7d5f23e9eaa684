//! Reads the arguments of `check` without those of every other command.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser};

use super::short::with_short_help;
use super::unused::refused;
use super::{Arguments, CheckArgs, Color};

/// The arguments of `check` alone.
#[derive(Debug, Parser)]
struct CheckAlone {
    #[command(flatten)]
    check: Box<CheckArgs>,
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[arg(long, short, overrides_with = "verbose")]
    verbose: bool,
    #[arg(long, overrides_with = "no_config")]
    no_config: bool,
}

impl Arguments {
    /// Reads the arguments that follow the program's name.
    ///
    /// Those of `check` are tried alone first: building the arguments of every command took a sixth of a check of one
    /// pool. What is not understood so is read as a whole, for the messages and the help.
    pub(crate) fn read(arguments: &[OsString]) -> Result<Arguments, clap::Error> {
        if arguments.first().is_some_and(|first| first == "check")
            && let Ok(CheckAlone { check, color, verbose, no_config }) = CheckAlone::try_parse_from(arguments)
        {
            return Ok(Arguments { command: None, check, color, verbose, no_config });
        }
        let name = OsString::from("cognito-lint");
        let mut command = with_short_help(Arguments::command());
        let matches = command.try_get_matches_from_mut(std::iter::once(&name).chain(arguments))?;
        refused(&command, &matches)?;
        Arguments::from_arg_matches(&matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Command;

    /// Whatever is read by `check` alone is read the same as a whole.
    #[test]
    fn arguments_of_check_are_read_alone_as_with_every_command() {
        for line in [
            "check",
            "check a.json",
            "check check --color never",
            "check -v -v --no-config --quiet --rules a,b --rules c -- --quiet",
            "check --report json=a --report human --verbose plan",
            "check --off mfa-off help",
            "check --region eu-west-1 --profile a",
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let whole = std::iter::once(OsString::from("cognito-lint")).chain(arguments.clone());
            let whole = Arguments::try_parse_from(whole).unwrap_or_else(|error| panic!("{line}: {error}"));
            let Some(Command::Check(check)) = whole.command else { panic!("{line}") };
            let alone = Arguments::read(&arguments).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert!(alone.command.is_none(), "{line}");
            let a = (check, whole.color, whole.verbose, whole.no_config);
            let b = (alone.check, alone.color, alone.verbose, alone.no_config);
            assert_eq!(format!("{a:?}"), format!("{b:?}"), "{line}");
        }
    }

    #[test]
    fn check_alone_has_the_options_of_check() {
        let options = |command: &clap::Command| -> Vec<String> {
            let own = command.get_arguments().map(|own| format!("{:?} {:?}", own.get_id(), own.get_short()));
            let mut own: Vec<String> = own.collect();
            own.sort();
            own
        };
        let mut whole = Arguments::command();
        whole.build();
        let check = whole.find_subcommand("check").map(options);
        let mut alone = CheckAlone::command();
        alone.build();
        assert_eq!(check, Some(options(&alone)));
    }
}
