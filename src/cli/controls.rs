//! `controls`: the controls of packs, and the rules that prove them.

use std::process::ExitCode;

use super::args::{Color, ControlsArgs};
use super::streams::Stream;
use super::{Failure, load, terminal};
use crate::diagnostic::{SourceDiagnostic, nearest};
use crate::report::controls as print;
use crate::report::screen::Draws;
use crate::rule::{Standard, assemble, builtin};

pub(super) fn run(args: &ControlsArgs, color: Color) -> Result<ExitCode, Failure> {
    let mut mistakes = Vec::new();
    let standards = standards(&mut mistakes);
    load::finish(mistakes)?;
    let style = terminal::style(Stream::Stdout, color);
    let draws = if args.json { Draws::Json } else { Draws::of_style(style) };
    let mut out = Stream::Stdout.screen(draws);
    match &args.pack {
        None if args.json => print::json_list(&standards, &mut out)?,
        None => print::list(&standards, style, &mut out)?,
        Some(name) => match standards.iter().find(|standard| *standard.pack == **name) {
            Some(standard) if args.json => print::json(standard, &mut out)?,
            Some(standard) => print::show(standard, style, &mut out)?,
            None => return Err(no_such_standard(name, &standards)),
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// Every pack that has controls.
fn standards(mistakes: &mut Vec<SourceDiagnostic>) -> Vec<Standard> {
    let mut standards = Vec::new();
    for name in builtin::packs() {
        match builtin::pack(name) {
            Some(Ok(pack)) if pack.controls.is_empty() => {}
            Some(Ok(pack)) => standards.push(assemble::standard(&pack, mistakes)),
            Some(Err(more)) => mistakes.extend(more),
            None => {}
        }
    }
    standards
}

fn no_such_standard(name: &str, standards: &[Standard]) -> Failure {
    let names: Vec<&str> = standards.iter().map(|standard| &*standard.pack).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the packs with controls are {}", names.join(", ")),
    };
    let message = match builtin::pack(name) {
        Some(_) => format!("the pack `{name}` is not for a standard, and has no controls"),
        None => format!("there is no pack `{name}`"),
    };
    Failure::Other(miette::miette!(help = help, "{message}"))
}
