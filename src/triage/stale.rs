//! Faults of waivers: expired, without a finding, or wider than what they cover.
//!
//! Unread pools and unknown verdicts raise no fault: they may be just what a waiver is for.

use std::collections::BTreeSet;
use std::ops::Range;

use super::coverage::RunCoverage;
use super::waiver::{AcceptedValue, Waiver};
use super::{Decisions, RunScope};
use crate::diagnostic::nearest;
use crate::evaluate::{Evaluation, InlineFound};
use crate::finding::{Counted, Finding, PoolRef, Status};
use crate::pool::PoolPattern;
use crate::pool::Source;
use crate::rule::builtin;
use crate::schema::schema;
use crate::source::Note;
use crate::value::Value;

/// The number of days before the expiry of a waiver from which it is reported.
const SOON: i64 = 14;

/// Notes about waivers.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub plain: Vec<Note>,
    /// Notes with a count of findings.
    pub counted: Vec<(Counted, usize)>,
}

/// The notes about each waiver. `uses` has the indexes of the findings that each covers.
pub(super) fn notes(evaluation: &Evaluation, decisions: Decisions<'_>, uses: &[Vec<usize>]) -> Notes {
    let coverage = RunCoverage::new(evaluation, decisions.policy);
    let (mut notes, mut unfit) = (Notes::default(), Vec::new());
    for (waiver, uses) in decisions.waivers.iter().zip(uses) {
        let uses = uses.iter().map(|index| &evaluation.findings[*index]).collect();
        let fitting = evaluation.pools.iter().map(AsRef::as_ref).filter(|pool| waiver.fits(pool)).collect();
        let view = View { waiver, uses, fitting, evaluation, decisions, coverage: &coverage };
        if let Some(counted) = view.counts_again() {
            notes.counted.push(counted);
        } else if let Some((at, message)) = view.complaint() {
            notes.plain.push(Note { target: waiver.place(&at), message });
        } else if view.fits_no_file() {
            unfit.push(view);
        }
    }
    notes.plain.extend(unfit_of_files(&unfit));
    notes
}

/// One note for the waivers that fit no pool of the files. Files need not hold every pool that is waived, so one line
/// says it of all.
fn unfit_of_files(unfit: &[View<'_>]) -> Option<Note> {
    let first = unfit.first()?;
    let asked = match &first.waiver.pool {
        Some(pattern) if pattern.looks_like_regex() => {
            format!("`{pattern}`; a pattern is a glob, such as `shop-*`")
        }
        Some(pattern) => format!("`{pattern}`"),
        None => {
            let tags = first.waiver.tags.iter().map(|(key, glob)| format!("`{key}` = `{glob}`"));
            format!("tags {}", tags.collect::<Vec<_>>().join(", "))
        }
    };
    let pools = match first.evaluation.pools.len() {
        1 => "the pool".to_owned(),
        n => format!("any of the {n} pools"),
    };
    let others = match unfit.len() - 1 {
        0 => String::new(),
        1 => "; nor is 1 other waiver".to_owned(),
        n => format!("; nor are {n} other waivers"),
    };
    let message = format!("{} is not for {pools} of the inputs: {asked}{others}", first.called());
    Some(Note { target: first.waiver.place(&first.waiver.pool_at), message })
}

/// One waiver, and the results of the run for it.
struct View<'a> {
    waiver: &'a Waiver,
    uses: Vec<&'a Finding>,
    /// The pools that it covers and that were read.
    fitting: Vec<&'a PoolRef>,
    evaluation: &'a Evaluation,
    decisions: Decisions<'a>,
    coverage: &'a RunCoverage<'a>,
}

impl View<'_> {
    /// The most important fault, with its place.
    fn complaint(&self) -> Option<(Range<usize>, String)> {
        self.not_chosen()
            .or_else(|| self.ran_out())
            .or_else(|| self.covers_nothing())
            .or_else(|| self.leaves_a_place())
            .or_else(|| self.ends_soon())
            .or_else(|| self.too_wide())
    }

    /// `the waiver of `mfa-off` by OWNER`
    fn called(&self) -> String {
        let rule = self.waiver.rule.as_deref().unwrap_or("*");
        format!("the waiver of `{rule}` by {}", self.waiver.owner)
    }

    fn not_chosen(&self) -> Option<(Range<usize>, String)> {
        let rule = self.waiver.rule.as_deref()?;
        let policy = self.decisions.policy;
        if policy.rules.iter().any(|chosen| *chosen.id == *rule) {
            return None;
        }
        let chosen = policy.rules.iter().map(|chosen| &*chosen.id);
        let why = match policy.off.iter().any(|off| **off == *rule) {
            true => "the rule is turned off".to_owned(),
            false if builtin::is_rule(rule) => "the rule is not among the chosen ones".to_owned(),
            false => match nearest(rule, chosen.chain(builtin::ids())) {
                Some(near) => format!("no chosen rule has this name; did you mean `{near}`?"),
                None => "no chosen rule has this name".to_owned(),
            },
        };
        Some((self.waiver.rule_at.clone(), format!("{} covers nothing: {why}", self.called())))
    }

    /// The number of findings that count again because the waiver expired.
    fn counts_again(&self) -> Option<(Counted, usize)> {
        let (last, at) = self.waiver.expires.as_ref().filter(|(last, _)| *last < self.decisions.today)?;
        if self.not_chosen().is_some() {
            return None;
        }
        let open = self.uses.iter().filter(|finding| finding.standing.status == Status::Open).count();
        let (place, waiver) = (self.waiver.place(at), self.called());
        (open > 0).then_some((Counted::CountAgain { place, waiver, last: *last }, open))
    }

    fn ran_out(&self) -> Option<(Range<usize>, String)> {
        let (last, at) = self.waiver.expires.as_ref().filter(|(last, _)| *last < self.decisions.today)?;
        let what = match self.uses.is_empty() {
            true if self.is_idle() => "and covers nothing any more: remove it",
            // Another shard may have a finding that counts again.
            false if self.sees_all() => "and what it covered is accepted otherwise: remove it",
            _ => return None,
        };
        Some((at.clone(), format!("{} expired on {last}, {what}", self.called())))
    }

    fn ends_soon(&self) -> Option<(Range<usize>, String)> {
        let (last, at) = self.waiver.expires.as_ref().filter(|_| !self.fitting.is_empty())?;
        let when = match self.decisions.today.days_until(*last) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            n if (0..=SOON).contains(&n) => format!("in {n} days"),
            _ => return None,
        };
        Some((at.clone(), format!("{} ends {when}, on {last}", self.called())))
    }

    fn covers_nothing(&self) -> Option<(Range<usize>, String)> {
        if !self.uses.is_empty() {
            return None;
        }
        if let Some(why) = self.strange_journey() {
            return Some((self.waiver.rule_at.clone(), format!("{} covers nothing: {why}", self.called())));
        }
        if let Some((given, at)) = &self.waiver.value
            && let Some(finding) = self.evaluation.findings.iter().find(|one| self.waiver.concerns(one))
        {
            return Some((at.clone(), self.other_value(given, &finding.path, finding.actual.as_ref())));
        }
        if let Some(own) = self.waiver.inline.as_ref().filter(|own| !own.is_beside_any) {
            return Some((
                self.waiver.rule_at.clone(),
                format!("{} covers nothing: {}", self.called(), idle(own)),
            ));
        }
        if self.fitting.is_empty() {
            let why = self.fits_no_pool()?;
            return Some((self.waiver.pool_at.clone(), format!("{} covers nothing: {why}", self.called())));
        }
        let pools = match self.fitting.as_slice() {
            [one] => one.identity.title(),
            many => format!("the {} pools that it is for", many.len()),
        };
        let why = match self.elsewhere() {
            Some(_) if self.compares_elements() => {
                "the rule compares elements with each other: waive it in a configuration".to_owned()
            }
            Some(place) => {
                format!("the finding is at {place}: write the comment above that line, or above its resource")
            }
            None => format!("no such finding in {pools}"),
        };
        let message = format!("{} covers nothing: {why}", self.called());
        self.is_idle().then(|| (self.waiver.rule_at.clone(), message))
    }

    /// The subject of a waiver of a rule on journeys, where no answer has that id: the id of a way, for example.
    fn strange_journey(&self) -> Option<String> {
        let rule = self.waiver.rule.as_deref()?;
        let infers = self.decisions.policy.rules.iter().any(|one| one.infers && *one.id == *rule);
        let subject = self.waiver.subject.as_deref().filter(|_| infers)?;
        let ids = &schema().node(schema().find("Journeys[].Id")?).values;
        let is_known = ids.iter().any(|id| **id == *subject);
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        let help = "`cognito-lint journeys` has answers, and a waiver is for one of them";
        (!is_known).then(|| format!("`{subject}` is not an answer; {help}: {}", ids.join(", ")))
    }

    fn compares_elements(&self) -> bool {
        let rules = &self.decisions.policy.rules;
        rules.iter().any(|rule| self.waiver.rule.as_deref() == Some(&*rule.id) && rule.compares_elements())
    }

    /// The place of a finding of the rule that the comment is not beside.
    fn elsewhere(&self) -> Option<String> {
        self.waiver.inline.as_ref()?;
        let rule = self.waiver.rule.as_deref()?;
        let of_rule = |finding: &&Finding| {
            *finding.rule.id == *rule && self.fitting.iter().any(|pool| **pool == *finding.pool)
        };
        let found = self.evaluation.findings.iter().find(of_rule)?;
        let location = found.location.as_ref()?;
        Some(format!("{}:{}:{}", location.file, location.line, location.column))
    }

    /// A finding counts because the value at one of its places differs from those that waivers accept.
    fn leaves_a_place(&self) -> Option<(Range<usize>, String)> {
        let Some((given, at)) = &self.waiver.value else { return self.leaves_code() };
        let accepts = |finding: &Finding, actual, beside| {
            self.decisions.waivers.iter().any(|one| one.concerns(finding) && one.accepts(actual, beside))
        };
        let open = self.uses.iter().filter(|finding| finding.standing.status == Status::Open);
        let (path, actual) = open
            .flat_map(|finding| finding.places().zip(finding.inline()).map(move |place| (*finding, place)))
            .find(|(finding, ((_, actual, _), beside))| !accepts(finding, *actual, beside))
            .map(|(_, ((path, actual, _), _))| (path, actual))?;
        Some((at.clone(), self.other_value(given, path, actual)))
    }

    /// A finding counts because code breaks the rule that the waiver is not beside.
    fn leaves_code(&self) -> Option<(Range<usize>, String)> {
        self.waiver.inline.as_ref()?;
        let open = self.uses.iter().filter(|finding| finding.standing.status == Status::Open);
        let mut places = open.flat_map(|finding| finding.places().zip(finding.inline()));
        let ((path, ..), _) = places.find(|(_, beside)| !self.waiver.is_beside(beside))?;
        let message = format!("{} does not cover {path}, which breaks the rule too", self.called());
        Some((self.waiver.rule_at.clone(), message))
    }

    fn other_value(&self, given: &AcceptedValue, path: &str, actual: Option<&Value>) -> String {
        let now = actual.map_or("absent".to_owned(), |value| format!("{value} now"));
        let given = match given {
            AcceptedValue::Value(value) => format!("for {value}"),
            AcceptedValue::Absent => "for an absent value".to_owned(),
        };
        format!("{} was given {given}, and {path} is {now}", self.called())
    }

    /// The reason that no pool matches it, if it is known: only a run over whole Regions can prove that.
    fn fits_no_pool(&self) -> Option<String> {
        let RunScope { shard, files: _ } = self.decisions.scope;
        if self.waiver.inline.is_some()
            || self.evaluation.listed.is_empty()
            || shard.is_some()
            || !self.coverage.is_whole()
        {
            return None;
        }
        let mut pools = self.evaluation.pools.iter().filter(|pool| pool.origin.source == Source::Live);
        let Some(named) = self.waiver.pool.as_ref().and_then(PoolPattern::named) else {
            let known = self.waiver.tags.is_empty() || pools.all(|pool| pool.tags.is_some());
            let count = self.evaluation.pools.len();
            return (known && count > 0).then(|| format!("it is for none of the {count} pools"));
        };
        let listed = self.evaluation.listed.iter().any(|one| {
            one.region == named.region && named.account.is_none_or(|account| account == one.account)
        });
        listed.then(|| format!("the pool {} no longer exists", named.id))
    }

    /// Whether it is for none of the pools of a run over files alone, each of which was read.
    fn fits_no_file(&self) -> bool {
        let pools = &self.evaluation.pools;
        let files = pools.iter().all(|pool| pool.origin.source != Source::Live);
        let read = self.evaluation.listed.is_empty() && self.evaluation.unread.is_empty();
        let whole = files && read && self.decisions.scope.shard.is_none();
        let known = self.waiver.tags.is_empty() || pools.iter().all(|pool| pool.tags.is_some());
        let is_wide = self.waiver.pool.is_none() && self.waiver.tags.is_empty();
        whole && known && !is_wide && !pools.is_empty() && self.fitting.is_empty()
    }

    /// Whether the waiver has nothing to cover, for certain.
    fn is_idle(&self) -> bool {
        self.uses.is_empty() && !self.fitting.is_empty() && self.is_decided()
    }

    /// Whether everything that the waiver may cover was read and decided.
    fn is_decided(&self) -> bool {
        let leaves = |pool: &&PoolRef| {
            let key = pool.key();
            match &self.waiver.rule {
                Some(rule) => self.coverage.leaves(&key, rule),
                None => self.decisions.policy.rules.iter().any(|rule| self.coverage.leaves(&key, &rule.id)),
            }
        };
        self.sees_all() && !self.fitting.iter().any(leaves)
    }

    /// Whether every pool that the waiver covers was checked: all were, or the one that it names.
    fn sees_all(&self) -> bool {
        let one = self.waiver.pool.as_ref().is_some_and(|pattern| pattern.named().is_some());
        one || (self.coverage.is_whole() && self.decisions.scope.shard.is_none())
    }

    /// A waiver of every rule that covers the findings of one, or a glob of which one pool has findings: it would
    /// hide later findings.
    fn too_wide(&self) -> Option<(Range<usize>, String)> {
        let first = self.uses.first().filter(|_| self.is_decided())?;
        if self.waiver.rule.is_none() && self.uses.iter().all(|finding| finding.rule.id == first.rule.id) {
            let what = format!("it covers every rule, and `{}` alone is found: name it", first.rule.id);
            return Some((self.waiver.rule_at.clone(), self.wide(&what)));
        }
        let pools: BTreeSet<&PoolRef> = self.uses.iter().map(|finding| finding.pool.as_ref()).collect();
        if self.waiver.inline.is_some() {
            return self.beside_others(&pools);
        }
        let pattern = self.waiver.pool.as_ref().filter(|pattern| pattern.is_glob())?;
        if pools.len() > 1 || self.evaluation.pools.len() < 2 {
            return None;
        }
        let title = first.pool.identity.title();
        let what = match self.fitting.len() {
            1 => format!("`{pattern}` matches only {title}: name that pool"),
            n => format!("`{pattern}` matches {n} pools, and only {title} has the finding: name that pool"),
        };
        Some((self.waiver.pool_at.clone(), self.wide(&what)))
    }

    /// A waiver beside the call of a module with several pools, of which one has findings. Instances of one resource
    /// are in the same code.
    fn beside_others(&self, pools: &BTreeSet<&PoolRef>) -> Option<(Range<usize>, String)> {
        let base = |pool: &&PoolRef| pool.identity.address.as_deref().map(without_keys);
        let all: BTreeSet<_> = self.fitting.iter().map(&base).collect();
        let mut used: BTreeSet<_> = pools.iter().map(base).collect();
        let only = used.pop_first().flatten().filter(|_| used.is_empty() && all.len() > 1)?;
        let what = format!("it is beside {} pools, and only {only} has the finding: put it there", all.len());
        Some((self.waiver.rule_at.clone(), self.wide(&what)))
    }

    fn wide(&self, what: &str) -> String {
        format!("{} is wider than what it covers: {what}", self.called())
    }
}

/// Why a waiver beside the code covers nothing.
fn idle(own: &InlineFound) -> &'static str {
    match own.waiver.beside.is_empty() {
        true => "it is beside no code; put it beside or right above what it is for",
        false => "the code that it is beside is not of a pool",
    }
}

/// An address without the keys of instances.
fn without_keys(address: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| {
        depth += usize::from(*c == '[');
        let keep = depth == 0;
        depth = depth.saturating_sub(usize::from(*c == ']'));
        keep
    };
    address.chars().filter(outside).collect()
}
