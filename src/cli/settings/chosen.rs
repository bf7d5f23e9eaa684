//! The configuration and the chosen rules.

use super::{list, origin, origin_of_both};
use crate::cli::args::CheckArgs;
use crate::config::Config;
use crate::report::settings::{Origin, Setting};

pub(super) fn chosen(args: &CheckArgs, config: Option<&Config>) -> [Setting; 4] {
    let given = args.policy.config.config.is_some() || args.policy.config.no_config;
    let name = config.map_or("none", |config| config.source_file.name());
    let file = match (given, config) {
        (true, _) => Origin::CommandLine,
        (false, Some(_)) => Origin::By("the nearest"),
        (false, None) => Origin::Default,
    };
    let members = config.and_then(|config| config.members.as_ref()).map(|(file, _)| file.clone());
    [
        Setting::new("configuration", name.to_owned(), file),
        rules(args, config),
        off(args, config),
        Setting::new(
            "schema",
            members.clone().unwrap_or_else(|| "none added".to_owned()),
            origin(false, members.is_some()),
        ),
    ]
}

/// The choice of rules: the rules themselves are listed below.
fn rules(args: &CheckArgs, config: Option<&Config>) -> Setting {
    let given = &args.policy.rules;
    let written: Vec<String> = config
        .map_or_else(Vec::new, |config| config.rules.iter().map(|(choice, _)| choice.clone()).collect());
    // A choice that begins by taking rules away takes them from what would be chosen without it.
    let adds = given.first().is_some_and(|first| first.starts_with('-'));
    match (given.is_empty(), adds) {
        (true, _) => Setting::new("rules", list(&written, "recommended"), origin(false, !written.is_empty())),
        (false, false) => Setting::new("rules", list(given, ""), Origin::CommandLine),
        (false, true) => {
            let before = if written.is_empty() { vec!["recommended".to_owned()] } else { written.clone() };
            let all = [&before[..], given].concat();
            Setting::new("rules", list(&all, ""), origin_of_both(true, !written.is_empty()))
        }
    }
}

fn off(args: &CheckArgs, config: Option<&Config>) -> Setting {
    let written = config.into_iter().flat_map(|config| &config.overrides).filter(|change| change.off);
    let written: Vec<String> = written.map(|change| change.rule.0.clone()).collect();
    let all = [&written[..], &args.policy.off].concat();
    Setting::new("off", list(&all, "none"), origin_of_both(!args.policy.off.is_empty(), !written.is_empty()))
}
