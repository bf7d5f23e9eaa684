//! The check for a page in a browser: texts in, one JSON document out, and the report for people where it is asked for.

use std::time::{Duration, UNIX_EPOCH};

use cognito_lint::{Format, Input, Mistake, Report, Rules, RulesError, check_at};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// The name of the rules that the page's editor holds.
const RULE_FILE: &str = "rules.toml";

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
/// the epoch. The answer is the report in JSON, version 1, or an array of the mistakes in the rules.
#[wasm_bindgen]
pub fn judge(name: &str, text: &str, chosen: &str, own: &str, now: f64) -> String {
    match report(name, text, chosen, own, now) {
        Ok(report) => report.to_text(Format::Json),
        Err(wrong) => {
            let mistakes: Vec<WrongRule> = wrong.mistakes.iter().map(wrong_rule).collect();
            serde_json::to_string(&mistakes).unwrap_or_default()
        }
    }
}

/// The same as the program prints it on a terminal. It takes code that a page need not have before somebody asks.
#[wasm_bindgen]
pub fn printed(name: &str, text: &str, chosen: &str, own: &str, now: f64) -> String {
    match report(name, text, chosen, own, now) {
        Ok(report) => report.to_text(Format::Human),
        Err(wrong) => wrong.to_string(),
    }
}

fn report(name: &str, text: &str, chosen: &str, own: &str, now: f64) -> Result<Report, RulesError> {
    let at = UNIX_EPOCH + Duration::try_from_secs_f64(now / 1000.0).unwrap_or_default();
    Ok(check_at(&[Input::text(name, text)], &rules(chosen, own)?, at))
}

fn rules(chosen: &str, own: &str) -> Result<Rules, RulesError> {
    match (chosen.trim().is_empty(), own.trim().is_empty()) {
        (true, false) => Rules::parse(RULE_FILE, own),
        (_, true) => Rules::choose(chosen),
        (false, false) => Rules::choose(chosen)?.and(RULE_FILE, own),
    }
}

fn wrong_rule(mistake: &Mistake) -> WrongRule {
    WrongRule { at: mistake.at, message: mistake.message.clone(), help: mistake.help.clone() }
}
