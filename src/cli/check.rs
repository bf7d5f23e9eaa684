//! `check`: pools against rules.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::accounts::{Accounts, accounts};
use super::args::{CheckArgs, Color, Coverage, LiveArgs, Unknown};
use super::decisions::Decided;
use super::load::{self, Loaded};
use super::output::Output;
use super::{Failure, decisions, deploy, parameters, progress, step_summary, terminal};
use crate::config::{AwsConfig, Config};
use crate::evaluate::{Detail, Evaluation, Options, evaluate};
use crate::mistake::Mistake;
use crate::outcome::{Outcome, Terms, outcome};
use crate::pool::Section;
use crate::report::{self, Format, Report, Run, Style};
use crate::rule::{Policy, digest};
use crate::shard::Shard;
use crate::source::aws::{self, PoolPattern, Quotas, Request};
use crate::source::input::{self, Input, LeftOut};
use crate::source::{Delivery, snapshot};
use crate::triage::{Reach, triage};

pub(super) fn run(args: &CheckArgs, color: Color) -> Result<ExitCode, Failure> {
    let loaded = load::load(&args.policy)?;
    let decided = decisions::load(&args.decisions, &args.reports, &loaded, !args.policy.rules.is_empty())?;
    let mut targets = targets(&args.reports, args.quiet, color)?;
    let detail = targets.iter().map(Target::detail).max().unwrap_or(Detail::Counts);
    let judged = judged(args, &loaded, &decided, detail)?;
    let outcome = outcome(&judged.evaluation, judged.terms);
    report_on(args, &loaded.policy, &judged, outcome, &mut targets)?;
    Ok(ExitCode::from(outcome.exit_code()))
}

/// What a run came to.
pub(super) struct Judged {
    pub evaluation: Evaluation,
    pub terms: Terms,
    pub reach: Reach,
    options: Options,
}

/// Writes the reports of a run.
pub(super) fn report_on(
    args: &CheckArgs,
    policy: &Policy,
    judged: &Judged,
    outcome: Outcome,
    targets: &mut [Target],
) -> Result<(), Failure> {
    let Judged { evaluation, terms, options, .. } = judged;
    let (full_coverage, shard) = (options.full_coverage, options.shard);
    let run = Run { generated: options.now, digest: &digest(policy), full_coverage, shard };
    let report = Report { evaluation, outcome, terms: *terms, policy, evidence: args.evidence, run };
    deliver(&report, targets)
}

/// Writes the report in every form that was asked for.
pub(super) fn deliver(report: &Report<'_>, targets: &mut [Target]) -> Result<(), Failure> {
    let written: Vec<_> = targets.iter_mut().map(|target| target.write(report)).collect();
    for failure in written.into_iter().filter_map(Result::err) {
        match failure {
            // Nobody reads on, and the exit code still says what the run came to.
            Failure::BrokenPipe => {}
            failure => return Err(failure),
        }
    }
    Ok(())
}

/// Reads and judges every pool, and decides about every finding.
pub(super) fn judged(
    args: &CheckArgs,
    loaded: &Loaded,
    decided: &Decided,
    detail: Detail,
) -> Result<Judged, Failure> {
    let config = loaded.config.as_ref();
    let policy = Policy { tags: decided.wants_tags(), ..loaded.policy.clone() };
    let (terms, full_coverage) = terms(args, config);
    // Decisions are about findings, so their number alone is not enough.
    let detail = if decided.is_anything() { detail.max(Detail::Places) } else { detail };
    let options =
        Options { now: decided.now, full_coverage, evidence: args.evidence, detail, shard: args.shard };
    let parameters = parameters::given(&args.template)?;
    let mut evaluation = match args.inputs.is_empty() {
        true if !parameters.is_empty() => return Err(parameters::without_inputs()),
        true => {
            let pools = pools(&[], &args.live, config, policy.sections(), args.shard, args.quiet)?;
            evaluate(&policy, pools, options)
        }
        false if args.with_live => deploy::judged(args, config, &policy, parameters, options)?,
        false => evaluate(
            &policy,
            pools_of_files(&args.inputs, &args.live, parameters, args.files.left_out())?,
            options,
        ),
    };
    let filtered = !args.live.pools.is_empty() || config.is_some_and(|config| !config.aws.pools.is_empty());
    let reach = Reach { whole_regions: args.inputs.is_empty() && !filtered, shard: args.shard };
    evaluation.notes.extend(decided.notes.iter().cloned());
    triage(&mut evaluation, decided.decisions(&policy, reach));
    Ok(Judged { evaluation, terms, reach, options })
}

/// What fails the run: the command line wins over the configuration.
fn terms(args: &CheckArgs, config: Option<&Config>) -> (Terms, bool) {
    let written = config.map(|config| &config.terms);
    let default = Terms::default();
    let terms = Terms {
        fail_on: match args.fail_on {
            Some(fail_on) => fail_on.0,
            None => written.and_then(|terms| terms.fail_on).unwrap_or(default.fail_on),
        },
        ignore_unknown: match args.unknown {
            Some(unknown) => matches!(unknown, Unknown::Ignore),
            None => written.and_then(|terms| terms.ignore_unknown).unwrap_or(default.ignore_unknown),
        },
        allow_empty: args.allow_empty
            || written.and_then(|terms| terms.allow_empty).unwrap_or(default.allow_empty),
    };
    let full_coverage = match args.coverage {
        Some(coverage) => matches!(coverage, Coverage::Full),
        None => written.and_then(|terms| terms.full_coverage).unwrap_or(false),
    };
    (terms, full_coverage)
}

/// Where the pools come from: the inputs, or AWS when there are none.
pub(super) fn pools(
    inputs: &[String],
    live: &LiveArgs,
    config: Option<&Config>,
    sections: BTreeSet<Section>,
    shard: Option<Shard>,
    quiet: bool,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    if inputs.is_empty() {
        let request = request(live, config)?;
        let (progress, shown) = progress::begin(live.verbose, quiet);
        let deliveries = aws::read(Request { sections, shard, progress, ..request });
        // What is shown goes when the last delivery has come, so that nothing is drawn into the report.
        let until_then = move |delivery| {
            _ = &shown;
            snapshot::recorded(delivery)
        };
        return Ok(Box::new(deliveries.map(until_then)));
    }
    pools_of_files(inputs, live, BTreeMap::new(), LeftOut::default())
}

/// The pools of the inputs, in which templates are given parameters.
pub(super) fn pools_of_files(
    inputs: &[String],
    live: &LiveArgs,
    parameters: BTreeMap<String, String>,
    left_out: LeftOut,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    let flags = [
        ("--profile", live.profile.is_some()),
        ("--region", !live.regions.is_empty()),
        ("--all-regions", live.all_regions),
        ("--role-arn", live.role_arn.is_some()),
        ("--pool", !live.pools.is_empty()),
        ("--endpoint-url", live.endpoint_url.is_some()),
        ("--max-rps", live.max_rps.is_some()),
        ("--timeout", live.timeout.is_some()),
        ("--verbose", live.verbose),
    ];
    if let Some((flag, _)) = flags.iter().find(|(_, given)| *given) {
        let help = "leave the inputs out to read live pools, or leave the option out";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`{flag}` is for live pools, and inputs were given"
        )));
    }
    let inputs = inputs.iter().map(|input| Input::parse(input)).collect();
    Ok(Box::new(input::open_with(inputs, parameters, left_out)))
}

pub(super) fn request(live: &LiveArgs, config: Option<&Config>) -> Result<Request, Failure> {
    let none = AwsConfig::default();
    let written = config.map_or(&none, |config| &config.aws);
    let pools =
        if live.pools.is_empty() { patterns_of_config(config, written)? } else { patterns(&live.pools)? };
    let default = Request::default();
    let given = live.max_rps.or(written.max_rps);
    if given.is_some_and(|max_rps| !(max_rps.is_finite() && max_rps > 0.0)) {
        return Err(Failure::Other(miette::miette!("`--max-rps` must be more than 0")));
    }
    let Accounts { named, organization, regions, all_regions } = accounts(live, config)?;
    Ok(Request {
        profile: live.profile.clone().or_else(|| written.profile.clone()),
        regions,
        all_regions,
        accounts: named,
        organization,
        endpoint_url: live.endpoint_url.clone().or_else(|| written.endpoint_url.clone()),
        pools,
        quotas: given.map_or(default.quotas, Quotas::every),
        time_limit: live.timeout.or(written.timeout),
        ..default
    })
}

fn patterns(texts: &[String]) -> Result<Vec<PoolPattern>, Failure> {
    let parse = |text: &String| {
        PoolPattern::parse(text).map_err(|why| Failure::Other(miette::miette!("`--pool {text}`: {why}")))
    };
    texts.iter().map(parse).collect()
}

fn patterns_of_config(config: Option<&Config>, aws: &AwsConfig) -> Result<Vec<PoolPattern>, Failure> {
    let (mut patterns, mut mistakes) = (Vec::new(), Vec::new());
    for (text, at) in &aws.pools {
        match (PoolPattern::parse(text), config) {
            (Ok(pattern), _) => patterns.push(pattern),
            (Err(why), Some(config)) => mistakes.push(Mistake::new(&config.script, at.clone(), why, "")),
            (Err(why), None) => return Err(Failure::Other(miette::miette!("{why}"))),
        }
    }
    load::finish(mistakes)?;
    Ok(patterns)
}

/// One report and where it goes.
pub(super) struct Target {
    format: Format,
    style: Style,
    output: Output,
}

impl Target {
    fn detail(&self) -> Detail {
        match self.format {
            Format::Human => Detail::Excerpts,
            Format::Compact
            | Format::Json
            | Format::Jsonl
            | Format::Sarif
            | Format::Junit
            | Format::Github
            | Format::Gitlab
            | Format::Markdown
            | Format::Csv => Detail::Places,
        }
    }

    fn write(&mut self, report: &Report<'_>) -> Result<(), Failure> {
        let written = report::write(self.format, report, self.style, &mut self.output.out);
        self.output.finish(written)?;
        if self.format == Format::Github
            && let Err(error) = step_summary::append(report)
        {
            // The annotations are written, and the answer of the run stays what it is.
            terminal::print_line(&format!("the summary of the step could not be written: {error}"));
        }
        Ok(())
    }
}

/// Opens every report before anything is read, so that one that cannot be written is told at once.
pub(super) fn targets(reports: &[String], quiet: bool, color: Color) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::new();
    let mut to_stdout = 0;
    for text in reports {
        let (word, file) =
            text.split_once('=').map_or((text.as_str(), None), |(word, file)| (word, Some(file)));
        let format = Format::parse(word).map_err(|why| Failure::Other(miette::miette!("{why}")))?;
        match file {
            Some(file) => targets.push(to_file(format, Path::new(file))?),
            None => {
                to_stdout += 1;
                targets.extend((!quiet).then(|| stdout(format, color)));
            }
        }
    }
    if to_stdout > 1 {
        let help = "send all but one to a file: `--report json=report.json`";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "only one report can go to standard output"
        )));
    }
    if reports.is_empty() && !quiet {
        targets.push(stdout(Format::Human, color));
    }
    Ok(targets)
}

fn stdout(format: Format, color: Color) -> Target {
    let style = terminal::style(&io::stdout(), color);
    Target { format, style, output: Output::stdout() }
}

fn to_file(format: Format, file: &Path) -> Result<Target, Failure> {
    let output = Output::file(file).map_err(|error| {
        Failure::Other(miette::miette!("the report {} cannot be written: {error}", file.display()))
    })?;
    Ok(Target { format, style: Style::default(), output })
}
