//! The summary of a GitHub Actions step, in the file that the job names for it.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};

use crate::report::screen::{Draws, Screen};
use crate::report::{self, Report};
use crate::rule::Severity;

/// GitHub drops the whole summary of a step where it is longer, with what others wrote into it.
const MOST: u64 = 1024 * 1024;

/// With less room than this there is nothing worth saying.
const LEAST: u64 = 4096;

/// Adds the report to the summary, where there is one.
pub(super) fn append(report: &Report<'_>, least: Severity) -> io::Result<()> {
    let Some(file) = env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else {
        return Ok(());
    };
    let there = fs::metadata(&file).map_or(0, |found| found.len());
    let room = MOST.saturating_sub(there);
    if room < LEAST {
        return Err(io::Error::other("it is full"));
    }
    let file = OpenOptions::new().append(true).create(true).open(file)?;
    let mut out = Screen::new(file, Draws::Text);
    report::step_summary(report, least, usize::try_from(room).unwrap_or(usize::MAX), &mut out)?;
    out.flush()
}
