//! `--show-settings` has every option of `check` and every key of a configuration.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::CommandFactory;

use super::all;
use crate::cli::args::{Arguments, Color};
use crate::config;

/// Options and keys that a setting of another name shows.
const SHOWN_AS: [(&str, &str); 14] = [
    ("config", "configuration"),
    ("no-config", "configuration"),
    ("exit-zero", "fail-on"),
    ("no-waivers", "waivers"),
    ("region", "regions"),
    ("all-regions", "regions"),
    ("role-arn", "accounts"),
    ("external-id", "accounts"),
    ("role-session-name", "accounts"),
    ("pool", "pools"),
    ("account", "accounts"),
    ("organization", "accounts"),
    ("waiver", "waivers"),
    // A section, whose keys are looked for too.
    ("aws", "profile"),
];

/// The list of rules shows what `[rule.ID]` and `[[scope]]` change.
const LISTED_BELOW: [&str; 5] = ["rule", "scope", "show-settings", "help", "version"];

fn names(arguments: &[&str]) -> BTreeSet<&'static str> {
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    let check = Arguments::read(&arguments).unwrap().check;
    let all = all(&check, None, Color::Never).ok().unwrap();
    all.iter().map(crate::report::settings::Setting::name).collect()
}

#[test]
fn every_option_and_key_is_a_setting() {
    let files = names(&["check", "plan.json"]);
    let live = names(&["check"]);
    let both = names(&["check", "plan.json", "--live"]);
    assert!(live.is_subset(&both) && files.is_subset(&both));
    let mut root = Arguments::command();
    root.build();
    let check = root.find_subcommand("check").unwrap();
    let options = check.get_arguments().filter_map(clap::Arg::get_long);
    let keys = config::KEYS.into_iter().chain(config::AWS_KEYS);
    for name in options.chain(keys).filter(|name| !LISTED_BELOW.contains(name)) {
        let shown = SHOWN_AS.iter().find(|(own, _)| *own == name).map_or(name, |(_, setting)| setting);
        assert!(both.contains(shown), "`--show-settings` does not have `{name}`");
    }
}
