//! `iam-policy`: what the credentials of a live run must be allowed.

use std::io;
use std::process::ExitCode;

use super::args::IamArgs;
use super::{Failure, load};
use crate::pool::Section;
use crate::report::iam;
use crate::source::aws;

pub(super) fn run(args: &IamArgs) -> Result<ExitCode, Failure> {
    let sections = match args.snapshot {
        true => Section::HUNG.into_iter().collect(),
        false => load::load(&args.policy)?.policy.sections(),
    };
    iam::policy(&aws::actions(&sections), &mut io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
