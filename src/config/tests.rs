//! Tests of valid configurations. Those with mistakes are in `tests/integration/config`.

#![expect(clippy::disallowed_methods, reason = "tests look at files")]

use std::fs;

use super::*;
use crate::value::Value;

fn config(text: &str) -> Config {
    read(&SourceFile::new(FILE_NAME, text)).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// The template with every example in use: those are the lines with no space after `#`.
fn template_in_use() -> String {
    let in_use = |line: &'static str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') => rest,
        _ => line,
    };
    TEMPLATE.lines().map(in_use).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_empty_file_says_nothing() {
    let config = config("");
    assert!(config.rules.is_empty() && config.overrides.is_empty() && config.scopes.is_empty());
    assert_eq!(config.terms, TermsConfig::default());
    assert_eq!(config.aws, AwsConfig::default());
}

#[test]
fn terms() {
    let read = |text| config(text).terms;
    assert_eq!(read("fail-on = \"never\"").fail_on, Some(None));
    assert_eq!(read("fail-on = \"info\"").fail_on, Some(Some(Severity::Info)));
    assert_eq!(read("unknown = \"ignore\"").ignore_unknown, Some(true));
    assert_eq!(read("unknown = \"fail\"").ignore_unknown, Some(false));
    assert_eq!(read("coverage = \"full\"").full_coverage, Some(true));
    assert_eq!(read("coverage = \"inputs\"").full_coverage, Some(false));
    assert_eq!(read("allow-empty = false").allow_empty, Some(false));
}

#[test]
fn rules_keep_their_places() {
    let text = "rules = [\"recommended\", 'policies/']\noff = [\"mfa-off\"]";
    let config = config(text);
    let rules: Vec<(&str, &str)> =
        config.rules.iter().map(|(name, at)| (&**name, &text[at.clone()])).collect();
    assert_eq!(rules, [("recommended", "\"recommended\""), ("policies/", "'policies/'")]);
    let [off] = &config.overrides[..] else { panic!("one override") };
    assert_eq!((&*off.rule.0, &text[off.rule.1.clone()], off.off), ("mfa-off", "\"mfa-off\"", true));
}

#[test]
fn overrides_are_off_first_and_then_in_order() {
    let config = config(
        "off = [\"z\"]\n[rule.c]\noff = true\n[rule.a]\nseverity = \"critical\"\nparams = { days = 7, names = [\"x\"] }",
    );
    let ids: Vec<&str> = config.overrides.iter().map(|change| &*change.rule.0).collect();
    assert_eq!(ids, ["z", "c", "a"]);
    let [_, c, a] = &config.overrides[..] else { panic!("three overrides") };
    assert!(c.off && !a.off);
    assert_eq!(a.severity, Some(Severity::Critical));
    assert_eq!(a.params[0].value.toml.to_value(), Value::Int(7));
    assert_eq!(a.params[1].value.toml.to_value(), Value::List(vec![Value::String("x".into())]));
}

#[test]
fn scopes_keep_their_order() {
    let text = "
[[scope]]
name = \"b\"
pools = [\"dev-*\", \"?\"]
tags = { env = \"d*\", \"a.b\" = \"c\" }
accounts = [\"000000000001\"]
regions = [\"us-gov-west-1\"]
sources = [\"saved\"]
[scope.rule.mfa-off]
severity = \"low\"

[[scope]]
name = \"a\"
sources = [\"live\"]
off = [\"mfa-off\"]
";
    let scopes = config(text).scopes;
    let names: Vec<&str> = scopes.iter().map(|scope| &*scope.name).collect();
    assert_eq!(names, ["b", "a"]);
    let selector = &scopes[0].selector;
    assert_eq!(&text[scopes[0].at.clone()], "\"b\"");
    assert!(selector.pools[0].matches("dev-1") && !selector.pools[0].matches("prod-dev-1"));
    assert_eq!(selector.tags[1].0, "a.b");
    assert_eq!(selector.accounts, ["000000000001"]);
    assert_eq!(selector.regions, ["us-gov-west-1"]);
    assert_eq!(selector.sources, ["saved"]);
    assert_eq!(scopes[0].overrides[0].severity, Some(Severity::Low));
    assert!(scopes[1].overrides[0].off);
}

#[test]
fn aws() {
    let text = "[aws]\npools = [\"us-east-1_abc\", \"arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a\"]\n\
                max-rps = 0.5\ntimeout = \"10m\"\nendpoint-url = \"https://proxy.example:8443/cognito\"";
    let aws = config(text).aws;
    assert_eq!(aws.pools[0].0, "us-east-1_abc");
    assert_eq!(&text[aws.pools[0].1.clone()], "\"us-east-1_abc\"");
    assert_eq!(aws.max_rps, Some(0.5));
    assert_eq!(aws.timeout, Some(std::time::Duration::from_mins(10)));
    assert_eq!(aws.endpoint_url.as_deref(), Some("https://proxy.example:8443/cognito"));
}

#[test]
fn accounts() {
    let config = config(
        "[[account]]\n[[account]]\nname = 'pay'\nrole-arn = 'arn:aws:iam::111122223333:role/audit'\n\
         external-id = 'orange-42'\nregions = ['eu-west-1']\n[organization]\nrole-name = 'audit'\n\
         exclude = ['444455556666']",
    );
    let [own, pay] = &config.accounts[..] else { panic!("two accounts") };
    assert_eq!(own, &Account::default());
    let role = pay.role.as_ref().unwrap();
    assert_eq!((role.arn.account(), pay.name.as_deref()), ("111122223333", Some("pay")));
    assert_eq!((role.session.external_id.is_some(), &pay.regions[..]), (true, &["eu-west-1".to_owned()][..]));
    assert_eq!(config.organization.unwrap().exclude, ["444455556666"]);
    assert!(!config.source_file.text().contains("orange"));
}

#[test]
fn the_template_is_valid_and_changes_nothing() {
    let config = config(TEMPLATE);
    assert_eq!(config.rules.len(), 1);
    assert_eq!(config.rules[0].0, "recommended");
    assert!(config.overrides.is_empty() && config.scopes.is_empty() && config.waivers.waivers.is_empty());
    assert_eq!(config.terms, TermsConfig::default());
    assert_eq!(config.aws, AwsConfig::default());
    assert_eq!((config.accounts, config.organization), (Vec::new(), None));
}

#[test]
fn the_template_shows_every_key_and_its_examples_are_valid() {
    let text = template_in_use();
    config(&text);
    let table = parse(&SourceFile::new(FILE_NAME, text), &mut Vec::new());
    let inner = |table: &Table, key: &str| match table.get(key).map(|item| item.toml.clone()) {
        Some(Toml::Table(table)) => table,
        Some(Toml::List(items)) => match &items[0].toml {
            Toml::Table(table) => table.clone(),
            _ => panic!("`{key}` holds no table"),
        },
        _ => panic!("`{key}` is not a table"),
    };
    let mut override_keys = Table::default();
    for rule in inner(&table, "rule").entries {
        let Toml::Table(rule) = rule.item.toml else { panic!("`{}` is not a table", rule.key) };
        override_keys.entries.extend(rule.entries);
    }
    let shown: [(&Table, &[&str]); 7] = [
        (&table, &KEYS),
        (&inner(&table, "aws"), &aws::KEYS),
        (&inner(&table, "account"), &account::KEYS),
        (&inner(&table, "organization"), &ORGANIZATION_KEYS),
        (&inner(&table, "scope"), &scope::KEYS),
        (&inner(&table, "waiver"), &waiver::KEYS),
        (&override_keys, &overrides::KEYS),
    ];
    for (table, keys) in shown {
        for key in keys {
            assert!(table.get(key).is_some(), "the template does not show `{key}`");
        }
    }
}

#[test]
fn the_nearest_file_is_found() {
    let root = tempfile::tempdir().unwrap();
    let deep = root.path().join("a/b/c");
    fs::create_dir_all(&deep).unwrap();
    fs::write(root.path().join(FILE_NAME), "").unwrap();
    assert_eq!(find(&deep), Some(root.path().join(FILE_NAME)));
    fs::write(root.path().join("a/b").join(FILE_NAME), "").unwrap();
    assert_eq!(find(&deep), Some(root.path().join("a/b").join(FILE_NAME)));
    fs::create_dir(deep.join(FILE_NAME)).unwrap();
    assert_eq!(find(&deep), Some(root.path().join("a/b").join(FILE_NAME)));
}
