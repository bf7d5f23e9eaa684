//! One line a change: `pools.ndjson: weakened: MfaConfiguration: ON to OFF; high[mfa-off] fails now (shop)`.

use std::io::{self, Write};

use super::DriftReport;
use super::calls::{refusals, sentence};
use super::phrasing::{answer, effect, subject, uncompared, value};
use super::turned::sentences;
use crate::drift::{Direction, PoolDrift};
use crate::report::Style;
use crate::report::answer::{Answer, around};
use crate::report::sanitize::sanitized;
use crate::report::summary;

pub(super) fn write(report: &DriftReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let answer = Answer { text: answer(report), outcome: report.outcome };
    around(&answer, style, false, out, |out| changes(report, out))
}

fn changes(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    let drift = report.drift;
    for pool in &drift.pools {
        for change in &pool.changes {
            let values = match change.path.is_empty() {
                true => String::new(),
                false => {
                    let before = value(change.before.as_ref(), change.before_default);
                    format!(": {before} to {}", value(change.after.as_ref(), change.after_default))
                }
            };
            let effects: Vec<String> = change
                .rules
                .iter()
                .filter(|touched| touched.direction != Direction::Neutral)
                .map(|touched| format!("; {}", effect(touched)))
                .collect();
            let direction = change.direction.word();
            let subject = subject(change, pool);
            let (place, name) = (place(pool), name(pool));
            let caller = sentence(change, report.trail);
            let caller = caller.map_or_else(String::new, |caller| format!("; {}", sanitized(&caller)));
            writeln!(out, "{place}: {direction}: {subject}{values}{}{caller}{name}", effects.concat())?;
        }
    }
    for refused in refusals(report) {
        writeln!(out, "refused: {}", sanitized(&refused))?;
    }
    for pool in &drift.pools {
        for sentence in sentences(pool) {
            writeln!(out, "{}: journey: {sentence}{}", place(pool), name(pool))?;
        }
    }
    for unread in &drift.unread {
        writeln!(out, "{}: unread: {}", summary::unread_at(unread), summary::unread(unread))?;
    }
    for sentence in uncompared(drift) {
        writeln!(out, "{sentence}")?;
    }
    for note in &drift.notes {
        writeln!(out, "note: {}: {}", sanitized(&note.target), sanitized(&note.message))?;
    }
    Ok(())
}

fn place(pool: &PoolDrift) -> String {
    pool.pool().map_or_else(String::new, |pool| summary::place(pool))
}

fn name(pool: &PoolDrift) -> String {
    let identity = pool.pool().map(|pool| &pool.identity);
    let name = identity.and_then(|one| one.name.as_ref().or(one.id.as_ref()).or(one.address.as_ref()));
    name.map_or_else(String::new, |name| format!(" ({})", sanitized(name)))
}
