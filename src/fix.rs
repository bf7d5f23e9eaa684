//! Changes to a pool that make rules pass, as complete inputs of the API's operations: `UpdateUserPool` resets
//! members that are omitted, so an input with one member would reset the rest of the pool. This module changes
//! nothing itself.

mod limit;
mod valid;
mod mirror;
mod place;
mod cost;
mod closing;
mod sign_in;
mod remedy;
mod repair;
mod input;
mod client;
mod difference;
mod in_file;
mod scaffold;

use std::sync::Arc;

pub use closing::{closings, projection};
pub use in_file::{InFile, LeftInFile, Made, in_file};
pub use input::{Input, Operation};
pub use scaffold::{Outline, Scaffold, Unmet, scaffold};

use crate::evaluate::{verdict, verdicts};
use crate::pool::{Pool, Section};
use crate::rule::{Policy, Rule, Verdict};
use crate::schema::Path;
use crate::value::Value;
use remedy::Failing;
use repair::Working;

/// A request for a fix.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Ids of the rules to satisfy. If empty: every rule that fails.
    pub rules: Vec<String>,
    /// Values that the user chose. They are set before any rule is considered.
    pub chosen: Vec<(Path, Value)>,
    /// The external id of the pool's SMS role, which is not kept when a pool is read.
    pub sms_external_id: Option<String>,
    /// Milliseconds since 1970, for rules about age.
    pub now: i64,
}

/// The changes, and the operations that make them.
#[derive(Debug, Default)]
pub struct Fix {
    pub changes: Vec<Edit>,
    /// In the order to send them. Empty if there is nothing to change.
    pub inputs: Vec<Input>,
    /// Rules that still fail, with the reason.
    pub left: Vec<Left>,
    /// Notes about the changes.
    pub notes: Vec<String>,
}

/// A change of one setting.
#[derive(Clone, Debug)]
pub struct Edit {
    pub path: String,
    pub before: Option<Value>,
    /// `before` was left out, so the API's default applies.
    pub default: bool,
    /// `None` if the setting is removed.
    pub after: Option<Value>,
    /// Ids of the rules that require it. Empty for a value that the user chose.
    pub rules: Vec<Arc<str>>,
}

/// A rule that these inputs do not satisfy.
#[derive(Clone, Debug)]
pub struct Left {
    pub rule: Arc<Rule>,
    /// Its verdict is unknown.
    pub unknown: bool,
    pub obstacle: Obstacle,
}

/// The reason that something cannot be done, with advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Starts in lower case, no period.
    pub message: String,
    pub help: String,
}

impl Obstacle {
    fn undecided() -> Obstacle {
        let help = "a live pool is read with all that its rules need; a saved one holds what was saved";
        Obstacle::new("its verdict is unknown", help)
    }

    fn new(message: impl Into<String>, help: impl Into<String>) -> Obstacle {
        Obstacle { message: message.into(), help: help.into() }
    }
}

/// Finds the changes. The error is the reason that this pool cannot be fixed at all.
pub fn fix(policy: &Policy, pool: &Pool, wish: &Wish) -> Result<Fix, Obstacle> {
    input::is_whole(pool)?;
    let mut rules = Vec::new();
    policy.rules_for(pool, |rule| rules.push(Arc::clone(rule)));
    let mut working = Working::new(pool.clone(), wish.now);
    for (path, value) in &wish.chosen {
        working.choose(path, value).map_err(|Obstacle { message, help }| {
            let others = format!("without `--set {path}`, the other changes are written");
            Obstacle { message, help: format!("{help}; {others}") }
        })?;
    }
    let mut fix = Fix::default();
    let wanted = |rule: &Rule| wish.rules.is_empty() || wish.rules.iter().any(|id| **id == *rule.id);
    let (of_clients, of_pool): (Vec<&Arc<Rule>>, Vec<_>) =
        rules.iter().filter(|rule| wanted(rule)).partition(|rule| client::is_about_clients(rule));
    let mut closings = Vec::new();
    for rule in of_pool {
        match verdict(rule, &working.pool, wish.now) {
            Verdict::Fail => {
                let done = match rule.infers {
                    true => client::close(&Failing { rule, others: &rules, now: wish.now }, &mut working),
                    false => working.satisfy(rule).map(|()| None),
                };
                match done {
                    Ok(closing) => closings.extend(closing),
                    Err(obstacle) => fix.left.push(Left { rule: Arc::clone(rule), unknown: false, obstacle }),
                }
            }
            Verdict::Unknown => {
                let obstacle = Obstacle::undecided();
                fix.left.push(Left { rule: Arc::clone(rule), unknown: true, obstacle });
            }
            Verdict::Pass | Verdict::Skipped => {}
        }
    }
    broken(&rules, pool, &working.pool, wish.now)?;
    fix.notes = working.complete()?;
    fix.changes = working.changes();
    fix.inputs = input::inputs(pool, &working.pool, &fix.changes, wish.sms_external_id.as_deref())?;
    let mut whole = working.pool;
    let mut clients = client::clients(&of_clients, &closings, (pool, &mut whole), wish.now);
    // The obstacles of one rule are side by side.
    clients.left.sort_by(|one, other| one.rule.id.cmp(&other.rule.id));
    broken(&rules, pool, &whole, wish.now)?;
    fix.changes.extend(clients.changes);
    fix.inputs.extend(clients.inputs);
    fix.left.extend(clients.left);
    Ok(fix)
}

/// Refuses changes that make rules fail.
fn broken(rules: &[Arc<Rule>], before: &Pool, after: &Pool, now: i64) -> Result<(), Obstacle> {
    let broken = broken_by(rules, before, after, now);
    if broken.is_empty() {
        return Ok(());
    }
    let message = format!("the changes would make other rules fail: {}", broken.join(", "));
    Err(Obstacle::new(message, "choose what to change with `--rule ID` or `--set PATH=VALUE`"))
}

/// The ids of the rules that held before and would fail.
fn broken_by<'r>(rules: &'r [Arc<Rule>], before: &Pool, after: &Pool, now: i64) -> Vec<&'r str> {
    let failing = |rule: &Arc<Rule>, pool: &Pool| -> Vec<Option<String>> {
        let all = verdicts(rule, pool, now).into_iter();
        all.filter(|(_, verdict)| *verdict == Verdict::Fail).map(|(element, _)| element).collect()
    };
    let breaks = |rule: &&Arc<Rule>| {
        let failed = failing(rule, before);
        failing(rule, after).iter().any(|element| !failed.contains(element))
    };
    rules.iter().filter(breaks).map(|rule| &*rule.id).collect()
}

/// The sections that are needed beside the pool itself, to write its MFA settings as a whole.
pub const SECTIONS: [Section; 1] = [Section::MfaConfig];
