//! Options and commands that are not there.

use std::collections::BTreeSet;

use super::*;
use clap::Parser;

fn said(line: &str) -> Option<String> {
    let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let name = OsString::from("cognito-lint");
    let error = Arguments::try_parse_from(std::iter::once(name).chain(arguments.clone())).err()?;
    Some(explained(error, &arguments).to_string())
}

#[test]
fn every_foreign_option_leads_to_one_that_is_there() {
    for (foreign, (help, options)) in FOREIGN.iter().copied() {
        let own =
            help.split(['`', ' ', '=', '[', ':', ';', ',', '|']).filter_map(|word| word.strip_prefix("--"));
        let own: BTreeSet<&str> = own.collect();
        assert!(
            help.contains("`cognito-lint ") || own == options.iter().copied().collect(),
            "{foreign}: {own:?}"
        );
        let said = said(&format!("check {foreign} x")).expect(foreign);
        assert!(said.contains(help), "{foreign}: {said}");
        assert!(!said.contains("as a value") && !said.contains("similar"), "{foreign}: {said}");
    }
    for (foreign, (help, _)) in LISTING.iter().copied() {
        let said = said(&format!("rules list {foreign} x")).expect(foreign);
        assert!(said.contains(help), "{foreign}: {said}");
    }
}

/// Options that people typed who knew other linters and not this one: each is an own option, or its help names one.
#[test]
fn every_guessed_option_is_answered() {
    for (guessed, answer) in GUESSED {
        let said = said(&format!("check pool.json {guessed}"));
        match (said, answer) {
            (None, None) => {}
            (Some(said), Some(answer)) => assert!(said.contains(answer), "{guessed}: {said}"),
            (Some(said), None) => panic!("{guessed}: {said}"),
            (None, Some(answer)) => panic!("{guessed} is an own option and needs no {answer}"),
        }
    }
}

/// The guessed options, each with the answer; `None` for an option of ours.
const GUESSED: &[(&str, Option<&str>)] = &[
    ("--format json", Some("--report FORMAT")),
    ("-f json", Some("--report FORMAT")),
    ("--output-format json", Some("--report FORMAT")),
    ("--output json", Some("--report FORMAT")),
    ("-o json", Some("--report FORMAT")),
    ("--sarif", Some("--report sarif=FILE")),
    ("--json", Some("--report json")),
    ("--compact", Some("--report compact")),
    ("--exit-zero", None),
    ("--exit-code 0", Some("--fail-on SEVERITY")),
    ("--soft-fail", Some("--exit-zero")),
    ("--no-fail", Some("--exit-zero")),
    ("-z", Some("--exit-zero")),
    ("--select mfa-off", Some("--rules")),
    ("--ignore mfa-off", Some("--off mfa-off")),
    ("--skip-check mfa-off", Some("--off mfa-off")),
    ("--check mfa-off", Some("--rules")),
    ("--severity high", Some("--min-severity SEVERITY")),
    ("--min-severity high", None),
    ("--list-rules", Some("cognito-lint rules list")),
    ("-l", Some("cognito-lint rules list")),
    ("--explain mfa-off", Some("cognito-lint rules show ID")),
    ("--fix", Some("cognito-lint fix POOL")),
    ("--diff", Some("cognito-lint drift")),
    ("--watch", Some("no watch mode")),
    ("--no-color", Some("--color never")),
    ("--offline", Some("without a network")),
    ("--statistics", None),
    ("--summary", Some("--statistics")),
    ("--show-settings", None),
    ("-j 4", Some("all processors")),
    ("--jobs 4", Some("all processors")),
    ("--exclude x", None),
    ("--include x", Some("as an input")),
    ("--stdin-filename x", Some("`-`")),
    ("--generate-baseline", Some("cognito-lint baseline write")),
    ("--rule mfa-off", Some("--rules")),
    ("--off mfa-off", None),
    ("--pack strict", Some("--rules")),
    ("--policy x.toml", Some("--rules")),
    ("--parameters x.json", Some("--parameters-file FILE")),
    ("--parameter-overrides a=b", Some("--parameter KEY=VALUE")),
    ("--template x.yaml", Some("as an input")),
    ("--plan x.json", Some("as an input")),
    ("--no-progress", Some("--quiet")),
    ("--silent", Some("--quiet")),
    ("--debug", Some("--verbose")),
    ("--log-level debug", Some("--verbose")),
    ("--tag mfa", Some("--rules tag:TAG")),
    ("--group-by rule", Some("--group rule")),
    ("--sort severity", Some("in order of severity")),
    ("--limit 10", Some("--group rule")),
    ("--regions us-east-1", Some("--region REGION")),
    ("-r us-east-1", Some("--region REGION")),
    ("--account 111122223333", Some("--role-arn ARN")),
    ("--pool-id us-east-1_a", Some("--pool ID")),
    ("--strict", Some("--rules strict")),
    ("--github", Some("--report github")),
    ("--gitlab", Some("--report gitlab=FILE")),
    ("--list-checks", Some("cognito-lint rules list")),
    ("--framework nist", Some("--rules")),
    ("--accounts 111122223333", Some("--role-arn ARN")),
    ("--user-pool-id us-east-1_a", Some("--pool ID")),
    ("--skip-path x", Some("--exclude GLOB")),
    ("--threshold high", Some("--fail-on SEVERITY")),
    ("--role arn:aws:iam::111122223333:role/audit", Some("did you mean `--role-arn`?")),
    ("--var stage=prod", None),
    ("-v", None),
    ("-vv", None),
    ("-q", None),
    ("-qq", None),
    ("--quiet", None),
    ("--verbose", None),
];

#[test]
fn an_option_of_another_command_names_the_command() {
    let of = |line| said(line).expect("refused");
    assert!(
        of("schema --today 2026-01-01").contains("is an option of `check`"),
        "{}",
        of("schema --today x")
    );
    assert!(of("check --match a=b").contains("`--match` is an option of `drift`"));
    // Help that names an option leads nowhere on a command without it.
    assert!(!of("trend x --sarif").contains("--report sarif"), "{}", of("trend x --sarif"));
}

#[test]
fn only_a_slip_leads_to_a_similar_option() {
    let of = |option: &str| said(&format!("check {option}")).expect(option);
    assert!(of("--ruls").contains("did you mean `--rules`?"), "{}", of("--ruls"));
    assert!(of("--jsn").contains("did you mean `--json`?") && of("--jsn").contains("`--report json"));
    assert!(of("--reprot").contains("did you mean `--report`?"), "{}", of("--reprot"));
    // A name that is cut short is of the option that begins so.
    assert!(of("--external").contains("did you mean `--external-id`?"), "{}", of("--external"));
    assert!(!of("--telemetry").contains("tip"), "{}", of("--telemetry"));
}

#[test]
fn only_a_slip_leads_to_one_command() {
    let said = said("rules lst").unwrap();
    assert!(said.contains("'list'") && !said.contains("'test'"), "{said}");
}
