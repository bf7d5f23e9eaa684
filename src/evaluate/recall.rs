//! Outcomes of rules on earlier pools, by the numbers of the values that decide them.
//!
//! Pools differ in few settings, and most settings have few values: a rule has seen nearly every combination after some
//! hundred pools. Judging every built-in rule was two thirds of the instructions of a check before this was kept.

use super::number::Key;

/// Outcomes that are kept of one rule: a power of two.
const SLOTS: usize = 64;

/// Look-ups after which a rule is not looked up any more, if fewer than half of them found an outcome.
const TRIES: usize = 512;

/// The outcomes of all rules.
#[derive(Debug)]
pub(super) struct Recall<T>(Vec<Known<T>>);

/// The outcomes of one rule.
#[derive(Debug)]
struct Known<T> {
    slots: Vec<Option<Box<Kept<T>>>>,
    tried: usize,
    found: usize,
}

/// An outcome, and the numbers that it is of.
#[derive(Debug)]
struct Kept<T> {
    numbers: Vec<u64>,
    outcome: T,
}

impl<T> Recall<T> {
    pub(super) fn none(rules: usize) -> Recall<T> {
        let known = || Known { slots: Vec::new(), tried: 0, found: 0 };
        Recall((0..rules).map(|_| known()).collect())
    }

    /// The outcome of a rule where its units have these numbers, if it is known.
    pub(super) fn get(&mut self, rule: usize, units: &[usize], key: Key<'_>) -> Option<&T> {
        let known = &mut self.0[rule];
        if known.is_vain() {
            return None;
        }
        known.tried += 1;
        let kept = known.slots.get(slot(key))?.as_ref().filter(|kept| key.is(units, &kept.numbers))?;
        known.found += 1;
        Some(&kept.outcome)
    }

    /// Keeps an outcome in place of another one.
    pub(super) fn put(&mut self, rule: usize, units: &[usize], key: Key<'_>, outcome: T) {
        let known = &mut self.0[rule];
        if known.is_vain() {
            known.slots = Vec::new();
            return;
        }
        if known.slots.is_empty() {
            known.slots = (0..SLOTS).map(|_| None).collect();
        }
        known.slots[slot(key)] = Some(Box::new(Kept { numbers: key.to_numbers(units), outcome }));
    }
}

impl<T> Known<T> {
    /// Whether looking is in vain.
    fn is_vain(&self) -> bool {
        self.tried >= TRIES && self.found < self.tried / 2
    }
}

fn slot(key: Key<'_>) -> usize {
    usize::try_from(key.hash >> (u64::BITS - SLOTS.trailing_zeros())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::number::Numbers;
    use super::super::unit::Units;
    use super::*;
    use crate::pool::Pool;
    use crate::schema::schema;
    use crate::value::Value;

    fn pool(length: usize) -> Pool {
        let text = format!(r#"{{"Policies":{{"PasswordPolicy":{{"MinimumLength":{length}}}}}}}"#);
        let Some(Value::Map(document)) = Value::parse_json(&text) else { panic!("{text}") };
        Pool { document, ..Pool::default() }
    }

    #[test]
    fn an_outcome_is_known_where_the_same_numbers_come_again() {
        let mut units = Units::none(1);
        units.add(0, schema().find("Policies.PasswordPolicy.MinimumLength").unwrap());
        let own = units.of(0).unwrap();
        let mut recall = Recall::none(1);
        let mut known = |numbers: &Numbers, length: usize| {
            let key = numbers.key(own).unwrap();
            let known = recall.get(0, own, key).copied();
            assert!(known.is_none_or(|known| known == length), "{known:?} {length}");
            if known.is_none() {
                recall.put(0, own, key, length);
            }
            known.is_some()
        };
        let mut numbers = Numbers::of(&units, &pool(0));
        let mut count = 0;
        for length in (0..20).chain(0..20) {
            let pool = pool(length);
            // Nothing else differs, so that the pool before makes no difference.
            numbers.begin(&units, &pool);
            count += usize::from(known(&numbers, length));
        }
        assert!((10..=20).contains(&count), "{count}");
    }
}
