//! The picture of README, drawn from a run. `BLESS=1 cargo test --test integration picture` draws it anew.

use std::process::Command;

use crate::house::root;

const PICTURE: &str = "docs/check.svg";

#[test]
fn the_picture_is_that_of_a_run() {
    let arguments = ["--rules", "password-too-short", "examples/pool.json"];
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .current_dir(root())
        .args(["--no-config", "--color", "always"])
        .args(arguments)
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("MinimumLength is 8, expected at least 12"), "{report}");
    let text = format!("$ cognito-lint {}\n\n{report}", arguments.join(" "));
    let drawn = anstyle_svg::Term::new().render_svg(&text);
    let file = root().join(PICTURE);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, drawn).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let bless = "`BLESS=1 cargo test --test integration picture` draws it anew";
    assert!(drawn == committed.replace("\r\n", "\n"), "{PICTURE} is not what a run prints: {bless}");
}
