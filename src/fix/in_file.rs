//! Changes of the files that declare pools. Each change is read again and judged before it counts: the rule passes, no
//! other verdict is worse, and no other value differs.

pub(super) mod judged;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::client;
use super::remedy::Failing;
use super::repair::{Changed, Working};
use super::sign_in::SignIn;
use super::{Edit, Left, Obstacle, Wish};
use crate::pool::Pool;
use crate::rule::{Policy, Rule, Verdict};
use crate::schema::{NodeId, schema};
use crate::source::{self, Chunk, Refusal, Setting, ValueStep};
use judged::{Judged, Key};

/// The changes of files, and what is left.
#[derive(Debug, Default)]
pub struct InFile {
    /// The texts before and after, by the names of the files.
    pub files: BTreeMap<String, (String, String)>,
    pub changes: Vec<Made>,
    pub left: Vec<LeftInFile>,
}

/// A change of one setting of a pool or of a part of one.
#[derive(Clone, Debug)]
pub struct Made {
    /// The address of the pool, and its element if the change is in one.
    pub subject: String,
    pub edit: Edit,
}

/// A rule that the changed files do not satisfy.
#[derive(Clone, Debug)]
pub struct LeftInFile {
    /// The address of the pool, and its element if the rule is about one.
    pub subject: String,
    pub left: Left,
}

impl From<Refusal> for Obstacle {
    fn from(refusal: Refusal) -> Obstacle {
        let Refusal { message, help } = refusal;
        Obstacle { message, help }
    }
}

/// Finds the changes of the files of an input. `chunk` has the pools that are meant, and its files may have others.
/// The error is the reason that nothing can be changed at all.
pub fn in_file(policy: &Policy, chunk: &Chunk, wish: &Wish) -> Result<InFile, Obstacle> {
    let asked = Judged::of(policy, chunk, wish.now).addresses();
    let texts = Arc::default();
    let now = judged(policy, chunk, (&texts, wish.now));
    let sign_in = SignIn::of_built_in_rules();
    let mut fixing = Fixing { policy, chunk, wish, asked, texts, now, sign_in, done: InFile::default() };
    if let Some(unread) = &fixing.now.1.unread {
        return Err(Obstacle::new(unread.clone(), "a file that cannot be read completely cannot be judged"));
    }
    if chunk.is_plan_or_state() {
        let help = "fix the configuration that it was made from: `cognito-lint fix main.tf`";
        return Err(Obstacle::new("it is a plan or a state of Terraform", help));
    }
    if fixing.asked.is_empty() {
        let help = "name the file of a root module, or a template with a user pool in it";
        return Err(Obstacle::new("it declares no pool", help));
    }
    if fixing.now.1.pools.values().all(|pool| pool.places().is_none()) {
        let help = "name the pool before the file to fix a pool that exists: `cognito-lint fix POOL FILE`; \
                    name the configuration to fix what a plan is made of: `cognito-lint fix main.tf`";
        return Err(Obstacle::new("it is not a template or a configuration", help));
    }
    if !wish.chosen.is_empty() {
        fixing.choose()?;
    }
    let mut tried = BTreeSet::new();
    while let Some((key, rule, verdict)) = fixing.next(&tried) {
        tried.insert(key.without_scenario());
        let tried = match verdict {
            Verdict::Fail => fixing.attempt(&key, Some(&rule)),
            _ => Err(Obstacle::new("its verdict is unknown", "the report of `check` has the reason")),
        };
        if let Err(obstacle) = tried {
            let left = Left { rule, unknown: verdict == Verdict::Unknown, obstacle };
            fixing.done.left.push(LeftInFile { subject: key.subject(), left });
        }
    }
    Ok(fixing.done)
}

struct Fixing<'p> {
    policy: &'p Policy,
    chunk: &'p Chunk,
    wish: &'p Wish,
    /// The pools that are meant.
    asked: BTreeSet<String>,
    texts: Arc<BTreeMap<String, String>>,
    /// The input with these texts.
    now: (Chunk, Judged),
    sign_in: SignIn,
    done: InFile,
}

/// The input with other texts.
fn judged(
    policy: &Policy,
    chunk: &Chunk,
    (texts, now): (&Arc<BTreeMap<String, String>>, i64),
) -> (Chunk, Judged) {
    let chunk = source::with(chunk, texts);
    let judged = Judged::of(policy, &chunk, now);
    (chunk, judged)
}

impl Fixing<'_> {
    /// The next verdict to change.
    fn next(&self, tried: &BTreeSet<Key>) -> Option<(Key, Arc<Rule>, Verdict)> {
        let (_, judged) = &self.now;
        let wanted =
            |rule: &Rule| self.wish.rules.is_empty() || self.wish.rules.iter().any(|id| **id == *rule.id);
        let open = judged.verdicts.iter().filter(|(key, (rule, verdict))| {
            matches!(verdict, Verdict::Fail | Verdict::Unknown)
                && wanted(rule)
                && self.asked.contains(&key.pool)
                && !tried.contains(&key.without_scenario())
        });
        // Where one scenario fails, that is the one to change.
        let first =
            open.min_by_key(|(key, (_, verdict))| (key.without_scenario(), *verdict != Verdict::Fail));
        first.map(|(key, (rule, verdict))| (key.clone(), Arc::clone(rule), *verdict))
    }

    /// Sets what the user chose.
    fn choose(&mut self) -> Result<(), Obstacle> {
        let (_, whole) = &self.now;
        let meant: Vec<&String> = self.asked.iter().filter(|pool| whole.pools.contains_key(*pool)).collect();
        let [pool] = &meant[..] else {
            let message = format!("the file declares {} pools, and `--set` is for one", meant.len());
            return Err(Obstacle::new(message, "change them by hand"));
        };
        let key = whole.any_of(pool);
        key.map_or(Ok(()), |key| self.attempt(&key, None))
    }

    /// Changes the files for one rule, or changes nothing.
    fn attempt(&mut self, key: &Key, rule: Option<&Arc<Rule>>) -> Result<(), Obstacle> {
        let (chunk, before) = &self.now;
        let gone = || Obstacle::new("the pool is not in the changed file", "change it by hand");
        let pool = before.pool(key).ok_or_else(gone)?.clone();
        let now = self.wish.now;
        let (mut working, element) = match rule {
            Some(rule) if rule.infers => {
                let mut others = Vec::new();
                self.policy.rules_for(&pool, |other| others.push(Arc::clone(other)));
                let mut working = Working::declared(pool.clone(), now, None);
                self.wish.chosen.iter().for_each(|(path, _)| working.keep(path));
                client::close_in_file(&Failing { rule, others: &others, now }, working)?
            }
            Some(rule) => {
                let element = element(rule, key, &pool)?;
                let mut working = Working::declared(pool.clone(), now, element.clone());
                self.wish.chosen.iter().for_each(|(path, _)| working.keep(path));
                working.satisfy(rule)?;
                (working, element)
            }
            None => {
                let mut working = Working::declared(pool.clone(), now, None);
                for (path, value) in &self.wish.chosen {
                    working.choose(path, value)?;
                }
                (working, None)
            }
        };
        working.complete()?;
        let mut settings = settings(&working, element.as_ref())?;
        let made = |edit| Made { subject: key.subject(), edit };
        let changes: Vec<Made> = working.changes().into_iter().map(made).collect();
        for last in [false, true] {
            let texts = before.settled(chunk, key, &settings)?;
            let new = Arc::new(self.merged(&texts));
            let after = judged(self.policy, self.chunk, (&new, self.wish.now));
            let more = judged::accept(before, &after.1, (key, rule), &settings)?;
            if more.is_empty() {
                self.ensure_open(&pool, after.1.pool(key))?;
                for (name, (was, is)) in texts {
                    let file = self.done.files.entry(name).or_insert_with(|| (was, String::new()));
                    file.1 = is;
                }
                (self.texts, self.now) = (new, after);
                self.done.changes.extend(changes);
                return Ok(());
            }
            if last {
                return Err(judged::other(&more[0].steps));
            }
            // A block that was left out had defaults of its own: what they were is written too.
            settings.extend(more);
        }
        Ok(())
    }

    /// Refuses a change after which nobody can sign in who could before.
    fn ensure_open(&self, before: &Pool, after: Option<&Pool>) -> Result<(), Obstacle> {
        let is_closed = |pool| self.sign_in.is_closed(pool, self.wish.now);
        if !after.is_some_and(is_closed) || is_closed(before) {
            return Ok(());
        }
        let help =
            "add another way to sign in first, such as `ALLOW_USER_SRP_AUTH` in the flows of an app client";
        Err(Obstacle::new("no user could sign in to the pool after the change", help))
    }

    fn merged(&self, texts: &BTreeMap<String, (String, String)>) -> BTreeMap<String, String> {
        let mut all = BTreeMap::clone(&self.texts);
        all.extend(texts.iter().map(|(name, (_, after))| (name.clone(), after.clone())));
        all
    }
}

/// The element that a verdict is about.
pub(super) fn element(rule: &Rule, key: &Key, pool: &Pool) -> Result<Option<Changed>, Obstacle> {
    let Some(list) = &rule.each else { return Ok(None) };
    let several = || {
        let message =
            format!("it judges each element of `{}`, and it is not clear which to change", list.path);
        Obstacle::new(message, "change the elements by hand: `cognito-lint rules show ID` shows the fix")
    };
    let [step] = &list.path.steps[..] else { return Err(several()) };
    let is_list = schema().member(NodeId::ROOT, &step.name).and_then(|id| schema().node(id).element);
    let index = judged::index_of(pool, list, key).filter(|_| is_list.is_some()).ok_or_else(several)?;
    Ok(Some(Changed { list: step.name.clone(), index, node: list.element }))
}

/// The values to set, by their steps from the top of the pool.
pub(super) fn settings(working: &Working, element: Option<&Changed>) -> Result<Vec<Setting>, Obstacle> {
    let setting = |(path, edit): (&crate::schema::Path, Edit)| {
        let Some(value) = edit.after else {
            let message = format!("`{}` would have to be removed", edit.path);
            return Err(Obstacle::new(message, "remove it by hand"));
        };
        let element = element.filter(|_| !path.from_pool);
        let list = element.into_iter().flat_map(|changed| {
            [ValueStep::Member(changed.list.to_string().into()), ValueStep::Index(changed.index)]
        });
        let names = path.steps.iter().map(|step| ValueStep::Member(step.name.to_string().into()));
        Ok(Setting { steps: list.chain(names).collect(), value })
    };
    working.changed().map(setting).collect()
}
