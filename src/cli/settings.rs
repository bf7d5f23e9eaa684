//! The settings of a run from the command line, the configuration and the environment; `--show-settings` prints them.

mod chosen;
mod decided;
mod live;
mod files;
mod shown;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use super::args::{CheckArgs, Color, Coverage, Unknown};
use super::load::Loaded;
use super::streams::Stream;
use super::{Failure, terminal};
use crate::config::Config;
use crate::outcome::FailurePolicy;
use crate::report::screen::Draws;
use crate::report::settings::{Origin, Setting, settings};
use crate::rule::Severity;

/// Prints the settings of a run, and reads no pool.
pub(super) fn print(args: &CheckArgs, loaded: &Loaded, color: Color) -> Result<ExitCode, Failure> {
    let style = terminal::style(Stream::Stdout, color);
    let mut out = Stream::Stdout.screen(Draws::of_style(style));
    settings(&all(args, loaded.config.as_ref(), color)?, &loaded.policy, style, &mut out)?;
    Ok(ExitCode::SUCCESS)
}

/// Every setting that applies to the inputs of the run.
fn all(args: &CheckArgs, config: Option<&Config>, color: Color) -> Result<Vec<Setting>, Failure> {
    let mut all = Vec::from(chosen::chosen(args, config));
    all.extend(shown_terms(args, config));
    all.extend(decided::decided(args, config));
    match args.inputs.is_empty() {
        true => all.push(Setting::new("inputs", "live pools".to_owned(), Origin::Default)),
        false => all.extend(files::files(args, config)),
    }
    if args.inputs.is_empty() || args.with_live {
        all.extend(live::live(args, config)?);
    }
    let shard = args.shard.map_or("all pools".to_owned(), |shard| shard.to_string());
    all.push(Setting::new("shard", shard, given(args.shard.is_some())));
    all.extend(shown::shown(args, color));
    Ok(all)
}

/// Where a setting comes from that the command line gives, or else nobody.
fn given(on_command_line: bool) -> Origin {
    if on_command_line { Origin::CommandLine } else { Origin::Default }
}

/// The same of one that the configuration may give.
fn origin(on_command_line: bool, in_configuration: bool) -> Origin {
    match (on_command_line, in_configuration) {
        (true, _) => Origin::CommandLine,
        (false, true) => Origin::Configuration,
        (false, false) => Origin::Default,
    }
}

/// The same of a list to which both add.
fn origin_of_both(on_command_line: bool, in_configuration: bool) -> Origin {
    match (on_command_line, in_configuration) {
        (true, true) => Origin::Both,
        (on_command_line, in_configuration) => origin(on_command_line, in_configuration),
    }
}

fn list<T: ToString>(all: &[T], empty: &str) -> String {
    let words: Vec<String> = all.iter().map(T::to_string).collect();
    if words.is_empty() { empty.to_owned() } else { words.join(", ") }
}

fn shown_terms(args: &CheckArgs, config: Option<&Config>) -> [Setting; 4] {
    let (terms, full_coverage) = terms(args, config);
    let written = config.map(|config| config.terms).unwrap_or_default();
    let fail_on = terms.fail_on.map_or("never", Severity::word);
    let unknown = if terms.ignore_unknown { "ignore" } else { "fail" };
    let coverage = if full_coverage { "full" } else { "inputs" };
    [
        Setting::new(
            "fail-on",
            fail_on.to_owned(),
            origin(args.exit_zero || args.fail_on.is_some(), written.fail_on.is_some()),
        ),
        Setting::new(
            "unknown",
            unknown.to_owned(),
            origin(args.unknown.is_some(), written.ignore_unknown.is_some()),
        ),
        Setting::new(
            "coverage",
            coverage.to_owned(),
            origin(args.coverage.is_some(), written.full_coverage.is_some()),
        ),
        Setting::new(
            "allow-empty",
            terms.allow_empty.to_string(),
            origin(args.allow_empty, written.allow_empty.is_some()),
        ),
    ]
}

/// The terms that fail a run: the command line wins over the configuration.
pub(super) fn terms(args: &CheckArgs, config: Option<&Config>) -> (FailurePolicy, bool) {
    let written = config.map(|config| &config.terms);
    let default = FailurePolicy::default();
    let terms = FailurePolicy {
        fail_on: match (args.exit_zero, args.fail_on) {
            (true, _) => None,
            (false, Some(fail_on)) => fail_on.0,
            (false, None) => written.and_then(|terms| terms.fail_on).unwrap_or(default.fail_on),
        },
        ignore_unknown: match args.unknown {
            Some(unknown) => matches!(unknown, Unknown::Ignore),
            None => written.and_then(|terms| terms.ignore_unknown).unwrap_or(default.ignore_unknown),
        },
        allow_empty: args.allow_empty
            || written.and_then(|terms| terms.allow_empty).unwrap_or(default.allow_empty),
    };
    let full_coverage = match args.coverage {
        Some(coverage) => matches!(coverage, Coverage::Full),
        None => written.and_then(|terms| terms.full_coverage).unwrap_or(false),
    };
    (terms, full_coverage)
}
