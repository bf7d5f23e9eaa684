//! `evidence`: verdicts on controls in a file that others can check, with everything they were judged on.

mod verify;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use tempfile::TempPath;

use super::args::{DecisionArgs, EvidenceArgs, EvidenceCommand, PackArgs, PolicyArgs};
use super::load::Loaded;
use super::output;
use super::reads::{Reads, rule_files};
use super::{Failure, decisions, inputs, load, signals, terminal};
use crate::chosen::Chosen;
use crate::diagnostic::SourceFile;
use crate::evidence::{self, Choices, Judged, Pack, SNAPSHOT, Selection, Zip};
use crate::file_name;
use crate::outcome::Outcome;
use crate::pool::ReadWindow;
use crate::report::screen::{Draws, Screen};
use crate::rule::{builtin, digest};
use crate::source::input::{self, Input};
use crate::source::snapshot::Snapshot;
use crate::source::{Delivery, Interrupt};
use crate::value::Day;

pub(super) fn run(args: &EvidenceArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        Some(EvidenceCommand::Verify(args)) => verify::run(args),
        None => write(&args.pack),
    }
}

fn write(args: &PackArgs) -> Result<ExitCode, Failure> {
    let file = output_file(args)?;
    let policy = PolicyArgs {
        rules: args.packs.iter().chain(&args.policy.rules).cloned().collect(),
        off: args.policy.off.clone(),
        config: args.policy.config.clone(),
    };
    let mut loaded = load::load(&policy)?;
    let choices = choices(args, &policy, &loaded)?;
    if loaded.packs.is_empty() {
        return Err(no_controls());
    }
    loaded.with_controls()?;
    let selection = selection(args, &loaded)?;
    let read = match Pools::read(args, &loaded)? {
        Ok(read) => read,
        Err(interrupt) => {
            terminal::print_line(&format!("interrupted: {} was not written", file.display()));
            return Ok(ExitCode::from(Outcome::Interrupted(interrupt).exit_code()));
        }
    };
    if !read.unread.is_empty() {
        return Ok(nothing_read(&read.unread, &file));
    }
    let judged_at = args.today.map_or(read.made, Day::start);
    let pack = choices.pack(&loaded, &policy.off, selection, judged_at);
    let (pack, restored) = pack.sealed().map_err(Failure::Mistakes)?;
    if pack.digest() != digest(&loaded.policy) {
        return Err(Failure::Other(miette::miette!(
            "the policy in the evidence pack differs from that of the run: please report this"
        )));
    }
    let judged = Judged::of(&pack, &restored, read.snapshot.deliveries());
    let shown = file_name::of(&file).into_owned();
    let mut sum = String::new();
    let written = output::put(&file, |out| {
        let mut zip = Zip::new(out);
        evidence::sums(&judged, &mut read.snapshot.open()?, &mut zip)?;
        let file = zip.finish()?;
        file.rewind()?;
        sum = evidence::sha256(file)?;
        Ok(())
    });
    written.map_err(|error| Failure::Other(miette::miette!("{shown} cannot be written: {error}")))?;
    if let Some(file) = &args.attest {
        attest(file, &judged, &read, &sum)?;
    }
    let incomplete = judged.outcome == Outcome::Incomplete;
    if !args.quiet || incomplete {
        let pools = crate::report::count(judged.evaluation.tally.pools, "pool");
        let but = if incomplete { "; the evidence pack is incomplete, and says what is missing" } else { "" };
        terminal::print_line(&format!("wrote evidence on {pools} to {shown}{but}"));
        terminal::print_line(&judged.answer());
        judged.controls().iter().for_each(|line| terminal::print_line(line));
    }
    let outcome = if incomplete { Outcome::Incomplete } else { Outcome::Clean };
    Ok(ExitCode::from(outcome.exit_code()))
}

/// Writes the statement about a pack that has this checksum.
fn attest(file: &Path, judged: &Judged<'_>, read: &Pools, sum: &str) -> Result<(), Failure> {
    let written = output::put(&output::followed(file), |out| {
        let mut screen = Screen::new(out, Draws::Json);
        evidence::statement(judged, &mut BufReader::new(read.snapshot.open()?), sum, &mut screen)?;
        screen.flush()
    });
    let file = file.display();
    written.map_err(|error| Failure::Other(miette::miette!("{file} cannot be written: {error}")))
}

/// The end of a run that read nothing: it has no evidence, and knows nothing against an earlier pack.
fn nothing_read(unread: &[String], file: &Path) -> ExitCode {
    for line in unread {
        terminal::print_line(line);
    }
    terminal::print_line(&format!("no pool was read: {} was not changed", file_name::of(file)));
    ExitCode::from(Outcome::Incomplete.exit_code())
}

/// The file to write, which is checked before pools are read.
fn output_file(args: &PackArgs) -> Result<PathBuf, Failure> {
    let named = args.output.clone().unwrap_or_default();
    if named == Path::new("-") {
        let help = "name a file: `--output evidence.zip`";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "an evidence pack cannot be written to standard output"
        )));
    }
    let reads = Reads::of(&args.inputs).with(args.waivers.clone()).with(rule_files(&args.policy));
    reads.ensure_kept("pack", &named)?;
    not_into_an_input(&named, &args.inputs)?;
    let file = output::followed(&named);
    if let Some(attest) = &args.attest {
        reads.with([file.clone()]).ensure_kept("statement", attest)?;
        not_into_an_input(attest, &args.inputs)?;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::Other(miette::miette!(
            "{} cannot be written: {folder} is not a directory",
            named.display()
        )));
    }
    Ok(file)
}

/// Refuses to replace a file of a directory that is read. A ZIP file there is an earlier pack.
fn not_into_an_input(file: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let Ok(place) = std::fs::canonicalize(file) else { return Ok(()) };
    let holds = |input: &&PathBuf| {
        input.is_dir() && std::fs::canonicalize(input).is_ok_and(|folder| place.starts_with(folder))
    };
    let is_zip = || {
        let mut first = [0; 2];
        File::open(&place).and_then(|mut old| old.read_exact(&mut first)).is_ok() && first == *b"PK"
    };
    match inputs.iter().find(holds) {
        Some(input) if !is_zip() => {
            let (file, input) = (file.display(), input.display());
            let help = "name another file";
            Err(Failure::Other(miette::miette!(help = help, "{file} is a file of the input {input}")))
        }
        Some(_) | None => Ok(()),
    }
}

fn no_controls() -> Failure {
    let has_controls =
        |name: &&str| matches!(builtin::pack(name), Some(Ok(pack)) if !pack.controls.is_empty());
    let packs: Vec<&str> = builtin::packs().into_iter().filter(has_controls).collect();
    let help = format!("choose one with `--pack`: {}", packs.join(", "));
    Failure::Other(miette::miette!(help = help, "none of the chosen packs has controls"))
}

/// The texts of a policy, from disk.
struct Texts {
    chosen: Chosen,
    members: Option<SourceFile>,
    waivers: Vec<SourceFile>,
    no_waivers: bool,
}

fn choices(args: &PackArgs, policy: &PolicyArgs, loaded: &Loaded) -> Result<Texts, Failure> {
    let decided = DecisionArgs {
        waivers: args.waivers.clone(),
        no_waivers: args.no_waivers,
        baseline: None,
        since: Vec::new(),
        today: args.today,
    };
    // Mistakes of waivers are found here, with those in the rules that they name.
    decisions::load(&decided, &[], loaded, !policy.rules.is_empty())?;
    let config = loaded.config.as_ref();
    let mut mistakes = Vec::new();
    let chosen = load::chosen(policy, config, &mut mistakes)?;
    let files = match args.no_waivers {
        true => Vec::new(),
        false => decisions::waiver_files(&args.waivers, config, &mut mistakes),
    };
    load::finish(mistakes)?;
    let waivers = files.iter().map(|file| load::read(file).map_err(Failure::Other));
    Ok(Texts {
        chosen,
        members: config.map(load::members).transpose()?.flatten(),
        waivers: waivers.collect::<Result<_, _>>()?,
        no_waivers: args.no_waivers,
    })
}

impl Texts {
    fn pack(self, loaded: &Loaded, off: &[String], selection: Selection, judged_at: i64) -> Pack {
        let Texts { chosen, members, waivers, no_waivers } = self;
        let config = loaded.config.as_ref();
        Pack::of(Choices { chosen: &chosen, config, members, off, waivers, no_waivers }, selection, judged_at)
    }
}

/// The pools that are asked for.
fn selection(args: &PackArgs, loaded: &Loaded) -> Result<Selection, Failure> {
    if !args.inputs.is_empty() {
        return Ok(Selection::default());
    }
    let request = inputs::request(&args.live, loaded.config.as_ref())?;
    Ok(Selection {
        live: true,
        all_regions: request.all_regions,
        regions: request.regions,
        pools: request.pools.iter().map(ToString::to_string).collect(),
    })
}

/// The pools of a pack, in a snapshot.
struct Pools {
    snapshot: Copied,
    /// When they were read, in milliseconds since 1970.
    made: i64,
    /// Why nothing was read, where that is so.
    unread: Vec<String>,
}

impl Pools {
    fn read(args: &PackArgs, loaded: &Loaded) -> Result<Result<Pools, Interrupt>, Failure> {
        let asked: BTreeSet<_> = loaded.policy.sections();
        let config = loaded.config.as_ref();
        let started = super::now();
        let deliveries = inputs::pools(&args.inputs, &args.live, config, asked, None, args.quiet)?;
        let latest = Mutex::new(None);
        let noted = deliveries.inspect(|delivery| {
            if let (Delivery::Chunk(chunk), Ok(mut latest)) = (delivery, latest.lock()) {
                *latest = chunk.taken.max(*latest);
            }
        });
        let snapshot = Snapshot::read(noted, output::scratch).map_err(output::no_scratch)?;
        if let Some(interrupt) = snapshot.interrupted {
            return Ok(Err(interrupt));
        }
        let reasons = snapshot.unread.iter().filter(|_| snapshot.is_unread());
        let mut unread: Vec<String> = reasons.map(super::snapshot::reason).collect();
        unread.sort();
        let latest = latest.into_inner().ok().flatten();
        let made = latest.or(args.today.map(Day::start)).unwrap_or_else(super::now);
        let read = match args.inputs.is_empty() {
            true => ReadWindow::between(started, super::now()),
            false => snapshot.read_window(),
        };
        let snapshot = Copied::of(|file| snapshot.write(made, read, file)).map_err(output::no_scratch)?;
        Ok(Ok(Pools { snapshot, made, unread }))
    }
}

/// A snapshot in a temporary file, which is removed when it goes, and at a signal.
struct Copied(TempPath);

impl Copied {
    fn of(write: impl FnOnce(&mut File) -> std::io::Result<()>) -> std::io::Result<Copied> {
        let make = || Ok(tempfile::NamedTempFile::with_prefix("cognito-lint.")?.into_parts());
        let (mut file, path) = signals::removed_at_signal(make)?;
        write(&mut file)?;
        file.flush()?;
        file.rewind()?;
        Ok(Copied(path))
    }

    fn open(&self) -> std::io::Result<File> {
        File::open(&self.0)
    }

    /// The pools, under the name that the snapshot has in the pack.
    fn deliveries(&self) -> impl Iterator<Item = Delivery> + Send + use<> {
        input::open(vec![Input::Copy { name: SNAPSHOT.to_owned(), file: self.0.to_path_buf() }])
    }
}
