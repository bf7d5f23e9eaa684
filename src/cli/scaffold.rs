//! `scaffold`: the declaration of a new pool that passes the chosen rules.

use std::process::ExitCode;

use super::args::{Language, Part, ScaffoldArgs};
use super::output::create;
use super::{Failure, load, now, terminal};
use crate::fix::{Outline, Scaffold, Unmet, scaffold};
use crate::rule::conflict::{Conflict, conflicts};
use crate::source::DraftLanguage;

/// The exit code where rules fail that nothing is known for.
const LEFT: u8 = 1;
/// The exit code where rules are left undecided.
const UNDECIDED: u8 = 3;

pub(super) fn run(args: &ScaffoldArgs) -> Result<ExitCode, Failure> {
    let policy = load::load(&args.policy)?.policy;
    let contradictions: Vec<String> =
        conflicts(&policy.rules).iter().filter(|one| !one.conditional).map(Conflict::sentence).collect();
    if !contradictions.is_empty() {
        let help = "turn one of them off with `--off`, or choose other rules with `--rules`";
        return Err(Failure::Other(miette::miette!(help = help, "{}", contradictions.join("; "))));
    }
    let outline = Outline {
        language: match args.language {
            Language::Terraform => DraftLanguage::Terraform,
            Language::Cloudformation => DraftLanguage::Yaml,
            Language::Cdk => DraftLanguage::Cdk,
            Language::Json => DraftLanguage::Json,
        },
        name: args.name.clone(),
        client: args.with.contains(&Part::Client),
        domain: args.with.contains(&Part::Domain),
        now: now(),
    };
    let scaffold = scaffold(&policy, &outline);
    if let Some(unmet) = scaffold.left.iter().find(|unmet| !unmet.against.is_empty()) {
        return Err(disagreement(unmet));
    }
    let answer = answer(&scaffold);
    create(args.output.as_deref(), scaffold.text.as_bytes(), |file| format!("wrote {}", file.display()))?;
    for unmet in &scaffold.left {
        let verdict =
            if unmet.unknown { "cannot be decided before the pool is there" } else { "still fails" };
        terminal::print_line(&format!("left: {} {verdict}: {}", unmet.rule.id, unmet.rule.title));
        terminal::print_line(&format!("      `cognito-lint rules show {}` says what to do", unmet.rule.id));
    }
    for parameter in &scaffold.parameters {
        terminal::print_line(&format!("choose: {}: {}", parameter.name, parameter.about));
    }
    terminal::print_line(&answer);
    Ok(match &scaffold.left[..] {
        [] => ExitCode::SUCCESS,
        left if left.iter().any(|unmet| !unmet.unknown) => ExitCode::from(LEFT),
        _ => ExitCode::from(UNDECIDED),
    })
}

/// Rules that no declaration was found to meet together.
fn disagreement(unmet: &Unmet) -> Failure {
    let others: Vec<String> = unmet.against.iter().map(|id| format!("`{id}`")).collect();
    let help = "turn one of them off with `--off`, or choose other rules with `--rules`";
    Failure::Other(miette::miette!(
        help = help,
        "nothing was written: what makes `{}` pass makes {} fail",
        unmet.rule.id,
        others.join(" and ")
    ))
}

fn answer(scaffold: &Scaffold) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let parameters = match scaffold.parameters.len() {
        0 => String::new(),
        n => format!("; {} to choose", count(n, "value")),
    };
    let left = match scaffold.left.len() {
        0 => String::new(),
        n => format!("; {} left", count(n, "rule")),
    };
    let verb = if scaffold.passed == 1 { "passes" } else { "pass" };
    let (passed, settings) = (count(scaffold.passed, "rule"), count(scaffold.settings, "setting"));
    format!("{passed} {verb} with {settings}{parameters}{left}")
}
