//! Waivers, the baseline, and what a run is compared with.

use std::path::Path;

use super::{given, list, origin, origin_of_both};
use crate::cli::args::CheckArgs;
use crate::cli::decisions;
use crate::config::Config;
use crate::file_name;
use crate::report::settings::{Origin, Setting};

pub(super) fn decided(args: &CheckArgs, config: Option<&Config>) -> Vec<Setting> {
    let own = &args.decisions;
    let since: Vec<String> = own.since.iter().map(|path| path.display().to_string()).collect();
    let trails: Vec<String> = args.callers.trails.iter().map(|path| path.display().to_string()).collect();
    let baseline = own.baseline.as_ref().map(|file| file.display().to_string());
    let forbidden = config.is_some_and(|config| !config.inline_waivers);
    let inline = if forbidden || own.no_waivers { "ignored" } else { "counted" };
    let lasting = config.is_some_and(|config| !config.waivers_must_expire);
    vec![
        waivers(args, config),
        Setting::new("inline-waivers", inline.to_owned(), origin(own.no_waivers, forbidden)),
        Setting::new("waivers-must-expire", (!lasting).to_string(), origin(false, lasting)),
        Setting::new(
            "baseline",
            baseline.unwrap_or_else(|| "none".to_owned()),
            given(own.baseline.is_some()),
        ),
        Setting::new("since", list(&since, "none"), given(!since.is_empty())),
        Setting::new("who", args.callers.who.to_string(), given(args.callers.who)),
        Setting::new("trail", list(&trails, "none"), given(!trails.is_empty())),
        Setting::new("today", decisions::today(own).to_string(), given(own.today.is_some())),
    ]
}

/// The files with waivers, and the number of those in the configuration itself.
fn waivers(args: &CheckArgs, config: Option<&Config>) -> Setting {
    let own = &args.decisions;
    if own.no_waivers {
        return Setting::new("waivers", "none".to_owned(), Origin::CommandLine);
    }
    let mut waivers = Vec::new();
    if let Some(config) = config {
        let name = config.source_file.name();
        match config.waivers.waivers.len() {
            0 => {}
            written => waivers.push(format!("{written} in {name}")),
        }
        let own = file_name::path(name);
        let base = own.parent().unwrap_or(Path::new(""));
        waivers.extend(config.waiver_files.iter().map(|(file, _)| base.join(file).display().to_string()));
    }
    let written = !waivers.is_empty();
    waivers.extend(own.waivers.iter().map(|file| file.display().to_string()));
    Setting::new("waivers", list(&waivers, "none"), origin_of_both(!own.waivers.is_empty(), written))
}
