//! `drift`: recorded pools against what is there now.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Color, DriftArgs, FailOnDrift, LiveArgs};
use super::load::{self, Loaded};
use super::reads::Reads;
use super::targets::{self, Formats};
use super::{Failure, inputs, look_up, parameters, sides, trail, variables};
use crate::config::Config;
use crate::drift::{Name, Rules, Side, attribute, drift, whole};
use crate::outcome::{self, DriftTerms, outcome_of_drift};
use crate::pool::PoolPattern;
use crate::pool::{Pool, ReadWindow, Section};
use crate::report::drift::{DriftFormat, DriftReport, answer, write};
use crate::rule::assemble::assemble;
use crate::rule::written::WrittenRule;
use crate::rule::{Rule, builtin, written};
use crate::source::Note;

pub(super) fn run(args: &DriftArgs, color: Color) -> Result<ExitCode, Failure> {
    let Loaded { policy, config, packs: _ } = load::load(&args.policy)?;
    let others = policy.others(built_in()?);
    let formats =
        Formats { parse: DriftFormat::parse, draws: DriftFormat::draws, default: DriftFormat::Human };
    let sides: Vec<_> = std::iter::once(&args.recorded).chain(&args.current).cloned().collect();
    let mut targets = targets::targets(&args.reports, &Reads::of(&sides), args.quiet, color, formats)?;
    let now = super::now();
    let mut trail = trail::read(&args.trails, &sides)?;
    let given = sides::Given {
        parameters: parameters::given(&args.templates)?,
        variables: variables::given(&args.variables)?,
    };
    let started = super::now();
    let (recorded, current) = match &args.current {
        Some(current) => sides::of_files(args, current, &given)?,
        None => {
            let mut recorded = whole(sides::recorded(args, &given)?);
            let current = live(args, config.as_ref(), &mut recorded)?;
            (recorded, current)
        }
    };
    let window = match &args.current {
        Some(_) => ReadWindow::default(),
        None => ReadWindow::between(started, super::now()),
    };
    let mut drift =
        drift(Rules { policy: &policy, others: &others }, &recorded, &current, &args.matches, now);
    if args.who && args.current.is_none() && drift.interrupted.is_none() {
        let (found, interrupt) = look_up::look_up(&args.live, config.as_ref(), &drift, super::now())?;
        trail.get_or_insert_default().join([found]);
        drift.interrupted = drift.interrupted.or(interrupt);
    }
    if let Some(trail) = &trail {
        drift.notes.extend(trail::untimed(trail));
        attribute(&mut drift, trail, window);
    }
    let terms = DriftTerms { fail_on: args.fail_on_drift.into(), allow_empty: args.allow_empty };
    let outcome = outcome_of_drift(&drift, terms);
    let report = DriftReport { drift: &drift, outcome, terms, generated: now, trail: trail.as_ref() };
    targets::deliver(&mut targets, |format, style, _, out| write(format, &report, style, out))?;
    if !args.quiet {
        targets::say(&answer(&report), &targets);
    }
    Ok(ExitCode::from(outcome.exit_code()))
}

impl From<FailOnDrift> for outcome::FailOnDrift {
    fn from(which: FailOnDrift) -> Self {
        match which {
            FailOnDrift::Any => outcome::FailOnDrift::Any,
            FailOnDrift::Weakened => outcome::FailOnDrift::Weakened,
            FailOnDrift::Never => outcome::FailOnDrift::Never,
        }
    }
}

/// The tag of rules that give the verdicts of another tool.
const PARITY: &str = "parity";

/// The built-in rules. They decide what weakens policy even if they are not chosen, but for those that give the
/// verdicts of another tool, which say again what others say.
pub(super) fn built_in() -> Result<Vec<Arc<Rule>>, Failure> {
    let mut mistakes = Vec::new();
    let source_files = builtin::ids().into_iter().filter_map(builtin::rule);
    let repeats = |rule: &WrittenRule| rule.tags.iter().any(|(tag, _)| tag == PARITY);
    let rules = source_files
        .flat_map(|source_file| written::read(&source_file, &mut mistakes))
        .filter(|rule| !repeats(rule))
        .collect();
    let all = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    load::finish(mistakes)?;
    Ok(all.rules)
}

/// Reads the live pools: those that were recorded, unless the command line says which. Of each, what was recorded of
/// any is read, and no more.
fn live(args: &DriftArgs, config: Option<&Config>, recorded: &mut Side) -> Result<Side, Failure> {
    let held = |section: &Section| {
        let holds =
            |pool: &Pool| pool.held.contains(section) || pool.document.get(section.member()).is_some();
        section.is_compared() && recorded.pools.iter().any(holds)
    };
    let sections = Section::ATTACHED.into_iter().filter(held).collect();
    let mut wanted = args.live.clone();
    let choose = wanted.pools.is_empty() && wanted.regions.is_empty();
    if choose {
        wanted.pools = names(args, recorded);
    }
    let current = whole(inputs::pools(&[], &wanted, config, sections, None, args.quiet)?);
    if !choose {
        leave_others(recorded, &current, &args.live);
    }
    Ok(current)
}

/// The names of the recorded pools where they are.
fn names(args: &DriftArgs, recorded: &Side) -> Vec<String> {
    let mut names = BTreeSet::new();
    for wanted in &args.matches {
        match &wanted.current {
            Name::Pool(name) => _ = names.insert(name.clone()),
            // One pool is held against every other: all are read.
            Name::Any => return Vec::new(),
        }
    }
    let matched = |name: Option<&str>| {
        args.matches.iter().any(|wanted| match &wanted.recorded {
            Name::Any => true,
            Name::Pool(own) => name == Some(own),
        })
    };
    for pool in &recorded.pools {
        let identity = pool.identity();
        let all = [&identity.id, &identity.arn, &identity.name];
        if all.iter().any(|name| matched(name.as_deref())) {
            continue;
        }
        let name = identity.arn.filter(|_| identity.id.is_some()).or(identity.id);
        let name = name.map(|name| name.to_string());
        names.extend(name.or_else(|| identity.name.map(|name| name.to_string())));
    }
    names.into_iter().collect()
}

/// Leaves out what was recorded of pools that were not asked for, and says so.
fn leave_others(recorded: &mut Side, current: &Side, live: &LiveArgs) {
    let before = recorded.pools.len();
    let patterns: Vec<PoolPattern> =
        live.pools.iter().filter_map(|text| PoolPattern::parse(text).ok()).collect();
    recorded.pools.retain(|pool| {
        let identity = pool.identity();
        let Some(id) = identity.id_in_region() else { return true };
        let asked = patterns.is_empty() || patterns.iter().any(|pattern| pattern.fits(&identity));
        let region = identity.region.as_deref();
        let here = live.regions.is_empty() || live.regions.iter().any(|own| Some(own.as_str()) == region);
        let there = |pool: &Pool| pool.identity().id_in_region().as_deref() == Some(&id);
        (asked && here) || current.pools.iter().any(there)
    });
    let left = before - recorded.pools.len();
    if left > 0 {
        let noun = if left == 1 { "pool was" } else { "pools were" };
        let message = format!("{left} recorded {noun} not asked for and not compared");
        recorded.notes.push(Note { target: "recorded".to_owned(), message });
    }
}
