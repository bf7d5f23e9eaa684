//! Reads the configuration and the chosen rules from disk.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Failure;
use super::args::{ConfigArgs, PolicyArgs};
use crate::chosen::Chosen;
use crate::config::{self, Config};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::file_name;
use crate::rule::assemble;
use crate::rule::choice::{self, Choice, NotAChoice, Selection};
use crate::rule::pack::Pack;
use crate::rule::written;
use crate::rule::{Override, Policy, builtin};
use crate::schema;
use crate::triage::waiver;

/// The pack that is used when nothing is chosen.
const DEFAULT: &str = "recommended";

/// The rules of a run and the configuration that they came with.
pub(super) struct Loaded {
    pub policy: Policy,
    pub config: Option<Config>,
    /// The chosen packs that have controls.
    pub packs: Vec<Pack>,
}

/// Reads configuration and rules; all mistakes of all files come together.
pub(super) fn load(args: &PolicyArgs) -> Result<Loaded, Failure> {
    let mut mistakes = Vec::new();
    let config = configured(&args.config, &mut mistakes)?;
    let chosen = chosen(args, config.as_ref(), &mut mistakes)?;
    let packs = chosen.packs.clone();
    let policy = chosen.policy(config.as_ref(), &mut mistakes);
    let waivers = config.as_ref().map(|config| &config.waivers).filter(|read| !read.mistakes.is_empty());
    if let Some(read) = waivers {
        // Rules that could not be read seem to be missing.
        let whole = args.rules.is_empty() && mistakes.is_empty();
        waiver::check(&read.named, &policy, whole, &mut mistakes);
        mistakes.extend(read.mistakes.iter().cloned());
    }
    finish(mistakes)?;
    Ok(Loaded { policy, config, packs })
}

/// The rules that the command line chooses, else the configuration, else the default pack.
pub(super) fn chosen(
    args: &PolicyArgs,
    config: Option<&Config>,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Result<Chosen, Failure> {
    let mut own = config.map_or_else(Vec::new, |config| config.overrides.clone());
    own.extend(args.off.iter().map(|off| Override::of_command_line(off)));
    let mut chosen = Chosen { own, ad_hoc: !args.rules.is_empty(), ..Chosen::default() };
    let takes_away = |choice: &String| choice.starts_with('-');
    // A choice that begins by taking rules away takes them from what would be chosen without it.
    if args.rules.first().is_none_or(takes_away) {
        let configured = config.map_or(&[] as &[_], |config| config.rules.as_slice());
        if configured.first().is_none_or(|(choice, _)| takes_away(choice)) {
            add(&mut chosen, DEFAULT, Path::new(""), mistakes).map_err(Failure::Other)?;
        }
        for (choice, at) in configured {
            let Some(config) = config else { continue };
            let own = file_name::path(config.source_file.name());
            let base = own.parent().unwrap_or(Path::new(""));
            if let Err(error) = add(&mut chosen, choice, base, mistakes) {
                let help = error.help().map(|help| help.to_string());
                let mistake = SourceDiagnostic::new(&config.source_file, at.clone(), error.to_string(), "");
                mistakes.push(mistake.maybe_help(help));
            }
        }
    }
    for choice in &args.rules {
        add(&mut chosen, choice, Path::new(""), mistakes).map_err(Failure::Other)?;
    }
    if mistakes.is_empty() {
        chosen.ensure_some().map_err(|none| Failure::Other(wrong(none)))?;
    }
    Ok(chosen)
}

impl Loaded {
    /// Has the controls of the chosen packs judged too.
    pub(super) fn with_controls(&mut self) -> Result<(), Failure> {
        let mut mistakes = Vec::new();
        self.policy.standards =
            self.packs.iter().map(|pack| assemble::standard(pack, &mut mistakes)).collect();
        finish(mistakes)
    }
}

/// Gives the mistakes up, sorted, if there are any.
pub(super) fn finish(mut mistakes: Vec<SourceDiagnostic>) -> Result<(), Failure> {
    if mistakes.is_empty() {
        return Ok(());
    }
    SourceDiagnostic::sort(&mut mistakes);
    Err(Failure::Mistakes(mistakes))
}

/// Reads the configuration that is named, or the nearest, without a mistake.
pub(super) fn configuration(args: &ConfigArgs) -> Result<Option<Config>, Failure> {
    let mut mistakes = Vec::new();
    let config = configured(args, &mut mistakes)?;
    mistakes.extend(config.iter().flat_map(|config| config.waivers.mistakes.iter().cloned()));
    finish(mistakes)?;
    Ok(config)
}

/// The same of one that may have mistakes, which rules and waivers may add to.
fn configured(args: &ConfigArgs, mistakes: &mut Vec<SourceDiagnostic>) -> Result<Option<Config>, Failure> {
    let file = match &args.config {
        _ if args.no_config => None,
        Some(file) => Some(file.clone()),
        None => std::env::current_dir().ok().and_then(|here| {
            let file = config::find(&here)?;
            // A file of this directory is called what the user calls it.
            Some(file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file))
        }),
    };
    let Some(file) = file else { return Ok(None) };
    let source_file = read(&file).map_err(Failure::Other)?;
    let Some(config) = config::read_on(&source_file, mistakes) else {
        return Err(Failure::Mistakes(std::mem::take(mistakes)));
    };
    extend_schema(&config)?;
    Ok(Some(config))
}

/// The file of members that a configuration adds to the schema.
pub(super) fn members(config: &Config) -> Result<Option<SourceFile>, Failure> {
    let Some((file, at)) = &config.members else { return Ok(None) };
    let own = file_name::path(config.source_file.name());
    let base = own.parent().unwrap_or(Path::new(""));
    let members = read(&base.join(file)).map_err(|error| {
        let mistake = SourceDiagnostic::new(&config.source_file, at.clone(), error.to_string(), "");
        Failure::Mistakes(vec![mistake])
    })?;
    Ok(Some(members))
}

/// Adds the members that a configuration names to the schema, before anything is looked up in it.
fn extend_schema(config: &Config) -> Result<(), Failure> {
    let Some(members) = members(config)? else { return Ok(()) };
    match schema::extend(&members).map_err(Failure::Mistakes)? {
        true => Ok(()),
        false => {
            Err(Failure::Other(miette::miette!("{} was read too late: please report this", members.name())))
        }
    }
}

/// Reads a text file that somebody wrote.
pub(super) fn read(file: &Path) -> Result<SourceFile, miette::Report> {
    let bytes =
        fs::read(file).map_err(|error| miette::miette!("{} could not be read: {error}", file.display()))?;
    let text =
        String::from_utf8(bytes).map_err(|_| miette::miette!("{} is not UTF-8 text", file.display()))?;
    Ok(SourceFile::new(file_name::of(file), text))
}

/// Adds or takes away the rules of a choice, whose parts are separated by commas.
pub(super) fn add(
    chosen: &mut Chosen,
    choice: &str,
    base: &Path,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Result<(), miette::Report> {
    if base.join(file_name::path(choice)).exists() {
        return part(chosen, choice, base, mistakes);
    }
    choice::parts(choice).try_for_each(|text| part(chosen, text, base, mistakes))
}

fn wrong(wrong: NotAChoice) -> miette::Report {
    miette::miette!(help = wrong.help, "{}", wrong.message)
}

fn part(
    chosen: &mut Chosen,
    text: &str,
    base: &Path,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Result<(), miette::Report> {
    let choice = Choice::parse(text).map_err(wrong)?;
    let path = base.join(file_name::path(&choice.text));
    let is_file = matches!(choice.what, Selection::Name) && path.exists();
    if choice.minus {
        let files = if is_file { rule_files(&path)? } else { Vec::new() };
        let names: Vec<String> = files.iter().map(|file| file_name::of(file).into_owned()).collect();
        return chosen.take_away(&choice, &names).map_err(wrong);
    }
    if !is_file || builtin::is_rule(&choice.text) {
        return chosen.choose(&choice, mistakes).map_err(wrong);
    }
    add_files(chosen, &path, mistakes)?;
    Ok(())
}

/// Adds the rules of a file, or of the files of a directory, and returns the number of files.
pub(super) fn add_files(
    chosen: &mut Chosen,
    path: &Path,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Result<usize, miette::Report> {
    let files = rule_files(path)?;
    for file in &files {
        let source_file = read(file)?;
        // A directory may have files of tests beside those of rules.
        if !path.is_dir() || !written::has_tests_alone(&source_file) {
            chosen.file(&source_file, mistakes);
        }
    }
    Ok(files.len())
}

/// A rule file itself, or the `.toml` files of a directory at any depth, sorted. Configurations are left out.
fn rule_files(path: &Path) -> Result<Vec<PathBuf>, miette::Report> {
    files(path, is_rules, "`.toml` file")
}

/// The same with the files of tests in JSON.
pub(super) fn test_files(path: &Path) -> Result<Vec<PathBuf>, miette::Report> {
    files(path, |file| is_rules(file) || is_json_tests(file), "`.toml` file, and no `.json` file of tests,")
}

fn files(path: &Path, wanted: fn(&Path) -> bool, called: &str) -> Result<Vec<PathBuf>, miette::Report> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry =
            entry.map_err(|error| miette::miette!("{} could not be read: {error}", path.display()))?;
        if entry.file_type().is_file() && wanted(entry.path()) {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(miette::miette!("there is no {called} in {}", path.display()));
    }
    Ok(files)
}

fn is_rules(file: &Path) -> bool {
    let is_configuration = file.file_name().is_some_and(|name| name == config::FILE_NAME);
    !is_configuration && file.extension().is_some_and(|extension| extension == "toml")
}

/// Whether a file is JSON that has tests alone: other JSON is that of pools.
fn is_json_tests(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "json")
        && read(file).is_ok_and(|source_file| written::is_of_tests(&source_file))
}
