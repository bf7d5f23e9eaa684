//! The command line: arguments, and one short file for each command that reads as the pipeline.

#![expect(
    clippy::disallowed_methods,
    reason = "files, the environment and the clock are for the command line"
)]

mod args;
mod accounts;
mod arranged;
mod streams;
mod foreign;
mod mistyped;
mod load;
mod iam;
mod signals;
mod output;
mod reads;
mod parameters;
mod variables;
mod reports;
mod step_summary;
mod terminal;
mod init;
mod progress;
mod inputs;
mod sides;
mod trail;
mod look_up;
mod deploy;
mod fix;
mod controls;
mod schema;
mod rules;
mod scaffold;
mod snapshot;
mod targets;
mod earlier;
mod decisions;
mod settings;
mod check;
mod evidence;
mod baseline;
mod drift;
mod outliers;
mod journeys;
mod merge;
mod report;
mod trend;
mod waive;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::CommandFactory;

use crate::diagnostic::SourceDiagnostic;
use crate::outcome::COULD_NOT_START;
use crate::report::screen::Draws;
use args::{Arguments, Color, Command};
use streams::Stream;

/// The mistakes of a file that are printed. Each takes longer than a page of other text, and one often causes the rest.
const MOST_MISTAKES: usize = 100;

/// Why a run could not start.
pub(crate) enum Failure {
    /// Mistakes in rules or configuration, all that were found.
    Mistakes(Vec<SourceDiagnostic>),
    /// Anything else, with its help.
    Other(miette::Report),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Other(miette::miette!("the output could not be written: {error}"))
    }
}

/// The message about arguments that the program refuses, or the help that they ask for. Nothing is read or written.
pub fn refusal(arguments: impl IntoIterator<Item = OsString>) -> Option<String> {
    let arguments = arranged::arranged(arguments.into_iter().collect());
    let error = parsed(&arguments).err()?;
    Some(terminal::usage(&error, &arguments, Color::Never))
}

fn parsed(arguments: &[OsString]) -> Result<Arguments, clap::Error> {
    Arguments::read(arguments).map_err(|error| foreign::explained(error, arguments))
}

/// Runs the program with the arguments that follow its name, and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = arranged::arranged(arguments.into_iter().collect());
    let arguments = match parsed(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version were asked for: they are not failures. Neither is a closed pipe.
            terminal::print_usage(&error, &arguments, Color::Auto);
            return if error.use_stderr() { ExitCode::from(COULD_NOT_START) } else { ExitCode::SUCCESS };
        }
    };
    let color = arguments.color;
    let mut command = arguments.command.unwrap_or(Command::Check(arguments.check));
    if arguments.verbose {
        command.say_more();
    }
    if arguments.no_config {
        command.leave_config_out();
    }
    let result = match command {
        Command::Check(args) => check::run(&args, color),
        Command::Drift(args) => drift::run(&args, color),
        Command::Outliers(args) => outliers::run(&args, color),
        Command::Snapshot(args) => snapshot::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Baseline(command) => baseline::run(command, color),
        Command::Waive(args) => waive::run(args),
        Command::Trend(args) => trend::run(&args, color),
        Command::Merge(args) => merge::run(&args, color),
        Command::Report(args) => report::run(&args, color),
        Command::Rules(args) => rules::run(args, color),
        Command::Controls(args) => controls::run(&args, color),
        Command::Journeys(args) => journeys::run(&args, color),
        Command::Schema(args) => schema::run(&args, color),
        Command::IamPolicy(args) => iam::run(&args),
        Command::Fix(args) => fix::run(&args, color),
        Command::Scaffold(args) => scaffold::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions { shell } => {
            // The generators panic where a stream takes nothing more; a text in memory takes all.
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "cognito-lint", &mut text);
            let mut out = Stream::Stdout.screen(Draws::Text);
            out.write_all(&text).and_then(|()| out.flush()).map(|()| ExitCode::SUCCESS).map_err(Failure::from)
        }
        Command::Man => clap_mangen::Man::new(Arguments::command())
            .render(&mut Stream::Stdout.screen(Draws::Text))
            .map(|()| ExitCode::SUCCESS)
            .map_err(Failure::from),
    };
    result.unwrap_or_else(|failure| print(&failure, color))
}

/// The exit code of a command that has printed its result.
fn printed(written: io::Result<()>, code: ExitCode) -> Result<ExitCode, Failure> {
    Ok(written.map(|()| code)?)
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn print(failure: &Failure, color: Color) -> ExitCode {
    let handler = terminal::handler(terminal::style(Stream::Stderr, color));
    match failure {
        Failure::Mistakes(mistakes) => {
            let count = mistakes.len();
            let noun = if count == 1 { "mistake" } else { "mistakes" };
            terminal::print_line(&format!("found {count} {noun}"));
            for mistake in mistakes.iter().take(MOST_MISTAKES) {
                terminal::print_mistake(&handler, mistake);
            }
            if count > MOST_MISTAKES {
                let left = count - MOST_MISTAKES;
                terminal::print_line(&format!("and {left} more: correct these first"));
            }
        }
        Failure::Other(error) => match error.downcast_ref() {
            Some(mistake) => terminal::print_mistake(&handler, mistake),
            None => terminal::print_error(&handler, error.as_ref()),
        },
    }
    ExitCode::from(COULD_NOT_START)
}
