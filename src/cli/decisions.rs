//! Reads what was decided about findings from disk.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::DecisionArgs;
use super::load::{self, Loaded};
use crate::config;
use crate::mistake::Mistake;
use crate::rule::Policy;
use crate::triage::waiver::{self, Waiver};
use crate::triage::{Decisions, Reach};
use crate::value::Day;

/// What there is to decide by.
pub(super) struct Decided {
    pub waivers: Vec<Waiver>,
    pub today: Day,
    /// When the run is, in milliseconds since 1970.
    pub now: i64,
}

impl Decided {
    /// Whether findings are needed, not only their number.
    pub(super) fn is_anything(&self) -> bool {
        !self.waivers.is_empty()
    }

    /// Whether the tags of pools are needed.
    pub(super) fn wants_tags(&self) -> bool {
        self.waivers.iter().any(|waiver| !waiver.tags.is_empty())
    }

    pub(super) fn decisions<'a>(&'a self, policy: &'a Policy, reach: Reach) -> Decisions<'a> {
        Decisions { waivers: &self.waivers, policy, today: self.today, reach }
    }
}

/// Reads the waivers; all mistakes of all files come together. `own_rules`: rules were chosen on the command line, so
/// those of the configuration may be missing.
pub(super) fn load(args: &DecisionArgs, loaded: &Loaded, own_rules: bool) -> Result<Decided, Failure> {
    let mut mistakes = Vec::new();
    let waivers = if args.no_waivers { Vec::new() } else { waivers(args, loaded, &mut mistakes)? };
    waiver::check(&waivers, &loaded.policy, !own_rules, &mut mistakes);
    load::finish(mistakes)?;
    let now = args.today.map_or_else(super::now, Day::start);
    Ok(Decided { waivers, today: Day::of(now), now })
}

fn waivers(
    args: &DecisionArgs,
    loaded: &Loaded,
    mistakes: &mut Vec<Mistake>,
) -> Result<Vec<Waiver>, Failure> {
    let mut waivers = Vec::new();
    let mut must_expire = true;
    let mut files: Vec<PathBuf> = args.waivers.clone();
    if let Some(config) = &loaded.config {
        must_expire = config.waivers_must_expire;
        waivers.extend(config.waivers.iter().cloned());
        let base = Path::new(config.script.name()).parent().unwrap_or(Path::new(""));
        for (file, at) in &config.waiver_files {
            let file = base.join(file);
            if !file.is_file() {
                let message = format!("there is no file `{}`", file.display());
                let mistake = Mistake::new(&config.script, at.clone(), message, "not a file");
                mistakes.push(mistake.help("paths start at the directory of the configuration"));
            } else if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    for file in &files {
        let script = load::read(file).map_err(Failure::Other)?;
        match config::read_waivers(&script, must_expire) {
            Ok(more) => waivers.extend(more),
            Err(more) => mistakes.extend(more),
        }
    }
    Ok(waivers)
}
