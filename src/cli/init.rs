//! `init`: a commented configuration to start from.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::Failure;
use super::args::InitArgs;
use super::streams::Stream;
use super::terminal::write_line;
use crate::config::TEMPLATE;
use crate::report::screen::Draws;

pub(super) fn run(args: &InitArgs) -> Result<ExitCode, Failure> {
    if args.file == Path::new("-") {
        let mut out = Stream::Stdout.screen(Draws::Text);
        out.write_all(TEMPLATE.as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if !args.force {
        options.create_new(true);
    }
    let shown = args.file.display();
    let mut file = options.open(&args.file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::Other(miette::miette!(help = "`--force` replaces it", "{shown} already exists"))
        }
        _ => Failure::Other(miette::miette!("{shown} could not be written: {error}")),
    })?;
    file.write_all(TEMPLATE.as_bytes())?;
    write_line(&mut Stream::Stdout.screen(Draws::Text), &format!("wrote {shown}"))?;
    Ok(ExitCode::SUCCESS)
}
