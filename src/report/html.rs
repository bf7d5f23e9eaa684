//! HTML: one page that needs nothing beside it and asks nothing of the network.
//!
//! The answer, the gaps, the totals and the worst findings are in the page as text, and need no script. The script of the page reads the JSON report that is embedded in it, so the page is evidence too:
//! `cognito-lint report page.html` reads it back. The texts of others are escaped by the template, or set as text by
//! the script; the policy of the page allows its own script and style by their digests, and nothing else.

pub(super) mod pack;
mod beside;
pub(super) mod gaps;
mod rollup;
mod parts;
pub(super) mod controls;
mod decided;
mod runs;
pub(super) mod ways;
pub(super) mod page;
pub(super) mod compared;

use std::io::{self, Write};

use askama::Template;

use super::Report;
use super::json::v1;
use pack::pack;
use page::{Among, Page};
use ways::Ways;

pub(super) use pack::embedded;

/// Findings and unknown verdicts of one page at most. A page with more takes seconds to open.
pub(super) const MOST: usize = 60_000;

pub(super) fn write(report: &Report, ways: Ways, out: &mut dyn Write) -> io::Result<()> {
    write_page(report, Among::Alone, ways, out)
}

/// The number of files: one, or a first page and those with the findings.
pub(super) fn files(report: &Report, most: usize) -> usize {
    if parts::rows(report.evaluation) <= most { 1 } else { 1 + parts::parts(report, most).len() }
}

/// Writes one of the files, by its position. `names` are those of all files.
pub(super) fn write_file(
    report: &Report,
    ways: Ways,
    (most, file, names): (usize, usize, &[String]),
    out: &mut dyn Write,
) -> io::Result<()> {
    if names.len() < 2 {
        return write(report, ways, out);
    }
    let mut parts = parts::parts(report, most);
    let Some(position) = file.checked_sub(1) else {
        let links = names.iter().skip(1).zip(&parts);
        let links = links.map(|(name, part)| (name.clone(), part.title.clone(), part.rows)).collect();
        return write_page(report, Among::First(links), ways, out);
    };
    if position >= parts.len() {
        return Ok(());
    }
    let part = parts.swap_remove(position);
    let evaluation = &part.evaluation;
    let first = names.first().cloned().unwrap_or_default();
    let among = Among::Further { first, number: file + 1, of: names.len(), title: part.title };
    write_page(&Report { evaluation, ..*report }, among, Ways::default(), out)
}

fn write_page(report: &Report, among: Among, ways: Ways, out: &mut dyn Write) -> io::Result<()> {
    // The first page of several has no findings for its script.
    let has_rows = !matches!(among, Among::First(_));
    let data = pack(|out| if has_rows { v1::write_compact(report, out) } else { Ok(()) })?;
    let beside = pack(|out| if has_rows { beside::write(report, out) } else { Ok(()) })?;
    let mut page = String::new();
    Page::of(report, (data, beside), among, ways).render_into(&mut page).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}
