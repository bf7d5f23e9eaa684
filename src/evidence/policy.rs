//! The policy of a pack: the texts that it is written in, and the rules, controls and waivers that they make.

use std::collections::{BTreeMap, BTreeSet};

use super::RUN;
use super::run::{ADDED, CONFIGURED, Pack, PolicyShape, RuleShape, RunShape, Selection};
use crate::chosen::Chosen;
use crate::config::{self, Config};
use crate::diagnostic::{BUILTIN, SourceDiagnostic, SourceFile};
use crate::outcome::FailurePolicy;
use crate::rule::pack::{self, WrittenControl};
use crate::rule::written::{self, WrittenRule};
use crate::rule::{Override, Policy, assemble, builtin, digest};
use crate::schema;
use crate::triage::waiver::Waiver;

/// The directory of the texts that are part of the program.
const OF_PROGRAM: &str = "policy/builtin/";
/// The named predicates that rules share.
const PREDICATES: &str = "policy/builtin/predicates.toml";

/// The policy of a run.
pub struct Choices<'a> {
    pub chosen: &'a Chosen,
    pub config: Option<&'a Config>,
    /// The file of members that the configuration adds to the schema.
    pub members: Option<SourceFile>,
    /// The choices of `--off`.
    pub off: &'a [String],
    /// Files of waivers beside the configuration.
    pub waivers: Vec<SourceFile>,
    pub no_waivers: bool,
}

/// The policy that the texts of a pack make.
pub struct Restored {
    pub policy: Policy,
    pub waivers: Vec<Waiver>,
    pub terms: FailurePolicy,
    pub full_coverage: bool,
}

impl Pack {
    /// The policy of a run in the form that packs have. `judged` is in milliseconds since 1970.
    pub fn of(choices: Choices<'_>, selection: Selection, judged: i64) -> Pack {
        let mut texts = Texts(BTreeMap::new());
        let mut own = BTreeMap::new();
        let chosen = choices.chosen;
        let rule = |texts: &mut Texts, own: &mut BTreeMap<String, String>, rule: &WrittenRule| RuleShape {
            id: rule.id.0.clone(),
            file: texts.rules(own, &rule.source_file),
        };
        let rules = chosen.rules.iter().map(|one| rule(&mut texts, &mut own, one)).collect();
        let mut packs: Vec<String> = Vec::new();
        for change in &chosen.overrides {
            let name = texts.of_program(&change.source_file);
            if packs.last() != Some(&name) {
                packs.push(name);
            }
        }
        // A pack that has changes of its own is there: its place among the others says which changes are stronger.
        for pack in &chosen.packs {
            let name = texts.of_program(&pack.source_file);
            if !packs.contains(&name) {
                packs.push(name);
            }
        }
        let controls = chosen.packs.iter().flat_map(|pack| &pack.controls);
        let of_controls = controls.flat_map(WrittenControl::rules);
        let of_controls = of_controls.filter_map(|change| builtin::rule(&change.rule.0));
        for source_file in of_controls.chain(builtin::predicates()) {
            texts.of_program(&source_file);
        }
        let mut add = |name: &str, text: &str| {
            texts.0.insert(name.to_owned(), text.to_owned());
            name.to_owned()
        };
        let waivers = choices.waivers.iter().enumerate();
        let policy = PolicyShape {
            digest: String::new(),
            rules,
            packs,
            standards: chosen.packs.iter().map(|pack| pack.name.clone()).collect(),
            off: choices.off.to_vec(),
            rules_of_command_line: chosen.ad_hoc,
            configuration: choices.config.map(|config| add(CONFIGURED, &config.text_without_secrets())),
            members: choices.members.map(|members| add(ADDED, members.text())),
            waivers: waivers
                .map(|(index, file)| add(&format!("policy/waivers/{}.toml", index + 1), file.text()))
                .collect(),
            no_waivers: choices.no_waivers,
        };
        Pack { run: RunShape::new(judged, selection, policy), texts: texts.0 }
    }

    /// The policy that the texts make, with its digest in the pack.
    pub fn sealed(mut self) -> Result<(Pack, Restored), Vec<SourceDiagnostic>> {
        let restored = self.restored()?;
        self.run.policy.digest = digest(&restored.policy);
        Ok((self, restored))
    }

    /// The policy that the texts make. Members that are added to the schema must be the first use of it.
    pub fn restored(&self) -> Result<Restored, Vec<SourceDiagnostic>> {
        let mut mistakes = Vec::new();
        let policy = &self.run.policy;
        if let Some(members) = &policy.members {
            let members = self.source_file(members);
            if !schema::extend(&members)? {
                let message = "the schema was read before the members of this file were added to it";
                mistakes.push(SourceDiagnostic::new(&members, 0..0, message, ""));
            }
        }
        let config = policy.configuration.as_ref().map(|name| config::read(&self.source_file(name)));
        let config = config.transpose()?;
        let mut chosen = Chosen { ad_hoc: policy.rules_of_command_line, ..Chosen::default() };
        chosen.rules = self.rules(&mut mistakes);
        chosen.own = config.iter().flat_map(|config| config.overrides.iter().cloned()).collect();
        chosen.own.extend(policy.off.iter().map(|off| Override::of_command_line(off)));
        for name in &policy.packs {
            let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".toml");
            let pack = pack::read(stem, &self.source_file(name))?;
            chosen.overrides.extend(pack.overrides.iter().cloned());
            let is_judged = policy.standards.contains(&pack.name);
            if is_judged && chosen.packs.iter().all(|own| own.name != pack.name) {
                chosen.packs.push(pack);
            }
        }
        let order = |name: &str| policy.standards.iter().position(|standard| standard == name);
        chosen.packs.sort_by_key(|pack| order(&pack.name));
        let packs = std::mem::take(&mut chosen.packs);
        if !packs.iter().map(|pack| &pack.name).eq(&policy.standards) {
            let message = "the packs are others than those whose controls are judged";
            mistakes.push(SourceDiagnostic::new(&SourceFile::new(RUN, ""), 0..0, message, ""));
        }
        let rule = |id: &str| self.rule_of_program(id);
        let standards = packs.iter().map(|pack| assemble::standard_of(pack, &rule, &mut mistakes)).collect();
        let mut made = chosen.policy(config.as_ref(), &mut mistakes);
        made.standards = standards;
        // Reports that group by owner, and waivers, look at tags.
        made.tags = true;
        let waivers = self.waivers(config.as_ref(), &mut mistakes);
        match mistakes.is_empty() {
            true => Ok(Restored { policy: made, waivers, ..Restored::of_terms(config.as_ref()) }),
            false => Err(mistakes),
        }
    }

    /// The chosen rules: of a file with several, some may have been taken away.
    fn rules(&self, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenRule> {
        let mut files: BTreeMap<&str, Vec<WrittenRule>> = BTreeMap::new();
        let mut rules = Vec::new();
        for RuleShape { id, file } in &self.run.policy.rules {
            let all = files.entry(file).or_insert_with(|| written::read(&self.source_file(file), mistakes));
            let again = rules.iter().any(|known: &WrittenRule| known.id.0 == *id);
            match all.iter().find(|rule| rule.id.0 == *id).filter(|_| !again) {
                Some(rule) => rules.push(rule.clone()),
                None => {
                    let message = format!("`{id}` is not a rule of this file, or is chosen twice");
                    mistakes.push(SourceDiagnostic::new(&self.source_file(file), 0..0, message, ""));
                }
            }
        }
        rules
    }

    fn waivers(&self, config: Option<&Config>, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<Waiver> {
        let policy = &self.run.policy;
        if policy.no_waivers {
            return Vec::new();
        }
        let must_expire = config.is_none_or(|config| config.waivers_must_expire);
        let mut waivers = config.map_or_else(Vec::new, |config| config.waivers.waivers.clone());
        for name in &policy.waivers {
            let read = config::read_waivers(&self.source_file(name), must_expire);
            waivers.extend(read.waivers);
            mistakes.extend(read.mistakes);
        }
        waivers
    }

    /// A text, under the name that it has in the program or in the pack.
    fn source_file(&self, name: &str) -> SourceFile {
        let text = self.texts.get(name).map_or("", String::as_str);
        match name.strip_prefix(OF_PROGRAM) {
            Some(path) => SourceFile::new(format!("{BUILTIN}{path}"), text),
            None => SourceFile::new(name, text),
        }
    }

    /// The built-in rule of an id, as the pack has it.
    fn rule_of_program(&self, id: &str) -> Option<SourceFile> {
        let end = format!("/{id}.toml");
        let of_rule = |name: &&String| name.starts_with(OF_PROGRAM) && name.ends_with(&end);
        self.texts.keys().find(of_rule).map(|name| self.source_file(name))
    }

    /// A text that nothing of the policy needs.
    pub fn unneeded(&self, restored: &Restored) -> Option<&str> {
        let policy = &self.run.policy;
        let mut needed: BTreeSet<String> = policy.rules.iter().map(|rule| rule.file.clone()).collect();
        needed.extend(policy.packs.iter().cloned());
        needed.extend(policy.waivers.iter().filter(|_| !policy.no_waivers).cloned());
        needed.extend(policy.configuration.iter().chain(&policy.members).cloned());
        needed.insert(PREDICATES.to_owned());
        let controls = restored.policy.standards.iter().flat_map(|standard| &standard.controls);
        for rule in controls.flat_map(|control| control.satisfied_by.iter().chain(&control.supported_by)) {
            needed.insert(format!("{OF_PROGRAM}{}", rule.source_file.name().trim_start_matches(BUILTIN)));
        }
        self.texts.keys().map(String::as_str).find(|name| !needed.contains(*name))
    }

    /// The texts that pass for those of this program and are others or are not there, by their names in the pack.
    pub fn not_of_program(&self) -> Vec<&str> {
        let is_own = |name: &str, text: &str| {
            let Some(path) = name.strip_prefix(OF_PROGRAM) else { return true };
            let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
            let own = match path.starts_with("packs/") {
                _ if name == PREDICATES => builtin::predicates(),
                true => builtin::pack(stem).and_then(Result::ok).map(|pack| pack.source_file),
                false => builtin::rule(stem),
            };
            own.is_some_and(|own| own.name() == format!("{BUILTIN}{path}") && own.text() == text)
        };
        let others = self.texts.iter().filter(|(name, text)| !is_own(name, text));
        // Predicates that a pack lacks would be those of the program that reads it.
        let lacking = Some(PREDICATES).filter(|name| !self.texts.contains_key(*name));
        others.map(|(name, _)| &**name).chain(lacking).collect()
    }
}

impl Restored {
    fn of_terms(config: Option<&Config>) -> Restored {
        let written = config.map(|config| config.terms).unwrap_or_default();
        let default = FailurePolicy::default();
        Restored {
            policy: Policy::default(),
            waivers: Vec::new(),
            terms: FailurePolicy {
                fail_on: written.fail_on.unwrap_or(default.fail_on),
                ignore_unknown: written.ignore_unknown.unwrap_or(default.ignore_unknown),
                allow_empty: written.allow_empty.unwrap_or(default.allow_empty),
            },
            full_coverage: written.full_coverage.unwrap_or(false),
        }
    }
}

/// The texts of a policy, by the names of their members.
struct Texts(BTreeMap<String, String>);

impl Texts {
    /// Adds a text of the program, and names its member.
    fn of_program(&mut self, source_file: &SourceFile) -> String {
        let name = format!("{OF_PROGRAM}{}", source_file.name().trim_start_matches(BUILTIN));
        self.0.entry(name.clone()).or_insert_with(|| source_file.text().to_owned());
        name
    }

    /// Adds a file of rules. `own` has the members of the user's files so far.
    fn rules(&mut self, own: &mut BTreeMap<String, String>, source_file: &SourceFile) -> String {
        if source_file.is_builtin() {
            return self.of_program(source_file);
        }
        let number = own.len() + 1;
        let name = own.entry(source_file.name().to_owned());
        let name = name.or_insert_with(|| format!("policy/rules/{number}.toml"));
        self.0.entry(name.clone()).or_insert_with(|| source_file.text().to_owned());
        name.clone()
    }
}
