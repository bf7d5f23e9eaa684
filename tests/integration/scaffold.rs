//! Declarations that `scaffold` writes pass the rules that they were written for.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use regex::Regex;

/// The packs, with rules that no declaration can decide: they are about what a pool does once it is there.
const PACKS: [(&str, &[&str]); 14] = [
    ("aws-fsbp", &[]),
    ("cis-controls-8", &["client-untouched-for-years", "sign-in-domain-unused"]),
    ("consumer", &[]),
    ("journeys", &[]),
    ("machine-to-machine", &[]),
    ("nist-800-63b-4", &[]),
    ("owasp-asvs-5", &[]),
    ("pci-dss-4", &["client-untouched-for-years", "sign-in-domain-unused"]),
    ("pool", &[]),
    ("prowler", &[]),
    ("recommended", &[]),
    ("service-screener", &["pool-unused"]),
    ("strict", &[]),
    ("workforce", &[]),
];

/// A language, the file that it is written to, and how an example and its parameter are found in the text.
const LANGUAGES: [(&str, &str, &str); 3] = [
    ("terraform", "main.tf", r#"# An example: "(?<example>[^"]*)"\nvariable "(?<name>\w+)""#),
    ("cloudformation", "template.yaml", r#"# An example: "(?<example>[^"]*)"\n  (?<name>\w+):"#),
    (
        "json",
        "template.json",
        r#""(?<name>\w+)": \{\s*"Type": "String",\s*"Description": "[^"]*, for example (?<example>[^"]*)""#,
    ),
];

fn run(arguments: &[&str], directory: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_cognito-lint");
    Command::new(program).args(arguments).arg("--no-config").current_dir(directory).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// Writes the declaration, and checks it with the examples for what a person has to choose.
fn complaint(pack: &str, undecided: &[&str], with: &str, language: (&str, &str, &str)) -> Option<String> {
    let (language, file, pattern) = language;
    let directory = tempfile::tempdir().unwrap();
    let mut arguments = vec!["scaffold", "--rules", pack, "--language", language, "--output", file];
    if !with.is_empty() {
        arguments.extend(["--with", with]);
    }
    // Passkeys need a flow that takes passwords as well, which another rule of the pack refuses.
    let off: &[&str] = match pack {
        "owasp-asvs-5" if !with.is_empty() => &["--off", "client-takes-plain-passwords"],
        // No single change closes it.
        "journeys" if !with.is_empty() => &["--off", "foreign-email-in-token"],
        _ => &[],
    };
    arguments.extend(off);
    let written = run(&arguments, directory.path());
    let shown = format!("{pack}, {language}, with {with:?}");
    if !matches!(written.status.code(), Some(0 | 3)) {
        return Some(format!("{shown}: {}", said(&written)));
    }
    if language == "terraform" {
        // Without the provider it is not known which tags it adds.
        fs::write(directory.path().join("provider.tf"), "provider \"aws\" {}\n").unwrap();
    }
    let text = fs::read_to_string(directory.path().join(file)).unwrap();
    let option = if language == "terraform" { "--var" } else { "--parameter" };
    let mut check: Vec<String> =
        ["check", ".", "--rules", pack, "--report", "jsonl"].map(str::to_owned).to_vec();
    check.extend(off.iter().map(|word| (*word).to_owned()));
    for found in Regex::new(pattern).unwrap().captures_iter(&text) {
        check.extend([option.to_owned(), format!("{}={}", &found["name"], &found["example"])]);
    }
    let check: Vec<&str> = check.iter().map(String::as_str).collect();
    let checked = run(&check, directory.path());
    let lines = String::from_utf8_lossy(&checked.stdout).into_owned();
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let open = lines.filter(|line| matches!(line["type"].as_str(), Some("finding" | "undecided" | "unread")));
    let open: Vec<String> = open
        .filter(|line| {
            let rule = line["rule"].as_str().unwrap_or_default();
            line["type"] != "undecided" || !undecided.contains(&rule)
        })
        .map(|line| line.to_string())
        .collect();
    if !open.is_empty() || !matches!(checked.status.code(), Some(0 | 3)) {
        return Some(format!("{shown}: {}\n{text}\n{}", open.join("\n"), said(&checked)));
    }
    None
}

#[test]
fn every_pack_has_a_declaration_that_passes_in_every_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut packs: Vec<String> = fs::read_dir(root.join("rules/packs"))
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    packs.sort();
    assert_eq!(packs, PACKS.map(|(pack, _)| pack.to_owned()), "a pack is missing here");
    let mut complaints = Vec::new();
    for (pack, undecided) in PACKS {
        for (number, language) in LANGUAGES.into_iter().enumerate() {
            // The parts are taken in turn, so that each is written in each language for some packs.
            let with = ["", "client", "client,domain"];
            let parts = if number == 0 { &with[..] } else { &with[2..] };
            complaints.extend(parts.iter().filter_map(|with| complaint(pack, undecided, with, language)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

/// A comment beside a setting names rules that there are.
#[test]
fn every_setting_names_the_rules_that_ask_for_it() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["scaffold", "--rules", "strict", "--with", "client,domain"];
    let text = said(&run(&arguments, directory.path()));
    let rules = said(&run(&["rules", "list", "--rules", "strict", "--json"], directory.path()));
    let comments = text.lines().filter_map(|line| line.trim().strip_prefix("# "));
    let comments: Vec<&str> =
        comments.filter(|comment| !comment.contains(". ") && !comment.ends_with(['.', '"'])).collect();
    assert!(comments.len() > 10, "{text}");
    for id in comments.iter().flat_map(|comment| comment.split(", ")) {
        assert!(rules.contains(&format!("\"{id}\"")), "{id} is not a rule of the pack\n{text}");
    }
}

/// The provider sends 0 for a minimum length that a block lacks, and Cognito refuses it.
#[test]
fn a_password_policy_has_a_minimum_length() {
    let directory = tempfile::tempdir().unwrap();
    for (pack, _) in PACKS {
        let text = said(&run(&["scaffold", "--rules", pack], directory.path()));
        let policy = text.split_once("password_policy {").map(|(_, rest)| rest.split('}').next().unwrap());
        assert!(policy.is_none_or(|policy| policy.contains("minimum_length")), "{pack}: {text}");
    }
}

/// A value of a rule is data, in every language.
#[test]
fn a_hostile_value_stays_a_text() {
    let directory = tempfile::tempdir().unwrap();
    let value = "a\"${aws_s3_bucket.x.id}\n%{if true}' # b\u{85}\u{202e}\u{8}\u{1f600}日";
    let quoted = toml::Value::from(value);
    let rule = format!(
        "[[rule]]\nid = \"subject\"\nexpect = {{ path = \"EmailVerificationSubject\", equals = {quoted} }}\n"
    );
    fs::write(directory.path().join("own.toml"), rule).unwrap();
    for (language, file, _) in LANGUAGES {
        let arguments = ["scaffold", "--language", language, "-o", file, "--rules", "own.toml"];
        let written = run(&arguments, directory.path());
        assert_eq!(written.status.code(), Some(0), "{}", said(&written));
        let checked = run(&["check", file, "--rules", "own.toml", "--quiet"], directory.path());
        assert_eq!(checked.status.code(), Some(0), "{language}: {}", said(&checked));
        let printed = run(&["scaffold", "--language", language, "--rules", "own.toml"], directory.path());
        assert_eq!(printed.stdout, fs::read(directory.path().join(file)).unwrap(), "{language}");
    }
}

/// Policies of one's own, with what must be in the declaration or in what is said, and the exit code.
#[test]
fn a_declaration_is_whole_whatever_rules_ask_for() {
    let tag = |key: &str| format!("expect = {{ path = 'UserPoolTags.\"{key}\"', present = true }}");
    let mfa = "expect = { path = 'MfaConfiguration', equals = 'ON' }";
    let app = "expect = { path = 'MfaConfig.SoftwareTokenMfaConfiguration.Enabled', equals = false }";
    let client = |expect: &str| format!("each = 'Clients'\nexpect = {{ path = {expect} }}");
    let refresh = client("'ExplicitAuthFlows', contains-only = ['ALLOW_REFRESH_TOKEN_AUTH']");
    let scopes = client("'AllowedOAuthScopes', contains-only = ['aws.cognito.signin.user.admin']");
    let one_of = "expect = { path = 'UserPoolTags.env', one-of = ['prod', 'dev'] }".to_owned();
    let all = client("'AllowedOAuthScopes', contains-all = ['openid', 'email']");
    let trigger = |path: &str| format!("expect = {{ path = 'LambdaConfig.{path}', present = true }}");
    let mechanisms = "every = 'AccountRecoverySetting.RecoveryMechanisms'";
    let recovery =
        format!("expect = {{ {mechanisms}, expect = {{ path = 'Name', equals = 'admin_only' }} }}");
    let version = "each = 'Domains'\nexpect = { path = 'ManagedLoginVersion', equals = 2 }".to_owned();
    let cases = [
        (vec![tag("Owner"), tag("owner"), tag("a.b"), tag("a b")], "client,domain", 0, "6 values to choose"),
        (vec![mfa.to_owned(), app.to_owned()], "client", 2, "`mfa-without-factor`"),
        (vec![refresh], "client", 1, "left: own-0"),
        (vec![scopes], "client,domain", 0, r#"= ["aws.cognito.signin.user.admin"]"#),
        (vec![one_of], "client", 0, "env = \"prod\""),
        (vec![all], "client,domain", 0, r#"= ["openid", "email"]"#),
        (vec![trigger("PreSignUp")], "client", 0, "pre_sign_up = var.pre_sign_up_arn"),
        (vec![trigger("PreTokenGenerationConfig.LambdaArn")], "client", 0, "var.pre_token_generation_arn"),
        (vec![trigger("CustomEmailSender.LambdaArn")], "client", 0, "var.messages_kms_key_arn"),
        (vec![recovery], "client", 0, "name     = \"admin_only\""),
        (vec![version], "client,domain", 0, "managed_login_version = 2"),
    ];
    for (rules, with, code, expected) in cases {
        let directory = tempfile::tempdir().unwrap();
        let rules =
            rules.iter().enumerate().map(|(at, rule)| format!("[[rule]]\nid = \"own-{at}\"\n{rule}\n"));
        fs::write(directory.path().join("own.toml"), rules.collect::<String>()).unwrap();
        for language in ["terraform", "json", "cdk"] {
            let arguments = ["scaffold", "--rules", "own.toml", "--language", language];
            let written = run(&[&arguments[..], &["--with", with]].concat(), directory.path());
            let text = said(&written);
            assert_eq!(written.status.code(), Some(code), "{text}");
            assert!(language != "terraform" || text.contains(expected), "{text}");
            let variables: Vec<&str> = text.lines().filter(|line| line.starts_with("variable")).collect();
            let mut once = variables.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), variables.len(), "{text}");
        }
    }
}
