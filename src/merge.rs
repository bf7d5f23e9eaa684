//! Joins the reports of all shards into one, or those of single accounts: the report of a single run over all pools.

mod account;
mod night;

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{Evaluation, merged};
use crate::report::json::v1::{Recorded, RecordedTerms};
use crate::rule::Policy;
use crate::shard::{Shard, owner};
use crate::source::Unread;
pub use night::{Night, nights};

/// Shards of one run are not written further apart than this. An older report is from an earlier run.
const APART: i64 = 12 * HOUR;
const HOUR: i64 = 60 * 60 * 1000;

/// More pools than this are counted, not listed.
const LISTED: usize = 5;

/// A run that was joined from its shards.
#[derive(Debug)]
pub struct Merged {
    pub evaluation: Evaluation,
    pub policy: Policy,
    pub terms: RecordedTerms,
    pub digest: String,
    /// When the first shard began, in milliseconds since 1970.
    pub generated: i64,
}

/// A reason that reports do not belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Starts in lower case and has no period.
    pub message: String,
    pub help: &'static str,
}

/// A report with the name of its file, and what every report of a shard must say.
struct Part {
    file: String,
    /// `None` if it is of an account of its own.
    shard: Option<Shard>,
    terms: RecordedTerms,
    digest: String,
    generated: i64,
    recorded: Recorded,
}

/// Joins reports, each with the name of its file. A single report of a run without shards is fine too.
pub fn merge(reports: Vec<(String, Recorded)>) -> Result<Merged, Vec<Misfit>> {
    let (mut parts, mut misfits) = (Vec::new(), Vec::new());
    let shards = reports.iter().filter(|(_, recorded)| recorded.shard.is_some()).count();
    let whole = shards == 0;
    for (file, recorded) in reports {
        match part(file, recorded, shards) {
            Ok(part) => parts.push(part),
            Err(misfit) => misfits.push(misfit),
        }
    }
    parts.sort_by_key(|part| part.shard);
    if misfits.is_empty() {
        misfits.extend(disagreements(&parts));
        misfits.extend(if whole { account::faults(&parts) } else { gaps(&parts) });
    }
    let Some(first) = parts.first().filter(|_| misfits.is_empty()) else { return Err(misfits) };
    let (terms, digest, policy) = (first.terms, first.digest.clone(), first.recorded.policy.clone());
    let generated = parts.iter().map(|part| part.generated).min().unwrap_or_default();
    let unseen = unseen(&parts);
    let mut told = Told::default();
    let evaluations = parts.into_iter().map(|part| told.once(part.recorded.evaluation));
    let whole = Evaluation { unread: unseen, ..Evaluation::default() };
    let mut evaluation = merged(&policy, std::iter::once(whole).chain(evaluations));
    evaluation.seen.clear();
    Ok(Merged { evaluation, policy, terms, digest, generated })
}

/// `shards` is the number of reports that are of shards.
fn part(file: String, recorded: Recorded, shards: usize) -> Result<Part, Misfit> {
    let shard = recorded.shard;
    if shard.is_none() && shards > 0 {
        let message = format!("{file} is of a whole run, and cannot be merged with the reports of shards");
        return Err(Misfit { message, help: "give the reports of runs with `--shard`, or this one alone" });
    }
    match (recorded.terms, recorded.digest.clone(), recorded.generated) {
        (Some(terms), Some(digest), Some(generated)) => {
            Ok(Part { file, shard, terms, digest, generated, recorded })
        }
        _ => {
            let message = format!("{file} does not say by which rules and terms it was made");
            Err(Misfit { message, help: "write it with a newer version of cognito-lint" })
        }
    }
}

/// The differences between the other parts and the first.
fn disagreements(parts: &[Part]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let Some(first) = parts.first() else { return misfits };
    for other in &parts[1..] {
        let differ =
            |what: &str, help| Misfit { message: format!("{} and {} {what}", first.file, other.file), help };
        if first.recorded.tool != other.recorded.tool {
            let versions = format!("({} and {})", first.recorded.tool, other.recorded.tool);
            let what = format!("were written by different versions of cognito-lint {versions}");
            misfits.push(differ(&what, "use the same version for every run"));
        }
        if let (Some(one), Some(another)) = (first.shard, other.shard)
            && one.count() != another.count()
        {
            let what = format!("are of {} and of {} shards", one.count(), another.count());
            misfits.push(differ(&what, "run every shard with the same number of shards"));
        }
        if first.digest != other.digest {
            let help = "use the same `--rules` and the same configuration for every run";
            misfits.push(differ("judged by different rules, severities or parameters", help));
        }
        if first.terms != other.terms {
            let help = "use the same `--fail-on`, `--unknown`, `--coverage`, `--allow-empty` \
                        and `--evidence` for every run";
            misfits.push(differ("have different conditions for failure", help));
        }
        if (first.generated - other.generated).abs() > APART {
            let hours = (first.generated - other.generated).abs() / HOUR;
            let what = format!("were written {hours} hours apart, so one is from an earlier run");
            misfits.push(differ(&what, "remove the reports of earlier runs"));
        }
    }
    misfits
}

/// Shards that are missing, or there more than once.
fn gaps(parts: &[Part]) -> Vec<Misfit> {
    let shards: Vec<(Shard, &str)> =
        parts.iter().filter_map(|part| part.shard.map(|shard| (shard, &*part.file))).collect();
    let Some(count) = shards.first().map(|(shard, _)| shard.count()) else { return Vec::new() };
    if shards.iter().any(|(shard, _)| shard.count() != count) {
        return Vec::new();
    }
    let mut misfits = Vec::new();
    for pair in shards.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let [(shard, first), (_, second)] = [pair[0], pair[1]];
        let index = shard.index();
        let message = format!("shard {index} of {count} is there twice: {first} and {second}");
        misfits.push(Misfit { message, help: "give the report of each shard once" });
    }
    let there: BTreeSet<u32> = shards.iter().map(|(shard, _)| shard.index()).collect();
    let missing: Vec<u32> = (1..=count).filter(|index| !there.contains(index)).collect();
    if !missing.is_empty() {
        let be = if missing.len() == 1 { "is" } else { "are" };
        let missing = listed(&missing.iter().map(u32::to_string).collect::<Vec<_>>());
        let message = format!("of {count} shards, {missing} {be} missing");
        misfits.push(Misfit { message, help: "run the missing shards, and give the reports of all shards" });
    }
    misfits
}

/// Pools that one shard listed and the shard that they belong to did not: they were not read.
fn unseen(parts: &[Part]) -> Vec<Unread> {
    let count = parts.len().try_into().unwrap_or(u32::MAX);
    let mut lost: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for key in parts.iter().flat_map(|part| &part.recorded.evaluation.seen) {
        let index = owner(key, count);
        if !parts[index as usize - 1].recorded.evaluation.seen.contains(key) {
            lost.entry(index).or_default().insert(key);
        }
    }
    let unread = |(index, keys): (u32, BTreeSet<&str>)| {
        let (these, be) = if keys.len() == 1 { ("a pool", "is") } else { ("pools", "are") };
        let keys = listed(&keys.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let message = format!("it did not see {these} that {be} its own and that other shards saw: {keys}");
        let help = "run the shards again; if it happens again, they were not all given the same inputs, Regions \
                    and filters";
        Unread { help: Some(help.to_owned()), ..Unread::new(format!("shard {index} of {count}"), message) }
    };
    lost.into_iter().map(unread).collect()
}

fn listed(names: &[String]) -> String {
    match names.len() {
        0..=LISTED => names.join(", "),
        all => format!("{} and {} more", names[..LISTED].join(", "), all - LISTED),
    }
}

/// The highest number of times that one shard reported something. Every shard reports a Region or a file that all
/// need and none can read, and a single run would report it once.
#[derive(Default)]
struct Told {
    unread: BTreeMap<Unread, usize>,
    notes: BTreeMap<crate::source::Note, usize>,
}

impl Told {
    fn once(&mut self, mut evaluation: Evaluation) -> Evaluation {
        keep_new(&mut evaluation.unread, &mut self.unread);
        keep_new(&mut evaluation.notes, &mut self.notes);
        evaluation
    }
}

/// Removes items that were reported as often before.
fn keep_new<T: Clone + Ord>(items: &mut Vec<T>, told: &mut BTreeMap<T, usize>) {
    let mut here: BTreeMap<T, usize> = BTreeMap::new();
    items.retain(|item| {
        let times = here.entry(item.clone()).or_default();
        *times += 1;
        *times > told.get(item).copied().unwrap_or(0)
    });
    for (item, times) in here {
        let most = told.entry(item).or_default();
        *most = times.max(*most);
    }
}
