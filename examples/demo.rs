//! Runs the live check against a fake Cognito with a dozen pools of very different quality.
//!
//! `cargo run --example demo` needs no AWS account: the fake on the loopback interface answers as AWS would, and
//! everything else is what a real run uses. Options of `cognito-lint check` go after `--`.

#![expect(
    unreachable_pub,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the fake is shared with the tests, and the program is a child of this one"
)]

use std::error::Error;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use serde_json::Value;

#[path = "../tests/integration/fake.rs"]
mod fake;

use fake::{Fake, Fault, On, Plan};

/// Says to the second process that it is the one that checks.
const CHECKS: &str = "COGNITO_LINT_DEMO";

/// Starts the fake, and itself again with an environment in which AWS is the fake: the variables of a process
/// cannot be set safely from within.
fn main() -> Result<ExitCode, Box<dyn Error>> {
    if std::env::var_os(CHECKS).is_some() {
        return Ok(check());
    }
    let fake = Fake::start(plan()?);
    let status = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(CHECKS, "1")
        .env("AWS_ENDPOINT_URL", fake.url())
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "example")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        // Whatever is configured on this machine stays out of it.
        .env("AWS_CONFIG_FILE", "no such file")
        .env("AWS_SHARED_CREDENTIALS_FILE", "no such file")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
        .env_remove("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The check itself, in the process where AWS is the fake. What was given to the demo is given on.
fn check() -> ExitCode {
    let arguments = ["check", "--no-config", "--region", "us-east-1", "--region", "eu-west-1"];
    cognito_lint::cli::run(arguments.map(OsString::from).into_iter().chain(std::env::args_os().skip(1)))
}

/// The pools, with what can go wrong in an account of some age.
fn plan() -> Result<Plan, Box<dyn Error>> {
    let pools: Vec<Value> = serde_json::from_str(include_str!("demo/pools.json"))?;
    let plan = pools.into_iter().fold(Plan::new(), Plan::pool);
    let denied = Fault::Said(
        400,
        "AccessDeniedException",
        "User: arn:aws:sts::111122223333:assumed-role/auditor/demo is not authorized to perform: \
         cognito-idp:DescribeUserPool on resource: \
         arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Zc8nF4jWu because no \
         identity-based policy allows the cognito-idp:DescribeUserPool action",
    );
    Ok(plan
        .page_size(5)
        .bucket(15.0, 15.0)
        .fault(On::Pool("us-east-1_Zc8nF4jWu"), denied)
        .fault(On::Pool("us-east-1_Gone4xYbq"), Fault::Error("ResourceNotFoundException"))
        .fault_times(1, On::Pool("eu-west-1_Iot7mJ2fD"), Fault::Reset))
}
