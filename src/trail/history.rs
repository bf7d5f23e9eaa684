//! The history of one path: the values that it can have had, and the calls that can have given it the current one.
//!
//! A path begins with its recorded value, which differs from the current one. Each call leaves the current value,
//! another one, or one that cannot be known. All possible histories are followed. If a single call is the last that
//! changed the value in each history that ends with the current value, and its record shows that it did, it is sure.

use std::collections::BTreeSet;

/// How a call changes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Sets,
    /// It leaves the member out, which resets it.
    Resets,
    /// It leaves the member out, which resets it by the documentation.
    Documented,
    /// It leaves the member out, and nobody knows the effect.
    Unmeasured,
    Creates,
    Deletes,
    /// It changes it, and its record does not show the value.
    Touches,
    /// This version does not know the call.
    Newer,
}

impl How {
    /// The word for it in formats for programs.
    pub fn word(self) -> &'static str {
        match self {
            How::Sets => "sets",
            How::Resets => "resets",
            How::Documented => "resets-by-documentation",
            How::Unmeasured => "may-reset",
            How::Creates => "creates",
            How::Deletes => "removes",
            How::Touches => "changes",
            How::Newer => "unknown-call",
        }
    }

    /// The reason that a call can have made a change.
    pub fn reason(self) -> &'static str {
        match self {
            How::Sets => "sets it",
            How::Resets => "leaves it out, which resets it",
            How::Documented => "leaves it out, which resets it by the documentation",
            How::Unmeasured => "leaves it out; it is not known whether that resets it",
            How::Creates => "creates it",
            How::Deletes => "removes it",
            How::Touches => "changes it, and its record does not show the value",
            How::Newer => "is a call that this version does not know",
        }
    }
}

/// A value that a call leaves, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// The current one.
    Current,
    /// Another one.
    Other,
    /// It cannot be known.
    Any,
}

/// The effect of a call on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Keeps,
    Writes(Left, How),
    /// It keeps the value or leaves this one.
    May(Left, How),
}

/// The cause of a change: a record, and how it changed the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The position of the record in the trail.
    pub record: usize,
    pub how: How,
}

/// The calls that made a change, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribution {
    /// This call made it.
    Sure(Cause),
    /// One of these calls made it, the newest first; or another one, if there is a doubt.
    Candidates(Vec<Cause>, Vec<Doubt>),
    NotFound(NotFound),
}

/// A reason that a call which was not read can have made a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It is unknown when the recorded value was read.
    NoTime,
    /// It is unknown when the current value was read.
    NoCurrentTime,
    /// The records of a call begin later than the recorded value, at a time in milliseconds since 1970.
    Begins(i64),
    /// The records end earlier than the current value was read, at a time in milliseconds since 1970.
    Ends(i64),
    /// The records of a call were not read, or not all of them.
    Unread(String),
    /// The pool or the element was modified later, in milliseconds since 1970.
    ModifiedLater(i64),
    /// The calls are so new that earlier records need not be there yet.
    Fresh,
    /// The recorded pool was perhaps read after the current one.
    Order,
    /// The recorded pool and the current one are two pools.
    OtherPool,
    /// Two records of an event of this id say different things.
    Disputed(String),
}

/// The reason that no call was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotFound {
    /// No call sets it: the service does, or it is set for good when the pool is made.
    NotSetByCalls,
    /// The schema does not have the path.
    UnknownPath,
    /// The last recorded call would have left another value.
    Contradicted { record: usize },
    /// The change is so new that its record need not be there yet.
    TooFresh,
    /// No record of a call that writes it is there, and records are missing.
    Doubted(Vec<Doubt>),
    /// No record of a call that writes it is there.
    NoCall,
}

/// The call that a history ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// None: the value is the recorded one.
    Recorded,
    /// One that was not read.
    Unrecorded,
    Call(Cause),
}

/// A call with an effect on the path.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub record: usize,
    /// In milliseconds since 1970.
    pub time: i64,
    pub effect: Effect,
}

impl Step {
    /// Whether the call can have left the current value.
    pub fn may_leave_it(&self) -> bool {
        match self.effect {
            Effect::Keeps => false,
            Effect::Writes(left, _) | Effect::May(left, _) => left != Left::Other,
        }
    }
}

/// More calls than this in one second are not put in each order.
const ORDERED: usize = 4;

/// Follows the histories through the steps, the oldest first. `complete` is false if calls may be missing between
/// the recorded value and the first step.
pub fn causes(steps: &[Step], complete: bool) -> Option<(Vec<Cause>, bool)> {
    let mut histories = BTreeSet::from([(Left::Other, Origin::Recorded)]);
    if !complete {
        histories.insert((Left::Any, Origin::Unrecorded));
    }
    for second in steps.chunk_by(|a, b| a.time / 1000 == b.time / 1000) {
        histories = after_second(&histories, second);
    }
    let ends: BTreeSet<Origin> =
        histories.into_iter().filter(|(left, _)| *left != Left::Other).map(|(_, origin)| origin).collect();
    if ends.is_empty() {
        return None;
    }
    let mut causes: Vec<Cause> = ends
        .iter()
        .filter_map(|origin| match origin {
            Origin::Call(cause) => Some(*cause),
            Origin::Recorded | Origin::Unrecorded => None,
        })
        .collect();
    // The order within a second is not that of the calls, so all of them are candidates.
    let seconds: BTreeSet<i64> = steps
        .iter()
        .filter(|step| causes.iter().any(|cause| cause.record == step.record))
        .map(|step| step.time / 1000)
        .collect();
    for step in steps.iter().filter(|step| seconds.contains(&(step.time / 1000))) {
        let (Effect::Writes(left, how) | Effect::May(left, how)) = step.effect else { continue };
        if left != Left::Other && !causes.iter().any(|cause| cause.record == step.record) {
            causes.push(Cause { record: step.record, how });
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.record));
    Some((causes, ends.contains(&Origin::Unrecorded)))
}

/// Whether a call is alone in its second, and its record shows the value that it left.
pub fn is_proof(steps: &[Step], cause: Cause) -> bool {
    let Some(own) = steps.iter().find(|step| step.record == cause.record) else { return false };
    let together = steps.iter().filter(|step| step.time / 1000 == own.time / 1000).count();
    together == 1 && own.effect == Effect::Writes(Left::Current, cause.how)
}

type Histories = BTreeSet<(Left, Origin)>;

fn after_second(histories: &Histories, second: &[Step]) -> Histories {
    if second.len() > ORDERED {
        let mut after = histories.clone();
        for step in second {
            let (Effect::Writes(left, how) | Effect::May(left, how)) = step.effect else { continue };
            let left = if left == Left::Other { Left::Other } else { Left::Any };
            after.insert((left, Origin::Call(Cause { record: step.record, how })));
        }
        return after;
    }
    let mut after = Histories::new();
    for order in orders(second) {
        let mut own = histories.clone();
        for step in order {
            own = after_step(&own, step);
        }
        after.extend(own);
    }
    after
}

/// Every order of a few steps.
fn orders(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.len() <= 1 {
        return vec![steps.to_vec()];
    }
    let mut all = Vec::new();
    for (at, first) in steps.iter().enumerate() {
        let rest: Vec<Step> =
            steps.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, step)| *step).collect();
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, *first);
            order
        }));
    }
    all
}

fn after_step(histories: &Histories, step: Step) -> Histories {
    let mut after = Histories::new();
    for (before, origin) in histories {
        let mut write = |left: Left, how: How| {
            let own = Origin::Call(Cause { record: step.record, how });
            match (before, left) {
                (Left::Current, Left::Current) => _ = after.insert((Left::Current, *origin)),
                // The value may have been the current one before.
                (Left::Any, Left::Current) => after.extend([(Left::Current, own), (Left::Current, *origin)]),
                (Left::Other, Left::Current) => _ = after.insert((Left::Current, own)),
                (Left::Current, Left::Any) => after.extend([(Left::Current, *origin), (Left::Other, own)]),
                (Left::Other, Left::Any) => _ = after.insert((Left::Any, own)),
                (Left::Any, Left::Any) => after.extend([(Left::Any, own), (Left::Any, *origin)]),
                (_, Left::Other) => _ = after.insert((Left::Other, own)),
            }
        };
        match step.effect {
            Effect::Keeps => {}
            Effect::Writes(left, how) | Effect::May(left, how) => write(left, how),
        }
        if !matches!(step.effect, Effect::Writes(..)) {
            after.insert((*before, *origin));
        }
    }
    after
}
