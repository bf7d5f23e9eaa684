//! `fix FILE`: changes of the file that declares pools, as a diff or written to it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::{LEFT, NOT_READ, not_read};
use crate::cli::args::{Color, FixArgs};
use crate::cli::output::replace;
use crate::cli::streams::Stream;
use crate::cli::{Failure, parameters, terminal, variables};
use crate::fix::{self, InFile, Obstacle, Wish};
use crate::report::{self, screen::Draws};
use crate::rule::Policy;
use crate::source::input::{self, Input, LeftOut};
use crate::source::{Chunk, Delivery};

/// A byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether an argument is a file that declares pools, and not a pool.
pub(super) fn is_file(pool: &str) -> bool {
    Path::new(pool).is_file()
}

pub(super) fn run(args: &FixArgs, policy: &Policy, wish: &Wish, color: Color) -> Result<ExitCode, Failure> {
    let file = &args.pool;
    if !args.inputs.is_empty() || args.output.is_some() || args.sms_external_id.is_some() {
        let help = format!(
            "`cognito-lint fix {file}` changes the file; `cognito-lint fix POOL {file}` finds a pool in it"
        );
        return Err(Failure::Other(miette::miette!(
            help = help,
            "{file} is a file, which takes no other input, `--output` or `--sms-external-id`"
        )));
    }
    let chunk = match declared(args)? {
        Ok(chunk) => chunk,
        Err(lines) => return Ok(not_read(&lines)),
    };
    let fix = match fix::in_file(policy, &chunk, wish) {
        Ok(fix) => fix,
        Err(Obstacle { message, help }) => {
            return Ok(not_read(&[
                format!("nothing was changed in {file}: {message}"),
                format!("help: {help}"),
            ]));
        }
    };
    for name in fix.files.keys() {
        if let Some(why) = unwritable(Path::new(name)) {
            let help = "change it by hand".to_owned();
            return Ok(not_read(&[format!("nothing was changed in {name}: {why}"), format!("help: {help}")]));
        }
    }
    if args.write {
        write(&fix)?;
    } else {
        let mut out = Stream::Stdout.screen(Draws::Text);
        out.write_all(report::fix::diffs(&fix).as_bytes())?;
        out.flush()?;
    }
    let style = terminal::style(Stream::Stderr, color);
    report::fix::write_in_file(&fix, args.write, style, &mut Stream::Stderr.screen(Draws::of_style(style)))?;
    Ok(match &fix.left[..] {
        [] => ExitCode::SUCCESS,
        left if left.iter().any(|left| left.left.unknown) => ExitCode::from(NOT_READ),
        _ => ExitCode::from(LEFT),
    })
}

/// The text or the configuration of the file with the given values; the inner error is why it has none that can be
/// changed.
fn declared(args: &FixArgs) -> Result<Result<Chunk, Vec<String>>, Failure> {
    let file = &args.pool;
    let parameters = parameters::given(&args.template)?;
    let opened = input::open_with(vec![Input::parse(file)], parameters.clone(), LeftOut::default());
    let settled = parameters::settled(opened, &parameters)?;
    let mut chunks = Vec::new();
    for delivery in variables::settled(settled, variables::given(&args.variables)?, None)? {
        match delivery {
            Delivery::Chunk(chunk) => chunks.push(chunk),
            Delivery::Unread(unread) => {
                return Ok(Err(vec![format!("unread: {}: {}", unread.target, unread.message)]));
            }
            Delivery::Note(_) | Delivery::Listed(_) | Delivery::ListedWhole(_) | Delivery::Interrupted(_) => {
            }
        }
    }
    Ok(<[Chunk; 1]>::try_from(chunks).map(|[chunk]| chunk).map_err(|_| {
        vec![
            format!("nothing was changed in {file}: it is not a template or a configuration"),
            "help: to fix a live pool, name the pool and then the file: `cognito-lint fix POOL FILE`"
                .to_owned(),
        ]
    }))
}

/// Why a file is not changed.
fn unwritable(file: &Path) -> Option<&'static str> {
    let own = fs::symlink_metadata(file).ok()?;
    if own.is_symlink() {
        return Some("it is a symbolic link to a file elsewhere");
    }
    own.permissions().readonly().then_some("it is read-only")
}

/// Writes the files that are still as they were read.
fn write(fix: &InFile) -> Result<(), Failure> {
    let mut texts = Vec::new();
    for (name, (before, after)) in &fix.files {
        let on_disk = fs::read(name).unwrap_or_default();
        // A template is read without its byte order mark, which stays.
        let mark = if on_disk.starts_with(MARK) && !before.as_bytes().starts_with(MARK) { MARK } else { b"" };
        texts.push((name, [mark, after.as_bytes()].concat()));
        if on_disk != [mark, before.as_bytes()].concat() {
            let help = "run it again";
            return Err(Failure::Other(miette::miette!(help = help, "{name} was changed while it was read")));
        }
    }
    for (name, text) in texts {
        replace(Path::new(name), &text)
            .map_err(|error| Failure::Other(miette::miette!("{name} could not be written: {error}")))?;
    }
    Ok(())
}
