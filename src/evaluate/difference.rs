//! The rules that look at something in which two pools differ. Every other rule has the same verdict on both.

use super::rule_set::RuleSet;
use crate::pool::{Pool, Scope, State, at, resolve};
use crate::rule::{Policy, Rule};
use crate::schema::{ArnPart, Aspect, Kind, NodeId, Path, schema};
use crate::value::{Map, Value};

/// The rules that look at something.
#[derive(Clone, Debug)]
struct Lookers {
    all: RuleSet,
    /// Those that look at it to know whether they apply: in the condition of a pool, or for the elements to judge.
    first: RuleSet,
}

impl Lookers {
    fn none(rules: usize) -> Lookers {
        Lookers { all: RuleSet::none(rules), first: RuleSet::none(rules) }
    }

    fn insert(&mut self, rule: usize, is_first: bool) {
        self.all.insert(rule);
        if is_first {
            self.first.insert(rule);
        }
    }

    fn extend(&mut self, other: &Lookers) {
        self.all.extend(&other.all);
        self.first.extend(&other.first);
    }
}

/// The rules of a policy by the members that they look at.
#[derive(Debug)]
pub(super) struct Readers {
    rules: usize,
    /// By the position of the member in the schema.
    members: Vec<Lookers>,
    /// Parts of the pool's ARN, which are known from other members where there is no ARN.
    parts: Vec<(ArnPart, Path, Lookers)>,
    /// Rules that look at more than these.
    always: Lookers,
}

impl Readers {
    pub(super) fn of(policy: &Policy) -> Readers {
        let rules = policy.rules.len();
        let none = Lookers::none(rules);
        let members = vec![none.clone(); schema().nodes().len()];
        let mut readers = Readers { rules, members, parts: Vec::new(), always: none };
        for (position, rule) in policy.rules.iter().enumerate() {
            // An answer of journeys follows from the whole pool.
            if rule.infers {
                readers.always.insert(position, true);
            }
            rule.paths(|path, node| readers.insert(position, path, node, false));
            first_paths(rule, &mut |path, node| readers.insert(position, path, node, true));
        }
        readers
    }

    fn insert(&mut self, rule: usize, path: &Path, node: Option<NodeId>, is_first: bool) {
        let lookers = match (path.aspect, node) {
            // An element is looked at with its list.
            _ if path.steps.is_empty() && node.is_none() => return,
            (Aspect::Arn(part), Some(id)) if schema().member(NodeId::ROOT, "Arn") == Some(id) => {
                let known = self.parts.iter().position(|(own, ..)| *own == part);
                let at = known.unwrap_or_else(|| {
                    self.parts.push((part, path.clone(), Lookers::none(self.rules)));
                    self.parts.len() - 1
                });
                &mut self.parts[at].2
            }
            (_, Some(node)) => &mut self.members[node.index()],
            (_, None) => &mut self.always,
        };
        lookers.insert(rule, is_first);
    }

    /// The rules that may have another verdict on a pool than on the one before. Of rules that were idle there, only
    /// what made them idle is asked.
    pub(super) fn between(&self, before: &Pool, pool: &Pool, idle: &RuleSet) -> RuleSet {
        if !are_alike(before, pool) {
            return RuleSet::all(self.rules);
        }
        let mut differing = self.always.clone();
        for (part, path, lookers) in &self.parts {
            if !is_same_part(*part, path, before, pool) {
                differing.extend(lookers);
            }
        }
        self.structure(NodeId::ROOT, &before.document, &pool.document, &mut differing);
        let Lookers { mut all, first } = differing;
        all.replace(&first, idle);
        all
    }

    /// Adds the rules that look at a structure or into it, as far as it differs.
    fn structure(&self, id: NodeId, before: &Map, now: &Map, differing: &mut Lookers) {
        let (mut common, mut same) = (0, 0);
        for (at, (name, value)) in now.0.iter().enumerate() {
            // The members of most pools are in the same order.
            let in_place = before.0.get(at).filter(|(own, _)| own == name).map(|(_, own)| own);
            let own = in_place.or_else(|| before.get(name));
            common += usize::from(own.is_some());
            match own {
                Some(own) if own == value => same += 1,
                _ => self.member(id, name, own.zip(Some(value)), differing),
            }
        }
        if common < before.len() {
            for (name, _) in before.0.iter().filter(|(name, _)| now.get(name).is_none()) {
                self.member(id, name, None, differing);
            }
        }
        if same < before.len().max(now.len()) {
            differing.extend(&self.members[id.index()]);
        }
    }

    /// Adds the rules that look at a member of a structure or into it. `both` are its values where both pools have it.
    fn member(&self, of: NodeId, name: &str, both: Option<(&Value, &Value)>, differing: &mut Lookers) {
        // Rules that look at members that the schema does not know are among `always`.
        let Some(id) = schema().member(of, name) else { return };
        match both {
            Some((Value::Map(before), Value::Map(now))) if schema().node(id).kind == Kind::Structure => {
                self.structure(id, before, now, differing);
            }
            _ => schema().inside(id).for_each(|inner| differing.extend(&self.members[inner.index()])),
        }
    }
}

/// Calls `visit` with the paths that a rule looks at first, with their nodes: of the list whose elements it judges, or
/// else of its condition.
fn first_paths<'a>(rule: &'a Rule, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
    match (&rule.each, &rule.when) {
        (Some(list), _) => visit(&list.path, list.of.or(list.element)),
        (None, Some(when)) => when.paths(visit),
        (None, None) => {}
    }
}

/// Whether a part of the ARN is the same in two pools.
fn is_same_part(part: ArnPart, path: &Path, before: &Pool, pool: &Pool) -> bool {
    let arn = |pool| match resolve(Scope::of(pool), path) {
        State::Present(Value::String(arn)) => Some(arn),
        _ => None,
    };
    match (arn(before), arn(pool)) {
        (Some(before), Some(now)) => part.of(before) == part.of(now),
        _ => at(Scope::of(before), path, |before| at(Scope::of(pool), path, |now| before == now)),
    }
}

/// Whether two pools are the same in everything but their documents that decides verdicts.
fn are_alike(one: &Pool, other: &Pool) -> bool {
    // The pool is taken apart by name, so that no part of it can be forgotten.
    let Pool {
        origin,
        place: _,
        document: _,
        unread,
        held,
        unknown_members: _,
        address: _,
        elements: _,
        lifecycle,
        coverage,
        partial,
        possible,
        lacks,
        region,
        mirrored,
        made,
        taken: _,
        journeys: _,
    } = one;
    origin.source == other.origin.source
        && *unread == other.unread
        && *held == other.held
        && *lifecycle == other.lifecycle
        && coverage.map(std::ptr::from_ref) == other.coverage.map(std::ptr::from_ref)
        && *partial == other.partial
        && *possible == other.possible
        && *lacks == other.lacks
        && *region == other.region
        && *mirrored == other.mirrored
        && *made == other.made
}
