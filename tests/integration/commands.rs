//! The program as a user runs it: each file of `tests/cmd` has commands with what they print and how they end.

/// Colours, the width and the configuration of whoever runs the tests must not show.
fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    for (name, value) in [("NO_COLOR", "1"), ("AWS_EC2_METADATA_DISABLED", "true")] {
        cases.env(name, value);
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
