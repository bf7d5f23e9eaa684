//! Files that a run writes, readers that go away, and signals.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POOL: &str = r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "a", "MfaConfiguration": "OFF", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}}}"#;

fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.current_dir(directory);
    command
}

fn run(directory: &Path, line: &str) -> Output {
    program(directory).args(line.split(' ')).output().unwrap()
}

fn with_pool() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("pool.json"), POOL).unwrap();
    directory
}

/// Names of what is in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_directory_of_a_report_is_made_and_a_longer_way_is_a_mistake() {
    let directory = with_pool();
    let output = run(directory.path(), "check pool.json --no-config -q --report json=tonight/a.json");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(names(&directory.path().join("tonight")), ["a.json"]);
    let output = run(directory.path(), "check pool.json --no-config -q --report json=runs/tonight/a.json");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("the report runs/tonight/a.json cannot be written")
    );
    assert_eq!(names(directory.path()), ["pool.json", "tonight"]);
    // A directory is refused before the run, whether it is there or only named so.
    for name in ["pages/", "tonight", "tonight/"] {
        let output = run(directory.path(), &format!("check pool.json --no-config -q --report html={name}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(&format!("the report {name} is a directory")), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(names(directory.path()), ["pool.json", "tonight"]);
}

#[test]
fn nothing_is_written_over_an_input_or_another_report() {
    let refused = [
        "check pool.json --report json=pool.json",
        "check pool.json --report json=./pool.json",
        "check pool.json --report json=o --report compact=./o",
        "drift pool.json pool.json --report json=pool.json",
        "snapshot pool.json -o pool.json",
        "baseline write pool.json -o pool.json",
        "baseline write pool.json -o b --report json=b",
        "report pool.json --report json=pool.json",
        "merge pool.json --report json=pool.json",
        // Files of a directory, and of options.
        "check . --report json=pool.json",
        "check --report json=pool.json -- .",
        "snapshot . -o ./pool.json",
        "baseline write . -o pool.json",
        "evidence --pack pci-dss-4 . -o pool.json",
        "drift . pool.json --report json=pool.json",
        "trend pool.json --svg pool.json",
    ];
    for line in refused {
        let directory = with_pool();
        let output = run(directory.path(), line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {said}");
        assert!(
            said.contains("would") || line.starts_with("report") || line.starts_with("merge"),
            "{line}: {said}"
        );
        assert_eq!(names(directory.path()), ["pool.json"], "{line}");
        assert_eq!(fs::read_to_string(directory.path().join("pool.json")).unwrap(), POOL, "{line}");
    }
}

/// Rules, decisions and values are read too.
#[test]
fn nothing_is_written_over_a_file_of_an_option() {
    let rule = "[[rule]]\nid = \"own\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }\n";
    let options = [
        ("--rules", rule),
        ("--config", "fail-on = \"high\"\n"),
        ("--waivers", ""),
        ("--baseline", "version = 1\nknown = []\n"),
        ("--var-file", ""),
        ("--parameters-file", "[]"),
    ];
    for (option, text) in options {
        let directory = with_pool();
        fs::write(directory.path().join("read"), text).unwrap();
        let output = run(directory.path(), &format!("check pool.json {option} read --report json=./read"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{option}: {said}");
        assert!(said.contains("the report would overwrite the input read"), "{option}: {said}");
        assert_eq!(fs::read_to_string(directory.path().join("read")).unwrap(), text, "{option}");
    }
}

#[test]
fn a_run_that_read_nothing_leaves_the_file_that_is_there() {
    for line in [
        "snapshot none.json -o kept",
        "snapshot none.json -o kept --allow-empty",
        "evidence --no-config --pack pci-dss-4 none.json -o kept",
        "baseline write --no-config none.json -o kept",
    ] {
        let directory = with_pool();
        fs::write(directory.path().join("kept"), "of yesterday").unwrap();
        let output = run(directory.path(), line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{line}: {said}");
        assert!(said.contains("none.json: not read: there is no such file"), "{line}: {said}");
        assert!(said.contains("kept was not changed"), "{line}: {said}");
        assert_eq!(fs::read_to_string(directory.path().join("kept")).unwrap(), "of yesterday", "{line}");
    }
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let directory = with_pool();
    let below = directory.path().join("below");
    fs::create_dir(&below).unwrap();
    fs::write(below.join("a.json"), POOL).unwrap();
    fs::write(below.join("main.tf"), "resource \"aws_cognito_user_pool\" \"main\" {\n  name = \"b\"\n}\n")
        .unwrap();
    for (inputs, pools) in [
        ("pool.json", 1),
        ("pool.json pool.json", 1),
        ("pool.json ./pool.json", 1),
        ("below below/a.json", 2),
        ("below/a.json below", 2),
        ("below below/", 2),
        ("pool.json below/a.json", 2),
    ] {
        let output = run(directory.path(), &format!("check --no-config --report json {inputs}"));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["summary"]["pools"], pools, "{inputs}");
    }
}

#[test]
fn a_word_in_braces_that_stands_for_nothing_is_a_mistake() {
    let directory = with_pool();
    let output = run(directory.path(), "check pool.json --no-config --report json={dat}.json");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`{dat}` is not a placeholder"), "{said}");
    assert_eq!(names(directory.path()), ["pool.json"]);
}

#[test]
fn a_configuration_to_start_from_goes_to_standard_output() {
    let directory = with_pool();
    let output = run(directory.path(), "init -");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"# Configuration of cognito-lint"));
    assert_eq!(names(directory.path()), ["pool.json"]);
}

#[test]
#[cfg(target_os = "linux")]
fn completions_that_cannot_be_written_are_an_error() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let directory = tempfile::tempdir().unwrap();
        let output = program(directory.path()).args(["completions", shell]).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{shell}: {said}");
        assert!(said.contains("the output could not be written"), "{shell}: {said}");
    }
}

#[test]
fn a_baseline_named_with_a_dash_goes_to_standard_output() {
    let directory = with_pool();
    let output = run(directory.path(), "baseline write --no-config pool.json -o -");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\nversion = 1\n"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("findings to standard output"));
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(names(directory.path()), ["pool.json"]);
    // A report would be mixed with it.
    let output = run(directory.path(), "baseline write --no-config pool.json -o - --report json");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_report_named_with_a_dash_goes_to_standard_output() {
    let directory = with_pool();
    let output = run(directory.path(), "check --no-config pool.json --report json=-");
    assert!(output.stdout.starts_with(b"{"));
    assert_eq!(names(directory.path()), ["pool.json"]);
}

#[test]
#[cfg(unix)]
fn the_mode_and_the_links_of_an_old_file_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let directory = with_pool();
    let path = |name: &str| directory.path().join(name);
    fs::write(path("old"), "old").unwrap();
    fs::set_permissions(path("old"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::hard_link(path("old"), path("other-name")).unwrap();
    symlink("old", path("link")).unwrap();
    run(directory.path(), "check --no-config pool.json --report json=link");
    let content = fs::read_to_string(path("other-name")).unwrap();
    assert!(content.starts_with('{'), "{content}");
    assert_eq!(content, fs::read_to_string(path("old")).unwrap());
    assert!(fs::symlink_metadata(path("link")).unwrap().is_symlink());
    assert_eq!(fs::metadata(path("old")).unwrap().mode() & 0o777, 0o600);
    // A link to a file that is not there yet is kept, and the file is made.
    symlink("later", path("to-come")).unwrap();
    run(directory.path(), "check --no-config pool.json --report json=to-come");
    assert!(fs::symlink_metadata(path("to-come")).unwrap().is_symlink());
    assert!(fs::read_to_string(path("later")).unwrap().starts_with('{'));
}

#[test]
#[cfg(unix)]
fn a_file_with_an_external_id_is_for_its_owner_alone() {
    use std::os::unix::fs::MetadataExt;
    let directory = tempfile::tempdir().unwrap();
    let pool = r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "a", "MfaConfiguration": "OFF", "UserPoolTier": "ESSENTIALS", "CreationDate": "2026-01-01T00:00:00Z", "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7}}, "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "secret"}}}"#;
    fs::write(directory.path().join("pool.json"), pool).unwrap();
    let line =
        "fix --no-config eu-west-1_A pool.json --rules password-too-short --sms-external-id abcdef -o out";
    let output = run(directory.path(), line);
    let file = directory.path().join("out/1-update-user-pool.json");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(fs::read_to_string(&file).expect(&said).contains("abcdef"));
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
}

/// Commands that fail do so also where nobody reads what they print.
#[test]
#[cfg(unix)]
fn a_reader_that_has_gone_turns_no_failure_into_a_success() {
    let directory = with_pool();
    let failing = "[[rule]]\nid = \"own\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }\n[[rule.test]]\nverdict = \"fail\"\npool = { MfaConfiguration = \"ON\" }\n";
    fs::write(directory.path().join("failing.toml"), failing).unwrap();
    fs::write(directory.path().join("cut.json"), "{\"UserPool\":").unwrap();
    fs::write(directory.path().join("strange.json"), "{}").unwrap();
    fs::create_dir(directory.path().join("reports")).unwrap();
    fs::write(directory.path().join("reports/strange.json"), "{}").unwrap();
    run(directory.path(), "check --no-config pool.json --report json=reports/good.json");
    let lines = [
        ("check --no-config pool.json", 1),
        ("check --no-config pool.json --report csv", 1),
        ("check --no-config pool.json --report junit", 1),
        ("check --no-config cut.json --report json", 3),
        ("snapshot --no-config pool.json cut.json", 3),
        ("rules test failing.toml", 1),
        ("drift --no-config pool.json cut.json", 3),
        ("trend reports", 3),
        ("fix --no-config eu-west-1_A pool.json", 3),
        ("fix --no-config eu-west-1_A pool.json --rule mfa-off", 1),
        ("rules learn --no-config pool.json cut.json", 3),
        ("journeys --no-config pool.json", 3),
        ("waive --no-config pool.json --rules none", 2),
    ];
    for (line, expected) in lines {
        // The reading end is closed before the program starts.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = program(directory.path());
        let status = command.args(line.split(' ')).stdout(writer).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(expected), "{line}");
    }
}

/// A run that is stuck on its output ends at a signal, and leaves no unfinished file.
#[test]
#[cfg(unix)]
fn a_signal_ends_a_run_and_removes_its_unfinished_file() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let directory = with_pool();
        // A pipe that nobody writes to: the run waits for its input.
        let fifo = directory.path().join("waiting.json");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let line = "check --no-config waiting.json --report json=out.json";
        let mut child = program(directory.path())
            .args(line.split(' '))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !names(directory.path()).iter().any(|name| name.starts_with("out.json.")) {
            assert_eq!(child.try_wait().unwrap(), None, "the run ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(names(directory.path()), ["pool.json", "waiting.json"], "{signal}");
    }
}

/// Files whose names are not UTF-8 are read, written and named without loss.
#[test]
#[cfg(unix)]
fn names_of_any_bytes_are_read_and_written() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let name = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    let rule = "[[rule]]\nid = \"own\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }\n";
    fs::write(directory.path().join(name(b"p\xff ool.json")), POOL).unwrap();
    fs::write(directory.path().join(name(b"r\xfe.toml")), rule).unwrap();
    let run = |arguments: &[&'static [u8]]| {
        program(directory.path()).args(arguments.iter().map(|one| OsStr::from_bytes(one))).output().unwrap()
    };
    let output = run(&[
        b"check",
        b"--no-config",
        b"--rules",
        b"r\xfe.toml",
        b"--report=json=o\xfd.json",
        b"--report",
        b"compact",
        b"p\xff ool.json",
    ]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("(p\\xff ool.json:1:"), "{said}");
    let report = fs::read_to_string(directory.path().join(name(b"o\xfd.json"))).unwrap();
    assert!(report.contains(r#""file": "r\udbff\udefe.toml""#), "{report}");
    // The bytes come back from the report, and from a directory.
    let sarif = run(&[b"report", b"o\xfd.json", b"--report", b"sarif"]);
    assert!(String::from_utf8(sarif.stdout).unwrap().contains(r#""uri": "p%FF%20ool.json""#));
    let directory = run(&[b"check", b"--no-config", b"--rules", b"r\xfe.toml", b"--report", b"sarif", b"."]);
    assert!(String::from_utf8(directory.stdout).unwrap().contains(r#""uri": "p%FF%20ool.json""#));
    let tested = run(&[b"rules", b"test", b"--no-config", b"r\xfe.toml"]);
    assert_eq!(tested.status.code(), Some(0), "{}", String::from_utf8_lossy(&tested.stderr));
}

/// A report that goes to a file alone says its answer, and where it is; `--quiet` says nothing.
#[test]
fn an_answer_is_said_where_no_report_is_printed() {
    let directory = with_pool();
    let said = |line: &str| {
        let output = run(directory.path(), line);
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let check = "check --no-config --rules mfa-off pool.json --report html=a.html --report json=b.json";
    assert_eq!(
        said(check),
        "a (eu-west-1_A) violates policy: 1 high (1 rule, 0 passed, 1 failed); see a.html, b.json\n"
    );
    assert_eq!(said(&format!("{check} -q")), "");
    let report = said("report b.json --report csv=c.csv");
    assert!(
        report.starts_with("a (eu-west-1_A) violates policy") && report.ends_with("; see c.csv\n"),
        "{report}"
    );
    let drift = said("drift --no-config pool.json pool.json --report json=d.json");
    assert!(drift.ends_with("; see d.json\n"), "{drift}");
}

/// A virtual environment of Python has copies of what others made; its name alone does not make it one.
#[test]
fn virtual_environments_are_passed_over() {
    let directory = with_pool();
    for name in [".venv", "venv", "env", "environment"] {
        let inner = directory.path().join(name).join("lib");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("pool.json"), POOL).unwrap();
    }
    let read = |directory: &Path| {
        let output = run(directory, "check . --no-config --rules mfa-off --report compact");
        String::from_utf8(output.stdout).unwrap().matches("high[mfa-off]").count()
    };
    assert_eq!(read(directory.path()), 5);
    for name in [".venv", "venv", "env", "environment"] {
        fs::write(directory.path().join(name).join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
    }
    assert_eq!(read(directory.path()), 2);
}

/// A drive letter and backslashes are part of the name of a file, in options and in whatever names it.
#[test]
fn paths_of_windows_are_read_and_named_whole() {
    // On Windows the drive may be missing; elsewhere these are names of files in the directory.
    if cfg!(windows) {
        return;
    }
    let directory = with_pool();
    let (pool, report) = (r"C:\pools\shop.json", r"D:\audit\report.json");
    fs::copy(directory.path().join("pool.json"), directory.path().join(pool)).unwrap();
    for (format, place) in [
        ("human", r"[C:\pools\shop.json:1:69]"),
        ("compact", r"(C:\pools\shop.json:1:69)"),
        ("json", r#""file": "C:\\pools\\shop.json""#),
        ("csv", r",C:\pools\shop.json,1,69,"),
        ("junit", r">C:\pools\shop.json:1:69: "),
        ("markdown", r"`C:\pools\shop.json:1:69`"),
        ("sarif", r#""uri": "file:///C:/pools/shop.json""#),
        ("github", "file=C%3A/pools/shop.json,line=1,col=69"),
        ("gitlab", r#""path": "C:/pools/shop.json""#),
    ] {
        let line = format!("check {pool} --no-config --rules mfa-off --report {format}");
        let output = run(directory.path(), &format!("{line} --report jsonl={report}"));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(place), "{format}: {text}");
        assert_eq!(output.status.code(), Some(1), "{format}");
        fs::remove_file(directory.path().join(report)).unwrap();
    }
    for (line, named) in [
        (r"check E:\missing.json", r"E:\missing.json: there is no such file"),
        (r"check pool.json --rules E:\own.toml", r"the rule file `E:\own.toml` does not exist"),
        (r"check pool.json --config E:\own.toml", r"E:\own.toml"),
        (r"check pool.json --waivers E:\own.toml", r"E:\own.toml could not be read"),
        (r"check pool.json --report json=D:\a --report csv=D:\a", r"would be written to D:\a"),
    ] {
        let output = run(directory.path(), line);
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).join("\n");
        assert!(said.contains(named), "{line}: {said}");
    }
}

/// A run with every kind of gap: controls, an unknown verdict, a file that cannot be read, a waiver.
const RICH: &str = r#"[{"Id": "eu-west-1_Abc123456", "Name": "a", "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc123456", "MfaConfiguration": "OFF", "UserPoolTier": "PLUS", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}, "Clients": [{"ClientId": "1example23456789", "ClientName": "web", "CallbackURLs": ["http://shop.example.com"]}]},
  {"Id": "eu-west-1_Def123456", "Name": "b", "MfaConfiguration": "NEWER", "DeletionProtection": "ACTIVE", "Policies": {"PasswordPolicy": {"MinimumLength": 20}}}]"#;

const WAIVER: &str = "[[waiver]]\nrule = \"password-too-short\"\npool = \"a\"\nowner = \"team\"\nreason = \"why\"\nexpires = 2026-12-31\n";

/// A report that is made of a saved one has the bytes of the report that the run itself writes. What is drawn of the
/// text around a value is not in a saved report: `human` and `html` have the places instead.
#[test]
fn a_saved_report_gives_the_bytes_of_the_run() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("pools.json"), RICH).unwrap();
    fs::write(directory.path().join("broken.json"), "{\"UserPool\": {\"Id\": ").unwrap();
    fs::write(directory.path().join("waivers.toml"), WAIVER).unwrap();
    let formats = [
        "compact", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "csv", "ocsf", "asff",
        "oscal",
    ];
    for options in ["", "--evidence", "--coverage full --fail-on medium", "--evidence --unknown ignore"] {
        let mut line =
            "check pools.json broken.json --no-config -q --today 2026-11-01 --waivers waivers.toml --rules \
                        pci-dss-4,recommended"
                .to_owned();
        let mut again = "report saved.json -q".to_owned();
        for format in formats {
            line.push_str(&format!(" --report {format}=a.{format}"));
            again.push_str(&format!(" --report {format}=b.{format}"));
        }
        line.push_str(&format!(" --report json=saved.json {options}"));
        let output = run(directory.path(), line.trim());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let code = run(directory.path(), &again).status.code();
        assert_eq!(code, Some(3), "{options}");
        for format in formats {
            let read =
                |side: &str| fs::read_to_string(directory.path().join(format!("{side}.{format}"))).unwrap();
            let (direct, saved) = (read("a"), read("b"));
            assert!(direct == saved, "{format} {options}\n{}", differing(&direct, &saved));
        }
    }
}

/// The first line in which two texts differ.
fn differing(one: &str, other: &str) -> String {
    let lines = one.lines().zip(other.lines());
    lines
        .filter(|(one, other)| one != other)
        .map(|(one, other)| format!("{one}\n{other}"))
        .next()
        .unwrap_or_default()
}

/// What could not be read has the same members in the report of every command.
#[test]
fn schemas_describe_what_was_not_read_alike() {
    use cognito_lint::report::{DRIFT_SCHEMA, JSON_SCHEMA, OUTLIERS_SCHEMA, journey};
    let unread = |schema: &str| {
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        schema["$defs"]["unread"].clone()
    };
    let of_check = unread(JSON_SCHEMA);
    assert!(of_check["properties"]["section"].is_object());
    for other in [DRIFT_SCHEMA, OUTLIERS_SCHEMA, journey::SCHEMA] {
        assert_eq!(unread(other), of_check);
    }
}
