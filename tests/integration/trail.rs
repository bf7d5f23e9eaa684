//! Callers are named rightly or not at all: random histories of pools against a model that knows who changed what.

/// A pool that calls change, with its records.
mod model;

use cognito_lint::drift::{Change, Drift, Rules, Span, attribute, drift};
use cognito_lint::trail::{Attribution, NotFound, Part, Trail, read};

use crate::every_path::policy;
use model::{Dice, History, made};

/// The number of histories.
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
    let (mut count, mut settled) = (Count::default(), Count::default());
    for seed in 0..HISTORIES {
        let history = made(&mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let trail = trail(&history);
        let mut found = compared(&history);
        attribute(&mut found, &trail, Span { recorded: None, current: Some(history.read) });
        for change in found.pools.iter().flat_map(|pool| &pool.changes) {
            judge(change, &history, &trail, seed, if history.settled { &mut settled } else { &mut count });
        }
    }
    println!(
        "{settled:?} of {} where every call is settled, else {count:?} of {}",
        settled.all(),
        count.all()
    );
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
    let (mut recorded, mut current) =
        (crate::drift::side(&history.recorded), crate::drift::side(&history.current));
    recorded.pools[0].taken = Some(history.taken);
    current.pools[0].taken = Some(history.read);
    drift(Rules { policy: &policy, others: &[] }, &recorded, &current, &[], 0)
}

fn trail(history: &History) -> Trail {
    let text = serde_json::json!({ "Records": history.records }).to_string();
    let mut trail = read(text.as_bytes()).unwrap();
    if history.live {
        trail.from_files = false;
        let (account, region) = ("111122223333".to_owned(), "us-east-1".to_owned());
        trail.begin(Part { account, region, call: None }, history.taken - 3_600_000);
    }
    trail
}

/// Compares what was found with the truth.
fn judge(change: &Change, history: &History, trail: &Trail, seed: u64, count: &mut Count) {
    let truth = history.cause(&change.path);
    let event = |cause: &cognito_lint::trail::Cause| trail.records[cause.record].id.as_str();
    let place = format!("history {seed}, {}, by {truth:?}: {:?}", change.path, change.attribution);
    match change.attribution.as_ref().expect(&place) {
        Attribution::Sure(cause) => {
            count.sure += 1;
            // Of a change that was made twice, the second record may not be there yet: the first is right, too.
            let right = truth == Some(event(cause))
                || history.is_missing(truth) && history.has_made(event(cause), &change.path);
            assert!(right, "{place}");
        }
        Attribution::Candidates(causes, doubts) => {
            count.candidates += 1;
            let named = causes.iter().any(|cause| truth == Some(event(cause)));
            assert!(named || !doubts.is_empty() || history.is_missing(truth), "{place}");
        }
        Attribution::NotFound(why) => {
            count.not_found += 1;
            assert!(history.is_missing(truth) || matches!(why, NotFound::Doubted(_)), "{place}");
        }
    }
}
