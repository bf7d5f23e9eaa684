//! HTML: one page that needs nothing beside it and asks nothing of the network.
//!
//! The answer, the gaps, the totals and the worst findings are in the page as text, and need no script. The script of the page reads the JSON report that is embedded in it, so the page is evidence too:
//! `cognito-lint report page.html` reads it back. The texts of others are escaped by the template, or set as text by
//! the script; the policy of the page allows its own script and style by their digests, and nothing else.

pub(super) mod pack;
mod beside;
mod gaps;
mod rollup;
mod controls;
mod decided;
pub(super) mod page;

use std::io::{self, Write};

use askama::Template;

use super::Report;
use super::json::v1;
use pack::pack;
use page::Page;

pub(super) use pack::embedded;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let data = pack(|out| v1::write_compact(report, out))?;
    let beside = pack(|out| beside::write(report, out))?;
    let mut page = String::new();
    Page::of(report, data, beside).render_into(&mut page).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}
