//! The comparison for a person: pool by pool, both values of each change, and under them what rules say of it.

use std::io::{self, Write};

use super::DriftReport;
use super::calls::{ByCall, by, of_call};
use super::phrasing::{answer, directions, effect, subject, title, uncompared, value};
use super::turned::sentences;
use crate::drift::{Change, Direction, PoolDrift};
use crate::finding::Verdict;
use crate::report::Style;
use crate::report::ansi::{Ansi, NARROWEST, indented, labelled, styled, titled, wrap};
use crate::report::answer::{Answer, around};
use crate::report::sanitize::sanitized;
use crate::report::summary;
use crate::trail::Trail;
use crate::value::Value;

/// Lines of one value at most.
const TALLEST: usize = 8;

/// More rules than this that look at a change and say what they said are counted.
const LISTED: usize = 4;

pub(super) fn write(report: &DriftReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let answer = Answer { text: answer(report), outcome: report.outcome };
    around(&answer, style, true, out, |out| changes(report, style, out))
}

fn changes(report: &DriftReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let drift = report.drift;
    for pool in drift.pools.iter().filter(|pool| !pool.changes.is_empty()) {
        let heading = format!("{}: {}", heading(pool), directions(&[pool]));
        out.write_all(titled(style, &heading).as_bytes())?;
        for change in &pool.changes {
            out.write_all(block(change, pool, style).as_bytes())?;
            writeln!(out)?;
        }
        for sentence in sentences(pool) {
            out.write_all(labelled(style, "journey", 15, &sentence).as_bytes())?;
        }
        if !pool.turned.is_empty() {
            writeln!(out)?;
        }
        if let Some(trail) = report.trail {
            out.write_all(callers(pool, trail, style).as_bytes())?;
        }
    }
    for unread in &drift.unread {
        let text = format!("{}: {}", summary::unread_at(unread), summary::unread(unread));
        out.write_all(signed(style, Ansi::Red, sign(style, Direction::Weakened), &text).as_bytes())?;
        if let Some(help) = &unread.help {
            out.write_all(labelled(style, "help:", 9, &sanitized(help)).as_bytes())?;
        }
        writeln!(out)?;
    }
    let notes: Vec<String> = uncompared(drift)
        .into_iter()
        .chain(
            drift
                .notes
                .iter()
                .map(|note| format!("{}: {}", sanitized(&note.target), sanitized(&note.message))),
        )
        .collect();
    for note in &notes {
        for (i, line) in wrap(note, room(style, 6)).iter().enumerate() {
            let lead = if i == 0 { styled(style, Ansi::Cyan, "note:") } else { "     ".to_owned() };
            writeln!(out, "{lead} {line}")?;
        }
    }
    Ok(())
}

/// The calls that changed a pool, each with what it changed.
fn callers(pool: &PoolDrift, trail: &Trail, style: Style) -> String {
    let found = ByCall::of(pool, trail);
    let paths = |changes: &[&Change]| {
        let paths: Vec<String> = changes.iter().map(|change| subject(change, pool)).collect();
        paths.join(", ")
    };
    let mut text = String::new();
    let mut block = |label: &str, head: &str, lines: &[String]| {
        text.push_str(&labelled(style, label, 15, &sanitized(head)));
        for line in lines {
            text.push_str(&indented(style, &sanitized(line), 15, 17));
        }
        text.push('\n');
    };
    for (record, changes) in found.sure {
        let mut lines = vec![of_call(record)];
        lines.extend(
            changes.iter().map(|(change, how)| format!("{}: {}", subject(change, pool), how.reason())),
        );
        block("changed by", &by(record), &lines);
    }
    for (changes, causes, doubts) in found.candidates {
        let mut lines: Vec<String> = Vec::new();
        for cause in causes {
            let record = &trail.records[cause.record];
            lines.push(format!("{}: {} {}", by(record), of_call(record), cause.how.reason()));
        }
        lines.extend(doubts.iter().map(|doubt| format!("not certain: {}", doubt.reason())));
        let head = if causes.len() > 1 { "one of these calls changed" } else { "this call changed" };
        block("perhaps", &format!("{head} {}", paths(&changes)), &lines);
    }
    for (changes, why) in found.not_found {
        block("not found", &format!("who changed {}", paths(&changes)), &[why.reason(trail)]);
    }
    for record in found.refused {
        let code = record.refused.as_deref().unwrap_or_default();
        block("refused", &by(record), &[format!("{}: {code}", of_call(record))]);
    }
    text
}

/// The columns beside an indent.
fn room(style: Style, indent: usize) -> usize {
    style.width.saturating_sub(indent).max(NARROWEST)
}

/// The lines of a text that is one line in a file.
fn on_terminal(style: Style, text: &str, indent: usize) -> Vec<String> {
    if style.rows.is_some() { wrap(text, room(style, indent)) } else { vec![text.to_owned()] }
}

/// A text after a sign, with its further lines below the text.
fn signed(style: Style, color: Ansi, sign: &str, text: &str) -> String {
    let mut block = String::new();
    for (i, line) in on_terminal(style, &format!("{sign} {text}"), 4).into_iter().enumerate() {
        match line.strip_prefix(sign).filter(|_| i == 0) {
            Some(rest) => block.push_str(&format!("  {}{rest}\n", styled(style, color, sign))),
            None => block.push_str(&format!("    {line}\n")),
        }
    }
    block
}

/// The pool, what it was held against, and when it was last modified.
fn heading(pool: &PoolDrift) -> String {
    let name = |pool: &crate::finding::PoolRef| sanitized(&pool.origin.name).into_owned();
    let place = match (&pool.recorded, &pool.current) {
        (Some(recorded), Some(current)) if recorded.identity.id != current.identity.id => {
            format!(" against {} of {}", sanitized(&recorded.identity.title()), name(recorded))
        }
        _ => String::new(),
    };
    let modified = pool
        .last_modified
        .map_or_else(String::new, |millis| format!(", last modified {}", Value::Time(millis)));
    format!("{}{place}{modified}", title(pool))
}

fn sign(style: Style, direction: Direction) -> &'static str {
    match (direction, style.unicode) {
        (Direction::Weakened, true) => "×",
        (Direction::Weakened, false) => "x",
        (Direction::Strengthened, true) => "✓",
        (Direction::Strengthened, false) => "+",
        (Direction::Neutral, true) => "•",
        (Direction::Neutral, false) => "*",
    }
}

fn block(change: &Change, pool: &PoolDrift, style: Style) -> String {
    let color = match change.direction {
        Direction::Weakened => Ansi::Red,
        Direction::Strengthened => Ansi::Green,
        Direction::Neutral => Ansi::Cyan,
    };
    let tag = format!("{} {}:", sign(style, change.direction), change.direction.word());
    let mut block = signed(style, color, &tag, &subject(change, pool));
    if change.path.is_empty() {
        return block;
    }
    let [bar, dot, under, corner] =
        if style.unicode { ["│", "·", "┬", "╰── "] } else { ["|", ":", "^", "`-- "] };
    let (before, after) = lines(change);
    for (lines, sign, color) in [(&before, "-", Ansi::Red), (&after, "+", Ansi::Green)] {
        for (i, line) in lines.iter().flat_map(|line| on_terminal(style, line, 8).into_iter().enumerate()) {
            let sign = if i == 0 { styled(style, color, sign) } else { " ".to_owned() };
            block.push_str(&format!("    {sign} {bar} {line}\n"));
        }
    }
    let labels = labels(change);
    if !labels.is_empty() {
        block.push_str(&format!("      {dot} {under}\n"));
    }
    for label in labels {
        for (i, line) in wrap(&label, room(style, 12)).iter().enumerate() {
            let lead = if i == 0 { corner } else { "    " };
            block.push_str(&format!("      {dot} {lead}{line}\n"));
        }
    }
    block
}

/// The labels of the rules that read a changed value.
fn labels(change: &Change) -> Vec<String> {
    let told = change.rules.iter().filter(|touched| touched.direction != Direction::Neutral);
    let mut labels: Vec<String> = told
        .map(|touched| match touched.after {
            // The title names the bad state, so it says nothing of a rule that passes.
            Some(Verdict::Fail) if touched.bound.is_none() && !touched.rule.title.is_empty() => {
                format!("{}: {}", effect(touched), sanitized(&touched.rule.title))
            }
            _ => effect(touched),
        })
        .collect();
    if labels.is_empty() && !change.rules.is_empty() {
        let ids: Vec<&str> = change.rules.iter().map(|touched| &*touched.rule.id).collect();
        let more = match ids.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let listed: Vec<&str> = ids.into_iter().take(LISTED).collect();
        labels.push(format!("nothing changes for {}{more}", listed.join(", ")));
    }
    labels
}

/// The lines of both values; of lists and maps only what one has and the other has not.
fn lines(change: &Change) -> (Vec<String>, Vec<String>) {
    match (&change.before, &change.after) {
        (Some(Value::List(before)), Some(Value::List(after))) => {
            let only = |one: &[Value], other: &[Value]| {
                one.iter().filter(|item| !other.contains(item)).map(|item| value(Some(item), false)).collect()
            };
            let both: (Vec<String>, Vec<String>) = (only(before, after), only(after, before));
            if both.0.is_empty() && both.1.is_empty() {
                return (one(change.before.as_ref(), false), one(change.after.as_ref(), false));
            }
            (cut(both.0), cut(both.1))
        }
        (before, after) => {
            (one(before.as_ref(), change.before_default), one(after.as_ref(), change.after_default))
        }
    }
}

fn one(of: Option<&Value>, default: bool) -> Vec<String> {
    match of {
        Some(Value::Map(map)) if !map.is_empty() => cut(map
            .0
            .iter()
            .map(|(name, inner)| format!("{}: {}", sanitized(name), value(Some(inner), false)))
            .collect()),
        of => vec![value(of, default)],
    }
}

fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > TALLEST {
        let more = lines.len() - TALLEST + 1;
        lines.truncate(TALLEST - 1);
        lines.push(format!("and {more} more"));
    }
    lines
}
