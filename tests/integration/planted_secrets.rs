//! Secrets of the command line, of files of parameters, of addresses and of programs for credentials are in no output.

use std::fs;
use std::process::Command;

/// A text that no output may have.
const PLANTED: &str = "pLaNtEdSeCrEt0123";

/// Both streams of the program with these arguments and variables.
fn printed(arguments: &str, variables: &[(&str, String)]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        ("template.yaml", "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n"),
        ("main.tf", "resource \"aws_cognito_user_pool\" \"main\" {\n  name = \"a\"\n}\n"),
        ("account.toml", "[[account]]\nprofile = \"a\"\nextid = \"PLANTED\"\n"),
        ("organization.toml", "[organization]\nrole-name = \"a\"\nid-of-others = \"PLANTED\"\n"),
        ("endpoint.toml", "[aws]\nendpoint-url = \"http://user:PLANTED@127.0.0.1:9\"\n"),
        ("words.json", r#"["PLANTED"]"#),
        ("keys.json", r#"[{"ParameterKey": "Name", "ParameterValue": ["PLANTED"]}]"#),
        ("text.json", r#"{"UserPool": "PLANTED"}"#),
        (
            "details.json",
            r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "a", "IdentityProviders": [{"ProviderName": "b", "ProviderDetails": "PLANTED"}]}}"#,
        ),
        (
            "newer.json",
            r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "a", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}, "privateKey": "PLANTED", "Newer": {"Password": "PLANTED"}}}"#,
        ),
        ("aws", "[default]\nregion = eu-west-1\ncredential_process = sh -c \"echo PLANTED >&2; exit 1\"\n"),
    ];
    for (name, text) in files {
        fs::write(directory.path().join(name), text.replace("PLANTED", PLANTED)).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(arguments.replace("PLANTED", PLANTED).split(' '))
        .current_dir(&directory)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_SHARED_CREDENTIALS_FILE", "none")
        .env("AWS_CONFIG_FILE", "none")
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert!(!text.trim().is_empty(), "{arguments} prints nothing");
    text
}

#[test]
fn values_of_parameters_are_not_repeated() {
    for arguments in [
        "check template.yaml --no-config --parameter PLANTED",
        "check template.yaml --no-config --parameter =PLANTED",
        "check template.yaml --no-config --parameter Name=PLANTED",
        "check template.yaml --no-config --parameter=PLANTED",
        "check template.yaml --no-config --parameter PLANTED --show-settings",
        "check main.tf --no-config --var PLANTED",
        "check main.tf --no-config --var =PLANTED",
        "check main.tf --no-config --var secret=PLANTED",
        "check main.tf --no-config --var PLANTED --show-settings",
        "check main.tf --no-config --var secret=PLANTED --show-settings",
        "fix main.tf --no-config --var PLANTED",
        "check template.yaml --no-config --parameters-file words.json",
        "check template.yaml --no-config --parameters-file keys.json",
    ] {
        let text = printed(arguments, &[]);
        assert!(!text.contains(PLANTED), "{arguments}: {text}");
    }
}

#[test]
fn secrets_of_configurations_are_not_repeated() {
    for arguments in [
        "check details.json --config account.toml",
        "check details.json --config organization.toml",
        "check --config endpoint.toml --show-settings",
    ] {
        let text = printed(arguments, &[]);
        assert!(!text.contains(PLANTED), "{arguments}: {text}");
    }
    let variables = [("AWS_ENDPOINT_URL", format!("http://user:{PLANTED}@127.0.0.1:9"))];
    let text = printed("check --no-config --show-settings", &variables);
    assert!(!text.contains(PLANTED), "{text}");
}

#[test]
fn texts_in_the_place_of_objects_are_not_quoted() {
    for arguments in [
        "check --no-config text.json",
        "check --no-config --rules strict details.json",
        "snapshot --no-config details.json",
        "drift --no-config details.json newer.json",
    ] {
        let text = printed(arguments, &[]);
        assert!(!text.contains(PLANTED), "{arguments}: {text}");
    }
}

#[test]
fn members_that_read_like_secrets_are_masked_and_named() {
    let rule =
        "[[rule]]\nid = \"own\"\nunchecked = true\nexpect = { path = \"Newer.Password\", equals = \"a\" }\n";
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rule.toml");
    fs::write(&file, rule).unwrap();
    let rules = file.to_str().unwrap();
    for format in ["human", "json", "compact", "markdown"] {
        let text = printed(&format!("check --no-config --rules {rules} --report {format} newer.json"), &[]);
        assert!(!text.contains(PLANTED), "{format}: {text}");
        assert!(format == "json" || format == "compact" || text.contains("is not shown"), "{format}: {text}");
    }
    assert!(!printed("snapshot --no-config newer.json", &[]).contains(PLANTED));
    assert!(!printed("drift --no-config newer.json newer.json", &[]).contains(PLANTED));
}

#[test]
fn addresses_and_programs_for_credentials_are_not_repeated() {
    let live = "check --no-config --region eu-west-1 --timeout 1s";
    let keys = || vec![("AWS_ACCESS_KEY_ID", "a".to_owned()), ("AWS_SECRET_ACCESS_KEY", "b".to_owned())];
    for endpoint in
        ["user:PLANTED@127.0.0.1:9", "http://user:PLANTED@127.0.0.1:9", "http://user:PLANTED@[::bad"]
    {
        let text = printed(&format!("{live} --endpoint-url {endpoint}"), &keys());
        assert!(!text.contains(PLANTED), "{endpoint}: {text}");
    }
    for proxy in ["user:PLANTED@127.0.0.1:9", "http://user:PLANTED@127.0.0.1:9"] {
        let variables = [keys(), vec![("HTTPS_PROXY", proxy.replace("PLANTED", PLANTED))]].concat();
        let text = printed(live, &variables);
        assert!(!text.contains(PLANTED), "{proxy}: {text}");
    }
    let text = printed(live, &[("AWS_CONFIG_FILE", "aws".to_owned())]);
    assert!(!text.contains(PLANTED) && text.contains("Stderr: ********"), "{text}");
}
