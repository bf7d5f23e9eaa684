//! Reads what was decided about findings from disk.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::DecisionArgs;
use super::load::{self, Loaded};
use super::{Failure, earlier, reports, targets};
use crate::config::{self, Config};
use crate::diagnostic::SourceDiagnostic;
use crate::evaluate::Evaluation;
use crate::file_name;
use crate::rule::Policy;
use crate::source::Note;
use crate::triage::baseline::Baseline;
use crate::triage::history::PreviousReport;
use crate::triage::waiver::{self, Waiver, WrittenWaivers};
use crate::triage::{Decisions, RunScope};
use crate::value::Day;

/// The decisions of a run.
pub(super) struct Decided {
    pub waivers: Vec<Waiver>,
    /// The baseline and its file.
    pub baseline: Option<(Baseline, String)>,
    /// Earlier reports.
    pub previous: Option<Vec<PreviousReport>>,
    /// Earlier snapshots.
    pub snapshots: Vec<PathBuf>,
    /// Notes about the files.
    pub notes: Vec<Note>,
    pub today: Day,
    /// When the run is, in milliseconds since 1970.
    pub now: i64,
}

impl Decided {
    /// Whether findings are needed, not only their number.
    pub(super) fn is_anything(&self) -> bool {
        !self.waivers.is_empty() || self.baseline.is_some() || self.previous.is_some()
    }

    /// Whether the tags of pools are needed.
    pub(super) fn wants_tags(&self) -> bool {
        self.waivers.iter().any(|waiver| !waiver.tags.is_empty())
    }

    pub(super) fn decisions<'a>(&'a self, policy: &'a Policy, scope: RunScope<'a>) -> Decisions<'a> {
        let baseline = self.baseline.as_ref().map(|(baseline, file)| (baseline, file.as_str()));
        let previous = self.previous.as_deref();
        Decisions { waivers: &self.waivers, baseline, previous, policy, today: self.today, scope }
    }
}

/// Reads the waivers; all mistakes of all files come together. `written`: the reports of this run, as the command line
/// names them. `own_rules`: rules were chosen on the command line, so those of the configuration may be missing.
pub(super) fn load(
    args: &DecisionArgs,
    written: &[String],
    loaded: &Loaded,
    own_rules: bool,
) -> Result<Decided, Failure> {
    let mut mistakes = Vec::new();
    let read = if args.no_waivers { WrittenWaivers::default() } else { waivers(args, loaded)? };
    mistakes.extend(read.mistakes);
    waiver::check(&read.named, &loaded.policy, !own_rules, &mut mistakes);
    let baseline = match &args.baseline {
        Some(file) => baseline(file, &mut mistakes)?,
        None => None,
    };
    load::finish(mistakes)?;
    let now = args.today.map_or_else(super::now, Day::start);
    let today = today(args);
    if args.since.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::Other(miette::miette!(
            help = "save it to a file, and name that",
            "`--since` does not read standard input, because it reads a snapshot several times"
        )));
    }
    let (snapshots, reports): (Vec<PathBuf>, Vec<PathBuf>) =
        args.since.iter().cloned().partition(|path| earlier::is_snapshot(path));
    let (mut previous, notes) = previous(&reports, written, today)?;
    for file in &snapshots {
        previous.get_or_insert_default().push(earlier::judged(file, &loaded.policy)?);
    }
    Ok(Decided { waivers: read.waivers, baseline, previous, snapshots, notes, today, now })
}

/// The waivers beside the code that a run found, and notes about those that have no effect.
pub(super) fn beside(
    evaluation: &Evaluation,
    args: &DecisionArgs,
    loaded: &Loaded,
    own_rules: bool,
) -> (Vec<Waiver>, Vec<Note>) {
    let (found, config) = (&evaluation.inline, loaded.config.as_ref());
    if args.no_waivers || found.is_empty() {
        return (Vec::new(), Vec::new());
    }
    if let Some(config) = config.filter(|config| !config.inline_waivers) {
        let message = match found.len() {
            1 => "waivers in comments and metadata have no effect: `inline-waivers` is false".to_owned(),
            n => format!("{n} waivers beside the code have no effect: `inline-waivers` is false"),
        };
        return (Vec::new(), vec![Note { target: config.source_file.name().to_owned(), message }]);
    }
    let must_expire = config.is_none_or(|config| config.waivers_must_expire);
    let WrittenWaivers { mut waivers, named, mut mistakes } = config::read_inline(found, must_expire);
    waiver::check(&named, &loaded.policy, !own_rules, &mut mistakes);
    let is_wrong = |waiver: &Waiver, mistake: &SourceDiagnostic| {
        waiver.source_file.name() == mistake.source_file.name()
            && mistake.labels.first().is_some_and(|(at, _)| *at == waiver.rule_at)
    };
    waivers.retain(|waiver| !mistakes.iter().any(|mistake| is_wrong(waiver, mistake)));
    SourceDiagnostic::sort(&mut mistakes);
    let note = |mistake: &SourceDiagnostic| {
        let start = mistake.labels.first().map_or(0, |(at, _)| at.start);
        let (line, column) = mistake.source_file.line_column(start);
        let help = mistake.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
        let message = format!("this waiver has no effect: {}{help}", mistake.message);
        Note { target: format!("{}:{line}:{column}", mistake.source_file.name()), message }
    };
    let notes = mistakes.iter().map(note).collect();
    (waivers, notes)
}

/// The day that decisions go by.
pub(super) fn today(args: &DecisionArgs) -> Day {
    args.today.unwrap_or_else(|| Day::of(super::now()))
}

fn baseline(
    file: &Path,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Result<Option<(Baseline, String)>, Failure> {
    let source_file = load::read(file).map_err(Failure::Other)?;
    match Baseline::read(&source_file) {
        Ok(baseline) => Ok(Some((baseline, source_file.name().to_owned()))),
        Err(more) => {
            mistakes.extend(more);
            Ok(None)
        }
    }
}

/// The reports of the files and directories, if there are any, and what is worth knowing of them.
fn previous(
    paths: &[PathBuf],
    written: &[String],
    today: Day,
) -> Result<(Option<Vec<PreviousReport>>, Vec<Note>), Failure> {
    let (mut previous, mut notes) = (Vec::new(), Vec::new());
    let written: Vec<_> = targets::file_names(written).collect();
    let replaced: Vec<PathBuf> = written.iter().filter_map(|file| fs::canonicalize(file).ok()).collect();
    for path in paths {
        let found = reports::history(path)?;
        if !path.exists() {
            begin_history(path, &written)?;
        }
        let mut note = |target: String, message: String| notes.push(Note { target, message });
        if found.reports.is_empty() {
            let message = "there is no earlier report to compare with";
            note(path.display().to_string(), message.to_owned());
        }
        for (file, time, recorded) in found.reports {
            // A run that is repeated on its day replaces its own report, and would else compare with itself.
            let is_own = fs::canonicalize(&file).is_ok_and(|file| replaced.contains(&file));
            if path.is_dir() && is_own && Day::of(time) == today {
                note(file, "not compared: it is from today, and this run replaces it".to_owned());
                continue;
            }
            previous.push(PreviousReport { time, evaluation: recorded.evaluation, policy: recorded.policy });
        }
        for (file, why) in found.strange {
            note(file, format!("not compared: {why}"));
        }
    }
    // Without an earlier report nothing is new since one.
    Ok(((!previous.is_empty()).then_some(previous), notes))
}

/// Makes a directory that this run writes a report to. Any other that does not exist may be misspelt, and every night
/// would be the first.
fn begin_history(path: &Path, written: &[Cow<'_, Path>]) -> Result<(), Failure> {
    let shown = path.display();
    if !written.iter().any(|file| file.parent() == Some(path)) {
        let below = shown.to_string();
        let below = below.trim_end_matches('/');
        let help = format!(
            "create it, or let the run write a report there: `--report 'json={below}/{{date}}.json'`"
        );
        return Err(Failure::Other(miette::miette!(help = help, "the directory {shown} does not exist")));
    }
    let cannot = |error| miette::miette!("{shown} cannot be made: {error}");
    fs::create_dir_all(path).map_err(|error| Failure::Other(cannot(error)))
}

fn waivers(args: &DecisionArgs, loaded: &Loaded) -> Result<WrittenWaivers, Failure> {
    let config = loaded.config.as_ref();
    let mut all = config.map_or_else(WrittenWaivers::default, |config| config.waivers.clone());
    let must_expire = config.is_none_or(|config| config.waivers_must_expire);
    for file in &waiver_files(&args.waivers, config, &mut all.mistakes) {
        let source_file = load::read(file).map_err(Failure::Other)?;
        let more = config::read_waivers(&source_file, must_expire);
        all.waivers.extend(more.waivers);
        all.named.extend(more.named);
        all.mistakes.extend(more.mistakes);
    }
    Ok(all)
}

/// The files of waivers: those that are named, and those of the configuration.
pub(super) fn waiver_files(
    named: &[PathBuf],
    config: Option<&Config>,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Vec<PathBuf> {
    let mut files = named.to_vec();
    let Some(config) = config else { return files };
    let own = file_name::path(config.source_file.name());
    let base = own.parent().unwrap_or(Path::new(""));
    for (file, at) in &config.waiver_files {
        let file = base.join(file);
        if !file.is_file() {
            let message = format!("the file `{}` does not exist", file.display());
            let mistake = SourceDiagnostic::new(&config.source_file, at.clone(), message, "not a file");
            mistakes.push(mistake.help("paths start at the directory of the configuration"));
        } else if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}
