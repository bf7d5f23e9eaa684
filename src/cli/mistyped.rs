//! Inputs that are a command, or a live pool, in the eyes of whoever wrote them.

use std::path::PathBuf;

use clap::CommandFactory;

use super::Failure;
use super::args::Arguments;
use crate::diagnostic::slip;

/// Words for commands of other programs, and what does the same here.
const FOREIGN: [(&str, &str); 16] = [
    ("explain", "`cognito-lint rules show ID`"),
    ("show", "`cognito-lint rules show ID`"),
    ("rule", "`cognito-lint rules show ID`"),
    ("list", "`cognito-lint rules list`"),
    ("list-rules", "`cognito-lint rules list`"),
    ("test", "`cognito-lint rules test`"),
    ("version", "`cognito-lint --version`"),
    ("scan", "`cognito-lint check`"),
    ("lint", "`cognito-lint check`"),
    ("audit", "`cognito-lint check`"),
    ("run", "`cognito-lint check`"),
    ("validate", "`cognito-lint check`"),
    ("verify", "`cognito-lint check`, or `cognito-lint evidence verify`"),
    ("diff", "`cognito-lint drift`"),
    ("config", "`cognito-lint check --show-settings`"),
    ("packs", "`cognito-lint rules list`"),
];

/// Words for commands of other programs that have no equivalent here, and what to do instead.
const WITHOUT_EQUIVALENT: [(&str, &str); 4] = [
    ("update", "install a newer release in the same way as this one"),
    ("upgrade", "install a newer release in the same way as this one"),
    ("lsp", "editors use the JSON Schema of rules: `cognito-lint schema --for rules`"),
    ("serve", "`cognito-lint check --report html=report.html` writes a page"),
];

/// Refuses an input that is not there and that names a live pool or a command, before anything is read.
pub(super) fn input(inputs: &[PathBuf]) -> Result<(), Failure> {
    for input in inputs {
        // A name that is not text is neither a pool nor a command.
        let Some(text) = input.to_str().filter(|_| !input.exists()) else { continue };
        if is_pool(text) {
            let help = format!("to check a live pool: `cognito-lint check --pool {text}`");
            return Err(Failure::Other(miette::miette!(
                help = help,
                "the file `{text}` does not exist, and the name is that of a user pool"
            )));
        }
        if let Some(help) = advice(text) {
            return Err(Failure::Other(miette::miette!(
                help = help,
                "there is neither a command nor a file `{text}`"
            )));
        }
    }
    Ok(())
}

/// An ARN of a user pool, or an id such as `us-east-1_AbCdEf123`.
fn is_pool(input: &str) -> bool {
    if input.starts_with("arn:") {
        return input.contains(":cognito-idp:");
    }
    let Some((region, id)) = input.split_once('_') else { return false };
    let parts: Vec<&str> = region.split('-').collect();
    let number =
        parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    parts.len() >= 3 && number && !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The command that a bare word may mean, or what to do in its place.
fn advice(input: &str) -> Option<String> {
    if !input.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') || input == "-" {
        return None;
    }
    if let Some((_, instead)) = WITHOUT_EQUIVALENT.iter().find(|(foreign, _)| *foreign == input) {
        return Some((*instead).to_owned());
    }
    if let Some((_, own)) = FOREIGN.iter().find(|(foreign, _)| *foreign == input) {
        return Some(format!("did you mean {own}?"));
    }
    let command = Arguments::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    slip(input, names).map(|name| format!("did you mean the command `cognito-lint {name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_and_commands_are_recognized() {
        for pool in [
            "eu-west-1_Sh0pCust0",
            "us-gov-west-1_a",
            "arn:aws:cognito-idp:us-east-1:111122223333:userpool/x",
        ] {
            assert!(is_pool(pool), "{pool}");
        }
        for file in ["plan_1", "eu-west-1_a.json", "my-big-1_", "stacks", "arn:aws:s3:::x"] {
            assert!(!is_pool(file), "{file}");
        }
        for (word, wanted) in [
            ("chek", "did you mean the command `cognito-lint check`?"),
            ("explain", "did you mean `cognito-lint rules show ID`?"),
            ("validate", "did you mean `cognito-lint check`?"),
            ("update", "install a newer release in the same way as this one"),
            ("lsp", "editors use the JSON Schema of rules: `cognito-lint schema --for rules`"),
        ] {
            assert_eq!(advice(word).as_deref(), Some(wanted));
        }
        for file in ["stacks", "plan.json", "-", "infrastructure", "Check"] {
            assert_eq!(advice(file), None, "{file}");
        }
    }
}
