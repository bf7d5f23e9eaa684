//! The single settings that close a journey: each is made in the document, and the questions are answered again.

use std::sync::Arc;
use std::time::Instant;

use cognito_lint::fix::{closings, projection};
use cognito_lint::journey::{Answer, Change, Journeys, Question, Sure, run_with};
use cognito_lint::source::input::{Input, open};
use serde_json::{Value, json};

use super::journeys::{Dice, pools, random_pool};

fn closed(pool: &Value) -> Journeys {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pool.to_string()).unwrap();
    let mut run = run_with(open(vec![Input::parse(file.path())]), &projection(), closings);
    assert!(run.unread.is_empty(), "{:?}", run.unread);
    Arc::unwrap_or_clone(run.pools.remove(0).1)
}

fn set(at: &mut Value, path: &str, value: Option<Value>) {
    let mut at = at;
    let (parents, last) = path.rsplit_once('.').map_or((None, path), |(parents, last)| (Some(parents), last));
    for step in parents.iter().flat_map(|parents| parents.split('.')) {
        at = &mut at[step];
    }
    if !at.is_object() {
        *at = json!({});
    }
    match value {
        Some(value) => at[last] = value,
        None => drop(at.as_object_mut().unwrap().remove(last)),
    }
}

/// The document with a change. The service keeps the MFA configuration in two places.
fn with(pool: &Value, change: &Change) -> Value {
    let mut pool = pool.clone();
    let document = &mut pool["UserPool"];
    let path = change.path.to_string();
    let path = path.trim_start_matches("$.");
    let after = change.after.as_ref().map(cognito_lint::value::Value::to_json);
    for (path, value) in &change.with {
        set(document, &path.to_string(), Some(value.to_json()));
    }
    match change.element {
        Some((list, at)) => set(&mut document[list][at], path, after),
        None => {
            if path == "MfaConfiguration" {
                set(document, "MfaConfig.MfaConfiguration", after.clone());
            }
            set(document, path, after);
        }
    }
    pool
}

fn is_no(answer: &Answer) -> bool {
    match answer {
        Answer::Gets { possible, .. } => possible.0 == Sure::No,
        Answer::Seconds { possible, .. } => *possible == 0,
        Answer::Names { possible, .. } => possible.is_empty(),
    }
}

/// How bad an answer is, in what is proven and in what is possible.
fn badness(answer: &Answer) -> [(i64, usize); 2] {
    let sure =
        |one: Sure| [Sure::No, Sure::Conditional, Sure::Yes].iter().position(|own| *own == one).unwrap();
    match answer {
        Answer::Gets { proven, possible, .. } => [proven, possible]
            .map(|(one, gain)| (sure(*one) as i64, gain.map_or(0, |gain| gain as usize + 1))),
        Answer::Seconds { proven, possible, .. } => [(*proven, 0), (*possible, 0)],
        Answer::Names { proven, possible, .. } => [(0, proven.len()), (0, possible.len())],
    }
}

fn is_worse(new: &Answer, old: &Answer) -> bool {
    badness(new).into_iter().zip(badness(old)).any(|(new, old)| new > old)
}

fn hold(pool: &Value) -> usize {
    let found = closed(pool);
    let mut claims = 0;
    for (at, change) in found.closings.changes.iter().enumerate() {
        let words = change.words();
        let after = closed(&with(pool, change));
        for ((question, old), (_, new)) in found.answers.iter().zip(&after.answers) {
            assert!(!is_worse(new, old), "{words}: {question:?} is worse: {old:?}, then {new:?}\n{pool}");
            let Some(said) = found.closings.of(*question) else { continue };
            assert_eq!(said.by.contains(&at), is_no(new), "{words}: {question:?}: {new:?}\n{pool}");
            for (_, then) in said.lessened.iter().filter(|(by, _)| *by == at) {
                assert_eq!(badness(then), badness(new), "{words}: {question:?}\n{pool}");
            }
            claims += usize::from(said.by.contains(&at));
        }
        for (journey, said) in found.journeys.iter().zip(&found.closings.journeys) {
            let is_there = after.journeys.iter().any(|other| other.id == journey.id);
            assert!(!(said.by.contains(&at) && is_there), "{words}: {} is there\n{pool}", journey.id);
            claims += usize::from(said.by.contains(&at));
        }
    }
    claims
}

#[test]
fn a_change_that_is_named_closes_what_it_says() {
    let mut claims: usize = pools().values().map(hold).sum();
    let mut dice = Dice(20_261_129);
    claims += (0..150).map(|_| hold(&random_pool(&mut dice))).sum::<usize>();
    assert!(claims > 500, "{claims}");
}

/// Changes that are well known to close things, found without the program's own list of changes.
#[test]
fn no_well_known_change_is_missing() {
    let mut dice = Dice(20_261_130);
    let random: Vec<Value> = (0..150).map(|_| random_pool(&mut dice)).collect();
    let mut found = 0;
    for pool in pools().values().chain(&random) {
        // The service refuses required MFA beside a code as first factor, whatever else is changed.
        let members = &pool["UserPool"];
        if members["MfaConfiguration"] == "ON"
            && members["Policies"]["SignInPolicy"].to_string().contains("_OTP")
        {
            continue;
        }
        let before = closed(pool);
        let mut tries = vec![
            ("AdminCreateUserConfig", json!({"AllowAdminCreateUserOnly": true})),
            (
                "AccountRecoverySetting",
                json!({"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}),
            ),
        ];
        if let Some(registration) = pool["UserPool"].get("DcrConfiguration") {
            let mut off = registration.clone();
            off["OpenDcrEnabled"] = json!(false);
            tries.push(("DcrConfiguration", off));
        }
        if let [client] = &pool["UserPool"]["Clients"].as_array().unwrap()[..] {
            let mut off = client.clone();
            off["AllowedOAuthFlowsUserPoolClient"] = json!(false);
            tries.push(("Clients", json!([off])));
        }
        for (member, value) in tries {
            let mut changed = pool.clone();
            changed["UserPool"][member] = value;
            let after = closed(&changed);
            let pairs = before.answers.iter().zip(&after.answers);
            if pairs.clone().any(|((_, old), (_, new))| is_worse(new, old)) {
                continue;
            }
            for ((question, old), (_, new)) in pairs {
                if !is_no(old) && is_no(new) {
                    found += 1;
                    let said = before.closings.of(*question);
                    assert!(said.is_some_and(|said| !said.by.is_empty()), "{member}: {question:?}\n{pool}");
                }
            }
        }
    }
    assert!(found > 100, "{found}");
}

/// A hundred clients of every kind are tried in a second or so, also by a program that is not optimized.
#[test]
fn the_work_is_bounded() {
    let mut dice = Dice(7);
    let mut pool = random_pool(&mut dice);
    let clients = (0..100).filter_map(|_| {
        let one = random_pool(&mut dice);
        one["UserPool"]["Clients"].as_array().and_then(|clients| clients.first().cloned())
    });
    let mut clients: Vec<Value> = clients.collect();
    for (at, client) in clients.iter_mut().enumerate() {
        client["ClientId"] = json!(format!("{at}example"));
        client["ClientName"] = json!(format!("client-{at}"));
    }
    pool["UserPool"]["Clients"] = json!(clients);
    let start = Instant::now();
    let found = closed(&pool);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    assert!(found.closings.changes.len() <= 64);
    println!("{} clients, {} changes: {:?}", clients.len(), found.closings.changes.len(), start.elapsed());
}

#[test]
fn what_a_person_cannot_change_is_not_named() {
    let pool = pools().remove("tenant-app").unwrap();
    let found = closed(&pool);
    assert!(found.closings.of(Question::PublicClients).is_some_and(|said| said.by.is_empty()));
    for pool in pools().values() {
        for change in closed(pool).closings.changes {
            let last = change.path.to_string();
            let fixed = [
                "ClientSecret",
                "ClientName",
                "ClientId",
                "Name",
                "Domain",
                "UsernameAttributes",
                "AliasAttributes",
            ];
            assert!(!fixed.contains(&last.as_str()), "{}", change.words());
            assert!(!last.contains("SchemaAttributes"), "{}", change.words());
        }
    }
}
