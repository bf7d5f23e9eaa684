//! The short help of `-h`: the options of every day, each in a sentence. `--help` has everything.

use clap::builder::StyledStr;
use clap::{Arg, Command};

/// Options that few runs need.
const RARE: [&str; 21] = [
    "config",
    "color",
    "exit-zero",
    "suppressions",
    "group",
    "min-severity",
    "coverage",
    "allow-empty",
    "show-settings",
    "shard",
    "no-waivers",
    "today",
    "skip-unrecognized",
    "parameters-file",
    "role-arn",
    "external-id",
    "role-session-name",
    "endpoint-url",
    "max-rps",
    "timeout",
    "live",
];

/// The command and those below it with a short help beside the whole one.
pub(super) fn with_short_help(command: Command) -> Command {
    let rare = command.get_arguments().any(is_rare);
    let command = command.mut_args(with_sentence).mut_subcommands(with_short_help);
    if rare { command.after_help("`--help` shows all options.").after_long_help("") } else { command }
}

fn is_rare(own: &Arg) -> bool {
    own.get_long().is_some_and(|long| RARE.contains(&long))
}

fn with_sentence(own: Arg) -> Arg {
    let rare = is_rare(&own) || own.is_hide_short_help_set();
    let own = own.hide_short_help(rare);
    let (Some(help), None) = (own.get_help().cloned(), own.get_long_help()) else { return own };
    let text = help.to_string();
    match sentence(&text) {
        Some(sentence) => own.help(sentence).long_help(help),
        None => own,
    }
}

/// The first sentence of several, with the default that the last one names.
fn sentence(text: &str) -> Option<StyledStr> {
    let (first, rest) = text.split_once(". ")?;
    let default = rest.rfind(" [default: ").map_or("", |at| &rest[at..]);
    Some(format!("{first}{default}").into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Arguments;

    #[test]
    fn the_short_help_is_shorter_than_a_screenful_and_the_whole_one_has_every_option() {
        let mut root = with_short_help(Arguments::command());
        root.build();
        let check = root.find_subcommand_mut("check").unwrap();
        let short = check.render_help().to_string();
        let whole = check.render_long_help().to_string();
        let lines = short.lines().count();
        assert!(lines <= 60, "{lines} lines\n{short}");
        for own in check.get_arguments().filter_map(Arg::get_long) {
            assert!(whole.contains(&format!("--{own}")), "{own}");
        }
        for rare in RARE {
            assert!(!short.contains(&format!("--{rare} ")), "{rare}");
            assert!(whole.contains(&format!("--{rare}")), "{rare}");
        }
    }

    #[test]
    fn a_sentence_keeps_its_default() {
        let of = |text: &str| sentence(text).map(|one| one.to_string());
        assert_eq!(of("One thing. And more [default: no limit]").unwrap(), "One thing [default: no limit]");
        assert_eq!(of("One thing. And more").unwrap(), "One thing");
        assert_eq!(of("One thing"), None);
    }
}
