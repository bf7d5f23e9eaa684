//! Changes a pool document until predicates hold.

mod value;
mod chosen;
mod lifetime;

use std::sync::Arc;

use self::chosen::Chosen;
use self::value::{choice, list, no_value, other, rest};
use super::remedy::{Failing, Made, Remedy};
use super::{Edit, Obstacle, limit, mirror, place, valid};
use crate::evaluate::{holds, verdict};
use crate::journey::Change;
use crate::pool::{Element, Inferred, Pool, Scope, State, at, derive, resolve};
use crate::rule::operator::{Asked, together};
use crate::rule::{Leaf, Operator, Predicate, Rule, Verdict};
use crate::schema::{NodeId, Path, schema};
use crate::value::{Text, Value};

/// A pool that is being changed.
#[derive(Clone, Debug)]
pub(super) struct Working {
    pub pool: Pool,
    pub now: i64,
    before: Pool,
    /// Paths that were set, each with the rules that required it.
    set: Vec<(Path, Vec<Arc<str>>)>,
    chosen: Chosen,
    /// A file declares the pool, so that everything in it that a file can say can be changed.
    declared: bool,
    /// The element that is changed, if not the pool itself.
    element: Option<Changed>,
}

/// An element of a list of the pool.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    /// The member of the pool that is the list.
    pub list: Text,
    pub index: usize,
    pub node: Option<NodeId>,
}

impl Working {
    pub(super) fn new(pool: Pool, now: i64) -> Working {
        let (set, chosen) = (Vec::new(), Chosen::default());
        Working { before: pool.clone(), pool, now, set, chosen, declared: false, element: None }
    }

    /// A pool that a file declares, or an element of it.
    pub(super) fn declared(pool: Pool, now: i64, element: Option<Changed>) -> Working {
        Working { declared: true, element, ..Working::new(pool, now) }
    }

    /// The same pool, of which an element is changed.
    pub(super) fn within(self, changed: Changed) -> Working {
        Working { element: Some(changed), ..self }
    }

    fn settable(&self, path: &Path) -> Result<(), Obstacle> {
        match &self.element {
            _ if self.declared => place::declarable(path),
            Some(changed) => place::settable_in(changed.node, path),
            None => place::settable(path),
        }
    }

    /// The start of paths.
    fn scope(&self) -> Scope<'_> {
        let element = self.element.as_ref().and_then(|changed| {
            let value = self.pool.document.get(&changed.list)?.as_list()?.get(changed.index)?;
            Some(Element { value, node: changed.node, key: None })
        });
        Scope { element, ..Scope::of(&self.pool) }
    }

    /// Sets a value that the user chose.
    pub(super) fn choose(&mut self, path: &Path, value: &Value) -> Result<(), Obstacle> {
        self.settable(path)?;
        self.put(path, Some(value.clone()), None);
        if let Some(other) = self.chosen.changed_in(&self.pool) {
            let message = format!("`--set {path}` changes what `--set {other}` sets");
            return Err(Obstacle::new(message, "leave one of them out"));
        }
        self.keep(path);
        self.is_taken()?;
        limit::check(&self.before, &self.pool)
    }

    /// Holds on to what the user chose.
    pub(super) fn keep(&mut self, path: &Path) {
        self.chosen.keep(&self.pool, path);
    }

    /// Makes a rule pass, or changes nothing.
    pub(super) fn satisfy(&mut self, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        if rule.infers {
            return self.close(rule);
        }
        if let Some(list) = rule.each.as_ref().filter(|_| self.element.is_none()) {
            self.settable(&list.path)?;
            let message =
                format!("it judges each element of `{}`, and it is not clear which to change", list.path);
            return Err(Obstacle::new(
                message,
                "change the elements by hand: `cognito-lint rules show ID` shows the fix",
            ));
        }
        let mut attempt = self.clone();
        attempt.make(&rule.expect, true, rule)?;
        limit::check(&attempt.before, &attempt.pool)?;
        if let Some(Element { value, node, .. }) = attempt.scope().element {
            // The author of a file adds a list that it leaves out.
            limit::check_element(value, node.filter(|_| !attempt.declared))?;
            if let Some(node) = node {
                valid::element(node, self.scope().element.map(|element| element.value), value)?;
            }
        }
        attempt.is_taken()?;
        attempt.clone().complete()?;
        self.chosen.stands_in(&attempt.pool)?;
        // Other elements may still fail.
        let holds = match self.element {
            Some(_) => holds(rule, &rule.expect, true, attempt.scope(), self.now) == Some(true),
            None => verdict(rule, &attempt.pool, self.now) == Verdict::Pass,
        };
        if !holds {
            return Err(no_value("no value was found that makes it pass"));
        }
        *self = attempt;
        Ok(())
    }

    /// Whether the service would take what was set of the pool itself.
    fn is_taken(&self) -> Result<(), Obstacle> {
        let of_pool = |path: &&Path| self.element.is_none() || path.from_pool;
        let roots =
            self.set.iter().map(|(path, _)| path).filter(of_pool).filter_map(|path| path.steps.first());
        roots.map(|step| step.name.as_ref()).try_for_each(|root| {
            valid::member(root, self.before.document.get(root), self.pool.document.get(root))
        })
    }

    /// Whether a remedy can be made of the pool itself.
    pub(super) fn made(&self, remedy: &Remedy) -> Made {
        if let Err(why) = self.chosen.stands_in(&remedy.after) {
            return Made::Refused(why);
        }
        let Change { element, path, after, with, .. } = &remedy.change;
        let can = |path: &Path| self.settable(path).is_ok();
        // A setting is taken out of a file by a person.
        let is_written = !self.declared || after.is_some();
        let is_here = element.is_none() && is_written && can(path) && with.iter().all(|(path, _)| can(path));
        if is_here { Made::Here } else { Made::ByHand }
    }

    /// Makes a change, with what the service requires with it.
    pub(super) fn take(&mut self, change: Change, rule: &Arc<str>) {
        self.put(&change.path, change.after, Some(rule));
        for (path, value) in change.with {
            self.put(&path, Some(value), Some(rule));
        }
    }

    /// Makes the best change of the pool itself with which a rule on journeys is satisfied.
    fn close(&mut self, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        let failing = Failing { rule, others: &[], now: self.now };
        let of_pool = |remedy: &Remedy| match self.made(remedy) {
            Made::ByHand => Made::Refused(no_value("no setting of the pool itself closes the journey")),
            made => made,
        };
        let remedy = failing.best(&self.pool, of_pool)?;
        self.take(remedy.change, &rule.id);
        Ok(())
    }

    /// Makes a predicate hold, or not hold.
    fn make(&mut self, predicate: &Predicate, wanted: bool, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        match holds(rule, predicate, wanted, self.scope(), self.now) {
            Some(now) if now == wanted => return Ok(()),
            Some(_) => {}
            None => {
                let help = "read the pool live with permission for all that its rules need";
                return Err(Obstacle::new("a setting that the rule judges was not read", help));
            }
        }
        match (predicate, wanted) {
            (Predicate::Leaf(leaf), _) => self.make_leaf(leaf, wanted, rule),
            (Predicate::All(inner), true) => self.each(inner, true, rule),
            (Predicate::Any(inner) | Predicate::None(inner), _)
                if wanted == matches!(predicate, Predicate::None(_)) =>
            {
                self.each(inner, false, rule)
            }
            (Predicate::All(inner), _) => self.one(inner, false, rule),
            (Predicate::Any(inner) | Predicate::None(inner), _) => self.one(inner, true, rule),
            (Predicate::Named(named), _) => self.make(&named.inner, wanted, rule),
            (Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_), _) => {
                Err(no_value("the rule judges the elements of a list, and it is not clear which to change"))
            }
        }
    }

    fn each(&mut self, inner: &[Predicate], wanted: bool, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        inner.iter().try_for_each(|one| self.make(one, wanted, rule))
    }

    /// The first alternative that is possible.
    fn one(&mut self, inner: &[Predicate], wanted: bool, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        let mut first = None;
        for predicate in inner {
            let mut attempt = self.clone();
            match attempt.make(predicate, wanted, rule) {
                Ok(()) => {
                    *self = attempt;
                    return Ok(());
                }
                Err(obstacle) => first = first.or(Some(obstacle)),
            }
        }
        Err(first.unwrap_or_else(|| no_value("no setting can be changed")))
    }

    fn make_leaf(&mut self, leaf: &Leaf, wanted: bool, rule: &Arc<Rule>) -> Result<(), Obstacle> {
        if let Some(derived) = leaf.node.and_then(|id| schema().node(id).derived) {
            return self.make_lifetime(leaf, derived, wanted, rule);
        }
        self.settable(&leaf.path)?;
        limit::is_known(&self.before, &leaf.path)?;
        let leaf = &self.with_operands(leaf)?;
        let mut obstacle = None;
        for operator in &leaf.operators {
            let single = Leaf { operators: vec![operator.clone()], ..leaf.clone() };
            let single = Predicate::Leaf(single);
            if holds(rule, &single, wanted, self.scope(), self.now) == Some(wanted) {
                if !wanted {
                    return Ok(());
                }
                continue;
            }
            match self.value(leaf, operator, wanted) {
                Ok(value) => self.put(&leaf.path, value, Some(&rule.id)),
                Err(why) => obstacle = obstacle.or(Some(why)),
            }
            if !wanted && obstacle.is_none() {
                return Ok(());
            }
        }
        let whole = Predicate::Leaf(leaf.clone());
        match holds(rule, &whole, wanted, self.scope(), self.now) == Some(wanted) {
            true => Ok(()),
            false => Err(obstacle.unwrap_or_else(|| no_value("no value is within its bounds"))),
        }
    }

    /// A leaf with the values of the pool as operands.
    fn with_operands(&self, leaf: &Leaf) -> Result<Leaf, Obstacle> {
        let mut leaf = leaf.clone();
        for compared in std::mem::take(&mut leaf.compared) {
            let operator = at(self.scope(), &compared.path, |state| match state {
                State::Present(value) | State::Default(value) => {
                    compared.with(value).map_err(|why| no_value(&why))
                }
                State::Absent | State::Unknown(_) | State::Outside(_) => {
                    Err(no_value(&format!("`{}` has no value to compare with", compared.path)))
                }
            });
            leaf.operators.push(operator?);
        }
        Ok(leaf)
    }

    /// The value for a leaf's path that makes an operator hold or not. `None` removes the value.
    fn value(&self, leaf: &Leaf, operator: &Operator, wanted: bool) -> Result<Option<Value>, Obstacle> {
        let state = resolve(self.scope(), &leaf.path);
        let now = match state {
            State::Present(value) | State::Default(value) => Some(value),
            _ => None,
        };
        let node = leaf.node.map(|id| schema().node(id));
        let numeric = node.is_some_and(|node| node.numeric);
        let number = |n: i64| if numeric { Value::String(n.to_string().into()) } else { Value::Int(n) };
        let other = |refused: &[Value]| other(&leaf.path, node, refused);
        let without = |gone: &dyn Fn(&Value) -> bool| rest((&leaf.path, node), list(now), gone);
        let with = |more: &[Value]| {
            let mut items = list(now).to_vec();
            items.extend(more.iter().filter(|one| !list(now).contains(one)).cloned());
            Ok(Some(Value::List(items)))
        };
        match (operator, wanted) {
            (Operator::Equals(value), true) | (Operator::NotEquals(value), false) => Ok(Some(value.clone())),
            (Operator::Equals(value), false) | (Operator::NotEquals(value), true) => {
                other(std::slice::from_ref(value))
            }
            (Operator::OneOf(values), true) | (Operator::NoneOf(values), false) => match &values[..] {
                [only] => Ok(Some(only.clone())),
                several => choice(&leaf.path, several.iter().map(Value::to_string)),
            },
            (Operator::OneOf(values), false) | (Operator::NoneOf(values), true) => other(values),
            (Operator::AtLeast(n) | Operator::AtMost(n), true) => Ok(Some(number(*n))),
            (Operator::AtLeast(n), false) => Ok(Some(number(n.saturating_sub(1)))),
            (Operator::AtMost(n), false) => Ok(Some(number(n.saturating_add(1)))),
            (Operator::Present(present), _) if *present != wanted => Ok(None),
            (Operator::Contains(value), true) | (Operator::NotContains(value), false) => {
                with(std::slice::from_ref(value))
            }
            (Operator::ContainsAll(values), true) => with(values),
            (Operator::Contains(value), false) | (Operator::NotContains(value), true) => {
                without(&|item| item == value)
            }
            (Operator::ContainsOnly(values), true) => without(&|item| !values.contains(item)),
            (
                Operator::Present(_)
                | Operator::Matches(_)
                | Operator::NotMatches(_)
                | Operator::LengthAtLeast(_)
                | Operator::LengthAtMost(_)
                | Operator::OlderThan(..)
                | Operator::NewerThan(..)
                | Operator::PrefixAtLeast(_),
                _,
            )
            | (Operator::ContainsAll(_) | Operator::ContainsOnly(_), false) => {
                let asked = [Asked { operator, negated: !wanted }];
                let asked = together(&asked, node);
                Err(no_value(&format!("`{}` must be {asked}, which is for you to choose", leaf.path)))
            }
        }
    }

    pub(super) fn put(&mut self, path: &Path, value: Option<Value>, rule: Option<&Arc<str>>) {
        // Its answers are about the document as it was.
        self.pool.journeys = Inferred::default();
        match self.element.as_ref().filter(|_| !path.from_pool) {
            Some(changed) => {
                let steps: Vec<&str> = path.steps.iter().map(|step| step.name.as_ref()).collect();
                let list = self.pool.document.0.iter_mut().find(|(name, _)| *name == changed.list);
                if let Some((_, Value::List(items))) = list
                    && let Some(Value::Map(map)) = items.get_mut(changed.index)
                {
                    mirror::set(map, &steps, value);
                }
                derive(&mut self.pool.document);
            }
            None => mirror::put(&mut self.pool, path, value),
        }
        match self.set.iter_mut().find(|(known, _)| known == path) {
            Some((_, rules)) => rules.extend(rule.cloned()),
            None => self.set.push((path.clone(), rule.cloned().into_iter().collect())),
        }
    }

    /// Adds the settings that the API requires with the changes, and notes them.
    pub(super) fn complete(&mut self) -> Result<Vec<String>, Obstacle> {
        let mut notes = Vec::new();
        for (path, value, why) in limit::companions(&self.before, &self.pool) {
            self.put(&path, Some(value), None);
            if let Some(chosen) = self.chosen.changed_in(&self.pool) {
                return Err(Obstacle::new(why, format!("leave `--set {chosen}` out")));
            }
            notes.push(why);
        }
        Ok(notes)
    }

    /// The changes to the pool, in the order in which they were requested.
    pub(super) fn changes(&self) -> Vec<Edit> {
        self.changed().map(|(_, change)| change).collect()
    }

    /// The paths that have another value now, with the changes.
    pub(super) fn changed(&self) -> impl Iterator<Item = (&Path, Edit)> {
        fn state<'w>(working: &'w Working, path: &Path) -> (Option<&'w Value>, bool) {
            match resolve(working.scope(), path) {
                State::Present(value) => (Some(value), false),
                State::Default(value) => (Some(value), true),
                State::Absent | State::Unknown(_) | State::Outside(_) => (None, false),
            }
        }
        let old = Working { pool: self.before.clone(), ..self.clone() };
        let changes = self.set.iter().map(move |(path, rules)| {
            let ((before, default), (after, _)) = (state(&old, path), state(self, path));
            let mut rules = rules.clone();
            rules.dedup();
            let (before, after) = (before.cloned(), after.cloned());
            (path, Edit { path: path.to_string(), before, default, after, rules })
        });
        changes.filter(|(_, change)| change.before != change.after)
    }
}
