//! The program: hands its arguments to the library and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cognito_lint::cli::run(std::env::args_os().skip(1))
}
