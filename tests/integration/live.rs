//! The live source against the fake: what is read, what is said of the rest, and that it always ends.

/// Roles, organizations and every Region.
mod accounts;
/// Live pools against what was recorded of them.
mod drifts;
/// Who changed live pools, by look-ups in CloudTrail.
mod callers;
/// Plans beside live pools.
mod deploy;
/// Faults, and their messages.
mod faults;
/// Pools that are gone, and pools that could not be read.
mod nights;
/// Which pools are read, and how fast.
mod pools;
/// Pools unlike their siblings.
mod outliers;
/// Progress of a run.
mod progress;
/// Sections beside the pool itself.
mod sections;
/// From a fault to verdicts and the exit code.
mod verdicts;
/// Snapshots of live pools.
mod snapshots;
/// The time limit of a run, and the messages about the rest.
mod time_limit;
/// Starts and ends of whole processes.
mod start;
/// Secrets, and that nothing shows them.
mod secrets;
/// Random faults.
mod storm;

use std::time::Duration;

use cognito_lint::pool::PoolPattern;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};
use cognito_lint::source::{Chunk, Delivery, Interrupt, ListedRegion, Note, Unread};
use serde_json::Value;

use crate::fake::{Fake, Plan};

const A: &str = "us-east-1_aaa";
const B: &str = "us-east-1_bbb";
const C: &str = "us-east-1_ccc";
const EU: &str = "eu-west-1_eee";
/// For a service that answers as fast as it is asked.
pub const NO_QUOTAS: Quotas = quotas(500.0);

/// The same rate for everything.
const fn quotas(rate: f64) -> Quotas {
    Quotas { pools: rate, resources: rate, clients: rate, others: rate, one_pool: rate }
}

/// Everything that a run delivered.
#[derive(Debug, Default)]
struct Delivered {
    chunks: Vec<Chunk>,
    unread: Vec<Unread>,
    notes: Vec<Note>,
    listed: Vec<String>,
    whole: Vec<ListedRegion>,
    interrupt: Option<Interrupt>,
}

impl Delivered {
    fn of(deliveries: impl Iterator<Item = Delivery>) -> Delivered {
        let mut all = Delivered::default();
        for delivery in deliveries {
            match delivery {
                Delivery::Chunk(chunk) => all.chunks.push(chunk),
                Delivery::Unread(unread) => all.unread.push(unread),
                Delivery::Note(note) => all.notes.push(note),
                Delivery::Listed(keys) => all.listed.extend(keys),
                Delivery::ListedWhole(region) => all.whole.push(region),
                Delivery::Interrupted(interrupt) => all.interrupt = Some(interrupt),
            }
        }
        all.unread.sort();
        all
    }

    /// The ids of the pools, sorted.
    fn ids(&self) -> Vec<String> {
        let id = |chunk: &Chunk| document(chunk)["UserPool"]["Id"].as_str().unwrap().to_owned();
        let mut ids: Vec<String> = self.chunks.iter().map(id).collect();
        ids.sort();
        ids
    }

    /// The one thing that was not read.
    #[track_caller]
    fn only(&self) -> &Unread {
        let [unread] = &self.unread[..] else {
            panic!("not one unread: {self:#?}");
        };
        unread
    }
}

fn document(chunk: &Chunk) -> Value {
    serde_json::from_slice(&chunk.bytes).unwrap()
}

/// A request with short limits, for the Region of most tests.
fn request(fake: &Fake) -> Request {
    Request {
        regions: vec!["us-east-1".to_owned()],
        endpoint_url: Some(fake.url()),
        concurrency: 4,
        quotas: NO_QUOTAS,
        attempt_timeout: Duration::from_millis(300),
        operation_timeout: Duration::from_secs(5),
        credentials: Some(("AKIDEXAMPLE".to_owned(), "secret".to_owned())),
        ..Request::default()
    }
}

fn run(plan: Plan) -> Delivered {
    let fake = Fake::start(plan);
    Delivered::of(read(request(&fake)))
}

fn run_for(fake: &Fake, pools: &[&str], regions: &[&str]) -> Delivered {
    Delivered::of(read(Request {
        pools: pools.iter().map(|text| PoolPattern::parse(text).unwrap()).collect(),
        regions: regions.iter().map(|&region| region.to_owned()).collect(),
        ..request(fake)
    }))
}
