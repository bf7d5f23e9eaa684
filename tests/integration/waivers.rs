//! Files of waivers: every mistake is reported with its place and a way out.

use cognito_lint::config;
use cognito_lint::diagnostic::{SourceDiagnostic, SourceFile};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{builtin, written};
use cognito_lint::triage::waiver;

use crate::faulty;

/// Every mistake in files of waivers; a file called `policy.toml` has the chosen rules.
fn mistakes(scripts: &[SourceFile]) -> Vec<SourceDiagnostic> {
    let (rules, waivers): (Vec<_>, Vec<_>) =
        scripts.iter().cloned().partition(|script| script.name().ends_with("policy.toml"));
    let mut mistakes = Vec::new();
    let builtin = builtin::ids().into_iter().filter_map(builtin::rule);
    let chosen = if rules.is_empty() { builtin.collect() } else { rules };
    let chosen = chosen.iter().flat_map(|script| written::read(script, &mut mistakes)).collect();
    let policy = assemble(chosen, &[], &[], Vec::new(), &mut mistakes);
    for script in &waivers {
        let read = config::read_waivers(script, true);
        mistakes.extend(read.mistakes);
        waiver::check(&read.named, &policy, true, &mut mistakes);
    }
    SourceDiagnostic::sort(&mut mistakes);
    mistakes
}

#[test]
fn mistakes_in_waivers() {
    faulty::check("tests/integration/waivers", mistakes);
}
