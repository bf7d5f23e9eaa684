//! `iam-policy`: what the credentials of a live run must be allowed.

use std::io;
use std::process::ExitCode;

use super::args::PolicyArgs;
use super::{Failure, load};
use crate::report::iam;
use crate::source::aws;

pub(super) fn run(args: &PolicyArgs) -> Result<ExitCode, Failure> {
    let policy = load::load(args)?.policy;
    iam::policy(&aws::actions(&policy.sections()), &mut io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
