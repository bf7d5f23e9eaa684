//! The front door of the library: texts and files against rules, with nothing of the command line.

#![expect(clippy::disallowed_methods, reason = "a check without a time uses the current time")]

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::chosen::Chosen;
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::evaluate::{Detail, Evaluation, Options, evaluate};
use crate::finding::{Finding, PoolRef};
use crate::outcome::{FailurePolicy, Outcome, outcome};
use crate::report::screen::Screen;
use crate::report::{self, Format, Run, Style};
use crate::rule::choice::{self, Choice, NotAChoice};
use crate::rule::{Policy, Severity, digest};
use crate::source::input::{self, Input as SourceInput};

/// Something that pools are read from: answers of the API, snapshots, plans and states of Terraform, its
/// configurations, and templates of CloudFormation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input(Content);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Text { name: String, text: Vec<u8> },
    Path(PathBuf),
}

impl Input {
    /// A text in memory. Messages call it by its name, which may be a path with `/`; a name that ends in `.tf` or
    /// `.tf.json` makes it a part of a Terraform configuration, which is all such texts of a check.
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Input {
        Input(Content::Text { name: name.into(), text: text.into() })
    }

    /// A file, or a directory with files at any depth. It is read when it is checked; a failure to read it is in
    /// [`Report::gaps`].
    pub fn path(path: impl Into<PathBuf>) -> Input {
        Input(Content::Path(path.into()))
    }
}

/// Rules without a mistake in them.
#[derive(Clone)]
pub struct Rules {
    chosen: Chosen,
    policy: Policy,
}

impl Rules {
    /// Built-in rules, as `--rules` of the command line chooses them: packs, ids, globs and `tag:`, `severity:` and
    /// `control:` selectors, with commas between them, and `-` in front of what is taken away.
    ///
    /// # Errors
    ///
    /// A part that chooses nothing, and a choice that leaves no rule.
    pub fn choose(choice: &str) -> Result<Rules, RulesError> {
        let mut chosen = Chosen::default();
        let mut mistakes = Vec::new();
        for part in choice::parts(choice) {
            let part = Choice::parse(part)?;
            match part.minus {
                true => chosen.take_away(&part, &[])?,
                false => chosen.choose(&part, &mut mistakes)?,
            }
        }
        if mistakes.is_empty() {
            chosen.ensure_some()?;
        }
        Rules::of(chosen, mistakes)
    }

    /// The rules of a rule file, as `rules/README.md` describes them.
    ///
    /// # Errors
    ///
    /// All mistakes of the file, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Rules, RulesError> {
        Rules::of(Chosen::default(), Vec::new())?.and(name, text)
    }

    /// These rules and those of a rule file.
    ///
    /// # Errors
    ///
    /// All mistakes of the file, each with its place; an id that is taken is one.
    pub fn and(self, name: &str, text: &str) -> Result<Rules, RulesError> {
        let mut chosen = self.chosen;
        let mut mistakes = Vec::new();
        chosen.file(&SourceFile::new(name, text), &mut mistakes);
        Rules::of(chosen, mistakes)
    }

    fn of(chosen: Chosen, mut mistakes: Vec<SourceDiagnostic>) -> Result<Rules, RulesError> {
        let policy = chosen.clone().policy(None, &mut mistakes);
        SourceDiagnostic::sort(&mut mistakes);
        match mistakes.is_empty() {
            true => Ok(Rules { chosen, policy }),
            false => Err(RulesError { mistakes: mistakes.iter().map(Mistake::of).collect() }),
        }
    }

    /// The ids of the rules, sorted.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.policy.rules.iter().map(|rule| &*rule.id).collect();
        ids.sort_unstable();
        ids
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rules").field(&self.ids()).finish()
    }
}

/// The mistakes that rules have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    /// All that were found, by file and place.
    pub mistakes: Vec<Mistake>,
}

/// One mistake in rules or in a choice of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The name of the file; `None` for a choice.
    pub file: Option<String>,
    /// Line and column, both from 1, in characters.
    pub at: Option<(usize, usize)>,
    /// One sentence, in lower case, without a period.
    pub message: String,
    /// Advice.
    pub help: Option<String>,
}

impl Mistake {
    fn of(mistake: &SourceDiagnostic) -> Mistake {
        let text = mistake.source_file.text();
        let before = mistake.labels.first().and_then(|(at, _)| text.get(..at.start));
        let at = before.map(|before| {
            let line = before.rsplit('\n').next().unwrap_or_default();
            (before.matches('\n').count() + 1, line.chars().count() + 1)
        });
        let file = Some(mistake.source_file.name().to_owned());
        Mistake { file, at, message: mistake.message.clone(), help: mistake.help.clone() }
    }
}

impl From<NotAChoice> for RulesError {
    fn from(wrong: NotAChoice) -> RulesError {
        let NotAChoice { message, help } = wrong;
        RulesError { mistakes: vec![Mistake { file: None, at: None, message, help: Some(help) }] }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Mistake { file, at, message, help }) in self.mistakes.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { "\n" })?;
            match (file, at) {
                (Some(file), Some((line, column))) => write!(f, "{file}:{line}:{column}: ")?,
                (Some(file), None) => write!(f, "{file}: ")?,
                (None, _) => {}
            }
            f.write_str(message)?;
            help.iter().try_for_each(|help| write!(f, "; {help}"))?;
        }
        Ok(())
    }
}

impl std::error::Error for RulesError {}

/// Judges every pool of some inputs.
///
/// Nothing fails: what cannot be read or decided makes the outcome [`Outcome::Incomplete`].
pub fn check(inputs: &[Input], rules: &Rules) -> Report {
    check_at(inputs, rules, SystemTime::now())
}

/// The same as of a time, which rules about age need and reports name.
pub fn check_at(inputs: &[Input], rules: &Rules, now: SystemTime) -> Report {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    let options = Options { now, full_coverage: false, evidence: false, detail: Detail::ALL, shard: None };
    let (mut texts, mut paths) = (Vec::new(), Vec::new());
    for Input(content) in inputs {
        match content.clone() {
            Content::Text { name, text } => texts.push((name, text)),
            Content::Path(path) => paths.push(SourceInput::Path(path)),
        }
    }
    let deliveries = input::texts(texts).chain(input::open(paths));
    let evaluation = evaluate(&rules.policy, deliveries, options);
    let terms = FailurePolicy::default();
    let outcome = outcome(&evaluation, terms);
    Report { evaluation, policy: rules.policy.clone(), outcome, terms, now }
}

/// The result of a check.
#[derive(Debug)]
pub struct Report {
    evaluation: Evaluation,
    policy: Policy,
    outcome: Outcome,
    terms: FailurePolicy,
    now: i64,
}

/// A rule that a pool breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The id of the rule.
    pub rule: String,
    pub severity: Severity,
    /// The name of the pool, else its id, address or file.
    pub pool: String,
    /// `Policies.PasswordPolicy.MinimumLength`.
    pub path: String,
    /// One sentence without a period: the actual and the expected value.
    pub message: String,
    /// File, line and column of the value, both from 1.
    pub location: Option<(String, usize, usize)>,
    /// 32 hexadecimal digits that stay the same from run to run.
    pub fingerprint: String,
}

/// A rule that could not be decided for a pool, or something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// The id of the rule; `None` where the target could not be read.
    pub rule: Option<String>,
    /// The pool, or the input.
    pub target: String,
    pub reason: String,
}

impl Report {
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The number of pools that were judged.
    pub fn pools(&self) -> usize {
        self.evaluation.tally.pools
    }

    /// The broken rules, sorted by pool, rule and path.
    pub fn violations(&self) -> impl Iterator<Item = Violation> {
        self.evaluation.findings.iter().map(Violation::of)
    }

    /// The verdicts that are unknown, and then the inputs that could not be read.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> {
        let undecided = self.evaluation.undecided.iter().map(|undecided| Gap {
            rule: Some(undecided.rule.id.to_string()),
            target: name_of(&undecided.pool),
            reason: undecided.reason.clone(),
        });
        let unread = self.evaluation.unread.iter().map(|unread| Gap {
            rule: None,
            target: unread.target.clone(),
            reason: unread.message.clone(),
        });
        undecided.chain(unread)
    }

    /// The answer in one line, without a period.
    pub fn answer(&self) -> String {
        self.with(report::answer)
    }

    /// The whole report in a format, without colours and 100 columns wide.
    pub fn to_text(&self, format: Format) -> String {
        let mut text = Vec::new();
        // Writing to memory has no way to fail.
        let _: io::Result<()> = self.with(|report| {
            let mut screen = Screen::new(&mut text, format.draws(Style::PLAIN));
            report::write(format, report, Style::PLAIN, &mut screen)?;
            io::Write::flush(&mut screen)
        });
        String::from_utf8_lossy(&text).into_owned()
    }

    fn with<T>(&self, write: impl FnOnce(&report::Report<'_>) -> T) -> T {
        let digest = digest(&self.policy);
        let Report { evaluation, policy, outcome, terms, now } = self;
        let run = Run { generated: *now, digest: &digest, full_coverage: false, shard: None };
        let (outcome, terms) = (*outcome, *terms);
        write(&report::Report { evaluation, outcome, terms, policy, evidence: false, run })
    }
}

impl Violation {
    fn of(finding: &Finding) -> Violation {
        let location = finding.location.as_ref();
        Violation {
            rule: finding.rule.id.to_string(),
            severity: finding.rule.severity,
            pool: name_of(&finding.pool),
            path: finding.path.to_string(),
            message: finding.message.to_string(),
            location: location.map(|place| (place.file.to_string(), place.line, place.column)),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}

fn name_of(pool: &Arc<PoolRef>) -> String {
    let identity = &pool.identity;
    let own = identity.name.as_ref().or(identity.id.as_ref()).or(identity.address.as_ref());
    own.unwrap_or(&pool.origin.name).to_string()
}
