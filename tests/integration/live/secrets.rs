//! No output of the program holds a secret: of a pool, of the caller, or of a service that repeats what it was sent.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use cognito_lint::report::Format;
use cognito_lint::schema::{Node, schema};
use serde_json::{Value, json};

use super::sections::full;
use super::{A, B, C, EU};
use crate::fake::{Fake, Fault, On, Plan, pool};

/// A text in every secret, and nowhere else.
const CANARY: &str = "cAnArYsEcReT";
const KEY: &str = "cAnArYsEcReT/key+of0the1caller2wJalrXUtnFE";
const TOKEN: &str = "cAnArYsEcReT/token/FwoGZXIvYXdzEXAMPLE/of+the//caller==";

/// The members that hold secrets, as paths from the pool: those of the schema, and the secret keys of its maps.
fn secret_paths() -> Vec<String> {
    let of_node = |node: &Node| -> Vec<String> {
        let keys = node.rare().secret_keys.iter().map(|key| format!("{}.{key}", node.path));
        keys.chain(node.secret.then(|| node.path.to_string())).collect()
    };
    schema().nodes().flat_map(|(_, node)| of_node(node)).collect()
}

/// Sets the value at a path, through the first element of each list on the way.
fn plant(pool: &mut Value, path: &str, value: Value) {
    let place = path.split('.').fold(pool, |place, step| match step.strip_suffix("[]") {
        Some(list) => {
            if place[list].is_null() {
                place[list] = json!([{}]);
            }
            &mut place[list][0]
        }
        None => &mut place[step],
    });
    *place = value;
}

/// A pool with a secret at every possible path, also at unknown ones.
fn planted(id: &str) -> Value {
    let mut pool = full(id);
    for (number, path) in secret_paths().iter().enumerate() {
        plant(&mut pool, path, json!(format!("{CANARY}{number}of0pool1value2")));
    }
    pool["Newer"] = json!({ "ClientSecret": CANARY, "List": [{ "ExternalId": { "Inner": CANARY } }] });
    // Names that the schema does not have, and that read like those of secrets.
    pool["Newer"]["dbPassword"] = json!(CANARY);
    pool["privateKey"] = json!([CANARY]);
    pool["IdentityProviders"][0]["ProviderDetails"]["api_secret"] = json!(CANARY);
    pool["SmsConfiguration"]["SnsCallerArn"] = json!("arn:aws:iam::111122223333:role/sms");
    pool
}

/// Rules that each fail and show the text around a secret.
fn rules() -> String {
    let mut rules = String::new();
    for path in secret_paths() {
        let (each, path) = match path.split_once("[].") {
            Some((list, rest)) => (format!("each = '{list}'\n"), rest.to_owned()),
            None => (String::new(), path),
        };
        let mut place = Some(path.as_str());
        while let Some(path) = place {
            let id = format!("{} {path}", each.trim_start_matches("each")).to_lowercase();
            let id: Vec<&str> =
                id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|s| !s.is_empty()).collect();
            let id = id.join("-");
            let absent = |path: &str| format!("{{ path = '{path}', present = false }}");
            let expect = match path.split_once("[]") {
                Some((list, "")) => format!("{{ path = '{list}', length-at-most = 0 }}"),
                Some((list, inner)) => format!("{{ every = '{list}', expect = {} }}", absent(&inner[1..])),
                None => absent(path),
            };
            let rule = format!("[[rule]]\nid = 'no-{id}'\n{each}expect = {expect}\n");
            if !rules.contains(&rule) {
                rules += &rule;
            }
            place = path.rsplit_once('.').map(|(around, _)| around);
        }
    }
    for list in ["Clients", "IdentityProviders"] {
        rules += &format!(
            "[[rule]]\nid = 'no-{0}'\nexpect = {{ path = '{list}', length-at-most = 0 }}\n",
            list.to_lowercase()
        );
    }
    rules
        + "[[rule]]\nid = 'newer'\nunchecked = true\nexpect = { path = 'Newer', present = false }\n\
             [[rule]]\nid = 'newer-secret'\nunchecked = true\nexpect = { path = 'Newer.ClientSecret', equals = 'x' }\n"
}

/// The program, with credentials in the environment and nothing else of whoever runs the tests.
fn program(folder: &Path, url: &str) -> Command {
    let mut command = bare(folder);
    command.args(["check", "--no-config", "--endpoint-url", url, "--evidence", "--color", "always"]);
    command.arg("--verbose");
    command
}

fn bare(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command
        .env_clear()
        .current_dir(folder)
        .env("HOME", folder)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("AWS_SESSION_TOKEN", TOKEN)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Every report to a file, beside the one on standard output.
fn with_reports(command: &mut Command, folder: &Path) {
    for format in Format::ALL {
        let file = folder.join(format!("report.{}", format.word()));
        command.arg("--report").arg(format!("{}={}", format.word(), file.display()));
    }
}

/// Every output of a run, by its place. None of them holds a secret.
#[track_caller]
fn outputs(output: &Output, folder: &Path) -> BTreeMap<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut outputs = BTreeMap::from([
        ("stdout".to_owned(), text(&output.stdout)),
        ("stderr".to_owned(), text(&output.stderr)),
    ]);
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("report.") {
            outputs.insert(name, text(&std::fs::read(entry.path()).unwrap()));
        }
    }
    for (place, text) in &outputs {
        if let Some(at) = text.to_lowercase().find(&CANARY.to_lowercase()) {
            let around = text.char_indices().filter(|(i, _)| (at.saturating_sub(200)..at + 80).contains(i));
            panic!("{place} holds a secret: {}", around.map(|(_, c)| c).collect::<String>());
        }
    }
    outputs
}

#[test]
fn every_secret_of_the_schema_is_planted() {
    let paths = secret_paths();
    assert!(paths.contains(&"Clients[].ClientSecret".to_owned()) && paths.len() >= 8, "{paths:?}");
    let text = planted(A).to_string();
    for (number, path) in paths.iter().enumerate() {
        assert!(text.contains(&format!("{CANARY}{number}of0pool1value2")), "{path}");
    }
}

#[test]
fn no_report_shows_a_secret_of_a_pool() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.toml"), rules()).unwrap();
    // The same name twice is refused when the pool is read, and a cut one when the answer is.
    let twice = planted(B).to_string().replacen('{', &format!(r#"{{"Name":"{CANARY}","#), 1);
    let twice = format!(r#"{{"UserPool":{twice}}}"#).into_bytes();
    let mut odd = planted(C);
    odd["Clients"][0]["ClientSecret"] = json!([{ "Value": CANARY }]);
    odd["MfaConfig"]["SmsMfaConfiguration"] = json!(CANARY);
    let plan = Plan::new().pool(planted(A)).pool(planted(B)).pool(odd).pool(planted(EU));
    let fake =
        Fake::start(plan.fault(On::Pool(EU), Fault::Half).fault(On::Pool(B), Fault::Raw(200, "", twice)));
    for format in Format::ALL {
        let mut command = program(folder.path(), &fake.url());
        command.args(["--region", "us-east-1", "--region", "eu-west-1", "--rules", "rules.toml"]);
        command.args(["--rules", "strict", "--report", format.word()]);
        if format == Format::ALL[0] {
            with_reports(&mut command, folder.path());
        }
        let output = command.output().unwrap();
        let outputs = outputs(&output, folder.path());
        assert_eq!(output.status.code(), Some(3), "{outputs:?}");
        assert_eq!(outputs.len(), 2 + Format::ALL.len());
        for (place, text) in outputs.iter().filter(|(place, _)| *place != "stderr") {
            assert!(text.contains("clientsecret"), "{place} says nothing of it: {text}");
            assert!(text.contains(B), "{place} does not name the pool that was not read: {text}");
        }
        assert!(outputs["report.json"].contains("(secret)"));
    }
    for file in ["-", "report.snapshot"] {
        let mut command = bare(folder.path());
        command.args(["snapshot", "--no-config", "--endpoint-url", &fake.url(), "--region", "us-east-1"]);
        let output = command.args(["--output", file]).output().unwrap();
        let outputs = outputs(&output, folder.path());
        let snapshot = if file == "-" { &outputs["stdout"] } else { &outputs[file] };
        assert!(snapshot.contains(A) && snapshot.contains("(secret)"), "{outputs:?}");
    }
}

#[test]
fn a_service_that_repeats_credentials_is_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.toml"), rules()).unwrap();
    let signed: &'static str = format!("we signed with {KEY} and {}", &TOKEN[..30]).leak();
    let plan = Plan::new().pool(planted(A)).pool(planted(B)).pool(pool(C)).pools([EU]);
    let plan = plan
        .fault(On::Pool(B), Fault::Echo("AccessDeniedException"))
        .fault(On::Pool(C), Fault::Said(400, TOKEN, signed))
        .fault(On::Operation("GetUserPoolMfaConfig"), Fault::Echo("NotAuthorizedException"))
        .fault(On::Operation("ListUserPoolClients"), Fault::Said(400, "OperationNotEnabledException", signed))
        .fault(On::Region("eu-west-1"), Fault::Echo("InvalidSignatureException"));
    let fake = Fake::start(plan);
    let mut command = program(folder.path(), &fake.url());
    command.args([
        "--region",
        "us-east-1",
        "--region",
        "eu-west-1",
        "--rules",
        "rules.toml",
        "--report",
        "human",
    ]);
    with_reports(&mut command, folder.path());
    let output = command.output().unwrap();
    let outputs = outputs(&output, folder.path());
    assert_eq!(output.status.code(), Some(3), "{outputs:?}");
    for (place, text) in outputs.iter().filter(|(place, _)| *place != "stderr") {
        for said in
            ["Signature=********", "x-amz-security-token: ********", "we signed with ******** and ********"]
        {
            // A report may break lines, and one of them says less of what is unknown.
            let text = text.replace(|c: char| c.is_whitespace() || "│┃╎".contains(c), "");
            let said = said.replace(' ', "");
            assert!(text.contains(&said), "{place} has no `{said}`: {text}");
        }
        assert!(text.contains("AKIDEXAMPLE"), "the key's id is not a secret");
    }
    let stderr = &outputs["stderr"];
    assert!(stderr.contains(&format!("DescribeUserPool {C}: try 1: 400 ******** after ")), "{stderr}");
}

#[test]
fn a_start_that_fails_shows_no_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    let script = folder.path().join("credentials.sh");
    std::fs::write(
        &script,
        format!("echo '{{\"Version\": 2, \"SecretAccessKey\": \"{KEY}\", \"SessionToken\": [\"{TOKEN}\"]'"),
    )
    .unwrap();
    let configs = [
        format!("[profile a]\naws_secret_access_key {KEY}\n"),
        format!("[profile a]\naws_secret_access_key = {KEY}\naws_session_token = {TOKEN}\n"),
        format!("[profile a]\naws_secret_access_key = {KEY}\n[profile {TOKEN}\n"),
        format!("[profile a]\ncredential_process = sh {}\n", script.display()),
        format!(
            "[profile a]\nrole_arn = x\nsource_profile = b\n[profile b]\naws_secret_access_key = {KEY}\n"
        ),
    ];
    for text in configs {
        std::fs::write(&config, &text).unwrap();
        let mut command = program(folder.path(), "http://127.0.0.1:1");
        command.env("AWS_CONFIG_FILE", &config).args(["--profile", "a", "--region", "us-east-1"]);
        let output = command.output().unwrap();
        let outputs = outputs(&output, folder.path());
        assert_eq!(output.status.code(), Some(3), "{text}: {outputs:?}");
    }
    for url in [
        format!("http://user:{CANARY}@127.0.0.1:1"),
        format!("http://{CANARY}@[::bad"),
        format!("http://127.0.0.1:1/?key={CANARY}"),
    ] {
        let mut command = program(folder.path(), &url);
        command.args(["--region", "us-east-1", "--report", "human"]);
        with_reports(&mut command, folder.path());
        let output = command.output().unwrap();
        let outputs = outputs(&output, folder.path());
        assert_eq!(output.status.code(), Some(3), "{url}: {outputs:?}");
    }
    let output = program(folder.path(), "http://127.0.0.1:1").arg("--no-such-option").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{:?}", outputs(&output, folder.path()));
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_shows_no_secret() {
    use std::time::{Duration, Instant};

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.toml"), rules()).unwrap();
    let plan = Plan::new().pool(planted(A)).pool(planted(B));
    let fake = Fake::start(plan.fault(On::Pool(B), Fault::Stall));
    let mut command = program(folder.path(), &fake.url());
    command.args(["--region", "us-east-1", "--rules", "rules.toml", "--report", "human"]);
    with_reports(&mut command, folder.path());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while fake.requests().len() < 6 && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let outputs = outputs(&output, folder.path());
    assert_eq!(output.status.code(), Some(143), "{outputs:?}");
}
