//! Who made the changes that findings come from: each call with all that it changed.

use std::io::{self, Write};

use crate::evaluate::Evaluation;
use crate::finding::{Call, Certainty, Finding, Traced};
use crate::report::Style;
use crate::report::ansi::{count, indented, labelled};
use crate::report::calls::{UNEXPLAINED, by, change, of_call, whole};
use crate::report::sanitize::sanitized;

/// More calls and changes than this are counted.
const LISTED: usize = 50;

/// A change, and the rules whose findings come from it.
struct One<'a> {
    title: String,
    traced: Option<&'a Traced>,
    rules: Vec<&'a str>,
}

pub(super) fn section(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let ones = ones(&evaluation.findings);
    let mut blocks: Vec<(String, String, Vec<String>)> = Vec::new();
    let (sure, rest): (Vec<&One>, Vec<&One>) = ones.iter().partition(|one| sure(one).is_some());
    for call in calls(&sure) {
        let own = sure.iter().filter(|one| self::sure(one).is_some_and(|own| own.event == call.event));
        let changes = own.map(|one| format!("{}; it {}", what(one), reason(one)));
        let lines = std::iter::once(of_call(call)).chain(changes).collect();
        blocks.push(("changed by".to_owned(), by(&call.caller, call.time), lines));
    }
    for one in rest {
        let Some(traced) = one.traced else {
            blocks.push(("unexplained".to_owned(), what(one), vec![UNEXPLAINED.to_owned()]));
            continue;
        };
        let label = if traced.by.certainty == Certainty::Candidates { "perhaps" } else { "not found" };
        let reasons = traced.by.reasons.iter().map(|reason| match traced.by.certainty {
            Certainty::Candidates => format!("not certain: {}", reason.message),
            Certainty::Sure | Certainty::NotFound => reason.message.clone(),
        });
        let head = match (traced.by.certainty, traced.by.calls.len()) {
            (Certainty::Candidates, 1) => format!("this call changed {}", what(one)),
            (Certainty::Candidates, _) => format!("one of these calls changed {}", what(one)),
            (Certainty::Sure | Certainty::NotFound, _) => format!("who changed {}", what(one)),
        };
        blocks.push((label.to_owned(), head, traced.by.calls.iter().map(whole).chain(reasons).collect()));
    }
    for (label, head, lines) in blocks.iter().take(LISTED) {
        out.write_all(labelled(style, label, 15, &sanitized(head)).as_bytes())?;
        for line in lines {
            out.write_all(indented(style, &sanitized(line), 15, 17).as_bytes())?;
        }
        writeln!(out)?;
    }
    if blocks.len() > LISTED {
        let more = count(blocks.len() - LISTED, "more change");
        writeln!(out, "  and {more}; `--report json=FILE` has them all\n")?;
    }
    Ok(())
}

fn ones(findings: &[Finding]) -> Vec<One<'_>> {
    let mut ones: Vec<One> = Vec::new();
    for finding in findings {
        let Some(traced) = finding.standing.traced.as_deref() else { continue };
        let title = finding.pool.identity.title();
        let all = traced.iter().map(Some).chain(traced.is_empty().then_some(None));
        for traced in all {
            let same = |one: &&mut One| one.title == title && one.traced == traced;
            match ones.iter_mut().rev().take_while(|one| one.title == title).find(same) {
                Some(one) if one.rules.contains(&&*finding.rule.id) => {}
                Some(one) => one.rules.push(&finding.rule.id),
                None => ones.push(One { title: title.clone(), traced, rules: vec![&finding.rule.id] }),
            }
        }
    }
    ones
}

/// The call that certainly made the change.
fn sure<'a>(one: &One<'a>) -> Option<&'a Call> {
    let by = &one.traced?.by;
    by.calls.first().filter(|_| by.certainty == Certainty::Sure)
}

/// The calls, the newest first, each once.
fn calls<'a>(sure: &[&One<'a>]) -> Vec<&'a Call> {
    let mut calls: Vec<&Call> = sure.iter().filter_map(|one| self::sure(one)).collect();
    calls.sort_by(|a, b| (b.time, &b.event).cmp(&(a.time, &a.event)));
    calls.dedup_by(|a, b| a.event == b.event);
    calls
}

fn reason<'a>(one: &One<'a>) -> &'a str {
    sure(one).map_or("", |call| &call.reason)
}

/// The pool, the change, and the rules: `shop (eu-west-1_Abc123456): MfaConfiguration: ON to OFF (mfa-off)`.
fn what(one: &One<'_>) -> String {
    let change = one.traced.map_or_else(String::new, |traced| format!(": {}", change(traced)));
    format!("{}{change} ({})", one.title, one.rules.join(", "))
}
