//! `check`: pools against rules.

use std::process::ExitCode;

use super::args::{CheckArgs, Color};
use super::decisions::Decided;
use super::earlier::Since;
use super::load::{self, Loaded};
use super::reads::Reads;
use super::targets::{self, Target};
use super::{Failure, decisions, deploy, inputs, mistyped, output, parameters, settings, variables};
use crate::evaluate::{Detail, Evaluation, Options, evaluate_into};
use crate::finding::VerdictLog;
use crate::outcome::{FailurePolicy, Outcome, outcome};
use crate::report::{Format, Report, Run};
use crate::rule::{Policy, digest};
use crate::source::Delivery;
use crate::triage::waiver::Waiver;
use crate::triage::{Decisions, RunScope, triage};

pub(super) fn run(args: &CheckArgs, color: Color) -> Result<ExitCode, Failure> {
    mistyped::input(&args.inputs)?;
    let mut loaded = load::load(&args.policy)?;
    if args.show_settings {
        return settings::print(args, &loaded, color);
    }
    let reports = targets::dated(&args.reports, decisions::today(&args.decisions));
    let decided = decisions::load(&args.decisions, &reports, &loaded, !args.policy.rules.is_empty())?;
    let mut targets = opened(args, &reports, &mut loaded, color)?;
    let detail = targets.iter().map(Target::detail).max().unwrap_or(Detail::Counts);
    let judged = judged(args, &loaded, &decided, detail)?;
    let outcome = outcome(&judged.evaluation, judged.terms);
    report_on(args, &loaded.policy, &judged, outcome, &mut targets)?;
    Ok(ExitCode::from(outcome.exit_code()))
}

/// Opens the reports of a run, and has judged what they show.
pub(super) fn opened(
    args: &CheckArgs,
    reports: &[String],
    loaded: &mut Loaded,
    color: Color,
) -> Result<Vec<Target<Format>>, Failure> {
    if args.evidence {
        loaded.with_controls()?;
    }
    let reads = Reads::of_check(args, loaded.config.as_ref()).with(args.decisions.baseline.clone());
    let mut targets = targets::of_reports(reports, &reads, args.quiet, color)?;
    targets::show(&mut targets, args.show.show());
    loaded.policy.tags = targets.iter().any(Target::has_tags);
    // A picture does not justify calls that rules do not need.
    let is_read = !args.inputs.is_empty() || loaded.policy.infers();
    loaded.policy.journeys = is_read && targets.iter().any(Target::has_pictures);
    Ok(targets)
}

/// The result of a run.
pub(super) struct Judged<'a> {
    pub evaluation: Evaluation,
    pub terms: FailurePolicy,
    pub scope: RunScope<'a>,
    options: Options,
}

/// Writes the reports of a run.
pub(super) fn report_on(
    args: &CheckArgs,
    policy: &Policy,
    judged: &Judged<'_>,
    outcome: Outcome,
    targets: &mut [Target<Format>],
) -> Result<(), Failure> {
    if targets.is_empty() {
        // The digest of the rules takes longer than a check of one pool.
        return Ok(());
    }
    let Judged { evaluation, terms, options, .. } = judged;
    let (full_coverage, shard) = (options.full_coverage, options.shard);
    let run = Run { generated: options.now, digest: &digest(policy), full_coverage, shard };
    let report = Report { evaluation, outcome, terms: *terms, policy, evidence: args.evidence, run };
    targets::deliver_report(&report, targets, args.quiet)
}

/// Reads and judges every pool, and decides about every finding.
pub(super) fn judged<'a>(
    args: &'a CheckArgs,
    loaded: &Loaded,
    decided: &Decided,
    detail: Detail,
) -> Result<Judged<'a>, Failure> {
    let config = loaded.config.as_ref();
    let policy = Policy { tags: loaded.policy.tags || decided.wants_tags(), ..loaded.policy.clone() };
    let (terms, full_coverage) = settings::terms(args, config);
    let since = Since::wanted(args, &decided.snapshots)?;
    let is_decided = decided.is_anything() || args.with_live || since.is_some();
    let options = Options {
        now: decided.now,
        full_coverage,
        evidence: args.evidence || args.show.verbose,
        detail: if is_decided { detail.of_each() } else { detail },
        shard: args.shard,
    };
    let log = || VerdictLog::spilled(output::scratch);
    let judge = |pools: Box<dyn Iterator<Item = Delivery> + Send>| match &since {
        Some(since) => evaluate_into(log(), &policy, since.keep(pools), options),
        None => evaluate_into(log(), &policy, pools, options),
    };
    let parameters = parameters::given(&args.template)?;
    let given = variables::given(&args.configuration.variables)?;
    let mut evaluation = match args.inputs.is_empty() {
        true if !parameters.is_empty() => return Err(parameters::without_inputs()),
        true if !variables::is_none(&given) || args.configuration.source.is_some() => {
            return Err(variables::without_inputs());
        }
        true => {
            let pools = inputs::pools(&[], &args.live, config, policy.sections(), args.shard, args.quiet)?;
            judge(pools)
        }
        false if args.with_live => deploy::judged(args, config, &policy, (&parameters, given), options)?,
        false => {
            let left_out = args.files.left_out(config);
            let pools = inputs::pools_of_files(&args.inputs, &args.live, parameters.clone(), left_out)?;
            let written_in = variables::written_in(&args.configuration)?;
            let settled = parameters::settled(pools, &parameters)?;
            // A hook names whatever was changed, which its options may be of no use for.
            let settled = match args.files.skip_unrecognized {
                true => variables::applied(settled, given, written_in),
                false => variables::settled(settled, given, written_in)?,
            };
            judge(settled)
        }
    };
    if args.inputs.is_empty() || args.with_live {
        evaluation.roles = inputs::roles(&args.live, config)?;
    }
    evaluation.notes.extend(decided.notes.iter().cloned());
    let scope = scope(args);
    decide(&mut evaluation, args, loaded, decided.decisions(&policy, scope));
    if let Some(since) = since.filter(|_| evaluation.interrupted.is_none()) {
        since.trace(args, loaded, decided.now, &mut evaluation)?;
    }
    Ok(Judged { evaluation, terms, scope, options })
}

/// Decides about the findings, by the waivers beside the code too.
fn decide(evaluation: &mut Evaluation, args: &CheckArgs, loaded: &Loaded, decisions: Decisions<'_>) {
    let own_rules = !args.policy.rules.is_empty();
    let (beside, notes) = decisions::beside(evaluation, &args.decisions, loaded, own_rules);
    evaluation.notes.extend(notes);
    let waivers: Vec<Waiver> = decisions.waivers.iter().cloned().chain(beside).collect();
    triage(evaluation, Decisions { waivers: &waivers, ..decisions });
}

fn scope(args: &CheckArgs) -> RunScope<'_> {
    // A named file that may be passed over says nothing of pools that it had.
    let files = if args.files.skip_unrecognized { &[] as &[_] } else { args.inputs.as_slice() };
    RunScope { files, shard: args.shard }
}
