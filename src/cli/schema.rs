//! `schema`: what a pool document can hold.

use std::io;
use std::process::ExitCode;

use super::args::{Color, SchemaArgs};
use super::{Failure, terminal};
use crate::mistake::{Mistake, Script};
use crate::report::tree;
use crate::schema::NodeId;

pub(super) fn run(args: &SchemaArgs, color: Color) -> Result<ExitCode, Failure> {
    let node = match &args.path {
        None => NodeId::ROOT,
        Some(path) => tree::find(path).map_err(|problem| {
            let script = Script::new("PATH", path.clone());
            let mistake = Mistake::new(&script, problem.at, problem.message, problem.label);
            Failure::Other(miette::Report::new(mistake.maybe_help(problem.help)))
        })?,
    };
    let mut out = io::stdout().lock();
    match args.json {
        true => tree::json(node, &mut out)?,
        false => tree::tree(node, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}
