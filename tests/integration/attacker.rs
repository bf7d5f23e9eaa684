//! Truth by an attacker: what somebody reaches who tries every move on an emulator of the service is what the answers
//! of journeys say, for random pools. The emulator is written from the documents of AWS, and knows no guard.
//!
//! `cargo test` tries 2,000 pools; `POOLS=20000` tries as many, as `.ci/long` does.

mod dice;
mod guards;
mod moves;
mod others;
mod service;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use cognito_lint::journey::{Actor, Answer, Journeys, Question, Sure, list_of, projection, run};
use cognito_lint::pool::{Projection, Section};
use cognito_lint::source::{self, Chunk, Delivery};
use moves::{Gain, Reached};
use serde_json::Value;
use service::World;
use settings::Settings;

use crate::journeys::{Dice, best, interval, said, way_of};

/// The pools that are read at once.
const BATCH: usize = 250;

/// The gains of the attacker in the worlds that favour nothing or everything, without and with the gaps.
struct Worlds {
    strict: Reached,
    favored: Reached,
    strict_gaps: Reached,
    favored_gaps: Reached,
}

impl Worlds {
    fn of(pool: &Value) -> Worlds {
        let settings = [false, true].map(|gaps| Settings::of(pool, gaps));
        let of = |favors, gaps| Reached::of(&settings[usize::from(gaps)], World { favors, gaps });
        Worlds {
            strict: of(false, false),
            favored: of(true, false),
            strict_gaps: of(false, true),
            favored_gaps: of(true, true),
        }
    }

    /// The answer that the attacker's gains amount to: `proven`, or `proven..possible`, and that for a token where it is
    /// less sure than a session.
    fn gets(&self, of: impl Fn(&Reached) -> Option<Gain>) -> String {
        let all = self.best(&of);
        let token = self.best(|reached| of(reached).filter(|gain| *gain == Gain::Token));
        let is_shown = all.ends_with("token") || token == "no";
        if is_shown { all } else { format!("{all}; {token}") }
    }

    fn best(&self, of: impl Fn(&Reached) -> Option<Gain>) -> String {
        let word = |sure: Sure, gain: Gain| {
            let gain = match gain {
                Gain::Session => cognito_lint::journey::Gain::Session,
                Gain::Token => cognito_lint::journey::Gain::Token,
            };
            best((sure, Some(gain)))
        };
        let of_worlds = |strict: &Reached, favored: &Reached| match (of(strict), of(favored)) {
            (Some(gain), _) => word(Sure::Yes, gain),
            (None, Some(gain)) => word(Sure::Conditional, gain),
            (None, None) => Sure::No.word().to_owned(),
        };
        interval(of_worlds(&self.strict, &self.favored), of_worlds(&self.strict_gaps, &self.favored_gaps))
    }

    fn is(&self, of: impl Fn(&Reached) -> bool) -> String {
        let word = |strict: &Reached, favored: &Reached| match (of(strict), of(favored)) {
            (true, _) => Sure::Yes.word().to_owned(),
            (false, true) => Sure::Conditional.word().to_owned(),
            (false, false) => Sure::No.word().to_owned(),
        };
        interval(word(&self.strict, &self.favored), word(&self.strict_gaps, &self.favored_gaps))
    }

    fn answer(&self, question: Question) -> Option<String> {
        let (one, gaps) = (&self.favored, &self.favored_gaps);
        let names = |of: fn(&Reached) -> Vec<String>| interval(of(one).join(" "), of(gaps).join(" "));
        Some(match question {
            Question::StrangerUser => self.is(|reached| reached.user),
            Question::StrangerToken => self.gets(|reached| reached.token),
            Question::StrangerTokenUnverified => self.gets(|reached| reached.unverified),
            Question::StrangerTokenSingleFactor => self.gets(|reached| reached.single),
            Question::ForeignEmail => self.gets(|reached| reached.foreign),
            Question::OverwritesAttributes => {
                names(|reached| reached.overwrites.iter().cloned().collect::<Vec<_>>())
            }
            Question::ChoosesAttributes => {
                names(|reached| reached.chooses.iter().cloned().collect::<Vec<_>>())
            }
            Question::PhoneOwner => self.gets(|reached| reached.phone),
            Question::MailReader => self.gets(|reached| reached.mail),
            Question::LeakedAccessToken => self.is(|reached| reached.leaked),
            Question::LeakedRefreshTokenSeconds => {
                interval(one.refresh.to_string(), gaps.refresh.to_string())
            }
            Question::DisabledAtProviderSeconds => {
                interval(one.disabled.to_string(), gaps.disabled.to_string())
            }
            Question::PublicClients => return None,
        })
    }

    /// The best way of somebody who is not a stranger, as [`way_of`] says it.
    fn way_of(&self, actor: Actor) -> Option<String> {
        let with = |gain: &str, said: String| said.replace("conditional", &format!("conditional {gain}"));
        Some(match actor {
            Actor::Stranger => return None,
            Actor::OldDirectory => self.best(|reached| reached.directory),
            Actor::ReadsMail => with("sign-in-name", self.is(|reached| reached.alias[0])),
            Actor::ReadsSms => with("sign-in-name", self.is(|reached| reached.alias[1])),
            Actor::HoldsSecret => {
                with("machine-token", self.is(|reached| reached.machine)).replace("yes", "yes machine-token")
            }
        })
    }
}

/// Some pools as one text, with the configurations of risk that clients do not have.
fn chunk(pools: &[Value]) -> Chunk {
    let lines: Vec<String> = pools.iter().map(Value::to_string).collect();
    Chunk { bytes: lines.join("\n").into_bytes(), held: vec![Section::ClientRisk], ..Chunk::default() }
}

/// The journeys of some pools, read at once.
fn journeys(pools: &[Value]) -> Vec<Arc<Journeys>> {
    let run = run([Delivery::Chunk(chunk(pools))].into_iter());
    assert!(run.unread.is_empty(), "{:?}", run.unread);
    assert_eq!(run.pools.len(), pools.len());
    run.pools.into_iter().map(|(_, journeys)| journeys).collect()
}

/// Where an answer is not what the attacker reached.
fn difference(pool: &Value, found: &Journeys) -> Vec<String> {
    let worlds = Worlds::of(pool);
    let differs = |(question, answer): &(Question, Answer)| {
        let (wanted, found) = (worlds.answer(*question)?, said(answer));
        (found != wanted).then(|| format!("{}: {found} is the answer, and {wanted} is so", question.id()))
    };
    let ways = Actor::ALL.into_iter().filter_map(|actor| {
        let (wanted, found) = (worlds.way_of(actor)?, way_of(found, actor));
        (found != wanted).then(|| format!("{}: {found} is the way, and {wanted} is so", actor.word()))
    });
    found.answers.iter().filter_map(differs).chain(ways).collect()
}

/// The pool with as few settings as make the same difference.
fn shrunk(pool: &Value, difference_of: &str) -> Value {
    let mut pool = pool.clone();
    let mut pointers = Vec::new();
    pointers_of(&pool["UserPool"], "/UserPool", &mut pointers);
    for pointer in pointers.iter().rev() {
        let mut less = pool.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let gone = match less.pointer_mut(parent) {
            Some(Value::Object(map)) => map.remove(name).is_some(),
            Some(Value::Array(list)) => {
                let at = name.parse().unwrap();
                at < list.len() && !list.remove(at).is_null()
            }
            _ => false,
        };
        let is_pool = ["/UserPool/Id", "/UserPool/Arn", "/UserPool/Name"].contains(&&**pointer);
        if gone && !is_pool {
            let found = journeys(std::slice::from_ref(&less));
            if difference(&less, &found[0]).iter().any(|one| one == difference_of) {
                pool = less;
            }
        }
    }
    pool
}

fn pointers_of(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let mut inner = |name: &str, value: &Value| {
        let pointer = format!("{at}/{name}");
        pointers.push(pointer.clone());
        pointers_of(value, &pointer, pointers);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, value)| inner(&at.to_string(), value)),
        _ => {}
    }
}

#[test]
fn an_attacker_reaches_what_the_answers_say() {
    let number = std::env::var("POOLS").ok().and_then(|number| number.parse().ok()).unwrap_or(2_000);
    let mut dice = Dice(20_261_129);
    let pools: Vec<Value> = (0..number).map(|number| dice::pool(&mut dice, number)).collect();
    let mut wrong: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
    for batch in pools.chunks(BATCH) {
        for (pool, found) in batch.iter().zip(journeys(batch)) {
            for kind in difference(pool, &found) {
                wrong.entry(kind).or_insert((0, pool)).0 += 1;
            }
        }
    }
    let kinds: Vec<String> = wrong
        .iter()
        .map(|(kind, (times, pool))| format!("{kind}, {times} times, as for {}", shrunk(pool, kind)))
        .collect();
    assert!(kinds.is_empty(), "{}", kinds.join("\n"));
}

/// Rules on journeys have the members that journeys ask for read, and no others.
#[test]
fn the_answers_hang_on_no_other_members_than_are_read_for_them() {
    let mut dice = Dice(20_261_130);
    let mut pools: Vec<Value> = (0..300).map(|number| dice::pool(&mut dice, number)).collect();
    pools.extend(crate::journeys::pools().into_values());
    let read = |projection: &Projection| {
        let (pools, unread, _) = source::read(&chunk(&pools), projection).first();
        assert!(unread.is_empty(), "{unread:?}");
        pools.iter().map(list_of).collect::<Vec<_>>()
    };
    let (whole, part) = (read(&Projection::everything()), read(&projection()));
    assert_eq!(whole.len(), pools.len());
    for ((pool, whole), part) in pools.iter().zip(whole).zip(part) {
        assert_eq!(whole, part, "{pool}");
    }
    let identity = read(&Projection::identity());
    assert_ne!(identity, read(&projection()), "the members make a difference");
}
