//! Reads the configuration and the chosen rules from disk.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Failure;
use super::args::{ConfigArgs, PolicyArgs};
use crate::config::{self, Config};
use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest};
use crate::file_name;
use crate::rule::assemble::{self, ScopeChange, assemble};
use crate::rule::choice::{self, Choice, NotAChoice, Selection};
use crate::rule::pack::Pack;
use crate::rule::written::{self, WrittenRule};
use crate::rule::{Override, Policy, Severity, builtin, case};
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
    let config = configured(&args.config)?;
    let mut mistakes = Vec::new();
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
    own.extend(args.off.iter().map(|off| {
        let (source_file, rule) = (SourceFile::new("--off", off.as_str()), (off.clone(), 0..off.len()));
        Override { source_file, rule, off: true, severity: None, params: Vec::new() }
    }));
    let mut chosen = Chosen { own, ad_hoc: !args.rules.is_empty(), ..Chosen::default() };
    let takes_away = |choice: &String| choice.starts_with('-');
    // A choice that begins by taking rules away takes them from what would be chosen without it.
    if args.rules.first().is_none_or(takes_away) {
        let configured = config.map_or(&[] as &[_], |config| config.rules.as_slice());
        if configured.first().is_none_or(|(choice, _)| takes_away(choice)) {
            chosen.add(DEFAULT, Path::new(""), mistakes).map_err(Failure::Other)?;
        }
        for (choice, at) in configured {
            let Some(config) = config else { continue };
            let own = file_name::path(config.source_file.name());
            let base = own.parent().unwrap_or(Path::new(""));
            if let Err(error) = chosen.add(choice, base, mistakes) {
                let help = error.help().map(|help| help.to_string());
                let mistake = SourceDiagnostic::new(&config.source_file, at.clone(), error.to_string(), "");
                mistakes.push(mistake.maybe_help(help));
            }
        }
    }
    for choice in &args.rules {
        chosen.add(choice, Path::new(""), mistakes).map_err(Failure::Other)?;
    }
    if chosen.rules.is_empty() && mistakes.is_empty() {
        let help = "a choice takes every rule away that it names: leave a `-` out";
        return Err(Failure::Other(miette::miette!(help = help, "no rule is left of the chosen ones")));
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
    let config = configured(args)?;
    finish(config.iter().flat_map(|config| config.waivers.mistakes.iter().cloned()).collect())?;
    Ok(config)
}

/// The same of one whose waivers may have mistakes.
fn configured(args: &ConfigArgs) -> Result<Option<Config>, Failure> {
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
    let config = config::read(&source_file).map_err(Failure::Mistakes)?;
    extend_schema(&config)?;
    Ok(Some(config))
}

/// Adds the members that a configuration names to the schema, before anything is looked up in it.
fn extend_schema(config: &Config) -> Result<(), Failure> {
    let Some((file, at)) = &config.members else { return Ok(()) };
    let own = file_name::path(config.source_file.name());
    let base = own.parent().unwrap_or(Path::new(""));
    let members = read(&base.join(file)).map_err(|error| {
        let mistake = SourceDiagnostic::new(&config.source_file, at.clone(), error.to_string(), "");
        Failure::Mistakes(vec![mistake])
    })?;
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

/// Rules that were chosen, and what their packs and the configuration change of them.
#[derive(Clone, Default)]
pub(super) struct Chosen {
    pub rules: Vec<WrittenRule>,
    /// The changes of packs.
    pub overrides: Vec<Override>,
    /// The packs that have controls.
    packs: Vec<Pack>,
    /// The changes of the configuration and of `--off`, for every pool.
    own: Vec<Override>,
    /// The command line chose the rules, so the configuration may change others.
    ad_hoc: bool,
    /// Built-in rules are read with their tests.
    with_tests: bool,
}

impl Chosen {
    /// No rules yet. Built-in ones are read with their tests.
    pub(super) fn with_tests() -> Chosen {
        Chosen { with_tests: true, ..Chosen::default() }
    }

    /// Adds or takes away the rules of a choice, whose parts are separated by commas.
    pub(super) fn add(
        &mut self,
        choice: &str,
        base: &Path,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) -> Result<(), miette::Report> {
        if base.join(file_name::path(choice)).exists() {
            return self.part(choice, base, mistakes);
        }
        choice::parts(choice).try_for_each(|part| self.part(part, base, mistakes))
    }

    fn part(
        &mut self,
        text: &str,
        base: &Path,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) -> Result<(), miette::Report> {
        let wrong = |wrong: NotAChoice| miette::miette!(help = wrong.help, "{}", wrong.message);
        let choice = Choice::parse(text).map_err(wrong)?;
        if choice.minus {
            return self.take_away(&choice, base);
        }
        match &choice.what {
            Selection::Pack(_) => self.pack(&choice.text, mistakes),
            Selection::Name if builtin::is_rule(&choice.text) => self.builtin(&choice.text, mistakes),
            Selection::Name => {
                let path = base.join(file_name::path(&choice.text));
                if !path.exists() {
                    return Err(no_such_choice(&choice.text));
                }
                for file in rule_files(&path)? {
                    let source_file = read(&file)?;
                    // A directory may have files of tests beside those of rules.
                    if !path.is_dir() || !written::has_tests_alone(&source_file) {
                        self.file(&source_file, mistakes);
                    }
                }
            }
            Selection::Ids(_) | Selection::Tag(_) | Selection::Severity(_) | Selection::Control(_) => {
                let all = every_builtin(mistakes);
                let selected = all.iter().filter(|rule| choice.fits(rule, self.severity(rule)));
                let ids: Vec<&str> = selected.map(|rule| rule.id.0.as_str()).collect();
                if ids.is_empty() {
                    let help = choice.help(all.iter());
                    return Err(miette::miette!(help = help, "`{}` selects no built-in rule", choice.text));
                }
                for id in ids {
                    self.builtin(id, mistakes);
                }
            }
        }
        Ok(())
    }

    /// The severity that a rule has in the run.
    fn severity(&self, rule: &WrittenRule) -> Severity {
        choice::severity(rule, self.overrides.iter().chain(&self.own))
    }

    fn take_away(&mut self, choice: &Choice, base: &Path) -> Result<(), miette::Report> {
        let path = base.join(file_name::path(&choice.text));
        let files = match choice.what {
            Selection::Name if path.exists() => rule_files(&path)?,
            _ => Vec::new(),
        };
        let names: Vec<String> = files.iter().map(|file| file_name::of(file).into_owned()).collect();
        let goes = |rule: &WrittenRule| {
            choice.fits(rule, self.severity(rule)) || names.iter().any(|name| name == rule.source_file.name())
        };
        let (gone, rest): (Vec<_>, Vec<_>) = self.rules.iter().cloned().partition(goes);
        if gone.is_empty() {
            let help = choice.help(self.rules.iter());
            return Err(miette::miette!(
                help = help,
                "`-{}` takes none of the chosen rules away",
                choice.text
            ));
        }
        self.rules = rest;
        self.packs.retain(|pack| pack.name != choice.text);
        Ok(())
    }

    fn pack(&mut self, name: &str, mistakes: &mut Vec<SourceDiagnostic>) {
        match builtin::pack(name) {
            Some(Ok(pack)) => {
                for (id, _) in &pack.rules {
                    self.builtin(id, mistakes);
                }
                self.overrides.extend(pack.overrides.iter().cloned());
                if !pack.controls.is_empty() && self.packs.iter().all(|own| own.name != pack.name) {
                    self.packs.push(pack);
                }
            }
            Some(Err(more)) => mistakes.extend(more),
            None => {}
        }
    }

    /// A built-in rule is added once, however many packs have it.
    pub(super) fn builtin(&mut self, id: &str, mistakes: &mut Vec<SourceDiagnostic>) {
        let source_file = if self.with_tests { builtin::rule_with_tests(id) } else { builtin::rule(id) };
        let Some(source_file) = source_file else { return };
        if self.rules.iter().all(|rule| rule.source_file.name() != source_file.name()) {
            self.rules.extend(written::read(&source_file, mistakes));
        }
    }

    pub(super) fn file(&mut self, source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) {
        if self.rules.iter().any(|rule| rule.source_file.name() == source_file.name()) {
            return;
        }
        let rules = written::read(source_file, mistakes);
        for rule in &rules {
            case::cases(rule, mistakes);
        }
        self.rules.extend(rules);
    }

    /// The same without what turns rules off for every pool.
    pub(super) fn without_off(&self) -> Chosen {
        let own = self.own.iter().filter(|change| !change.off).cloned().collect();
        let (rules, overrides) = (self.rules.clone(), self.overrides.clone());
        Chosen { rules, overrides, own, packs: Vec::new(), ..*self }
    }

    /// A change of a rule with what packs and the configuration change of it too: the change itself is the strongest.
    pub(super) fn with_changes(&self, change: &Override) -> Override {
        let of_rule = |one: &&Override| one.rule.0 == change.rule.0;
        let changes: Vec<&Override> = self.overrides.iter().chain(&self.own).filter(of_rule).collect();
        let mut params = change.params.clone();
        for param in changes.iter().rev().flat_map(|one| &one.params) {
            if params.iter().all(|own| own.name.0 != param.name.0) {
                params.push(param.clone());
            }
        }
        Override { params, ..change.clone() }
    }

    /// The policy of these rules, with the changes of packs, the configuration and `--off`.
    pub(super) fn policy(self, config: Option<&Config>, mistakes: &mut Vec<SourceDiagnostic>) -> Policy {
        let of_command_line = |change: &Override| {
            config.is_none_or(|config| change.source_file.name() != config.source_file.name())
        };
        let about = |overrides: &[Override]| match self.ad_hoc {
            true => assemble::about(overrides, &self.rules),
            false => overrides.to_vec(),
        };
        let (given, configured): (Vec<_>, Vec<_>) = self.own.iter().cloned().partition(of_command_line);
        let mut own = about(&configured);
        own.extend(given);
        let scopes = config.iter().flat_map(|config| &config.scopes).map(|scope| ScopeChange {
            name: scope.name.clone(),
            selector: scope.selector.clone(),
            overrides: about(&scope.overrides),
        });
        let scopes = scopes.collect();
        let broken = !mistakes.is_empty();
        let policy = assemble(self.rules, &self.overrides, &own, scopes, mistakes);
        if broken {
            // Rules that could not be read seem to be missing, and the configuration is right to name them.
            mistakes.retain(|mistake| !mistake.of_missing_rule);
        }
        policy
    }
}

/// Every built-in rule as it was written.
pub(super) fn every_builtin(mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenRule> {
    let source_files = builtin::ids().into_iter().filter_map(builtin::rule);
    source_files.flat_map(|source_file| written::read(&source_file, mistakes)).collect()
}

fn no_such_choice(choice: &str) -> miette::Report {
    if Path::new(choice).extension().is_some_and(|extension| extension == "toml")
        || choice.contains(['/', '\\'])
    {
        return miette::miette!("the rule file `{choice}` does not exist");
    }
    let packs = builtin::packs();
    let ids = builtin::ids();
    let help = match nearest(choice, packs.iter().chain(&ids).copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the packs are {}; `cognito-lint rules list` shows the rules", packs.join(", ")),
    };
    miette::miette!(help = help, "there is no pack, rule file or built-in rule `{choice}`")
}

/// A rule file itself, or the `.toml` files of a directory at any depth, sorted.
pub(super) fn rule_files(path: &Path) -> Result<Vec<PathBuf>, miette::Report> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry =
            entry.map_err(|error| miette::miette!("{} could not be read: {error}", path.display()))?;
        if entry.file_type().is_file()
            && entry.path().extension().is_some_and(|extension| extension == "toml")
        {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(miette::miette!("there is no `.toml` file in {}", path.display()));
    }
    Ok(files)
}
