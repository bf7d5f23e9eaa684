//! Journeys for a person: of each pool the answer, the questions, and the ways with what makes them possible.

use std::io::{self, Write};

use super::JourneyReport;
use super::words::{answer, certainty, headline, journey, short, threat};
use crate::journey::{
    Answer, Change, Closed, Closings, Condition, Journey, Journeys, NOT_COVERED, Reasons, Sure,
};
use crate::report::Style;
use crate::report::ansi::{Ansi, NARROWEST, styled, titled, wrap};
use crate::report::answer::{self, around};
use crate::report::sanitize::sanitized;
use crate::report::summary;

/// The columns before the text of a journey.
const INDENT: usize = 9;

/// The columns before an answer.
const ANSWERS: usize = 56;

/// No more changes than these are named for one way.
const CLOSING: usize = 3;

/// With less room than this beside a question, the answer is below it.
const BESIDE: usize = 40;

pub(super) fn write(report: &JourneyReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let said = answer::Answer { text: answer(report), outcome: report.outcome };
    around(&said, style, true, out, |out| pools(report, style, out))
}

/// Each pool, and what was not read.
fn pools(report: &JourneyReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (pool, journeys) in &report.run.pools {
        let heading = format!("{}: {}", sanitized(&pool.identity.title()), headline(journeys));
        out.write_all(titled(style, &heading).as_bytes())?;
        questions(journeys, style, out)?;
        // A way that hangs on a section that was not read says nothing that the answers do not.
        let ways = journeys.journeys.iter().enumerate();
        let (shown, hidden): (Vec<(usize, &Journey)>, Vec<_>) =
            ways.partition(|(_, one)| one.sure.proven > Sure::No || one.unread.is_empty());
        for (at, one) in shown {
            way(&Way::of(journeys, at, one), style, out)?;
        }
        threats(journeys, style, out)?;
        if !hidden.is_empty() {
            let mut unread: Vec<&str> =
                hidden.iter().flat_map(|(_, one)| one.unread.iter().map(String::as_str)).collect();
            unread.sort_unstable();
            unread.dedup();
            let text = format!(
                "{} possible if what is not known allows it: {}",
                if hidden.len() == 1 {
                    "1 way more is".to_owned()
                } else {
                    format!("{} ways more are", hidden.len())
                },
                unread.join(", ")
            );
            paragraph(out, style, 0, &text)?;
            writeln!(out)?;
        }
        closings(journeys, style, out)?;
        for doubt in &journeys.doubts {
            paragraph(out, style, 0, &format!("doubt: {doubt}"))?;
        }
    }
    if !report.run.pools.is_empty() {
        paragraph(out, style, 0, &format!("not known from configuration: {}", NOT_COVERED.join("; ")))?;
        writeln!(out)?;
    }
    for unread in &report.run.unread {
        let text = format!("unread: {}: {}", summary::unread_at(unread), summary::unread(unread));
        paragraph(out, style, 0, &text)?;
        if let Some(help) = &unread.help {
            paragraph(out, style, INDENT, &format!("help: {}", sanitized(help)))?;
        }
    }
    for note in &report.run.notes {
        let text = format!("note: {}: {}", sanitized(&note.target), sanitized(&note.message));
        paragraph(out, style, 0, &text)?;
    }
    Ok(())
}

/// Each question with its answer beside it, or below it where there is no room.
fn questions(journeys: &Journeys, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let beside = style.width >= ANSWERS + BESIDE;
    let column = if beside { ANSWERS } else { INDENT };
    for (question, answer) in &journeys.answers {
        let question = question.text();
        let answers = wrap(&sanitized(&short(answer)), style.width.saturating_sub(column).max(NARROWEST));
        if !beside {
            paragraph(out, style, 0, question)?;
        }
        for (at, line) in answers.iter().enumerate() {
            writeln!(out, "{:column$}{line}", if at == 0 && beside { question } else { "" })?;
        }
        let unread = &answer.reasons().unread;
        if !unread.is_empty() {
            let (named, more) = unread.split_at(unread.len().min(3));
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            paragraph(out, style, column, &format!("not known: {}{more}", named.join(", ")))?;
        }
    }
    writeln!(out)
}

/// The answers about users of the pool, where they do not hang on a section that was not read.
fn threats(journeys: &Journeys, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (question, answer) in &journeys.answers {
        let proven = match answer {
            Answer::Gets { proven, .. } => proven.0 > Sure::No,
            Answer::Seconds { proven, .. } => *proven > 0,
            Answer::Names { .. } => continue,
        };
        let Reasons { conditions, because, unread, .. } = answer.reasons();
        if let Some((word, text)) = threat(*question, answer)
            && (proven || unread.is_empty())
        {
            let closed = journeys.closings.of(*question).map(|closed| named(journeys, closed));
            let closed = closed.unwrap_or_default();
            way(&Way { word, text, conditions, because, unread, closed }, style, out)?;
        }
    }
    Ok(())
}

/// A sentence, and what makes it so.
struct Way<'a> {
    word: &'static str,
    text: String,
    conditions: &'a [Condition],
    because: &'a [String],
    unread: &'a [String],
    /// The changes that close it, in words.
    closed: Vec<String>,
}

/// The changes that close something, in words.
fn named(journeys: &Journeys, closed: &Closed) -> Vec<String> {
    closed.by.iter().filter_map(|at| journeys.closings.changes.get(*at)).map(Change::words).collect()
}

impl<'a> Way<'a> {
    fn of(journeys: &'a Journeys, at: usize, one: &'a Journey) -> Self {
        let closed = journeys.closings.journeys.get(at);
        Way {
            closed: closed.map(|closed| named(journeys, closed)).unwrap_or_default(),
            word: certainty(one),
            text: journey(one),
            conditions: &one.conditions,
            because: &one.because,
            unread: &one.unread,
        }
    }
}

fn way(one: &Way<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    led(&styled(style, Ansi::Bold, one.word), one.word, &one.text, style, out)?;
    if !one.conditions.is_empty() {
        let conditions: Vec<&str> = one.conditions.iter().map(|condition| condition.words()).collect();
        paragraph(out, style, INDENT, &format!("if {}", conditions.join("; and if ")))?;
    }
    if !one.because.is_empty() {
        paragraph(out, style, INDENT, &format!("because {}", one.because.join("; ")))?;
    }
    if !one.unread.is_empty() {
        paragraph(out, style, INDENT, &format!("not known: {}", one.unread.join(", ")))?;
    }
    if !one.closed.is_empty() {
        let (first, more) = one.closed.split_at(one.closed.len().min(CLOSING));
        let more = if more.is_empty() { String::new() } else { format!("; and {} more", more.len()) };
        let lead = if one.closed.len() == 1 { "closed by" } else { "closed by any one of" };
        paragraph(out, style, INDENT, &format!("{lead} {}{more}", first.join("; ")))?;
    }
    writeln!(out)
}

/// The effects of single changes on the answers, and the answers that none of them closes.
fn closings(journeys: &Journeys, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Closings { changes, answers, cut, .. } = &journeys.closings;
    let mut leads = vec![styled(style, Ansi::Bold, "change")].into_iter();
    for (at, change) in changes.iter().enumerate() {
        let closed = answers.iter().filter(|(_, closed)| closed.by.contains(&at));
        let closed: Vec<&str> = closed.map(|(question, _)| question.id()).collect();
        if !closed.is_empty() {
            let text = format!("{} closes {}", change.words(), closed.join(", "));
            led(&leads.next().unwrap_or_default(), "change", &text, style, out)?;
        }
    }
    for (question, closed) in answers {
        for (at, answer) in &closed.lessened {
            let Some(change) = changes.get(*at) else { continue };
            let text = format!("{} leaves {} at {}", change.words(), question.id(), short(answer));
            led(&leads.next().unwrap_or_default(), "change", &text, style, out)?;
        }
    }
    let open = answers.iter().filter(|(_, closed)| closed.by.is_empty());
    let open: Vec<&str> = open.map(|(question, _)| question.id()).collect();
    if !open.is_empty() {
        let tried = if *cut { "none of the changes that were tried" } else { "no single setting" };
        let text = format!("{tried} closes {}", open.join(", "));
        led(&leads.next().unwrap_or_default(), "change", &text, style, out)?;
    }
    if answers.is_empty() { Ok(()) } else { writeln!(out) }
}

/// A text beside a word, which is drawn or left out.
fn led(lead: &str, word: &str, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let room = style.width.saturating_sub(INDENT).max(NARROWEST);
    for (at, line) in wrap(&sanitized(text), room).iter().enumerate() {
        let is_led = at == 0 && !lead.is_empty();
        let gap = INDENT - if is_led { word.len() } else { 0 };
        writeln!(out, "{}{}{line}", if is_led { lead } else { "" }, " ".repeat(gap))?;
    }
    Ok(())
}

/// A text in lines of the width, after an indent.
fn paragraph(out: &mut dyn Write, style: Style, indent: usize, text: &str) -> io::Result<()> {
    let room = style.width.saturating_sub(indent).max(NARROWEST);
    for line in wrap(&sanitized(text), room) {
        writeln!(out, "{}{line}", " ".repeat(indent))?;
    }
    Ok(())
}
