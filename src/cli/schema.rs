//! `schema`: what a pool document can hold.

use std::io::Write;
use std::process::ExitCode;

use super::args::{Color, Described, SchemaArgs};
use super::streams::Stream;
use super::{Failure, load, terminal};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::report::screen::Draws;
use crate::report::tree;
use crate::schema::NodeId;

pub(super) fn run(args: &SchemaArgs, color: Color) -> Result<ExitCode, Failure> {
    load::configuration(&args.config)?;
    if let Some(described) = args.file {
        let text = match described {
            Described::File(file) => file.text(),
            Described::Report(schema) => schema.to_owned(),
        };
        Stream::Stdout.screen(Draws::Json).write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let node = match &args.path {
        None => NodeId::ROOT,
        Some(path) => find(path)?,
    };
    let style = terminal::style(Stream::Stdout, color);
    match args.json {
        true => tree::json(node, &mut Stream::Stdout.screen(Draws::Json))?,
        false => tree::tree(node, style, &mut Stream::Stdout.screen(Draws::of_style(style)))?,
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
