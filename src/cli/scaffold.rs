//! `scaffold`: the declaration of a new pool that passes the chosen rules.

use std::process::ExitCode;

use super::args::{Language, Part, ScaffoldArgs};
use super::output::create;
use super::{Failure, load, now, terminal};
use crate::fix::{Outline, Scaffold, Unmet, scaffold};
use crate::rule::conflict::{Conflict, conflicts};
use crate::rule::operator::Pattern;
use crate::schema::{NodeId, schema};
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
    ensure_name(&args.name)?;
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
        let verdict = if unmet.unknown { "stays undecided" } else { "still fails" };
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

/// Refuses a name that the service does not take.
fn ensure_name(name: &str) -> Result<(), Failure> {
    let node = schema().member(NodeId::ROOT, "Name").map(|id| schema().node(id));
    let (least, most) = node.map_or((None, None), |node| (node.min, node.max));
    let length = i64::try_from(name.chars().count()).unwrap_or(i64::MAX);
    let pattern = node.and_then(|node| node.pattern.as_deref());
    // The service's letters and digits are those of ASCII.
    let is_taken = pattern.is_none_or(|text| Pattern::proven(&format!("^(?-u:{text})$")).is_match(name));
    if !is_taken || least.is_some_and(|least| length < least) || most.is_some_and(|most| length > most) {
        let help = format!(
            "a name has {} to {} characters: letters and digits of ASCII, spaces, and `_+=,.@-`",
            least.unwrap_or_default(),
            most.unwrap_or(i64::MAX)
        );
        return Err(Failure::Other(miette::miette!(help = help, "this cannot be the name of a pool")));
    }
    Ok(())
}

/// Rules that no declaration was found to meet together.
fn disagreement(unmet: &Unmet) -> Failure {
    let others: Vec<String> = unmet.against.iter().map(|id| format!("`{id}`")).collect();
    let help = "turn one of them off with `--off`, or choose other rules with `--rules`";
    Failure::Other(miette::miette!(
        help = help,
        "nothing was written: the change that makes `{}` pass makes {} fail",
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
    let skipped = match scaffold.skipped {
        0 => String::new(),
        1 => "; 1 rule does not apply".to_owned(),
        n => format!("; {n} rules do not apply"),
    };
    format!("{passed} {verb} with {settings}{parameters}{left}{skipped}")
}
