//! Callers are named rightly or not at all: random histories of pools against a model that knows who changed what.

/// A pool that calls change, with its records.
mod model;

use cognito_lint::drift::{CLOCK, Change, Drift, Rules, Side, attribute, drift};
use cognito_lint::pool::{Projection, ReadWindow, Section};
use cognito_lint::source::{self, Chunk};
use cognito_lint::trail::{Attribution, NotFound, Part, Trail, read};
use serde_json::{Value, json};

use crate::every_path::policy;
use model::{Dice, History, made};

/// The number of histories. `HISTORIES=5000` asks for more.
const HISTORIES: u64 = 500;

const RULES: &str = r#"
[[rule]]
id = "mfa-off"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
"#;

/// How many changes there were, and how their callers were found.
#[derive(Debug, Default)]
struct Count {
    sure: usize,
    candidates: usize,
    not_found: usize,
}

#[test]
fn no_history_has_a_wrong_caller() {
    let (mut count, mut settled, mut wrongs) = (Count::default(), Count::default(), Vec::new());
    let wanted = std::env::var("HISTORIES").ok().map_or(HISTORIES, |wanted| wanted.parse().unwrap());
    for seed in 0..wanted {
        let history = made(&mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let trail = trail(&history);
        let mut found = compared(&history);
        let live = if history.live { history.current_read } else { ReadWindow::default() };
        attribute(&mut found, &trail, live);
        for change in found.pools.iter().flat_map(|pool| &pool.changes) {
            let counted = if history.settled { &mut settled } else { &mut count };
            if let Some(wrong) = judge(change, &history, &trail, counted) {
                let (path, truth) = (&change.path, history.cause(&change.path));
                wrongs
                    .push(format!("history {seed}: {wrong}: {path}, by {truth:?}: {:?}", change.attribution));
            }
        }
    }
    println!(
        "{settled:?} of {} where every call is settled, else {count:?} of {}",
        settled.all(),
        count.all()
    );
    assert!(wrongs.is_empty(), "{} wrong: {}", wrongs.len(), wrongs[..wrongs.len().min(20)].join("\n"));
    // A change of the attribution that gives up on what it knew would pass otherwise.
    assert!(settled.sure * 100 >= settled.all() * 55, "{settled:?}");
}

impl Count {
    fn all(&self) -> usize {
        self.sure + self.candidates + self.not_found
    }
}

fn compared(history: &History) -> Drift {
    let policy = policy(RULES);
    let mut recorded = side(&history.recorded, history.lacks.as_deref());
    let mut current = side(&history.current, None);
    recorded.pools[0].read = history.recorded_read;
    if !history.live {
        current.pools[0].read = history.current_read;
    }
    drift(Rules { policy: &policy, others: &[] }, &recorded, &current, &[], 0)
}

/// A pool of which every section was read but one.
fn side(document: &Value, lacks: Option<&str>) -> Side {
    let bytes = json!({ "UserPool": document }).to_string().into_bytes();
    let held = Section::ATTACHED.into_iter().filter(|section| lacks != Some(section.member())).collect();
    let chunk = Chunk { bytes, held, ..Chunk::default() };
    let (pools, unread, notes) = source::read(&chunk, &Projection::everything()).first();
    assert_eq!((unread, notes), (Vec::new(), Vec::new()));
    Side { pools, ..Side::default() }
}

fn trail(history: &History) -> Trail {
    let text = json!({ "Records": history.records }).to_string();
    let mut trail = read(text.as_bytes()).unwrap();
    if history.live {
        trail.from_files = false;
        let (account, region) = ("111122223333".to_owned(), "us-east-1".to_owned());
        let part = Part { account, region, call: None };
        trail.begin(part.clone(), history.recorded_read.from.unwrap_or_default() - CLOCK);
        trail.end(part, history.current_read.until.unwrap());
    }
    trail
}

/// Compares what was found with the truth, and says what is wrong with it.
fn judge(change: &Change, history: &History, trail: &Trail, count: &mut Count) -> Option<&'static str> {
    let truth = history.cause(&change.path);
    let event = |cause: &cognito_lint::trail::Cause| trail.records[cause.record].id.as_str();
    let is_lacked = |section: &String| change.path.split(['.', '[']).next() == Some(section.as_str());
    if history.lacks.as_ref().is_some_and(is_lacked) {
        return Some("a section that was not recorded is a change");
    }
    let Some(found) = &change.attribution else { return Some("no caller was looked for") };
    match found {
        Attribution::Sure(cause) => {
            count.sure += 1;
            // Of a change that was made twice, the second record may not be there yet: the first is right, too.
            let right = truth == Some(event(cause))
                || history.is_missing(truth) && history.has_made(event(cause), &change.path);
            let is_disputed = history.disputed.as_deref() == Some(event(cause));
            (!right || is_disputed).then_some("a wrong caller is sure")
        }
        Attribution::Candidates(causes, doubts) => {
            count.candidates += 1;
            let named = causes.iter().any(|cause| truth == Some(event(cause)));
            let right = named || !doubts.is_empty() || history.is_missing(truth);
            (!right).then_some("the caller is not among the candidates")
        }
        Attribution::NotFound(why) => {
            count.not_found += 1;
            let right = history.is_missing(truth) || matches!(why, NotFound::Doubted(_));
            (!right).then_some("a caller is there and not found")
        }
    }
}
