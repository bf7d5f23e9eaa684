//! The result by control: as a page, and as JSON, version 1, which `src/report/evidence/controls.v1.schema.json` describes.

use std::io::{self, Write};

use askama::Template;
use serde::Serialize;

use super::Facts;
use crate::finding::Proof;
use crate::report::html::controls::{ByControl, ByStandard, standards};
use crate::report::html::gaps::{Gap, gaps};
use crate::report::json::moment;
use crate::report::sanitize::sanitized;
use crate::report::{Report, summary};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("controls.v1.schema.json");

/// The page of the same.
#[derive(Template)]
#[template(path = "controls.html")]
struct Page {
    word: &'static str,
    answer: String,
    gaps: Vec<Gap>,
    limits: Vec<String>,
    time: String,
    digest: String,
    version: &'static str,
    standards: Vec<ByStandard>,
}

/// Writes the same as a page, which asks nothing of the network and has no script.
pub fn write_page(report: &Report, facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let limits = facts.limits().into_iter().map(|limit| sanitized(&limit).into_owned());
    let page = Page {
        word: summary::heading_word(report.outcome),
        answer: summary::answer(report),
        gaps: gaps(report).into_iter().map(Gap::shortened).collect(),
        limits: limits.collect(),
        time: moment(report.run.generated),
        digest: sanitized(report.run.digest).into_owned(),
        version: env!("CARGO_PKG_VERSION"),
        standards: standards(report),
    };
    let mut text = String::new();
    page.render_into(&mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// Writes the controls of each standard with the verdicts over all pools.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let shape = Shape {
        version: 1,
        tool: env!("CARGO_PKG_VERSION"),
        judged: moment(report.run.generated),
        policy_digest: report.run.digest,
        standards: standards(report).into_iter().map(StandardShape::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &shape)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Shape<'a> {
    version: u32,
    tool: &'static str,
    judged: String,
    policy_digest: &'a str,
    standards: Vec<StandardShape>,
}

#[derive(Serialize)]
struct StandardShape {
    pack: String,
    title: String,
    controls: Vec<ControlShape>,
}

#[derive(Serialize)]
struct ControlShape {
    control: String,
    level: String,
    meaning: String,
    source: String,
    verified: bool,
    /// The worst verdict of all pools.
    verdict: &'static str,
    pools: PoolsShape,
    rules: String,
    reasons: Vec<String>,
    more_reasons: usize,
}

/// Pools by verdict.
#[derive(Serialize)]
struct PoolsShape {
    passed: usize,
    failed: usize,
    not_decided: usize,
    not_covered: usize,
}

impl StandardShape {
    fn of(standard: ByStandard) -> StandardShape {
        let ByStandard { title, pack, controls, .. } = standard;
        StandardShape { pack, title, controls: controls.into_iter().map(ControlShape::of).collect() }
    }
}

impl ControlShape {
    fn of(by: ByControl) -> ControlShape {
        let number = |proof: Proof| {
            let position = Proof::ALL.iter().position(|one| *one == proof);
            position.and_then(|position| by.pools.get(position)).copied().unwrap_or(0)
        };
        let pools = PoolsShape {
            passed: number(Proof::Passed),
            failed: number(Proof::Failed),
            not_decided: number(Proof::NotDecided),
            not_covered: number(Proof::NotCovered),
        };
        ControlShape {
            control: by.id,
            level: by.level,
            meaning: by.meaning,
            source: by.source,
            verified: by.verified,
            verdict: by.verdict,
            pools,
            rules: by.rules,
            reasons: by.reasons,
            more_reasons: by.more,
        }
    }
}
