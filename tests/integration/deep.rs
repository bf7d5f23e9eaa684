//! Values that are nested far deeper than anybody writes: every reader ends soon, with a result or a mistake.
//!
//! Readers that call themselves for each level run out of stack, and those that read a level once more for each level
//! above it take hours.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The number of levels.
const LEVELS: usize = 20_000;
/// A run that takes longer than this does not end soon: the slowest takes 2 s in a build without optimization.
const PATIENCE: Duration = Duration::from_secs(40);

/// A text, in which `DEEP` stands for the nested value, the file's name, and the commands that read it.
type Case = (&'static str, &'static str, &'static [&'static [&'static str]]);

const CHECK: &[&[&str]] = &[&["check", "--no-config", "FILE"]];

const CASES: [Case; 24] = [
    ("answer.json", r#"{"UserPool":{"Id":"us-east-1_Ab12Cd34e","Name":"a","X":DEEP}}"#, CHECK),
    ("pool.json", r#"{"Id":"us-east-1_Ab12Cd34e","Name":"a","LambdaConfig":DEEP}"#, CHECK),
    ("list.json", "DEEP", &[&["check", "--no-config", "FILE"], &["drift", "--no-config", "FILE", "FILE"]]),
    ("answer.yaml", "UserPool:\n  Id: us-east-1_Ab12Cd34e\n  Name: a\n  X: DEEP\n", CHECK),
    ("items.json", r#"{"configurationItems":DEEP}"#, CHECK),
    (
        "item.json",
        r#"{"configurationItems":[{"resourceType":"AWS::Cognito::UserPool","configuration":DEEP}]}"#,
        CHECK,
    ),
    (
        "row.json",
        r#"{"Results":["{\"resourceType\":\"AWS::Cognito::UserPool\",\"configuration\":DEEP}"]}"#,
        CHECK,
    ),
    ("control.json", r#"{"TypeName":"AWS::Cognito::UserPool","ResourceDescription":DEEP}"#, CHECK),
    ("stack.json", r#"{"TemplateBody":DEEP}"#, CHECK),
    (
        "template.json",
        r#"{"Resources":{"P":{"Type":"AWS::Cognito::UserPool","Properties":{"UserPoolName":DEEP}}}}"#,
        CHECK,
    ),
    (
        "template.yaml",
        "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UserPoolName: DEEP\n",
        CHECK,
    ),
    (
        "plan.json",
        r#"{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"aws_cognito_user_pool.p","mode":"managed","type":"aws_cognito_user_pool","name":"p","values":{"name":DEEP}}]}},"resource_changes":DEEP}"#,
        CHECK,
    ),
    (
        "changes.json",
        r#"{"format_version":"1.2","resource_changes":[{"address":"aws_cognito_user_pool.p","mode":"managed","type":"aws_cognito_user_pool","name":"p","change":{"actions":["create"],"after":{"name":DEEP},"after_unknown":DEEP}}],"configuration":{"root_module":{"resources":[{"address":"aws_cognito_user_pool.p","mode":"managed","type":"aws_cognito_user_pool","name":"p","expressions":{"name":DEEP}}]}}}"#,
        CHECK,
    ),
    (
        "state.json",
        r#"{"version":4,"terraform_version":"1.11.4","resources":[{"mode":"managed","type":"aws_cognito_user_pool","name":"p","instances":[{"attributes":{"name":DEEP}}]}]}"#,
        CHECK,
    ),
    (
        "flat.json",
        r#"{"version":4,"terraform_version":"0.11.0","resources":[{"mode":"managed","type":"aws_cognito_user_pool","name":"p","instances":[{"attributes_flat":{"id":"us-east-1_a","DOTS":"1"}}]}]}"#,
        CHECK,
    ),
    ("a/main.tf", "resource \"aws_cognito_user_pool\" \"p\" {\n  name = DEEP\n}\n", CHECK),
    ("b/main.tf.json", r#"{"resource":{"aws_cognito_user_pool":{"p":{"name":DEEP}}}}"#, CHECK),
    ("c/main.tf.json", r#"{"resource":DEEP}"#, CHECK),
    ("d/terraform.tfvars.json", r#"{"a":DEEP}"#, &[]),
    (
        "d/main.tf",
        "variable \"a\" {}\nresource \"aws_cognito_user_pool\" \"p\" {\n  name = jsonencode(var.a)\n}\n",
        CHECK,
    ),
    ("rules.toml", "[[rule]]\nid = \"a\"\nexpect = DEEP\n", &[&["rules", "check", "FILE"]]),
    (
        "waivers.toml",
        "[[waiver]]\nrule = DEEP\n",
        &[&["check", "--no-config", "--waivers", "FILE", "examples/pool.json"]],
    ),
    (
        "report.json",
        r#"{"version":1,"tool":{"name":"cognito-lint"},"findings":DEEP}"#,
        &[&["report", "FILE", "--report", "compact"], &["trend", "FILE"], &["merge", "FILE"]],
    ),
    (
        "trail.json",
        r#"{"Records":[{"eventName":"UpdateUserPool","eventSource":"cognito-idp.amazonaws.com","requestParameters":DEEP}]}"#,
        &[&[
            "drift",
            "--no-config",
            "--who",
            "--trail",
            "FILE",
            "examples/pool.json",
            "tests/integration/amplification/pool.json",
        ]],
    ),
];

#[test]
fn values_nested_without_end_are_read_or_refused_soon() {
    let directory = tempfile::tempdir().unwrap();
    let nested = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(LEVELS), close.repeat(LEVELS))
    };
    let values = [("lists", nested("[", "", "]")), ("objects", nested(r#"{"a":"#, "1", "}"))];
    let mut wrong = Vec::new();
    for (kind, value) in &values {
        for (name, text, _) in CASES {
            let value = if text.contains("\\\":DEEP") { value.replace('"', "\\\"") } else { value.clone() };
            let file = directory.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text.replace("DEEP", &value).replace("DOTS", &"a.".repeat(LEVELS))).unwrap();
        }
        for (name, _, commands) in CASES {
            for command in commands {
                let ended = run(command, &directory.path().join(name));
                if !matches!(ended, Ok(Some(0..=3))) {
                    wrong.push(format!("{name} with {kind}: {} {ended:?}", command.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The exit code of a run, `None` where a signal ended it, or the time after which it had not ended.
fn run(command: &[&str], file: &Path) -> Result<Option<i32>, Duration> {
    let arguments = command.iter().map(|&word| if word == "FILE" { file.as_os_str() } else { word.as_ref() });
    let mut program = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    program.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    let begun = Instant::now();
    let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Ok(status.code());
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
