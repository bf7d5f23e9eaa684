//! Attributes the changes of a comparison to the calls that made them.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::{effect, is_about};
use super::{Change, Drift, PoolDrift};
use crate::finding::PoolRef;
use crate::pool::ReadWindow;
use crate::schema::{Act, WRITES, Write, schema};
use crate::trail::{Attribution, Doubt, Effect, How, Left, NotFound, Record, Step, Trail, causes, is_proof};

/// The clock of a machine and the time of a record differ by no more: AWS refuses a call whose time is five minutes
/// from its own, and records have whole seconds.
pub const CLOCK: i64 = (5 * 60 + 1) * 1000;

/// Records are there after this time: AWS names 5 minutes as the average, and promises nothing.
const LAG: i64 = 15 * 60 * 1000;

/// The calls that can have changed a path of a pool, if it is known.
fn calls_of(change: &Change) -> Vec<&'static Write> {
    match change.node {
        _ if change.path.is_empty() => {
            WRITES.iter().filter(|write| write.at.is_empty() && write.act != Act::Update).collect()
        }
        Some(node) => schema().writes_of(node),
        None => Vec::new(),
    }
}

/// The names of the calls that can explain the changes of a pool.
pub fn calls(pool: &PoolDrift) -> BTreeSet<&'static str> {
    pool.changes.iter().flat_map(calls_of).map(|write| write.name).collect()
}

/// Attributes every change. Current pools that are not from a snapshot were read in the window `live`.
pub fn attribute(drift: &mut Drift, trail: &Trail, live: ReadWindow) {
    let mut of_pools: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, record) in trail.records.iter().enumerate() {
        of_pools.entry(record.pool.as_deref().unwrap_or_default()).or_default().push(position);
    }
    for pool in &mut drift.pools {
        let Some(work) = Work::of(pool, trail, live, &of_pools) else { continue };
        let (attributions, refused) = (work.attributions(), work.refused());
        for (change, attribution) in pool.changes.iter_mut().zip(attributions) {
            change.attribution = Some(attribution);
        }
        pool.refused = refused;
    }
}

/// A pool with its records.
struct Work<'a> {
    pool: &'a PoolDrift,
    trail: &'a Trail,
    /// When the recorded values were read, and when the current ones.
    recorded: ReadWindow,
    current: ReadWindow,
    /// The current pools were read in this run.
    is_live: bool,
    account: Option<&'a str>,
    region: &'a str,
    /// The positions of the records of the pool, the oldest first.
    records: Vec<usize>,
}

impl<'a> Work<'a> {
    fn of(
        pool: &'a PoolDrift,
        trail: &'a Trail,
        live: ReadWindow,
        of_pools: &BTreeMap<&str, Vec<usize>>,
    ) -> Option<Work<'a>> {
        let PoolRef { identity, .. } = &**pool.pool()?;
        let (recorded, current) = pool.read;
        let current = current.or(live);
        let (account, region) = (identity.account.as_deref(), identity.region.as_deref().unwrap_or_default());
        let id = identity.id.as_deref().unwrap_or_default();
        let own = of_pools.get(id).filter(|_| !id.is_empty()).into_iter().flatten().copied();
        let is_own = |position: &usize| {
            let Record { account: of, region: at, time, .. } = &trail.records[*position];
            account.is_none_or(|account| of.is_empty() || account == of)
                && at == region
                && recorded.from.is_none_or(|from| *time >= from - CLOCK)
                && current.until.is_none_or(|until| *time <= until + CLOCK)
        };
        let records = own.filter(is_own).collect();
        let is_live = live.until.is_some();
        Some(Work { pool, trail, recorded, current, is_live, account, region, records })
    }

    fn attributions(&self) -> Vec<Attribution> {
        self.pool.changes.iter().map(|change| self.of_change(change)).collect()
    }

    /// The records of refused calls.
    fn refused(&self) -> Vec<usize> {
        let refused = |position: &usize| self.trail.records[*position].refused.is_some();
        self.records.iter().copied().filter(refused).collect()
    }

    fn of_change(&self, change: &Change) -> Attribution {
        let writes = calls_of(change);
        if writes.is_empty() {
            let known = change.node.is_some();
            return Attribution::NotFound(if known {
                NotFound::NotSetByCalls
            } else {
                NotFound::UnknownPath
            });
        }
        let steps = self.steps(&writes, change);
        let mut doubts = self.doubts(&writes);
        let Some((found, unrecorded)) = causes(&steps, doubts.is_empty()) else {
            return Attribution::NotFound(self.contradicted(&steps, change));
        };
        if found.is_empty() {
            let fresh = self.is_fresh(change);
            doubts.extend(self.holes(&writes));
            return Attribution::NotFound(match doubts.is_empty() {
                _ if fresh => NotFound::TooFresh,
                true => NotFound::NoCall,
                false => NotFound::Doubted(doubts),
            });
        }
        if !unrecorded {
            doubts.clear();
        }
        doubts.extend(self.holes(&writes));
        doubts.extend(self.later_write(change, &writes));
        doubts.extend(self.current.from.is_none().then_some(Doubt::NoCurrentTime));
        doubts.extend(found.iter().filter_map(|cause| self.disputed(cause.record)).collect::<BTreeSet<_>>());
        // A call that is not there yet may have changed the value, which one that is there has restored.
        let newest = steps.iter().filter(|step| step.may_leave_it()).map(|step| step.time).max();
        if newest.zip(self.settled()).is_some_and(|(newest, settled)| newest > settled) {
            doubts.push(Doubt::Fresh);
        }
        match found.as_slice() {
            [cause] if doubts.is_empty() && is_proof(&steps, *cause) => Attribution::Sure(*cause),
            _ => Attribution::Candidates(found, doubts),
        }
    }

    /// The calls with an effect on a change.
    fn steps(&self, writes: &[&'static Write], change: &Change) -> Vec<Step> {
        let there = if change.path.is_empty() { self.pool.current.is_some() } else { change.after.is_some() };
        let step = |position: &usize| {
            let record = &self.trail.records[*position];
            let effect = match WRITES.iter().any(|write| write.name == record.name) {
                _ if record.refused.is_some() => Effect::Keeps,
                true => effect(record, writes, change, there),
                false => Effect::May(Left::Any, How::Newer),
            };
            let effect = self.maybe(record, effect);
            (effect != Effect::Keeps).then_some(Step { record: *position, time: record.time, effect })
        };
        self.records.iter().filter_map(step).collect()
    }

    /// A call while the current pools were read may have come after the value was read. One while the recorded pools
    /// were read needs no such care: the value that was read differs from the current one, whatever came before.
    fn maybe(&self, record: &Record, effect: Effect) -> Effect {
        let is_before = self.current.from.is_some_and(|from| record.time < from - CLOCK);
        let is_clear = is_before && !self.trail.is_disputed(record);
        match effect {
            Effect::Writes(left, how) if !is_clear => Effect::May(left, how),
            effect => effect,
        }
    }

    /// The reasons that calls between the recorded value and the first record may be missing.
    fn doubts(&self, writes: &[&'static Write]) -> Vec<Doubt> {
        let sides = [&self.pool.recorded, &self.pool.current];
        let ids = sides.map(|side| side.as_ref().and_then(|pool| pool.identity.id.as_ref()));
        if let [Some(recorded), Some(current)] = ids
            && recorded != current
        {
            return vec![Doubt::OtherPool];
        }
        let Some(recorded) = self.recorded.from else { return vec![Doubt::NoTime] };
        // Each of the two clocks may be off.
        let ends = self.recorded.until.zip(self.current.from.or(self.current.until));
        if ends.is_some_and(|(until, from)| from < until + 2 * CLOCK) {
            return vec![Doubt::Order];
        }
        let mut doubts = BTreeSet::new();
        for write in writes {
            let gap = self.trail.gap_of(self.account, self.region, write.name);
            match self.trail.begin_of(self.account, self.region, write.name) {
                Some(begin) if begin <= recorded - CLOCK => {}
                begin => {
                    doubts.extend(match (gap, begin) {
                        (Some(why), _) => Some(Doubt::Unread(why.to_owned())),
                        (None, Some(begin)) => Some(Doubt::Begins(begin)),
                        (None, None) => Some(Doubt::Unread(self.nothing_of())),
                    });
                }
            }
        }
        doubts.into_iter().collect()
    }

    /// The reasons that calls may be missing at any time until the current value was read.
    fn holes(&self, writes: &[&'static Write]) -> BTreeSet<Doubt> {
        let gap = |write: &&Write| {
            let why = self.trail.gap_of(self.account, self.region, write.name);
            why.filter(|_| self.trail.from_files).map(|why| Doubt::Unread(why.to_owned()))
        };
        let of_calls = writes.iter().filter_map(|write| gap(write).or_else(|| self.ends(write)));
        of_calls.chain(self.without_a_pool(writes)).chain(self.untimed(writes)).collect()
    }

    /// Another record of an event, which says something else.
    fn disputed(&self, record: usize) -> Option<Doubt> {
        let record = &self.trail.records[record];
        self.trail.is_disputed(record).then(|| Doubt::Disputed(record.id.clone()))
    }

    /// Records of files that end before the current pool was read.
    fn ends(&self, write: &Write) -> Option<Doubt> {
        let until = self.current.until.filter(|_| self.trail.from_files)?;
        let end = self.trail.end_of(self.account, self.region, write.name)?;
        // Of a live pool, calls that are too new are doubtful on their own.
        let wanted = if self.is_live { until } else { until + LAG };
        (end < wanted).then_some(Doubt::Ends(end))
    }

    /// A record of a call that was not refused, and does not show its pool.
    fn without_a_pool(&self, writes: &[&'static Write]) -> Option<Doubt> {
        let is_one = |record: &&Record| {
            record.pool.is_none()
                && record.refused.is_none()
                && writes.iter().any(|write| write.name == record.name)
                && self.account.is_none_or(|account| record.account.is_empty() || account == record.account)
                && self.region == record.region
                && self.recorded.from.is_none_or(|from| record.time >= from - CLOCK)
        };
        let found = self.trail.records.iter().find(is_one)?;
        Some(Doubt::Unread(format!("a record of {} does not show its pool", found.name)))
    }

    /// A record that cannot be put in order with the others.
    fn untimed(&self, writes: &[&'static Write]) -> Option<Doubt> {
        let may_be = |write: &&&Write| self.trail.may_be_untimed(self.account, self.region, write.name);
        let found = writes.iter().find(may_be)?;
        Some(Doubt::Unread(format!("a record of {} has no time that can be read", found.name)))
    }

    fn nothing_of(&self) -> String {
        match self.account {
            Some(account) => format!("there are no records of account {account} in {}", self.region),
            None => format!("there are no records of {}", self.region),
        }
    }

    /// The reason that no history ends with the current value.
    fn contradicted(&self, steps: &[Step], change: &Change) -> NotFound {
        let last = steps.iter().rfind(|step| matches!(step.effect, Effect::Writes(..)));
        match last {
            _ if self.is_fresh(change) => NotFound::TooFresh,
            Some(last) => NotFound::Contradicted { record: last.record },
            None => NotFound::NoCall,
        }
    }

    /// When the pool or the element was last modified.
    fn modified(&self, change: &Change) -> Option<i64> {
        match &change.element {
            Some(element) => element.last_modified,
            None => self.pool.last_modified,
        }
    }

    /// Whether records of the change need not be there yet.
    fn is_fresh(&self, change: &Change) -> bool {
        let since = self.modified(change).or(self.recorded.from);
        since.zip(self.settled()).is_some_and(|(since, settled)| since > settled)
    }

    /// The time until which all records are there. Records of a later time come in any order. `None` if the records
    /// were collected some time after the current pool was read.
    fn settled(&self) -> Option<i64> {
        let collected_later = self.trail.from_files && !self.is_live;
        self.current.until.filter(|_| !collected_later).map(|until| until - LAG)
    }

    /// A modification of the pool or the element after its last record, which is not there.
    fn later_write(&self, change: &Change, writes: &[&'static Write]) -> Option<Doubt> {
        let modified = self.modified(change)?;
        let can_be_missing =
            self.trail.from_files || self.current.until.is_none_or(|until| modified > until - LAG);
        let dates = |record: &&Record| {
            let of_pool = change.element.is_none() && record.name == "UpdateUserPool";
            record.refused.is_none() && (of_pool || is_about(record, writes, change, true))
        };
        let own = self.records.iter().map(|position| &self.trail.records[*position]);
        let last = own.filter(dates).map(|record| record.time).max();
        // Records have whole seconds.
        let is_later = last.is_some_and(|last| modified / 1000 > last / 1000 + 1);
        (can_be_missing && is_later).then_some(Doubt::ModifiedLater(modified))
    }
}
