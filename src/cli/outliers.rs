//! `outliers`: pools unlike their siblings.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Color, FailOnOutliers, OutliersArgs};
use super::load::{self, Loaded};
use super::reads::Reads;
use super::sides::{Given, Opened, written};
use super::targets::{self, Formats};
use super::{Failure, drift, inputs, mistyped, output, parameters, variables};
use crate::config::Config;
use crate::drift::{Deliveries, Rules};
use crate::outcome::{DriftTerms, FailOnDrift, outcome_of_outliers};
use crate::outlier::{Terms, Threshold, outliers, siblings};
use crate::pool::{ReadWindow, Section};
use crate::report::outlier::{OutlierFormat, OutlierReport, answer, write};
use crate::source::input::{self, LeftOut};
use crate::source::snapshot::Snapshot;
use crate::source::{Delivery, Interrupt};

pub(super) fn run(args: &OutliersArgs, color: Color) -> Result<ExitCode, Failure> {
    mistyped::input(&args.inputs)?;
    let Loaded { policy, config, packs: _ } = load::load(&args.policy)?;
    let others = policy.others(drift::built_in()?);
    let formats =
        Formats { parse: OutlierFormat::parse, draws: OutlierFormat::draws, default: OutlierFormat::Human };
    let read: Vec<PathBuf> = args.inputs.iter().chain(&args.since).cloned().collect();
    let mut targets = targets::targets(&args.reports, &Reads::of(&read), args.quiet, color, formats)?;
    let now = super::now();
    let given = Given {
        parameters: parameters::given(&args.templates)?,
        variables: variables::given(&args.variables)?,
    };
    let (pools, interrupted) = match args.inputs.is_empty() {
        true => live(args, config.as_ref(), &given)?,
        false => {
            // Options for live pools are refused before anything is read.
            let _ = inputs::pools_of_files(&[], &args.live, given.parameters.clone(), LeftOut::default())?;
            (Inputs::of(&args.inputs, args.files.left_out(config.as_ref()))?, None)
        }
    };
    if !variables::is_none(&given.variables) {
        variables::ensure_used(&pools.read(&given).collect::<Vec<Delivery>>(), &given.variables, None)?;
    }
    let earlier = Inputs::of(&args.since, LeftOut::default())?;
    let terms = Terms { by: args.by.clone(), threshold: threshold(args) };
    let rules = Rules { policy: &policy, others: &others };
    let (open, open_earlier) = (|| pools.read(&given), || earlier.read(&given));
    let mut found = match args.pairs.as_slice() {
        [] => {
            let earlier = (!args.since.is_empty()).then_some(&open_earlier as crate::drift::Open<'_>);
            outliers(&open, earlier, rules, &terms, now)
        }
        pairs => siblings(&open, pairs, rules, now),
    };
    found.interrupted = found.interrupted.or(interrupted);
    let terms = DriftTerms { fail_on: args.fail_on_outliers.into(), allow_empty: args.allow_empty };
    let outcome = outcome_of_outliers(&found, terms);
    let report = OutlierReport { outliers: &found, outcome, terms, generated: now };
    targets::deliver(&mut targets, |format, style, _, out| write(format, &report, style, out))?;
    if !args.quiet {
        targets::say(&answer(&report), &targets);
    }
    Ok(ExitCode::from(outcome.exit_code()))
}

impl From<FailOnOutliers> for FailOnDrift {
    fn from(which: FailOnOutliers) -> Self {
        match which {
            FailOnOutliers::Any => FailOnDrift::Any,
            FailOnOutliers::Weakened => FailOnDrift::Weakened,
            FailOnOutliers::Never => FailOnDrift::Never,
        }
    }
}

fn threshold(args: &OutliersArgs) -> Threshold {
    let default = Threshold::default();
    Threshold { percent: args.most.unwrap_or(default.percent), least: args.least.unwrap_or(default.least) }
}

/// Inputs that are read several times.
struct Inputs {
    opened: Vec<Opened>,
    left_out: LeftOut,
}

impl Inputs {
    fn of(inputs: &[PathBuf], left_out: LeftOut) -> Result<Inputs, Failure> {
        let opened = inputs.iter().map(|input| Opened::of(input)).collect::<Result<_, _>>();
        Ok(Inputs { opened: opened.map_err(output::no_scratch)?, left_out })
    }

    fn read(&self, given: &Given) -> Deliveries {
        let inputs = self.opened.iter().map(|opened| opened.input.clone()).collect();
        let pools = input::open_with(inputs, given.parameters.clone(), self.left_out.clone());
        variables::applied(Box::new(pools), Arc::clone(&given.variables), None)
    }
}

/// Live pools, each of which is read once: they are written down as a snapshot has them.
fn live(
    args: &OutliersArgs,
    config: Option<&Config>,
    given: &Given,
) -> Result<(Inputs, Option<Interrupt>), Failure> {
    if !given.parameters.is_empty() {
        return Err(parameters::without_inputs());
    }
    if !variables::is_none(&given.variables) {
        return Err(variables::without_inputs());
    }
    let sections = Section::ATTACHED.into_iter().filter(|section| section.is_compared()).collect();
    let started = super::now();
    let deliveries = inputs::pools(&[], &args.live, config, sections, None, args.quiet)?;
    let snapshot = Snapshot::read(deliveries, output::scratch).map_err(output::no_scratch)?;
    let interrupted = snapshot.interrupted;
    let name = "the live pools".to_owned();
    let made = super::now();
    let read = ReadWindow::between(started, made);
    let opened = written(name, |file| snapshot.write(made, read, file)).map_err(output::no_scratch)?;
    Ok((Inputs { opened: vec![opened], left_out: LeftOut::default() }, interrupted))
}
