//! Declarations of new pools that pass rules: settings are added until no rule fails, and what no rule asks for is
//! taken away again. Every step is judged from the text that would be written.

mod choice;
mod candidate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::in_file::judged::{Judged, Key};
use super::sign_in::{SignIn, built_in};
use crate::pool::Section;
use crate::rule::{Policy, Rule, Verdict};
use crate::source::{Chunk, Delivery, Draft, DraftLanguage, Parameter, Term, input};
use crate::value::{Text, Value};
use choice::Candidate;

/// A rule that is not met by what was found for it is tried so often, since other settings may have undone it.
const MOST_ATTEMPTS: usize = 3;

/// Rules about what Cognito refuses.
const NECESSARY: [&str; 1] = ["mfa-without-factor"];

/// The wishes for a declaration.
#[derive(Clone, Debug)]
pub struct Outline {
    pub language: DraftLanguage,
    /// The name of the pool.
    pub name: String,
    /// The pool has an app client.
    pub client: bool,
    /// The pool has a domain with the pages of managed login.
    pub domain: bool,
    /// Milliseconds since 1970, for rules about age.
    pub now: i64,
}

/// A declaration of a new pool.
#[derive(Debug)]
pub struct Scaffold {
    pub text: String,
    /// The number of settings that rules ask for.
    pub settings: usize,
    /// The values that a person has to choose, in the order of the declaration.
    pub parameters: Vec<Parameter>,
    /// The number of rules that pass.
    pub passed: usize,
    /// The number of rules that do not apply to it, or look at what it does not have.
    pub skipped: usize,
    /// Rules that do not pass whatever is chosen for the parameters.
    pub left: Vec<Unmet>,
}

/// A rule that a declaration does not meet.
#[derive(Debug)]
pub struct Unmet {
    pub rule: Arc<Rule>,
    /// Its verdict is unknown.
    pub unknown: bool,
    /// The ids of rules that pass and that every known way to meet it would break.
    pub against: BTreeSet<Arc<str>>,
}

/// Writes the smallest declaration that was found to pass the rules.
pub fn scaffold(policy: &Policy, outline: &Outline) -> Scaffold {
    let all = with_necessary(policy);
    let (draft, sign_in) = (seed(outline), SignIn::of_built_in_rules());
    let mut search = Search { policy: &all, outline, draft, groups: Vec::new(), sign_in };
    let against = search.fill();
    search.shrink();
    search.comment();
    let (text, _) = search.draft.text(outline.language);
    let judged = search.judged(&search.draft.with_examples());
    let open = judged.verdicts.values().filter(|(_, verdict)| is_open(*verdict));
    let mut left: BTreeMap<Arc<str>, Unmet> = BTreeMap::new();
    for (rule, verdict) in open {
        let against = against.get(&rule.id).cloned().unwrap_or_default();
        let (rule, unknown) = (Arc::clone(rule), *verdict == Verdict::Unknown);
        let unmet = left.entry(Arc::clone(&rule.id)).or_insert(Unmet { rule, unknown, against });
        unmet.unknown &= unknown;
    }
    let passing = judged.verdicts.values().filter(|(_, verdict)| *verdict == Verdict::Pass);
    let passed: BTreeSet<&str> = passing.map(|(rule, _)| &*rule.id).collect();
    let is_chosen = |id: &&str| policy.rules.iter().any(|rule| *rule.id == **id);
    let passed = passed.into_iter().filter(|id| is_chosen(id) && !left.contains_key(*id)).count();
    let skipped = policy.rules.len().saturating_sub(passed + left.len());
    let parameters = search.draft.parameters().into_iter().cloned().collect();
    let paths: BTreeSet<&Vec<Text>> = search.groups.iter().flat_map(|group| &group.paths).collect();
    let settings = paths.len();
    Scaffold { text, settings, parameters, passed, skipped, left: left.into_values().collect() }
}

/// The settings that a pool has before any rule is looked at.
fn seed(outline: &Outline) -> Draft {
    let mut draft = Draft::default();
    let mut set = |path: &[&'static str], value: Term| {
        let path: Vec<Text> = path.iter().map(|name| Text::from(*name)).collect();
        draft.set(&path, value);
    };
    let text = |text: &str| Term::Value(Value::String(text.to_owned().into()));
    let list = |text: &str| Term::Value(Value::List(vec![Value::String(text.to_owned().into())]));
    set(&["Name"], text(&outline.name));
    if outline.client {
        let clients = Section::Clients.member();
        set(&[clients, "ClientName"], text("app"));
        if outline.domain {
            set(&[clients, "AllowedOAuthFlowsUserPoolClient"], Term::Value(Value::Bool(true)));
            set(&[clients, "AllowedOAuthFlows"], list("code"));
            set(&[clients, "AllowedOAuthScopes"], list("openid"));
            set(&[clients, "SupportedIdentityProviders"], list("COGNITO"));
            set(&[clients, "CallbackURLs"], Term::List(vec![Term::Parameter(Arc::new(choice::callback()))]));
        }
    }
    if outline.domain {
        set(&[Section::Domains.member(), "Domain"], Term::Parameter(Arc::new(choice::domain())));
    }
    draft
}

/// The rules, and those that a pool must meet to be one that Cognito makes.
fn with_necessary(policy: &Policy) -> Policy {
    let chosen = |id: &&&str| policy.rules.iter().any(|rule| *rule.id == ***id);
    let necessary = NECESSARY.iter().filter(|id| !chosen(id)).filter_map(|id| built_in(id));
    let mut all = policy.clone();
    all.rules.extend(necessary);
    all.rules.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn is_open(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Unknown)
}

struct Search<'p> {
    policy: &'p Policy,
    outline: &'p Outline,
    draft: Draft,
    groups: Vec<Group>,
    /// Most rules are met, in a way, by a pool that nobody can sign in to.
    sign_in: SignIn,
}

/// Settings that were added together.
struct Group {
    paths: Vec<Vec<Text>>,
    /// The rule that they were added for.
    rule: Arc<str>,
}

impl Search<'_> {
    /// The verdicts on the text of a draft.
    fn judged(&self, draft: &Draft) -> Judged {
        // A stack of the CDK becomes a template with the same properties.
        let language = match self.outline.language {
            DraftLanguage::Cdk => DraftLanguage::Yaml,
            language => language,
        };
        let name = match language {
            DraftLanguage::Terraform => "main.tf",
            DraftLanguage::Yaml | DraftLanguage::Cdk => "template.yaml",
            DraftLanguage::Json => "template.json",
        };
        let (mut text, _) = draft.text(language);
        if language == DraftLanguage::Terraform {
            // Without the provider it is not known which tags it adds.
            text.push_str("\nprovider \"aws\" {}\n");
        }
        let deliveries: Vec<Delivery> = input::texts(vec![(name.to_owned(), text.into_bytes())]).collect();
        let nothing = Chunk::default();
        let chunk = deliveries.iter().find_map(Delivery::chunk).unwrap_or(&nothing);
        Judged::of(self.policy, chunk, self.outline.now)
    }

    /// Adds settings until no rule is open, or nothing more is known. For each rule that is left: those that the ways
    /// to meet it would break.
    fn fill(&mut self) -> BTreeMap<Arc<str>, BTreeSet<Arc<str>>> {
        let mut against: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
        let mut attempts: BTreeMap<Key, usize> = BTreeMap::new();
        let mut now = self.judged(&self.draft.with_examples());
        while let Some((key, rule)) = next(&now, &attempts) {
            *attempts.entry(key.clone()).or_default() += 1;
            let mut broken_by_all = BTreeSet::new();
            let candidates = candidate::candidates(&rule, &key, &now, self.outline.now);
            for candidate in candidates {
                match self.attempt(&candidate, &key, &now, &attempts) {
                    Ok((draft, after)) => {
                        (self.draft, now) = (draft, after);
                        let paths = candidate.into_iter().map(|(path, _)| path).collect();
                        self.groups.push(Group { paths, rule: Arc::clone(&rule.id) });
                        broken_by_all.clear();
                        break;
                    }
                    Err(broken) => broken_by_all.extend(broken),
                }
            }
            against.entry(Arc::clone(&rule.id)).or_default().extend(broken_by_all);
        }
        against
    }

    /// The draft with a candidate, if the rule passes with it; else the rules that would be broken.
    fn attempt(
        &self,
        candidate: &Candidate,
        key: &Key,
        now: &Judged,
        attempts: &BTreeMap<Key, usize>,
    ) -> Result<(Draft, Judged), BTreeSet<Arc<str>>> {
        let mut draft = self.draft.clone();
        for (path, term) in candidate {
            // A part that was asked for is not taken away again.
            if term.is_empty() && draft.settings.iter().any(|setting| setting.path == *path) {
                return Err(BTreeSet::new());
            }
            draft.set(path, term.clone());
        }
        if !draft.text(self.outline.language).1.is_empty() {
            return Err(BTreeSet::new());
        }
        let after = self.judged(&draft.with_examples());
        if self.keeps_people_out(&after) && !self.keeps_people_out(now) {
            return Err(BTreeSet::new());
        }
        let verdict = |judged: &Judged, key: &Key| judged.verdicts.get(key).map(|(_, verdict)| *verdict);
        if after.unread.is_some() || verdict(&after, key).is_none_or(is_open) {
            return Err(BTreeSet::new());
        }
        let passed_before = |key: &Key| verdict(now, key) == Some(Verdict::Pass);
        let broken = after.verdicts.iter().filter(|(key, (_, verdict))| {
            // A rule that was not tried before is met in its turn.
            is_open(*verdict) && passed_before(key) && attempts.contains_key(*key)
        });
        let broken: BTreeSet<Arc<str>> = broken.map(|(key, _)| Arc::clone(&key.rule)).collect();
        if broken.is_empty() { Ok((draft, after)) } else { Err(broken) }
    }

    /// Whether nobody can sign in to the pool.
    fn keeps_people_out(&self, judged: &Judged) -> bool {
        let mut documents = judged.verdicts.keys().filter_map(|key| judged.pool(key));
        documents.next().is_some_and(|pool| self.sign_in.is_closed(pool, self.outline.now))
    }

    /// Takes away what no rule asks for.
    fn shrink(&mut self) {
        let now = self.judged(&self.draft.with_examples());
        for at in (0..self.groups.len()).rev() {
            let without = self.without(&self.groups[at].paths);
            if worse(&now, &self.judged(&without.with_examples())).is_empty() {
                self.draft = without;
                self.groups.remove(at);
            }
        }
    }

    /// Names the rules that ask for each setting.
    fn comment(&mut self) {
        let now = self.judged(&self.draft.with_examples());
        let passes = |id: &Arc<str>| {
            now.verdicts.iter().any(|(key, (_, verdict))| key.rule == *id && *verdict == Verdict::Pass)
        };
        let mut rules: BTreeMap<Vec<Text>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for group in &self.groups {
            let after = self.judged(&self.without(&group.paths).with_examples());
            let own = Some(&group.rule).filter(|id| passes(id)).cloned();
            let asking: BTreeSet<Arc<str>> = worse(&now, &after).into_iter().chain(own).collect();
            for path in &group.paths {
                rules.entry(path.clone()).or_default().extend(asking.iter().cloned());
            }
        }
        for setting in &mut self.draft.settings {
            setting.comments = match rules.get(&setting.path) {
                Some(rules) => vec![rules.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")],
                None if setting.path.len() == 1 => vec![
                    match self.outline.language {
                        DraftLanguage::Terraform => {
                            "A name of your choice; another one later makes a new pool."
                        }
                        DraftLanguage::Yaml | DraftLanguage::Json | DraftLanguage::Cdk => {
                            "A name of your choice."
                        }
                    }
                    .to_owned(),
                ],
                None => Vec::new(),
            };
        }
    }

    /// The draft as it was before settings were made.
    fn without(&self, group: &[Vec<Text>]) -> Draft {
        let mut draft = self.draft.clone();
        draft.settings.retain(|setting| !group.contains(&setting.path));
        for setting in seed(self.outline).settings.iter().filter(|setting| group.contains(&setting.path)) {
            draft.set(&setting.path, setting.term.clone());
        }
        draft
    }
}

/// The next rule that is open.
fn next(judged: &Judged, attempts: &BTreeMap<Key, usize>) -> Option<(Key, Arc<Rule>)> {
    let open = judged.verdicts.iter().filter(|(key, (_, verdict))| {
        is_open(*verdict) && attempts.get(key).is_none_or(|attempts| *attempts < MOST_ATTEMPTS)
    });
    let first = open.min_by_key(|(key, _)| (attempts.get(key).copied().unwrap_or_default(), *key));
    first.map(|(key, (rule, _))| (key.clone(), Arc::clone(rule)))
}

/// The rules with verdicts that are open after, and were not before.
fn worse(before: &Judged, after: &Judged) -> BTreeSet<Arc<str>> {
    let was_open = |key: &Key| before.verdicts.get(key).is_some_and(|(_, verdict)| is_open(*verdict));
    let open = after.verdicts.iter().filter(|(key, (_, verdict))| is_open(*verdict) && !was_open(key));
    open.map(|(key, _)| Arc::clone(&key.rule)).collect()
}
