//! The front door of the library: texts in memory, files, rules and their mistakes.

use std::time::{Duration, UNIX_EPOCH};

use cognito_lint::{Format, Input, Outcome, Report, Rules, Severity, check, check_at};

const TEMPLATE: &str = "
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: customers
      DeletionProtection: INACTIVE
";

const RULE: &str = r#"
[[rule]]
id = "not-named-for-its-stage"
title = "The pool is not named for its stage"
severity = "low"
expect = { path = "Name", matches = "-(prod|test)$" }
"#;

fn answer() -> Input {
    Input::path("examples/pool.json")
}

fn rules(choice: &str) -> Rules {
    Rules::choose(choice).unwrap()
}

fn told(report: &Report) -> Vec<(String, String, Option<usize>)> {
    report.violations().map(|one| (one.rule, one.pool, one.location.map(|(_, line, _)| line))).collect()
}

#[test]
fn a_template_in_memory_is_judged_where_it_is_wrong() {
    let report = check(&[Input::text("infra/pools.yaml", TEMPLATE)], &rules("deletion-protection-inactive"));
    assert_eq!(told(&report), [("deletion-protection-inactive".to_owned(), "customers".to_owned(), Some(7))]);
    assert_eq!((report.outcome(), report.outcome().exit_code()), (Outcome::Findings, 1));
    assert_eq!(
        report.answer(),
        "customers (Customers) violates policy: 1 medium (1 rule, 0 passed, 1 failed)"
    );
    let shown = report.to_text(Format::Human);
    assert!(shown.starts_with(&report.answer()) && shown.contains("infra/pools.yaml:7"), "{shown}");
}

#[test]
fn a_configuration_in_memory_is_read_with_its_modules() {
    let main =
        Input::text("main.tf", "module \"pool\" {\n  source = \"./pool\"\n  protect = \"INACTIVE\"\n}\n");
    let pool = "variable \"protect\" {}\nresource \"aws_cognito_user_pool\" \"this\" {\n  name = \"customers\"\n  \
                deletion_protection = var.protect\n}\n";
    let report = check(&[main, Input::text("pool/main.tf", pool)], &rules("deletion-protection-inactive"));
    assert_eq!(told(&report), [("deletion-protection-inactive".to_owned(), "customers".to_owned(), Some(4))]);
}

#[test]
fn templates_in_memory_share_what_they_export() {
    let pool = format!("{TEMPLATE}Outputs:\n  Id:\n    Value: !Ref Customers\n    Export: {{Name: pool}}\n");
    let client = "Resources:\n  App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties:\n      \
                  UserPoolId: !ImportValue pool\n      ClientName: app\n      PreventUserExistenceErrors: LEGACY\n";
    let both = [Input::text("pool.yaml", pool), Input::text("client.yaml", client)];
    let told = told(&check(&both, &rules("client-tells-who-exists")));
    assert_eq!(told, [("client-tells-who-exists".to_owned(), "customers".to_owned(), Some(7))]);
}

#[test]
fn what_cannot_be_read_is_a_gap_and_never_a_pass() {
    for (input, reason) in [
        (Input::path("no such file"), "there is no such file or directory"),
        (Input::text("pool.json", "{"), "not JSON"),
        (Input::text("pool.json", ""), "the file is empty"),
    ] {
        let report = check(&[input], &rules("recommended"));
        let gaps: Vec<_> = report.gaps().collect();
        assert_eq!((report.outcome(), gaps.len()), (Outcome::Incomplete, 1), "{gaps:?}");
        assert!(gaps[0].reason.contains(reason) && gaps[0].rule.is_none(), "{gaps:?}");
    }
    assert_eq!(check(&[], &rules("recommended")).outcome(), Outcome::Incomplete);
}

#[test]
fn rules_of_a_user_stand_beside_built_in_ones() {
    let own = Rules::choose("deletion-protection-inactive").unwrap().and("own.toml", RULE).unwrap();
    assert_eq!(own.ids(), ["deletion-protection-inactive", "not-named-for-its-stage"]);
    let report = check(&[answer()], &own);
    let named: Vec<_> = report.violations().map(|one| (one.rule, one.severity)).collect();
    assert!(named.contains(&("not-named-for-its-stage".to_owned(), Severity::Low)), "{named:?}");
    assert_eq!(Rules::parse("own.toml", RULE).unwrap().ids(), ["not-named-for-its-stage"]);
    let none = Rules::choose("strict,-*").unwrap_err().to_string();
    assert_eq!(
        none,
        "the choices leave no rule; a `-` removes rules from those that are chosen: leave one `-` out"
    );
}

#[test]
fn mistakes_of_rules_have_their_places_and_all_come_at_once() {
    let wrong = RULE.replace("Name", "Nmae").replace("severity = \"low\"", "severity = \"lo\"");
    let error = Rules::parse("own.toml", &wrong).unwrap_err();
    let places: Vec<_> = error.mistakes.iter().map(|mistake| mistake.at).collect();
    assert_eq!(places, [Some((5, 12)), Some((6, 20))], "{error}");
    assert!(error.to_string().starts_with("own.toml:5:12: "), "{error}");
    let error = Rules::choose("recomended").unwrap_err();
    assert!(error.mistakes[0].help.as_deref().unwrap().contains("`recommended`"), "{error}");
}

#[test]
fn a_report_names_the_time_that_it_was_made_for() {
    let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let report = check_at(&[answer()], &rules("recommended"), now);
    assert!(report.to_text(Format::Json).contains("2023-11-14T22:13:20"));
    assert_eq!(report.pools(), 1);
    for format in Format::ALL {
        assert!(!report.to_text(format).is_empty(), "{}", format.word());
    }
}
