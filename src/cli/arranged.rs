//! Options before the command are moved behind it, where the command reads them.

use std::ffi::OsString;

use clap::CommandFactory;

use super::args::Arguments;

/// The arguments with the command first, if there is one behind options: `--no-config rules list` as
/// `rules list --no-config`.
pub(super) fn arranged(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.first().is_none_or(|first| !first.as_encoded_bytes().starts_with(b"-")) {
        return arguments;
    }
    let root = Arguments::command();
    let start = options(&root, &arguments);
    if start == 0 {
        return arguments;
    }
    let (mut command, mut end) = (&root, start);
    while let Some(below) = arguments.get(end).and_then(|word| command.find_subcommand(word)) {
        command = below;
        end += 1;
    }
    arguments[..end].rotate_left(start);
    arguments
}

/// The number of arguments in front that are options and their values.
fn options(root: &clap::Command, arguments: &[OsString]) -> usize {
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        // Nothing in front of a value can be other than text.
        let word = word.to_string_lossy();
        if word.len() < 2 || !word.starts_with('-') {
            return arguments.len() - rest.len() - 1;
        }
        let known = match word.strip_prefix("--") {
            // A name behind `--` is an input.
            Some("") => return 0,
            Some(long) => root.get_arguments().find(|own| own.get_long() == Some(long)),
            None => root.get_arguments().find(|own| own.get_short() == word.chars().next_back()),
        };
        if known.is_some_and(|known| known.get_action().takes_values()) {
            rest.next();
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_before_a_command_are_moved_behind_it() {
        for (written, read) in [
            ("--no-config rules list", "rules list --no-config"),
            ("-v --color never schema", "schema -v --color never"),
            (
                "--rules mfa-off --color=never check pool.json",
                "check --rules mfa-off --color=never pool.json",
            ),
            ("-q baseline write --no-config pool.json", "baseline write -q --no-config pool.json"),
            ("rules --no-config list", "rules --no-config list"),
            ("--rules check pool.json", "--rules check pool.json"),
            ("-q pool.json check", "-q pool.json check"),
            ("-q -- check", "-q -- check"),
            ("- check", "- check"),
            ("--version", "--version"),
            ("", ""),
        ] {
            let words = written.split_whitespace().map(OsString::from).collect();
            assert_eq!(arranged(words).join(" ".as_ref()), OsString::from(read), "{written}");
        }
    }
}
