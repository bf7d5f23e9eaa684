//! Reports of a run: their formats, and the file or stream that each goes to.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::args::Color;
use super::output::{Output, is_same_file};
use super::reads::Reads;
use super::streams::Stream;
use super::{Failure, step_summary, terminal};
use crate::evaluate::Detail;
use crate::file_name;
use crate::report::screen::Draws;
use crate::report::{self, Format, Report, Show, Style};
use crate::value::Day;

/// One report and where it goes.
pub(super) struct Target<F> {
    format: F,
    style: Style,
    output: Output,
    /// The file, and its position among the files of the report.
    file: Option<(PathBuf, usize)>,
}

impl<F: Copy> Target<F> {
    pub(super) fn format(&self) -> F {
        self.format
    }
}

impl Target<Format> {
    /// Whether the format has the tags of pools, or groups findings by the owner that one names.
    pub(super) fn has_tags(&self) -> bool {
        matches!(self.format, Format::Html | Format::Json | Format::Jsonl)
    }

    /// Whether the format has pictures of journeys.
    pub(super) fn has_pictures(&self) -> bool {
        self.format == Format::Html
    }

    /// How much of each finding the format shows.
    pub(super) fn detail(&self) -> Detail {
        self.format.detail(self.style.show)
    }
}

/// Sets what every report for people shows.
pub(super) fn show(targets: &mut [Target<Format>], show: Show) {
    for target in targets {
        target.style.show = show;
    }
}

/// The reports that `--report` names, with the day in place of `{date}`, so that one line serves every night.
pub(super) fn dated(reports: &[String], today: Day) -> Vec<String> {
    reports.iter().map(|report| report.replace("{date}", &today.to_string())).collect()
}

/// Refuses a word in braces that stands for nothing: every night would replace the report of the one before.
fn ensure_no_placeholder(report: &str, file: &str) -> Result<(), Failure> {
    let words = file.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word);
    let is_word = |word: &&str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c))
    };
    let Some(word) = words.into_iter().find(is_word) else { return Ok(()) };
    let help = "the only one is `{date}`, in the reports of `check`, `baseline`, `merge` and `report`";
    Err(Failure::Other(miette::miette!(
        help = help,
        "`--report {report}`: `{{{word}}}` is not a placeholder"
    )))
}

/// The files of the reports that `--report` names.
pub(super) fn file_names(reports: &[String]) -> impl Iterator<Item = Cow<'_, Path>> {
    reports.iter().filter_map(|report| report.split_once('=')).map(|(_, file)| file_name::path(file))
}

/// The formats that `--report` chooses from.
#[derive(Clone, Copy)]
pub(super) struct Formats<F> {
    pub parse: fn(&str) -> Result<F, String>,
    pub draws: fn(F, Style) -> Draws,
    /// The format where none is named.
    pub default: F,
}

/// Opens the reports of a check.
pub(super) fn of_reports(
    reports: &[String],
    reads: &Reads,
    quiet: bool,
    color: Color,
) -> Result<Vec<Target<Format>>, Failure> {
    targets(
        reports,
        reads,
        quiet,
        color,
        Formats { parse: Format::parse, draws: Format::draws, default: Format::Human },
    )
}

/// Opens every report before anything is read, so that one that cannot be written is an error at once, and so is one
/// that would take the place of another or of an input.
pub(super) fn targets<F: Copy>(
    reports: &[String],
    reads: &Reads,
    quiet: bool,
    color: Color,
    formats: Formats<F>,
) -> Result<Vec<Target<F>>, Failure> {
    let mut targets = Vec::new();
    let mut to_stdout = 0;
    for text in reports {
        let (word, file) =
            text.split_once('=').map_or((text.as_str(), None), |(word, file)| (word, Some(file)));
        let format = (formats.parse)(word).map_err(|why| Failure::Other(miette::miette!("{why}")))?;
        match file {
            Some("") => {
                let help =
                    format!("name it: `--report {word}=FILE`, or leave the `=` out for standard output");
                return Err(Failure::Other(miette::miette!(help = help, "`--report {text}` names no file")));
            }
            Some(file) if file != "-" => {
                ensure_no_placeholder(text, file)?;
                let path = file_name::path(file);
                reads.ensure_kept("report", &path)?;
                let same =
                    |one: &&Target<F>| one.file.as_ref().is_some_and(|(other, _)| is_same_file(other, &path));
                if targets.iter().find(same).is_some() {
                    let help = "name a file for each report";
                    return Err(Failure::Other(miette::miette!(
                        help = help,
                        "two reports would be written to {file}"
                    )));
                }
                targets.push(to_file(format, &path, formats.draws)?);
            }
            Some(_) | None => {
                to_stdout += 1;
                targets.extend((!quiet).then(|| stdout(format, color, formats.draws)));
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
        targets.push(stdout(formats.default, color, formats.draws));
    }
    Ok(targets)
}

fn stdout<F: Copy>(format: F, color: Color, draws: fn(F, Style) -> Draws) -> Target<F> {
    let style = terminal::style(Stream::Stdout, color);
    Target { format, style, output: Output::stdout(draws(format, style)), file: None }
}

fn to_file<F: Copy>(format: F, file: &Path, draws: fn(F, Style) -> Draws) -> Result<Target<F>, Failure> {
    if file.is_dir() || file.as_os_str().as_encoded_bytes().last().is_some_and(|byte| is_separator(*byte)) {
        let shown = file.display();
        let help = format!("name a file in it: `{}`", file.join("report").display());
        return Err(Failure::Other(miette::miette!(help = help, "the report {shown} is a directory")));
    }
    let output = directory_of(file).and_then(|()| Output::file(file, draws(format, Style::PLAIN)));
    let output = output.map_err(|error| {
        Failure::Other(miette::miette!("the report {} cannot be written: {error}", file.display()))
    })?;
    Ok(Target { format, style: Style::PLAIN, output, file: Some((file.to_owned(), 0)) })
}

fn is_separator(byte: u8) -> bool {
    std::path::is_separator(char::from(byte))
}

/// Makes the directory of a report, such as one for each run. Where more than one level is missing, the name is more
/// likely a mistake.
fn directory_of(file: &Path) -> io::Result<()> {
    let missing = file.parent().filter(|directory| !directory.as_os_str().is_empty() && !directory.exists());
    match missing {
        // Another run may make it at the same time.
        Some(directory) => fs::create_dir(directory).or_else(|error| match directory.is_dir() {
            true => Ok(()),
            false => Err(error),
        }),
        None => Ok(()),
    }
}

/// Writes the report in every format that was asked for, and the summary of the step beside annotations for GitHub.
pub(super) fn deliver_report(
    report: &Report<'_>,
    targets: &mut [Target<Format>],
    quiet: bool,
) -> Result<(), Failure> {
    let mut further = further(report, targets)?;
    warn_of_earlier(report, targets);
    let write = |format, style, file: Option<(&Path, usize)>, out: &mut dyn Write| match file {
        Some((first, position)) => {
            let names = names(first, report::files(format, report));
            report::write_file(format, report, style, (position, &names), out)
        }
        None => report::write(format, report, style, out),
    };
    let delivered = deliver(targets, write).and(deliver(&mut further, write));
    let asff = targets.iter().filter(|target| target.format == Format::Asff);
    let left = asff.map(|target| report::left_out(target.format, report)).max().unwrap_or(0);
    if left > 0 {
        terminal::print_line(&format!(
            "{left} of the findings and failed reads are not in the asff report: Security Hub takes only those of a \
             known account and Region"
        ));
    }
    if let Some(github) = targets.iter().find(|target| target.format == Format::Github)
        && let Err(error) = step_summary::append(report, github.style.show.least)
    {
        // The annotations are written, and the exit code stays what it is.
        terminal::print_line(&format!("the summary of the step could not be written: {error}"));
    }
    delivered?;
    if !quiet {
        say(&report::answer(report), targets);
    }
    Ok(())
}

/// Says the answer on standard error where standard output has no report, with the files that have one.
pub(super) fn say<F>(answer: &str, targets: &[Target<F>]) {
    let files: Option<Vec<String>> = targets
        .iter()
        .map(|target| target.file.as_ref().map(|(file, _)| file_name::of(file).into_owned()))
        .collect();
    if let Some(files) = files.filter(|files| !files.is_empty()) {
        terminal::print_line(&format!("{answer}; see {}", files.join(", ")));
    }
}

/// The files after the first one of reports that need several.
fn further(report: &Report<'_>, targets: &[Target<Format>]) -> Result<Vec<Target<Format>>, Failure> {
    let mut further = Vec::new();
    for target in targets {
        let files = report::files(target.format, report);
        let Some((first, _)) = target.file.as_ref().filter(|_| files > 1) else { continue };
        for position in 1..files {
            let mut one = to_file(target.format, &numbered(first, position + 1), Format::draws)?;
            one.file = Some((first.clone(), position));
            further.push(one);
        }
        let (word, last) = (target.format.word(), numbered(first, files));
        let what = match target.format {
            Format::Html => "keep them in one directory, and open the first",
            _ => "upload each of them",
        };
        terminal::print_line(&format!(
            "the {word} report has {files} files, {} to {}: {what}",
            file_name::of(first),
            file_name::of(&last)
        ));
    }
    Ok(further)
}

/// Warns of files that an earlier run with more of them left beside a report: whoever takes all files that are there
/// would take its findings too.
fn warn_of_earlier(report: &Report<'_>, targets: &[Target<Format>]) {
    for target in targets.iter().filter(|target| matches!(target.format, Format::Html | Format::Sarif)) {
        let Some((first, _)) = &target.file else { continue };
        let next = report::files(target.format, report).max(1) + 1;
        for file in (next..).map(|number| numbered(first, number)).take_while(|file| is_own(file)) {
            terminal::print_line(&format!(
                "{} is of an earlier run: it is not a part of the {} report {}",
                file_name::of(&file),
                target.format.word(),
                file_name::of(first)
            ));
        }
    }
}

/// Whether a file is a report of this program: it says so near its start.
fn is_own(file: &Path) -> bool {
    const START: u64 = 4096;
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_ok() && String::from_utf8_lossy(&start).contains(env!("CARGO_PKG_NAME"))
}

/// The names of the files of a report, without their directory.
fn names(first: &Path, files: usize) -> Vec<String> {
    let further = (2..=files).map(|number| numbered(first, number));
    let name = |file: PathBuf| file_name::of(Path::new(file.file_name().unwrap_or_default())).into_owned();
    std::iter::once(first.to_owned()).chain(further).map(name).collect()
}

/// `report-2.sarif` for `report.sarif`.
fn numbered(file: &Path, number: usize) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(end) = file.extension() {
        name.push(".");
        name.push(end);
    }
    file.with_file_name(name)
}

/// Writes every report, also where another one could not be written.
pub(super) fn deliver<F: Copy>(
    targets: &mut [Target<F>],
    write: impl Fn(F, Style, Option<(&Path, usize)>, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut failure = None;
    for Target { format, style, output, file } in targets {
        let place = file.as_ref().map(|(first, position)| (first.as_path(), *position));
        let written = write(*format, *style, place, &mut output.out);
        let name = |error: io::Error| match &*file {
            Some((first, _)) => {
                let first = first.display();
                Failure::Other(miette::miette!("the report {first} cannot be written: {error}"))
            }
            None => Failure::from(error),
        };
        if let Err(why) = output.finish(written).map_err(name) {
            failure = failure.or(Some(why));
        }
    }
    failure.map_or(Ok(()), Err)
}
