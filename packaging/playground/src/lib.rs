//! The check for a page in a browser: texts in, one JSON document out.

use std::time::{Duration, UNIX_EPOCH};

use cognito_lint::{Format, Input, Mistake, Report, Rules, RulesError, check_at};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// The name of the rules that the page's editor holds.
const RULE_FILE: &str = "rules.toml";

/// What the page shows.
#[derive(Default, Serialize)]
struct Answer {
    /// The report in JSON, version 1; `None` if the rules have mistakes.
    report: Option<String>,
    /// The report for a terminal, or the mistakes.
    text: String,
    mistakes: Vec<WrongRule>,
}

#[derive(Serialize)]
struct WrongRule {
    /// Line and column, both from 1, in characters.
    at: Option<(usize, usize)>,
    message: String,
    help: Option<String>,
}

/// Judges a text, which is named as its file would be, by built-in rules and the rules of a file.
///
/// `chosen` is a choice of built-in rules, as for `--rules`; an empty text chooses none. `now` is in milliseconds since
/// the epoch. The answer is JSON.
#[wasm_bindgen]
pub fn judge(name: &str, text: &str, chosen: &str, own: &str, now: f64) -> String {
    let answer = match rules(chosen, own) {
        Ok(rules) => {
            let at = UNIX_EPOCH + Duration::try_from_secs_f64(now / 1000.0).unwrap_or_default();
            judged(&check_at(&[Input::text(name, text)], &rules, at))
        }
        Err(wrong) => refused(&wrong),
    };
    serde_json::to_string(&answer).unwrap_or_default()
}

fn rules(chosen: &str, own: &str) -> Result<Rules, RulesError> {
    match (chosen.trim().is_empty(), own.trim().is_empty()) {
        (true, false) => Rules::parse(RULE_FILE, own),
        (_, true) => Rules::choose(chosen),
        (false, false) => Rules::choose(chosen)?.and(RULE_FILE, own),
    }
}

fn judged(report: &Report) -> Answer {
    let (json, text) = (report.to_text(Format::Json), report.to_text(Format::Human));
    Answer { report: Some(json), text, ..Answer::default() }
}

fn refused(wrong: &RulesError) -> Answer {
    let mistakes = wrong.mistakes.iter().map(wrong_rule).collect();
    Answer { text: wrong.to_string(), mistakes, ..Answer::default() }
}

fn wrong_rule(mistake: &Mistake) -> WrongRule {
    WrongRule { at: mistake.at, message: mistake.message.clone(), help: mistake.help.clone() }
}
