//! The settings of a run from the command line and the configuration; `--show-settings` prints them.

use std::path::Path;
use std::process::ExitCode;

use super::args::{CheckArgs, Color, Coverage, Unknown};
use super::load::Loaded;
use super::streams::Stream;
use super::{Failure, decisions, inputs, terminal};
use crate::config::Config;
use crate::file_name;
use crate::outcome::FailurePolicy;
use crate::report::screen::Draws;
use crate::report::settings::{Origin, Setting, settings};
use crate::rule::Severity;

/// Prints the settings of a run, and reads no pool.
pub(super) fn print(args: &CheckArgs, loaded: &Loaded, color: Color) -> Result<ExitCode, Failure> {
    let config = loaded.config.as_ref();
    let mut all = vec![file(args, config)];
    all.extend(shown_terms(args, config));
    all.extend(decided(args, config));
    match args.inputs.is_empty() {
        true => all.extend(live(args, config)?),
        false => all.extend(files(args, config)),
    }
    all.push(Setting::new("reports", list(&args.reports, "human"), given(!args.reports.is_empty())));
    let style = terminal::style(Stream::Stdout, color);
    settings(&all, &loaded.policy, style, &mut Stream::Stdout.screen(Draws::of_style(style)))?;
    Ok(ExitCode::SUCCESS)
}

fn file(args: &CheckArgs, config: Option<&Config>) -> Setting {
    let given = args.policy.config.config.is_some() || args.policy.config.no_config;
    let name = config.map_or("none", |config| config.source_file.name());
    let origin = if given { Origin::CommandLine } else { Origin::Default };
    Setting::new("configuration", name.to_owned(), origin)
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

fn decided(args: &CheckArgs, config: Option<&Config>) -> Vec<Setting> {
    let given_args = &args.decisions;
    let written = config.map_or(0, |config| config.waivers.waivers.len());
    let mut waivers: Vec<String> = match (given_args.no_waivers, config) {
        (false, Some(config)) if written > 0 => vec![format!("{written} in {}", config.source_file.name())],
        _ => Vec::new(),
    };
    if let (false, Some(config)) = (given_args.no_waivers, config) {
        let own = file_name::path(config.source_file.name());
        let base = own.parent().unwrap_or(Path::new(""));
        waivers.extend(config.waiver_files.iter().map(|(file, _)| base.join(file).display().to_string()));
    }
    if !given_args.no_waivers {
        waivers.extend(given_args.waivers.iter().map(|file| file.display().to_string()));
    }
    let forbidden = config.is_some_and(|config| !config.inline_waivers);
    let inline = if forbidden || given_args.no_waivers { "ignored" } else { "counted" };
    let named = given_args.no_waivers || !given_args.waivers.is_empty();
    let since: Vec<String> = given_args.since.iter().map(|path| path.display().to_string()).collect();
    let baseline = given_args.baseline.as_ref().map(|file| file.display().to_string());
    vec![
        Setting::new("waivers", list(&waivers, "none"), origin(named, !waivers.is_empty())),
        Setting::new("inline-waivers", inline.to_owned(), origin(given_args.no_waivers, forbidden)),
        Setting::new(
            "baseline",
            baseline.unwrap_or_else(|| "none".to_owned()),
            given(given_args.baseline.is_some()),
        ),
        Setting::new("since", list(&since, "none"), given(!since.is_empty())),
        Setting::new("today", decisions::today(given_args).to_string(), given(given_args.today.is_some())),
    ]
}

fn files(args: &CheckArgs, config: Option<&Config>) -> [Setting; 2] {
    let left_out = args.files.left_out(config);
    let globs: Vec<&str> = left_out.exclude.iter().map(glob::Pattern::as_str).collect();
    let inputs: Vec<String> = args.inputs.iter().map(|input| input.display().to_string()).collect();
    let written = config.is_some_and(|config| !config.exclude.is_empty());
    [
        Setting::new("inputs", list(&inputs, ""), Origin::CommandLine),
        Setting::new("exclude", list(&globs, "none"), origin(!args.files.exclude.is_empty(), written)),
    ]
}

fn live(args: &CheckArgs, config: Option<&Config>) -> Result<Vec<Setting>, Failure> {
    let request = inputs::request(&args.live, config)?;
    let none = crate::config::AwsConfig::default();
    let (own, written) = (&args.live, config.map_or(&none, |config| &config.aws));
    let regions = match (request.all_regions, request.regions.is_empty()) {
        (true, _) => "all that are enabled".to_owned(),
        (false, true) => "that of the environment or the profile".to_owned(),
        (false, false) => request.regions.join(", "),
    };
    let accounts = match (request.accounts.len(), request.organization.is_some()) {
        (0, false) => "that of the credentials".to_owned(),
        (n, false) => n.to_string(),
        (0, true) => "those of the organization".to_owned(),
        (n, true) => format!("{n}, and those of the organization"),
    };
    let in_configuration =
        config.is_some_and(|config| !config.accounts.is_empty() || config.organization.is_some());
    let time_limit = request.time_limit.map_or("none".to_owned(), |limit| format!("{} s", limit.as_secs()));
    Ok(vec![
        Setting::new("inputs", "live pools".to_owned(), Origin::Default),
        Setting::new(
            "profile",
            request.profile.unwrap_or_else(|| "that of the environment".to_owned()),
            origin(own.profile.is_some(), written.profile.is_some()),
        ),
        Setting::new("accounts", accounts, origin(own.role_arn.is_some(), in_configuration)),
        Setting::new(
            "regions",
            regions,
            origin(
                own.all_regions || !own.regions.is_empty(),
                written.all_regions || !written.regions.is_empty(),
            ),
        ),
        Setting::new(
            "pools",
            list(&request.pools, "all"),
            origin(!own.pools.is_empty(), !written.pools.is_empty()),
        ),
        Setting::new("timeout", time_limit, origin(own.timeout.is_some(), written.timeout.is_some())),
    ])
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
