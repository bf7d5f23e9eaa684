//! `schema`: what a pool document can hold.

use std::io::{self, Write};
use std::process::ExitCode;

use super::args::{Color, SchemaArgs};
use super::{Failure, load, terminal};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::report::tree;
use crate::schema::NodeId;

pub(super) fn run(args: &SchemaArgs, color: Color) -> Result<ExitCode, Failure> {
    load::configuration(&args.config)?;
    if let Some(file) = args.file {
        io::stdout().write_all(file.text().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let node = match &args.path {
        None => NodeId::ROOT,
        Some(path) => find(path)?,
    };
    let mut out = io::stdout().lock();
    match args.json {
        true => tree::json(node, &mut out)?,
        false => tree::tree(node, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The node that a path on the command line leads to.
pub(super) fn find(path: &str) -> Result<NodeId, Failure> {
    tree::find(path).map_err(|problem| {
        let source_file = SourceFile::new("PATH", path);
        let mistake = SourceDiagnostic::new(&source_file, problem.at, problem.message, problem.label);
        Failure::Other(miette::Report::new(mistake.maybe_help(problem.help)))
    })
}
