//! Reads the configuration and the chosen rules from disk.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Failure;
use super::args::{ConfigArgs, PolicyArgs};
use crate::config::{self, Config};
use crate::mistake::{Mistake, Script, nearest};
use crate::rule::assemble::{ScopeChange, assemble};
use crate::rule::written::{self, WrittenRule};
use crate::rule::{Override, Policy, builtin, case};

/// The pack that is used when nothing is chosen.
const DEFAULT: &str = "recommended";

/// The rules of a run and the configuration that they came with.
pub(super) struct Loaded {
    pub policy: Policy,
    pub config: Option<Config>,
}

/// Reads configuration and rules; all mistakes of all files come together.
pub(super) fn load(args: &PolicyArgs) -> Result<Loaded, Failure> {
    let config = configuration(&args.config)?;
    let mut mistakes = Vec::new();
    let mut chosen = Chosen::default();
    if !args.rules.is_empty() {
        let here = Path::new("");
        for choice in &args.rules {
            chosen.add(choice, here, &mut mistakes).map_err(Failure::Other)?;
        }
    } else if let Some(config) = config.as_ref().filter(|config| !config.rules.is_empty()) {
        let base = Path::new(config.script.name()).parent().unwrap_or(Path::new("")).to_owned();
        for (choice, at) in &config.rules {
            if let Err(error) = chosen.add(choice, &base, &mut mistakes) {
                let help = error.help().map(|help| help.to_string());
                let mistake = Mistake::new(&config.script, at.clone(), error.to_string(), "");
                mistakes.push(mistake.maybe_help(help));
            }
        }
    } else {
        chosen.add(DEFAULT, Path::new(""), &mut mistakes).map_err(Failure::Other)?;
    }
    let own = config.as_ref().map_or(&[] as &[Override], |config| &config.overrides);
    let scopes = config.iter().flat_map(|config| &config.scopes).map(|scope| ScopeChange {
        name: scope.name.clone(),
        selector: scope.selector.clone(),
        overrides: scope.overrides.clone(),
    });
    let broken = !mistakes.is_empty();
    let policy = assemble(chosen.rules, &chosen.overrides, own, scopes.collect(), &mut mistakes);
    if broken {
        // Rules that could not be read seem to be missing, and the configuration is right to name them.
        mistakes.retain(|mistake| !mistake.of_missing_rule);
    }
    finish(mistakes)?;
    Ok(Loaded { policy, config })
}

/// Gives the mistakes up, sorted, if there are any.
pub(super) fn finish(mut mistakes: Vec<Mistake>) -> Result<(), Failure> {
    if mistakes.is_empty() {
        return Ok(());
    }
    Mistake::sort(&mut mistakes);
    Err(Failure::Mistakes(mistakes))
}

/// Reads the configuration that is named, or the nearest.
pub(super) fn configuration(args: &ConfigArgs) -> Result<Option<Config>, Failure> {
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
    let script = read(&file).map_err(Failure::Other)?;
    config::read(&script).map(Some).map_err(Failure::Mistakes)
}

/// Reads a text file that somebody wrote.
pub(super) fn read(file: &Path) -> Result<Script, miette::Report> {
    let bytes =
        fs::read(file).map_err(|error| miette::miette!("{} could not be read: {error}", file.display()))?;
    let text =
        String::from_utf8(bytes).map_err(|_| miette::miette!("{} is not UTF-8 text", file.display()))?;
    Ok(Script::new(file.to_string_lossy(), text))
}

/// Rules that were chosen, and what their packs change of them.
#[derive(Default)]
pub(super) struct Chosen {
    pub rules: Vec<WrittenRule>,
    pub overrides: Vec<Override>,
}

impl Chosen {
    /// Adds a pack, the rules of a file or of a directory, or one built-in rule.
    pub(super) fn add(
        &mut self,
        choice: &str,
        base: &Path,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<(), miette::Report> {
        let path = base.join(choice);
        if let Some(pack) = builtin::pack(choice) {
            match pack {
                Ok(pack) => {
                    for (id, _) in &pack.rules {
                        self.builtin(id, mistakes);
                    }
                    self.overrides.extend(pack.overrides);
                }
                Err(more) => mistakes.extend(more),
            }
            return Ok(());
        }
        if builtin::rule(choice).is_some() {
            self.builtin(choice, mistakes);
            return Ok(());
        }
        if path.exists() {
            for file in rule_files(&path)? {
                self.file(&read(&file)?, mistakes);
            }
            return Ok(());
        }
        Err(no_such_choice(choice))
    }

    /// A built-in rule is added once, however many packs have it.
    fn builtin(&mut self, id: &str, mistakes: &mut Vec<Mistake>) {
        let Some(script) = builtin::rule(id) else { return };
        if self.rules.iter().all(|rule| rule.script.name() != script.name()) {
            self.rules.extend(written::read(&script, mistakes));
        }
    }

    pub(super) fn file(&mut self, script: &Script, mistakes: &mut Vec<Mistake>) {
        if self.rules.iter().any(|rule| rule.script.name() == script.name()) {
            return;
        }
        let rules = written::read(script, mistakes);
        for rule in &rules {
            case::cases(rule, mistakes);
        }
        self.rules.extend(rules);
    }
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
