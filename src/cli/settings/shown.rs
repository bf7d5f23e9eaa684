//! The content of reports, and where they go.

use super::{given, list};
use crate::cli::args::{CheckArgs, Color};
use crate::cli::streams::Stream;
use crate::cli::terminal;
use crate::report::Group;
use crate::report::settings::{Origin, Setting};

pub(super) fn shown(args: &CheckArgs, color: Color) -> Vec<Setting> {
    let show = args.show.show();
    let group = match show.group {
        Group::Auto => "by rule from ten findings of one rule on, else by severity",
        Group::Rule => "rule",
        Group::Pool => "pool",
    };
    let yes_or_no = |name, yes: bool| Setting::new(name, yes.to_string(), given(yes));
    vec![
        Setting::new("report", list(&args.reports, "human"), given(!args.reports.is_empty())),
        Setting::new("group", group.to_owned(), given(show.group != Group::Auto)),
        Setting::new("min-severity", show.least.word().to_owned(), given(args.show.min_severity.is_some())),
        suppressions(args),
        yes_or_no("statistics", show.statistics),
        yes_or_no("evidence", args.evidence),
        yes_or_no("verbose", show.verbose),
        yes_or_no("quiet", args.quiet),
        colors(color),
    ]
}

fn suppressions(args: &CheckArgs) -> Setting {
    let shown = if args.show.show().suppressions { "always" } else { "never" };
    let from = match args.show.suppressions_are_left_to_environment() {
        false => Origin::CommandLine,
        true if shown == "never" => Origin::By("GITHUB_ACTIONS"),
        true => Origin::Default,
    };
    Setting::new("suppressions", shown.to_owned(), from)
}

fn colors(color: Color) -> Setting {
    let colored = terminal::style(Stream::Stdout, color).color;
    let from = match color {
        Color::Always | Color::Never => Origin::CommandLine,
        Color::Auto => terminal::color_variable().map_or(Origin::By("the terminal"), Origin::By),
    };
    Setting::new("color", if colored { "always" } else { "never" }.to_owned(), from)
}
