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
