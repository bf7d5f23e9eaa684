//! `check PLAN --live`: a plan beside the pools that it would change.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::args::{CheckArgs, LiveArgs};
use super::{Failure, inputs, output, parameters, variables};
use crate::config::Config;
use crate::deploy::{self, Effects, Planned};
use crate::evaluate::{Evaluation, Options, evaluate, evaluate_into};
use crate::finding::VerdictLog;
use crate::pool::{Pool, Projection, Section};
use crate::rule::Policy;
use crate::shard;
use crate::source::hcl::Given;
use crate::source::{self, Delivery, Note, Read};

/// Judges the inputs, and says of what was found what the deploy does to it.
pub(super) fn judged(
    args: &CheckArgs,
    config: Option<&Config>,
    policy: &Policy,
    (parameters, variables): (&BTreeMap<String, String>, Arc<Given>),
    options: Options,
) -> Result<Evaluation, Failure> {
    let settled = parameters::settled(
        inputs::pools_of_files(
            &args.inputs,
            &LiveArgs::default(),
            parameters.clone(),
            args.files.left_out(config),
        )?,
        parameters,
    )?;
    let written_in = variables::written_in(&args.configuration)?;
    let deliveries: Vec<Delivery> = variables::settled(settled, variables, written_in)?.collect();
    ensure_plan(&deliveries)?;
    let mut planned = planned(&deliveries);
    let any = planned.iter().any(|one| name(&one.after).is_some());
    // A pool of another shard is for that shard to read and to compare.
    planned.retain(|Planned { after, .. }| {
        options.shard.is_none_or(|own| own.has(&shard::key(&after.identity(), &after.origin)))
    });
    let log = VerdictLog::spilled(output::scratch);
    let evaluation = evaluate_into(log, policy, deliveries.into_iter(), options);
    let ids: Vec<String> = planned.iter().filter_map(|one| name(&one.after)).collect();
    if ids.is_empty() && any {
        return Ok(evaluation);
    }
    if ids.is_empty() {
        let mut evaluation = evaluation;
        if !evaluation.unread.is_empty() {
            return Ok(evaluation);
        }
        let message = "the plans change no existing pool, so no live pool was read".to_owned();
        evaluation.notes.push(Note { target: "live pools".to_owned(), message });
        evaluation.notes.sort();
        return Ok(evaluation);
    }
    // The sections that the plan manages, and those that the rules read.
    let held = planned.iter().flat_map(|one| one.after.held.iter().copied());
    let sections = held.filter(|section| section.is_readable()).chain(policy.sections());
    let sections = sections.filter(|section| *section != Section::UserPool).collect();
    let live = LiveArgs { pools: ids, ..args.live.clone() };
    let there: Vec<Delivery> = inputs::pools(&[], &live, config, sections, None, args.quiet)?.collect();
    let effects = Effects {
        undone: deploy::undone(policy, &planned, &pools(&there), options.now),
        untouched: deploy::untouched(policy, &planned, options.now),
    };
    let live = evaluate(policy, there.into_iter(), options);
    Ok(deploy::compare(evaluation, live, effects))
}

/// Refuses inputs without a plan: nothing of them would be compared. What was not read may have been one.
fn ensure_plan(deliveries: &[Delivery]) -> Result<(), Failure> {
    let is_plan = |delivery: &Delivery| match delivery {
        Delivery::Chunk(chunk) => chunk.is_plan_or_state(),
        Delivery::Unread(_) => true,
        Delivery::Note(_) | Delivery::Listed(_) | Delivery::ListedWhole(_) | Delivery::Interrupted(_) => {
            false
        }
    };
    if deliveries.iter().any(is_plan) {
        return Ok(());
    }
    let help = "name a plan that `terraform show -json` printed, or leave the option out; without inputs, live pools are \
                read";
    Err(Failure::Other(miette::miette!(help = help, "`--live` is for Terraform plans, but no input is one")))
}

/// The pools that plans change, before and after.
fn planned(deliveries: &[Delivery]) -> Vec<Planned> {
    let mut planned = Vec::new();
    for mut pool in read(deliveries).flat_map(|read| read.pools) {
        if let Some(before) = pool.before.take() {
            // The judging of the plan says that there are other scenarios.
            planned.push(Planned { before, after: pool.first(&mut Vec::new()) });
        }
    }
    planned
}

/// The pools that were read live.
fn pools(deliveries: &[Delivery]) -> Vec<Pool> {
    read(deliveries).flat_map(|read| read.first().0).collect()
}

fn read(deliveries: &[Delivery]) -> impl Iterator<Item = Read<'_>> {
    let everything = Projection::everything();
    deliveries.iter().filter_map(Delivery::chunk).map(move |chunk| source::read(chunk, &everything))
}

/// The name to request a pool by.
fn name(pool: &Pool) -> Option<String> {
    let identity = pool.identity();
    identity.arn.or(identity.id).map(|name| name.to_string())
}
