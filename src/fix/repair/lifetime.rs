//! Lifetimes of tokens, which rules compare in seconds: what is set is a number and its unit.

use std::sync::Arc;

use super::value::no_value;
use super::{Obstacle, Working};
use crate::pool::{State, UNITS, resolve};
use crate::rule::{Leaf, Operator, Rule};
use crate::schema::{Derived, LONGEST_LIFETIME, Path, schema};
use crate::value::Value;

/// The units, and how many seconds each is.
const LENGTHS: [(&str, i64); 4] = [("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1)];

impl Working {
    /// Makes a lifetime as long as a rule allows, or as short: in its own unit where that can say it.
    pub(super) fn make_lifetime(
        &mut self,
        leaf: &Leaf,
        derived: Derived,
        wanted: bool,
        rule: &Arc<Rule>,
    ) -> Result<(), Obstacle> {
        let computed = || no_value(&format!("`{}` is computed from a number and its unit", leaf.path));
        let is_own = leaf.path.steps.len() == 1 && !leaf.path.from_pool && self.element.is_some();
        let (true, true, [Operator::AtMost(seconds) | Operator::AtLeast(seconds)]) =
            (is_own, wanted, &leaf.operators[..])
        else {
            return Err(computed());
        };
        let path = |text: &str| Path::parse(text).map_err(|_| computed());
        let (number, unit) = (path(derived.number)?, path(&format!("{UNITS}.{}", derived.unit))?);
        let now = match resolve(self.scope(), &unit) {
            State::Present(value) | State::Default(value) => value.as_str().map(str::to_owned),
            State::Absent => self.default_of(&unit).and_then(Value::as_str).map(str::to_owned),
            State::Unknown(_) | State::Outside(_) => None,
        };
        let fits = |(_, length): &&(&str, i64)| seconds % length == 0 && *seconds >= *length;
        let own = LENGTHS.iter().find(|(name, _)| Some(*name) == now.as_deref()).filter(|one| fits(one));
        let (name, length) = own.or_else(|| LENGTHS.iter().find(fits)).ok_or_else(computed)?;
        self.settable(&number)?;
        self.put(&number, Some(Value::Int(seconds / length)), Some(&rule.id));
        if now.as_deref() != Some(*name) {
            self.put(&unit, Some(Value::String((*name).into())), Some(&rule.id));
        }
        self.ensure_longest()
    }

    /// The default of a member of the element.
    fn default_of(&self, path: &Path) -> Option<&'static Value> {
        let node = self.element.as_ref()?.node?;
        let node = path.steps.iter().try_fold(node, |node, step| schema().member(node, &step.name))?;
        schema().node(node).given_default()
    }

    /// Refuses a lifetime that has to be the longest of its client, and is not.
    fn ensure_longest(&self) -> Result<(), Obstacle> {
        let seconds = |name: &str| {
            let path = Path::parse(name).ok()?;
            match resolve(self.scope(), &path) {
                State::Present(Value::Int(seconds)) | State::Default(Value::Int(seconds)) => Some(*seconds),
                _ => None,
            }
        };
        let (longest, others) = LONGEST_LIFETIME;
        let longer = others.iter().find(|other| seconds(other) > seconds(longest));
        longer.map_or(Ok(()), |other| {
            let message = format!("Cognito refuses `{other}` that is longer than `{longest}`");
            Err(Obstacle::new(message, "change both by hand"))
        })
    }
}
