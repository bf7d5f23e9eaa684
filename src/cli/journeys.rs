//! `journeys`: who can get a token from a pool.

use std::process::ExitCode;

use super::args::{Color, JourneysArgs, Unknown};
use super::reads::Reads;
use super::targets::{self, Formats};
use super::{Failure, inputs, load, mistyped, parameters, variables};
use crate::fix::{self, projection};
use crate::journey::{self, Closings, Journeys, Trials};
use crate::outcome::{FailurePolicy, outcome_of_journeys};
use crate::report::journey::{JourneyFormat, JourneyReport, answer, write};

pub(super) fn run(args: &JourneysArgs, color: Color) -> Result<ExitCode, Failure> {
    mistyped::input(&args.inputs)?;
    let config = load::configuration(&args.config)?;
    let config = config.as_ref();
    let formats =
        Formats { parse: JourneyFormat::parse, draws: JourneyFormat::draws, default: JourneyFormat::Human };
    let mut targets = targets::targets(&args.reports, &Reads::of(&args.inputs), args.quiet, color, formats)?;
    // Each change is tried, which takes longer than the answers.
    let is_read = targets.iter().any(|target| target.format().names_changes());
    let closings = |trials: &[Trials<'_>], journeys: &Journeys| {
        if is_read { fix::closings(trials, journeys) } else { Closings::default() }
    };
    let given = parameters::given(&args.template)?;
    let values = variables::given(&args.variables)?;
    let run = if args.inputs.is_empty() {
        if !given.is_empty() {
            return Err(parameters::without_inputs());
        }
        if !variables::is_none(&values) {
            return Err(variables::without_inputs());
        }
        let pools = inputs::pools(&[], &args.live, config, journey::sections(), None, args.quiet)?;
        journey::run_with(pools, &projection(), closings)
    } else {
        let left_out = args.files.left_out(config);
        let pools = inputs::pools_of_files(&args.inputs, &args.live, given.clone(), left_out)?;
        let pools = variables::settled(parameters::settled(pools, &given)?, values, None)?;
        journey::run_with(pools, &projection(), closings)
    };
    let ignore_unknown = matches!(args.unknown, Some(Unknown::Ignore));
    let terms = FailurePolicy { ignore_unknown, allow_empty: args.allow_empty, ..FailurePolicy::default() };
    let outcome = outcome_of_journeys(&run, terms);
    let report = JourneyReport { run: &run, outcome, generated: super::now() };
    targets::deliver(&mut targets, |format, style, _, out| write(format, &report, style, out))?;
    if !args.quiet {
        targets::say(&answer(&report), &targets);
    }
    Ok(ExitCode::from(outcome.exit_code()))
}
