//! Pacers against a service whose quota they do not know, in simulated time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::rate::Rate;
use super::{Pacer, Quotas};

/// As the program asks by default.
const CONCURRENCY: u32 = 16;
/// The pages of the list, and the pools on them.
const CALLS: u32 = 305;

/// The service: a bucket of tokens that fills at a rate.
struct Service {
    rate: f64,
    burst: f64,
    tokens: f64,
    then: Instant,
}

impl Service {
    fn takes(&mut self, now: Instant) -> bool {
        let filled = self.rate * now.duration_since(self.then).as_secs_f64();
        (self.tokens, self.then) = ((self.tokens + filled).min(self.burst), now);
        let takes = 1.0 <= self.tokens;
        self.tokens -= if takes { 1.0 } else { 0.0 };
        takes
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    Answered { taken: bool },
}

/// The time of an event, its number among those of the same time, the event, the time of its call, and its attempt.
type Step = (Instant, u32, Event, Instant, u32);

/// The result of a run.
#[derive(Debug)]
struct Run {
    seconds: f64,
    throttled: u32,
    /// The most tries that one call needed.
    tries: u32,
}

/// Makes `calls` through a pacer that believes in `believed` calls a second, to a service whose answers take up
/// to `latency` each way.
fn simulate(believed: f64, (rate, burst): (f64, f64), calls: u32, latency: Duration, seed: u64) -> Run {
    let start = Instant::now();
    let mut pace = Rate::new(believed, start);
    let mut service = Service { rate, burst, tokens: burst, then: start };
    let mut numbers = Numbers(seed);
    let micros = u32::try_from(latency.as_micros()).unwrap();
    let mut way = move || Duration::from_micros((micros / 10 + numbers.below(micros)).into());
    let mut waiting: VecDeque<u32> = vec![0; CONCURRENCY as usize].into();
    let mut under_way: BinaryHeap<Reverse<Step>> = BinaryHeap::new();
    let (mut now, mut order, mut begun, mut done) = (start, 0, CONCURRENCY, 0);
    let mut run = Run { seconds: 0.0, throttled: 0, tries: 0 };
    while done < calls {
        let next = under_way.peek().map(|Reverse((at, ..))| *at);
        let slot = pace.due().max(now);
        order += 1;
        if !waiting.is_empty() && next.is_none_or(|next| slot < next) {
            let tries = waiting.pop_front().unwrap() + 1;
            now = slot;
            pace.take(now);
            under_way.push(Reverse((now + way(), order, Event::Arrives, now, tries)));
            continue;
        }
        let Reverse((at, _, event, sent, tries)) = under_way.pop().unwrap();
        now = at;
        match event {
            Event::Arrives => {
                let taken = service.takes(now);
                under_way.push(Reverse((now + way(), order, Event::Answered { taken }, sent, tries)));
            }
            Event::Answered { taken: false } => {
                pace.throttled(sent, now);
                run.throttled += 1;
                run.tries = run.tries.max(tries + 1);
                waiting.push_back(tries);
            }
            Event::Answered { taken: true } => {
                pace.eased(sent);
                done += 1;
                if begun < calls {
                    begun += 1;
                    waiting.push_back(0);
                }
            }
        }
    }
    run.seconds = now.duration_since(start).as_secs_f64();
    run
}

/// As fast as the service lets anybody be.
fn ideal((rate, burst): (f64, f64), calls: u32) -> f64 {
    (f64::from(calls) - burst) / rate
}

const NEAR: Duration = Duration::from_millis(2);
const FAR: Duration = Duration::from_millis(100);

#[test]
fn a_quota_that_is_as_believed_is_used_up_and_never_exceeded() {
    for latency in [NEAR, FAR] {
        let run = simulate(15.0, (15.0, 15.0), CALLS, latency, 1);
        assert!(run.seconds <= 1.04 * ideal((15.0, 15.0), CALLS), "{run:?}");
        assert_eq!(run.throttled, 0);
    }
}

#[test]
fn a_quota_that_is_lower_than_believed_is_found() {
    for quota in [(10.0, 10.0), (8.0, 8.0), (5.0, 5.0)] {
        for (latency, seed) in [(NEAR, 1), (NEAR, 2), (FAR, 3), (FAR, 4), (FAR, 5)] {
            let run = simulate(15.0, quota, CALLS, latency, seed);
            assert!(run.seconds <= 1.05 * ideal(quota, CALLS), "{quota:?}: {run:?}");
            assert!(run.throttled < CALLS / 10, "{quota:?}: {run:?}");
            assert!(run.tries <= 8, "{quota:?}: {run:?}");
        }
    }
}

#[test]
fn any_quota_is_found() {
    let mut numbers = Numbers(20);
    for seed in 0..300 {
        let quota = (1.0 + f64::from(numbers.below(140)) / 10.0, 1.0 + f64::from(numbers.below(30)));
        let run = simulate(15.0, quota, CALLS, NEAR, seed);
        assert!(run.seconds <= 1.2 * ideal(quota, CALLS), "{quota:?}: {run:?}");
        assert!(run.throttled <= CALLS / 10, "{quota:?}: {run:?}");
        assert!(run.tries <= 12, "{quota:?}: {run:?}");
    }
}

/// Answers that take long and a bucket without room leave no way to be at the quota without going over it.
#[test]
fn a_strict_quota_far_away_is_lived_with() {
    let mut numbers = Numbers(20);
    for seed in 0..100 {
        let quota = (1.0 + f64::from(numbers.below(14)), 1.0);
        let run = simulate(15.0, quota, CALLS, FAR, seed);
        assert!(run.seconds <= 2.5 * ideal(quota, CALLS), "{quota:?}: {run:?}");
        assert!(run.throttled <= CALLS / 5, "{quota:?}: {run:?}");
        assert!(run.tries <= 12, "{quota:?}: {run:?}");
    }
}

#[test]
fn a_belief_that_is_far_too_high_costs_no_call_its_tries() {
    for believed in [100.0, 1000.0] {
        for quota in [(1.0, 1.0), (5.0, 5.0), (15.0, 15.0), (100.0, 100.0)] {
            for latency in [NEAR, FAR] {
                let run = simulate(believed, quota, 1000, latency, 7);
                assert!(run.tries < 20, "{believed}, {quota:?}: {run:?}");
                assert!(run.throttled <= 300, "{believed}, {quota:?}: {run:?}");
            }
        }
    }
}

#[test]
fn a_pace_that_nobody_throttles_is_kept() {
    let run = simulate(100.0, (f64::INFINITY, f64::INFINITY), 1000, NEAR, 1);
    assert!((9.0..10.0).contains(&run.seconds), "{run:?}");
}

#[test]
fn a_quiet_while_is_made_up_for_in_part() {
    let start = Instant::now();
    let mut pace = Rate::new(10.0, start);
    let at_once = |pace: &mut Rate, now| {
        let taken = (0..100).take_while(|_| {
            let due = pace.due() <= now;
            if due {
                pace.take(now);
            }
            due
        });
        taken.count()
    };
    assert_eq!(at_once(&mut pace, start), 6);
    let later = start + Duration::from_mins(1);
    assert_eq!(at_once(&mut pace, later), 6);
    pace.throttled(later, later);
    assert_eq!(at_once(&mut pace, later + Duration::from_mins(1)), 1);
}

#[test]
fn throttles_of_one_moment_cut_once() {
    let start = Instant::now();
    let (sent, heard) = (start + Duration::from_millis(10), start + Duration::from_millis(20));
    let [mut once, mut twice] = [(); 2].map(|()| Rate::new(10.0, start));
    once.throttled(sent, heard);
    twice.throttled(sent, heard);
    twice.throttled(sent, heard);
    for pace in [&mut once, &mut twice] {
        pace.take(heard);
    }
    assert_eq!(once.due(), twice.due());
}

#[test]
fn strange_rates_are_paces_too() {
    for rate in [f64::NAN, -1.0, 0.0, 1e-300, 1e300, f64::INFINITY] {
        let now = Instant::now();
        let mut pace = Rate::new(rate, now);
        pace.throttled(now, now);
        pace.take(now);
        assert!(pace.due() <= now + Duration::from_secs(101), "{rate}");
    }
}

#[test]
fn a_rate_of_ones_own_holds_for_every_category() {
    let rates = |quotas| {
        let Quotas { pools, resources, clients, others, one_pool } = quotas;
        [pools, resources, clients, others, one_pool].map(|rate| format!("{rate}"))
    };
    assert_eq!(rates(Quotas::every(2.0)), ["2"; 5]);
    assert_eq!(rates(Quotas::every(10.0)), ["10", "10", "10", "5", "5"]);
    assert_eq!(rates(Quotas::every(100.0)), ["100", "100", "100", "25", "25"]);
    assert_eq!(rates(Quotas::default().shared_by(5)), ["3", "4", "3", "1", "5"]);
}

#[test]
fn slots_come_in_turn_and_in_time() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let slots = runtime.block_on(async {
        let pacer = Pacer::new(100.0);
        let mut slots = Vec::new();
        for _ in 0..61 {
            slots.push(pacer.slot().await);
        }
        slots
    });
    assert!(slots.is_sorted());
    let spent = slots[60].duration_since(slots[0]);
    assert!(Duration::from_millis(90) <= spent, "{spent:?}");
}
