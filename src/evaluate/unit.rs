//! Units: the values of a pool that verdicts hang on, each compared as a whole. Rules hang on few of them, and pools
//! differ in fewer.

use crate::schema::{Kind, NodeId, Path, schema};

/// A value of a pool that is compared as a whole.
#[derive(Debug)]
pub(super) enum Unit {
    /// A member that only structures are around, by the nodes that lead to it.
    Member(Vec<NodeId>),
    /// A part of the pool's ARN.
    Part(Path),
}

/// The units of a policy.
#[derive(Debug)]
pub(super) struct Units {
    all: Vec<Unit>,
    /// By the position of the last node in the schema.
    at: Vec<Option<usize>>,
    /// By rule, each once; nothing for a rule that hangs on more than units.
    of: Vec<Option<Vec<usize>>>,
}

impl Units {
    pub(super) fn none(rules: usize) -> Units {
        let at = vec![None; schema().nodes().len()];
        Units { all: Vec::new(), at, of: vec![Some(Vec::new()); rules] }
    }

    /// Notes that a rule hangs on a member, or on something inside it.
    pub(super) fn add(&mut self, rule: usize, node: NodeId) {
        let way = way(node);
        let Some(last) = way.last().map(|id| id.index()) else { return self.give_up(rule) };
        let unit = self.at[last].unwrap_or_else(|| {
            self.all.push(Unit::Member(way));
            self.all.len() - 1
        });
        self.at[last] = Some(unit);
        self.insert(rule, unit);
    }

    /// Adds a part of the pool's ARN, and says which unit it is.
    pub(super) fn add_part(&mut self, path: &Path) -> usize {
        self.all.push(Unit::Part(path.clone()));
        self.all.len() - 1
    }

    /// Notes that a rule hangs on a unit.
    pub(super) fn insert(&mut self, rule: usize, unit: usize) {
        if let Some(units) = self.of[rule].as_mut().filter(|units| !units.contains(&unit)) {
            units.push(unit);
        }
    }

    /// Notes that a rule hangs on more than units.
    pub(super) fn give_up(&mut self, rule: usize) {
        self.of[rule] = None;
    }

    pub(super) fn all(&self) -> &[Unit] {
        &self.all
    }

    /// The unit at a node.
    pub(super) fn at(&self, node: NodeId) -> Option<usize> {
        self.at[node.index()]
    }

    /// The units that a rule hangs on, if it hangs on nothing else.
    pub(super) fn of(&self, rule: usize) -> Option<&[usize]> {
        self.of[rule].as_deref()
    }
}

/// The nodes that lead from the pool to the unit of a node: to the first that is not a structure, else to the node itself.
fn way(node: NodeId) -> Vec<NodeId> {
    let above = |id: &NodeId| Some(schema().node(*id).parent).filter(|id| *id != NodeId::ROOT);
    let start = Some(node).filter(|id| *id != NodeId::ROOT);
    let mut way: Vec<NodeId> = std::iter::successors(start, above).collect();
    way.reverse();
    if let Some(whole) = way.iter().position(|id| schema().node(*id).kind != Kind::Structure) {
        way.truncate(whole + 1);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_a_member_that_only_structures_are_around() {
        let last = |path: &str| {
            let way = way(schema().find(path).unwrap());
            way.last().map(|id| schema().node(*id).path.to_string())
        };
        assert_eq!(
            last("Policies.PasswordPolicy.MinimumLength").unwrap(),
            "Policies.PasswordPolicy.MinimumLength"
        );
        assert_eq!(last("Policies.PasswordPolicy").unwrap(), "Policies.PasswordPolicy");
        assert_eq!(last("Clients[].TokenValidityUnits.IdToken").unwrap(), "Clients");
        assert_eq!(last("UserPoolTags{}").unwrap(), "UserPoolTags");
        assert_eq!(way(NodeId::ROOT), Vec::new());
    }

    #[test]
    fn a_rule_that_hangs_on_the_whole_pool_has_no_units() {
        let mut units = Units::none(2);
        for path in ["Clients[].ClientName", "Clients", "MfaConfiguration"] {
            units.add(0, schema().find(path).unwrap());
            units.add(1, schema().find(path).unwrap());
        }
        units.add(1, NodeId::ROOT);
        units.add(1, schema().find("Name").unwrap());
        assert_eq!(units.of(0), Some(&[0, 1][..]));
        assert_eq!(units.of(1), None);
        assert_eq!(units.at(schema().find("MfaConfiguration").unwrap()), Some(1));
    }
}
