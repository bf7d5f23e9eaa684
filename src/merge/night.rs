//! Reports of one night, each of other pools: together they are one run, as if `merge` had joined them.

use std::collections::BTreeSet;

use super::APART;
use crate::evaluate::Evaluation;
use crate::finding::RunNumbers;
use crate::report::json::v1::Recorded;
use crate::shard::Shard;

/// One run, or all its parts.
#[derive(Debug)]
pub struct Night {
    /// The number of reports.
    pub reports: usize,
    pub numbers: RunNumbers,
    /// The files of reports of which something was not read or decided.
    pub partial: Vec<String>,
    /// `shard 2 of 3`, where it has no report.
    pub missing: Option<String>,
}

/// The parts of one run that were found so far.
struct Parts {
    night: Night,
    /// The number of shards; `None` for whole runs.
    shards: Option<u32>,
    indexes: BTreeSet<u32>,
    /// Accounts with their Regions, and pools.
    read: BTreeSet<String>,
    /// Every pool has an ARN, so that two reports cannot have one under two names.
    is_known: bool,
}

/// Joins reports of one night. Each comes with its file and its time, the oldest first.
pub fn nights(reports: &[(String, i64, Recorded)]) -> Vec<Night> {
    let mut all: Vec<Parts> = Vec::new();
    for (file, time, recorded) in reports {
        let one = Parts::of(file, *time, recorded);
        // The parts of two policies may come by turns.
        let recent = all.iter_mut().rev().take_while(|night| time - night.night.numbers.time <= APART);
        match recent.into_iter().find(|night| night.takes(&one)) {
            Some(night) => night.join(one),
            None => all.push(one),
        }
    }
    all.into_iter().map(Parts::finished).collect()
}

impl Parts {
    fn of(file: &str, time: i64, recorded: &Recorded) -> Parts {
        let evaluation = &recorded.evaluation;
        let numbers = evaluation.numbers(time);
        let name = recorded.shard.map_or_else(|| file.to_owned(), |shard| format!("{file}, shard {shard}"));
        let partial = if numbers.partial { vec![name] } else { Vec::new() };
        Parts {
            night: Night { reports: 1, numbers, partial, missing: None },
            shards: recorded.shard.map(Shard::count),
            indexes: recorded.shard.iter().map(|shard| shard.index()).collect(),
            read: read(evaluation),
            is_known: evaluation.pools.iter().all(|pool| pool.identity.arn.is_some()),
        }
    }

    /// Whether another report is a part of this run: another shard, or other pools, where all are known by their
    /// ARNs.
    fn takes(&self, other: &Parts) -> bool {
        match (self.shards, other.shards) {
            (Some(own), Some(shards)) => own == shards && self.indexes.is_disjoint(&other.indexes),
            (None, None) => {
                let known = [self, other].iter().all(|one| one.is_known && !one.read.is_empty());
                known && self.read.is_disjoint(&other.read)
            }
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn join(&mut self, other: Parts) {
        let Parts {
            night: Night { reports, numbers, partial, missing: _ },
            shards: _,
            indexes,
            read,
            is_known: _,
        } = other;
        let own = &mut self.night.numbers;
        own.pools += numbers.pools;
        own.open.iter_mut().zip(numbers.open).for_each(|(own, other)| *own += other);
        own.accepted += numbers.accepted;
        own.partial |= numbers.partial;
        self.night.reports += reports;
        self.night.partial.extend(partial);
        self.indexes.extend(indexes);
        self.read.extend(read);
    }

    /// A shard that is missing was not read either.
    fn finished(mut self) -> Night {
        let missing = (1..=self.shards.unwrap_or(0)).filter(|index| !self.indexes.contains(index));
        let missing: Vec<String> = missing.map(|index| index.to_string()).collect();
        if let (Some(count), false) = (self.shards, missing.is_empty()) {
            self.night.numbers.partial = true;
            self.night.missing = Some(format!("shard {} of {count}", missing.join(", ")));
        }
        self.night
    }
}

/// The Regions of accounts that were listed, and the pools that were read.
fn read(evaluation: &Evaluation) -> BTreeSet<String> {
    let listed = evaluation.listed.iter().map(|place| format!("{} {}", place.account, place.region));
    listed.chain(evaluation.pools.iter().map(|pool| pool.key())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Source;
    use crate::report::json::v1::read;
    use crate::shard::Shard;

    const HOUR: i64 = 60 * 60 * 1000;

    /// A report of pools: their Region, account and number, each with a finding.
    fn report(hour: i64, pools: &[(&str, u32)], shard: Option<(u32, u32)>) -> (String, i64, Recorded) {
        let mut recorded = read(include_str!("../report/golden/report.json")).unwrap();
        let template =
            recorded.evaluation.pools.iter().find(|pool| pool.origin.source == Source::Live).unwrap().clone();
        recorded.evaluation = Evaluation::default();
        for (account, id) in pools {
            let mut pool = (*template).clone();
            let arn = format!("arn:aws:cognito-idp:eu-west-1:{account}:userpool/eu-west-1_{id:09}");
            pool.identity.arn = Some(arn.as_str().into());
            recorded.evaluation.pools.push(std::sync::Arc::new(pool));
        }
        recorded.evaluation.tally.pools = pools.len();
        recorded.shard = shard.and_then(|(index, count)| Shard::new(index, count));
        (format!("{hour}.json"), hour * HOUR, recorded)
    }

    /// The reports and the pools of each night.
    fn said(reports: &[(String, i64, Recorded)]) -> Vec<(usize, usize, Option<String>)> {
        nights(reports).into_iter().map(|night| (night.reports, night.numbers.pools, night.missing)).collect()
    }

    #[test]
    fn reports_of_one_night_are_one_run() {
        let (a, b) = ("111122223333", "444455556666");
        let two = [report(0, &[(a, 1), (a, 2)], None), report(1, &[(b, 3)], None)];
        assert_eq!(said(&two), [(2, 3, None)]);
        let nights = [
            report(0, &[(a, 1)], None),
            report(1, &[(b, 3)], None),
            report(24, &[(a, 1)], None),
            report(25, &[(b, 3), (b, 4)], None),
        ];
        assert_eq!(said(&nights), [(2, 2, None), (2, 3, None)]);
        // A run that was repeated has the same pools, and one of nothing is of no account.
        let again = [report(0, &[(a, 1)], None), report(1, &[(a, 1)], None), report(2, &[], None)];
        assert_eq!(said(&again).len(), 3);
        let shards = [report(0, &[(a, 1)], Some((1, 3))), report(0, &[], Some((3, 3)))];
        assert_eq!(said(&shards), [(2, 1, Some("shard 2 of 3".to_owned()))]);
        let whole =
            [report(0, &[], Some((2, 2))), report(0, &[(b, 1)], Some((1, 2))), report(1, &[(a, 1)], None)];
        assert_eq!(said(&whole), [(2, 1, None), (1, 1, None)]);
    }
}
