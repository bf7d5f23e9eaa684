//! `rules learn`: writes the strictest policy that pools meet.

use std::path::Path;
use std::process::ExitCode;

use crate::chosen::every_builtin;
use crate::cli::args::LearnArgs;
use crate::cli::output::create;
use crate::cli::{Failure, inputs, load, mistyped, now, parameters, terminal, variables};
use crate::config::Config;
use crate::diagnostic::SourceDiagnostic;
use crate::evaluate::kept::{Kept, keep};
use crate::evaluate::projection;
use crate::learn::{Lesson, learn};
use crate::outcome::Outcome;
use crate::report::learned;
use crate::rule::Policy;
use crate::rule::assemble::assemble;

pub(super) fn run(args: &LearnArgs) -> Result<ExitCode, Failure> {
    mistyped::input(&args.inputs)?;
    let config = load::configuration(&args.config)?;
    let mut mistakes: Vec<SourceDiagnostic> = Vec::new();
    let mut rules = every_builtin(&mut mistakes);
    rules.sort_by(|a, b| a.id.0.cmp(&b.id.0));
    let policy = assemble(rules.clone(), &[], &[], Vec::new(), &mut mistakes);
    load::finish(mistakes)?;
    let kept = kept(args, config.as_ref(), &policy)?;
    let unread: Vec<String> =
        kept.unread.iter().map(|one| format!("{}: {}", one.target, one.message)).collect();
    for line in &unread {
        terminal::print_line(&format!("not read: {line}"));
    }
    if let Some(interrupt) = kept.interrupted {
        terminal::print_line("interrupted: nothing was written");
        return Ok(ExitCode::from(Outcome::Interrupted(interrupt).exit_code()));
    }
    if kept.pools.is_empty() {
        terminal::print_line("nothing was written: the inputs contain no pool");
        return Ok(ExitCode::from(Outcome::Incomplete.exit_code()));
    }
    let lessons = learn(&rules, &kept, now());
    let mut text = Vec::new();
    learned::write(&lessons, kept.pools.len(), &unread, &mut text)?;
    create(args.output.as_deref(), &text, |shown| said(&lessons, kept.pools.len(), shown))?;
    let outcome = if unread.is_empty() { Outcome::Clean } else { Outcome::Incomplete };
    Ok(ExitCode::from(outcome.exit_code()))
}

/// Reads every pool of the inputs, with what any built-in rule needs.
fn kept(args: &LearnArgs, config: Option<&Config>, policy: &Policy) -> Result<Kept, Failure> {
    let parameters = parameters::given(&args.template)?;
    let given = variables::given(&args.variables)?;
    let deliveries = match args.inputs.is_empty() {
        true if !parameters.is_empty() => return Err(parameters::without_inputs()),
        true if !variables::is_none(&given) => return Err(variables::without_inputs()),
        true => inputs::pools(&[], &args.live, config, policy.sections(), None, false)?,
        false => {
            let left_out = args.files.left_out(config);
            let pools = inputs::pools_of_files(&args.inputs, &args.live, parameters.clone(), left_out)?;
            variables::settled(parameters::settled(pools, &parameters)?, given, None)?
        }
    };
    Ok(keep(&projection(policy), deliveries))
}

/// The line about the file that was written, and how to use it.
fn said(lessons: &[Lesson], pools: usize, file: &Path) -> String {
    let learned = lessons.iter().filter(|lesson| lesson.answer.is_learned()).count();
    let (noun, shown) = (if pools == 1 { "pool" } else { "pools" }, file.display());
    format!(
        "wrote {shown}: {pools} {noun} meet {learned} of {} rules; `cognito-lint check --config {shown}` finds \
         what gets worse",
        lessons.len()
    )
}
