//! The comparison as a page: the answer, what was not compared, and each pool with its changes. It has no source file.

use std::io::{self, Write};

use askama::Template;

use super::DriftReport;
use super::calls::{refusals, sentence};
use super::phrasing::{answer, directions, effect, subject, title, uncompared, value};
use super::turned::sentences;
use crate::drift::{Change, Direction, PoolDrift};
use crate::report::html::compared::Frame;
use crate::report::sanitize::sanitized;
use crate::report::summary;
use crate::trail::Trail;

#[derive(Template)]
#[template(path = "drift.html")]
struct Page {
    frame: Frame,
    pools: Vec<Pool>,
}

struct Pool {
    title: String,
    directions: String,
    place: String,
    changes: Vec<Row>,
    turned: Vec<String>,
}

struct Row {
    direction: &'static str,
    class: &'static str,
    subject: String,
    /// Before and after; nothing for a pool that is on one side only.
    values: Option<(String, String)>,
    effects: Vec<String>,
}

pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    let drift = report.drift;
    let mut pools: Vec<&PoolDrift> = drift.pools.iter().filter(|pool| !pool.changes.is_empty()).collect();
    pools.sort_by_key(|pool| pool.changes.iter().map(|change| change.direction).min());
    let unread = drift.unread.iter();
    let unread = unread.map(|one| format!("{}: {}", summary::unread_at(one), summary::unread(one)));
    let gaps = unread.chain(uncompared(drift)).collect();
    let notes = drift.notes.iter();
    let notes = notes.map(|note| format!("{}: {}", sanitized(&note.target), sanitized(&note.message)));
    let notes = refusals(report).into_iter().map(|one| sanitized(&one).into_owned()).chain(notes);
    let page = Page {
        frame: Frame::new((report.outcome, answer(report)), report.generated, gaps, notes.collect()),
        pools: pools.into_iter().map(|pool| of_pool(pool, report.trail)).collect(),
    };
    let mut text = String::new();
    page.render_into(&mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn of_pool(pool: &PoolDrift, trail: Option<&Trail>) -> Pool {
    let mut changes: Vec<&Change> = pool.changes.iter().collect();
    changes.sort_by_key(|change| change.direction);
    Pool {
        title: title(pool),
        directions: directions(&[pool]),
        place: pool.pool().map_or_else(String::new, |pool| summary::place(pool)),
        changes: changes.into_iter().map(|change| row(change, pool, trail)).collect(),
        turned: sentences(pool),
    }
}

fn row(change: &Change, pool: &PoolDrift, trail: Option<&Trail>) -> Row {
    let touched = change.rules.iter().filter(|touched| touched.direction != Direction::Neutral);
    Row {
        direction: change.direction.word(),
        class: match change.direction {
            Direction::Weakened => "critical",
            Direction::Strengthened => "low",
            Direction::Neutral => "info",
        },
        subject: subject(change, pool),
        values: (!change.path.is_empty()).then(|| {
            let before = value(change.before.as_ref(), change.before_default);
            (before, value(change.after.as_ref(), change.after_default))
        }),
        effects: touched
            .map(effect)
            .chain(sentence(change, trail))
            .map(|text| sanitized(&text).into_owned())
            .collect(),
    }
}
