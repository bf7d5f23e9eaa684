//! The program as a user runs it: each file of `tests/cmd` has commands with what they print and how they end.

/// Colours, the width and the configuration of whoever runs the tests must not show.
fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    for (name, value) in [("NO_COLOR", "1"), ("AWS_EC2_METADATA_DISABLED", "true")] {
        cases.env(name, value);
    }
    for name in ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "GITHUB_ACTIONS"] {
        cases.env(name, "");
    }
    cases.register_bin("cognito-lint", trycmd::cargo::cargo_bin!("cognito-lint"));
    cases
}

#[test]
fn commands_print_what_their_files_say() {
    cases().case("tests/cmd/*.trycmd");
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_gone_changes_neither_the_exit_code_nor_other_reports() {
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["check", "--no-config", "tests/cmd/three-rules.in/bad.json", "--report", "human", "--report"])
        .arg(format!("json={}", file.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(report["exit_code"], 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_to_a_device_is_written_in_place() {
    use std::os::unix::fs::FileTypeExt;
    use std::process::Command;

    // A link stands for the device, so that replacing it would harm nothing but the link.
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("full");
    std::os::unix::fs::symlink("/dev/full", &link).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["check", "--no-config", "tests/cmd/three-rules.in/bad.json", "--report"])
        .arg(format!("json={}", link.display()))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::metadata(&link).unwrap().file_type().is_char_device());
}

/// The summary of a GitHub step is added to, and one that cannot be written changes no exit code.
#[test]
fn the_step_summary_has_the_whole_report() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    std::fs::write(&summary, "of another tool\n").unwrap();
    let check = |summary: &std::path::Path| {
        Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["check", "--no-config", "tests/cmd/three-rules.in/bad.json", "--report", "github"])
            .env("GITHUB_STEP_SUMMARY", summary)
            .output()
            .unwrap()
    };
    let output = check(&summary);
    let annotations = String::from_utf8(output.stdout).unwrap();
    assert!(annotations.starts_with("::error file=tests/cmd/three-rules.in/bad.json,line="), "{annotations}");
    assert_eq!(output.status.code(), Some(1));
    let text = std::fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("of another tool\n<!-- cognito-lint -->\n# cognito-lint: failed\n"), "{text}");
    let output = check(folder.path());
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("the summary of the step could not be written: "), "{said}");
    std::fs::write(&summary, " ".repeat(1024 * 1024 - 100)).unwrap();
    assert!(String::from_utf8(check(&summary).stderr).unwrap().contains("it is full"));
}

/// Code scanning would open an alert for a result whatever its `suppressions` are.
#[test]
fn github_gets_no_waived_results() {
    let results = |github: Option<&str>, when: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
        program.current_dir("tests/cmd/inline-waivers.in").env_remove("GITHUB_ACTIONS");
        if let Some(value) = github {
            program.env("GITHUB_ACTIONS", value);
        }
        let arguments =
            ["--rules", "policy.toml", "--today", "2026-11-28", "--report", "sarif", "template.json"];
        let output = program.arg("check").args(arguments).args(when).output().unwrap();
        let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let kinds: Vec<String> = results
            .iter()
            .map(|one| one["suppressions"][0]["kind"].as_str().unwrap_or("-").to_owned())
            .collect();
        (kinds, log.to_string().contains("1 waived finding left out"))
    };
    let suppressed = (vec!["inSource".to_owned(), "-".to_owned()], false);
    let left_out = (vec!["-".to_owned()], true);
    assert_eq!(results(None, &[]), suppressed);
    assert_eq!(results(Some("true"), &[]), left_out);
    assert_eq!(results(Some("true"), &["--suppressions", "always"]), suppressed);
    assert_eq!(results(None, &["--suppressions", "never"]), left_out);
}

/// GitHub refuses a SARIF file of more than 20 runs, and each account and Region is one.
#[test]
fn sarif_of_many_regions_is_several_files() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string("src/report/golden/everything.json").unwrap();
    let mut report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pools = report["pools"].as_array_mut().unwrap();
    let live = pools.iter().find(|pool| pool["source"] == "live").unwrap().clone();
    for index in 0..25 {
        let mut pool = live.clone();
        pool["region"] = format!("eu-west-{index}").into();
        pool["arn"] = serde_json::Value::Null;
        pool["id"] = format!("eu-west-{index}_AbCdEf123").into();
        pools.push(pool);
    }
    let [saved, sarif] = ["report.json", "out.sarif"].map(|name| folder.path().join(name));
    std::fs::write(&saved, report.to_string()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["report", "--quiet", "--report"])
        .arg(format!("sarif={}", sarif.display()))
        .arg(&saved)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the sarif report has 2 files"), "{said}");
    for (name, runs) in [("out.sarif", 20), ("out-2.sarif", 7)] {
        let log = std::fs::read(folder.path().join(name)).unwrap();
        let log: serde_json::Value = serde_json::from_slice(&log).unwrap();
        assert_eq!(log["runs"].as_array().unwrap().len(), runs, "{name}");
    }
    // A later night with fewer accounts leaves the second file, which is not a part of its report. Files of others
    // are nobody's business.
    std::fs::write(folder.path().join("out-3.sarif"), "{}").unwrap();
    let said = |name: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["report", "--quiet", "--report"])
            .arg(format!("sarif={}", folder.path().join(name).display()))
            .arg("src/report/golden/everything.json")
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let warned = said("out.sarif");
    assert!(
        warned.contains("out-2.sarif is of an earlier run") && !warned.contains("out-3.sarif"),
        "{warned}"
    );
    assert!(!said("other.sarif").contains("earlier run"));
}

/// Colours are asked for by the environment or by an option, and `NO_COLOR` outranks the environment.
#[test]
fn the_environment_switches_colors_on_and_off() {
    use std::process::Command;

    let colored = |variables: &[(&str, &str)], option: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["check", "--no-config", "tests/cmd/three-rules.in/bad.json", "--report", "compact"])
            .args(["--color", option])
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&b'\x1b')
    };
    let on = [("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "3")];
    assert!(!colored(&[], "auto"));
    for one in on {
        assert!(colored(&[one], "auto"), "{one:?}");
        assert!(!colored(&[one, ("NO_COLOR", "1")], "auto"), "{one:?}");
        assert!(!colored(&[one], "never"), "{one:?}");
        assert!(!colored(&[(one.0, "0")], "auto"), "{one:?}");
    }
    assert!(colored(&[("NO_COLOR", "1")], "always"));
}

/// `--exit-zero` is about findings alone: a run that could not start and one that is incomplete say so.
#[test]
fn exit_zero_leaves_two_and_three() {
    use std::process::Command;

    let code = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["check", "--no-config", "--rules", "mfa-off", "-q"])
            .args(arguments)
            .status()
            .unwrap()
            .code()
    };
    let bad = "tests/cmd/three-rules.in/bad.json";
    assert_eq!(code(&[bad]), Some(1));
    assert_eq!(code(&[bad, "--exit-zero"]), Some(0));
    assert_eq!(code(&[bad, "--exit-zero", "--report", "jsn"]), Some(2));
    assert_eq!(code(&[bad, "no-such-file.json", "--exit-zero"]), Some(3));
}

/// A name that is not UTF-8 is a file like any other, and every report of it is text.
#[test]
#[cfg(target_os = "linux")]
fn names_that_are_not_utf_8_are_inputs() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join(OsStr::from_bytes(b"d\xff"));
    std::fs::create_dir(&inside).unwrap();
    let file = inside.join(OsStr::from_bytes(b"p\xfeol.json"));
    std::fs::copy("tests/cmd/three-rules.in/bad.json", &file).unwrap();
    let run = |arguments: &[&OsStr]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .arg("--no-config")
            .args(arguments)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).expect("a report is text");
        (output.status.code(), text + &String::from_utf8_lossy(&output.stderr))
    };
    for input in [&inside, &file] {
        for format in [
            "human", "compact", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "csv",
            "html", "ocsf", "oscal",
        ] {
            let (code, text) = run(&["check".as_ref(), input.as_ref(), "--report".as_ref(), format.as_ref()]);
            assert_eq!(code, Some(1), "{format}: {text}");
        }
    }
    let (_, sarif) = run(&["check".as_ref(), file.as_ref(), "--report".as_ref(), "sarif".as_ref()]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    let uri = uri.as_str().unwrap();
    assert!(uri.ends_with("/d%FF/p%FEol.json"), "{uri}");
    let (code, text) = run(&["drift".as_ref(), file.as_ref(), file.as_ref()]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&["snapshot".as_ref(), file.as_ref()]);
    assert_eq!(code, Some(0), "{text}");
    let report = inside.join("report.json");
    let (code, json) = run(&["check".as_ref(), file.as_ref(), "--report".as_ref(), "json".as_ref()]);
    assert_eq!(code, Some(1), "{json}");
    std::fs::write(&report, json).unwrap();
    for command in ["report", "merge", "trend"] {
        let (code, text) = run(&[command.as_ref(), report.as_ref()]);
        assert!(matches!(code, Some(0 | 1)), "{command}: {text}");
    }
}
