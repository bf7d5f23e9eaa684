//! The rules that look at something in which two pools differ. Every other rule has the same verdict on both.

use super::rule_set::RuleSet;
use crate::pool::Pool;
use crate::rule::Policy;
use crate::schema::{Aspect, Kind, NodeId, schema};
use crate::value::{Map, Value};

/// The rules of a policy by the members that they look at.
#[derive(Debug)]
pub(super) struct Readers {
    rules: usize,
    /// By the position of the member in the schema.
    members: Vec<RuleSet>,
    /// Rules that look at more than members of the schema.
    always: RuleSet,
}

impl Readers {
    pub(super) fn of(policy: &Policy) -> Readers {
        let rules = policy.rules.len();
        let members = vec![RuleSet::none(rules); schema().nodes().len()];
        let mut readers = Readers { rules, members, always: RuleSet::none(rules) };
        for (position, rule) in policy.rules.iter().enumerate() {
            // An answer of journeys follows from the whole pool.
            if rule.infers {
                readers.always.insert(position);
            }
            rule.paths(|path, node| match (path.aspect, node) {
                // A part of the pool's ARN is known from other members where there is no ARN.
                (Aspect::Arn(_), _) => readers.always.insert(position),
                (_, Some(node)) => readers.members[node.index()].insert(position),
                // An element is looked at with its list.
                (_, None) if path.steps.is_empty() => {}
                (_, None) => readers.always.insert(position),
            });
        }
        readers
    }

    /// The rules that may have another verdict on a pool than on the one before.
    pub(super) fn between(&self, before: &Pool, pool: &Pool) -> RuleSet {
        if !are_alike(before, pool) {
            return RuleSet::all(self.rules);
        }
        let mut differing = self.always.clone();
        self.structure(NodeId::ROOT, &before.document, &pool.document, &mut differing);
        differing
    }

    /// Adds the rules that look at a structure or into it, as far as it differs.
    fn structure(&self, id: NodeId, before: &Map, now: &Map, differing: &mut RuleSet) {
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
    fn member(&self, of: NodeId, name: &str, both: Option<(&Value, &Value)>, differing: &mut RuleSet) {
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
