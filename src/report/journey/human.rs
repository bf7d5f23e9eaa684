//! Journeys for a person: of each pool the answer, the questions, and the ways with what makes them possible.

use std::io::{self, Write};

use super::JourneyReport;
use super::words::{answer, certainty, headline, journey, short, threat};
use crate::journey::{Answer, Condition, Journey, Journeys, NOT_COVERED, Sure};
use crate::report::Style;
use crate::report::ansi::{Ansi, NARROWEST, styled, titled, wrap};
use crate::report::answer::{self, around};
use crate::report::sanitize::sanitized;
use crate::report::summary;

/// The columns before the text of a journey.
const INDENT: usize = 9;

/// The columns before an answer.
const ANSWERS: usize = 56;

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
        let (shown, hidden): (Vec<&Journey>, Vec<&Journey>) =
            journeys.journeys.iter().partition(|one| one.sure.proven > Sure::No || one.unread.is_empty());
        for one in shown {
            way(&Way::from(one), style, out)?;
        }
        threats(journeys, style, out)?;
        if !hidden.is_empty() {
            let mut unread: Vec<&str> =
                hidden.iter().flat_map(|one| one.unread.iter().map(String::as_str)).collect();
            unread.sort_unstable();
            unread.dedup();
            let text = format!(
                "{} possible if what was not read allows it: {}",
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
        if let Answer::Gets { unread, .. } | Answer::Seconds { unread, .. } = answer
            && !unread.is_empty()
        {
            let (named, more) = unread.split_at(unread.len().min(3));
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            paragraph(out, style, column, &format!("not read: {}{more}", named.join(", ")))?;
        }
    }
    writeln!(out)
}

/// The answers about users of the pool, where they do not hang on a section that was not read.
fn threats(journeys: &Journeys, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (question, answer) in &journeys.answers {
        let (proven, conditions, because, unread) = match answer {
            Answer::Gets { proven, conditions, because, unread, .. } => {
                (proven.0 > Sure::No, conditions, because, unread)
            }
            Answer::Seconds { proven, conditions, because, unread, .. } => {
                (*proven > 0, conditions, because, unread)
            }
            Answer::Names { .. } => continue,
        };
        if let Some((word, text)) = threat(*question, answer)
            && (proven || unread.is_empty())
        {
            way(&Way { word, text, conditions, because, unread }, style, out)?;
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
}

impl<'a> From<&'a Journey> for Way<'a> {
    fn from(one: &'a Journey) -> Self {
        Way {
            word: certainty(one),
            text: journey(one),
            conditions: &one.conditions,
            because: &one.because,
            unread: &one.unread,
        }
    }
}

fn way(one: &Way<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let room = style.width.saturating_sub(INDENT).max(NARROWEST);
    for (at, line) in wrap(&sanitized(&one.text), room).iter().enumerate() {
        let lead = if at == 0 { styled(style, Ansi::Bold, one.word) } else { String::new() };
        let gap = INDENT - if at == 0 { one.word.len() } else { 0 };
        writeln!(out, "{lead}{}{line}", " ".repeat(gap))?;
    }
    if !one.conditions.is_empty() {
        let conditions: Vec<&str> = one.conditions.iter().map(|condition| condition.words()).collect();
        paragraph(out, style, INDENT, &format!("if {}", conditions.join("; and if ")))?;
    }
    if !one.because.is_empty() {
        paragraph(out, style, INDENT, &format!("because {}", one.because.join("; ")))?;
    }
    if !one.unread.is_empty() {
        paragraph(out, style, INDENT, &format!("not read: {}", one.unread.join(", ")))?;
    }
    writeln!(out)
}

/// A text in lines of the width, after an indent.
fn paragraph(out: &mut dyn Write, style: Style, indent: usize, text: &str) -> io::Result<()> {
    let room = style.width.saturating_sub(indent).max(NARROWEST);
    for line in wrap(&sanitized(text), room) {
        writeln!(out, "{}{line}", " ".repeat(indent))?;
    }
    Ok(())
}
