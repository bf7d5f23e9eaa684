//! Numbers for the values of a pool: equal values of a unit have equal numbers.

use super::difference::Difference;
use super::unit::{Unit, Units};
use crate::pool::{Pool, Scope, State, at};
use crate::schema::schema;
use crate::value::{Map, Value};

/// Values of a unit that have a number; to look for one among more would take longer than to judge a rule.
const MOST: usize = 32;

/// Weights of values that are kept: each value in a value weighs 1, and a text 1 more for each `BYTES`.
const GREATEST: usize = 4096;
const BYTES: usize = 16;

/// Numbers from here on are given once: their values are not kept.
const ONCE: u64 = 1 << 48;

/// The values of a unit that have a number.
#[derive(Debug, Default)]
struct Table {
    values: Vec<Value>,
    found: usize,
    missed: usize,
}

impl Table {
    /// The number of a value, from 1; nothing for one that is not kept.
    fn number(&mut self, value: &Value) -> Option<u64> {
        // A value that nearly every pool has for itself, such as a text with its name, is not looked for.
        if self.missed > MOST + self.found {
            self.values = Vec::new();
            return None;
        }
        if let Some(at) = self.values.iter().position(|known| known == value) {
            self.found += 1;
            return Some(at as u64 + 1);
        }
        self.missed += 1;
        (self.values.len() < MOST && weight(value) <= GREATEST).then(|| {
            self.values.push(value.clone());
            self.values.len() as u64
        })
    }
}

/// How much a value takes to keep.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / BYTES,
        Value::Later(why) | Value::Unknown(why) => 1 + why.len() / BYTES,
        Value::List(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Map(map) => {
            map.0.iter().fold(1, |sum, (name, value)| sum + name.len() / BYTES + weight(value))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Time(_) | Value::Secret => 1,
    }
}

/// The numbers of the pool that was judged last.
#[derive(Debug)]
pub(super) struct Numbers {
    tables: Vec<Table>,
    /// By unit.
    current: Vec<u64>,
    /// The number of what decides verdicts beside the document.
    beside: u64,
    /// The pools that gave those, without their documents.
    known: Vec<Pool>,
    /// The last number that was given once.
    last: u64,
}

impl Numbers {
    pub(super) fn of(units: &Units, pool: &Pool) -> Numbers {
        let count = units.all().len();
        let tables = (0..count).map(|_| Table::default()).collect();
        let mut numbers =
            Numbers { tables, current: vec![0; count], beside: 0, known: Vec::new(), last: ONCE };
        numbers.begin(units, pool);
        numbers
    }

    /// Takes the numbers of the next pool.
    pub(super) fn follow(&mut self, units: &Units, difference: &Difference<'_>, pool: &Pool) {
        if !difference.is_alike {
            return self.begin(units, pool);
        }
        for (unit, value) in &difference.changed {
            self.current[*unit] = match value {
                Some(value) => self.number(*unit, value),
                None => self.look_up(*unit, &units.all()[*unit], pool),
            };
        }
    }

    /// Takes the numbers of any pool.
    pub(super) fn begin(&mut self, units: &Units, pool: &Pool) {
        let known = self.known.iter().position(|one| one.is_alike(pool));
        self.beside = match known {
            Some(known) => known as u64,
            None if self.known.len() < MOST => {
                self.known.push(Pool { document: Map::default(), ..pool.clone() });
                self.known.len() as u64 - 1
            }
            None => self.once(),
        };
        for (position, unit) in units.all().iter().enumerate() {
            self.current[position] = self.look_up(position, unit, pool);
        }
    }

    fn number(&mut self, unit: usize, value: &Value) -> u64 {
        self.tables[unit].number(value).unwrap_or_else(|| self.once())
    }

    /// A number that no other value has.
    fn once(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn look_up(&mut self, position: usize, unit: &Unit, pool: &Pool) -> u64 {
        let way = match unit {
            Unit::Member(way) => way,
            Unit::Part(path) => {
                return at(Scope::of(pool), path, |state| match state {
                    State::Present(part) => self.number(position, part),
                    State::Default(_) | State::Absent | State::Unknown(_) | State::Outside(_) => self.once(),
                });
            }
        };
        let mut around = &pool.document;
        let Some((last, structures)) = way.split_last() else { return self.once() };
        // The outermost absent structure decides: a member is not the same without the structure around it.
        let absent = |id: usize| (id as u64 + 1) << 32;
        for id in structures {
            match around.get(&schema().node(*id).name) {
                Some(Value::Map(inner)) => around = inner,
                Some(_) => return self.once(),
                None => return absent(id.index()),
            }
        }
        match around.get(&schema().node(*last).name) {
            Some(value) => self.number(position, value),
            None => absent(last.index()),
        }
    }

    /// The numbers of some units, after that of what is beside the document; nothing where one was given once.
    pub(super) fn key(&self, units: &[usize]) -> Option<Key<'_>> {
        let mut hash = self.beside;
        let mut is_once = self.beside >= ONCE;
        for unit in units {
            let number = self.current[*unit];
            is_once |= number >= ONCE;
            hash = (hash.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        (!is_once).then_some(Key { numbers: self, hash })
    }
}

/// The numbers of the units of one rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'n> {
    numbers: &'n Numbers,
    /// A hash of them.
    pub hash: u64,
}

impl Key<'_> {
    /// Whether the numbers of some units are these.
    pub(super) fn is(&self, units: &[usize], known: &[u64]) -> bool {
        let same = |(unit, known): (&usize, &u64)| self.numbers.current[*unit] == *known;
        known.first() == Some(&self.numbers.beside) && units.iter().zip(&known[1..]).all(same)
    }

    /// The numbers, to keep.
    pub(super) fn to_numbers(self, units: &[usize]) -> Vec<u64> {
        let numbers = units.iter().map(|unit| self.numbers.current[*unit]);
        std::iter::once(self.numbers.beside).chain(numbers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(text: &str) -> Pool {
        let Some(Value::Map(document)) = Value::parse_json(text) else { panic!("{text}") };
        Pool { document, ..Pool::default() }
    }

    fn units(paths: &[&str]) -> Units {
        let mut units = Units::none(1);
        for path in paths {
            units.add(0, schema().find(path).unwrap());
        }
        units
    }

    /// The numbers of pools, one after the other; nothing where one was given once.
    fn keys(paths: &[&str], pools: &[Pool]) -> Vec<Option<Vec<u64>>> {
        let units = units(paths);
        let own = units.of(0).unwrap();
        let mut numbers = Numbers::of(&units, &pools[0]);
        let keys = pools.iter().map(|pool| {
            numbers.begin(&units, pool);
            numbers.key(own).map(|key| key.to_numbers(own))
        });
        keys.collect()
    }

    #[test]
    fn equal_values_have_equal_numbers_and_others_have_others() {
        let texts = [
            r#"{"Policies":{"PasswordPolicy":{"MinimumLength":8}}}"#,
            r#"{"Policies":{"PasswordPolicy":{"MinimumLength":12}}}"#,
            r#"{"Policies":{"PasswordPolicy":{"MinimumLength":"8"}}}"#,
            r#"{"Policies":{"PasswordPolicy":{}}}"#,
            r#"{"Policies":{}}"#,
            "{}",
        ];
        let pools: Vec<Pool> = texts.into_iter().chain(texts).map(pool).collect();
        let keys = keys(&["Policies.PasswordPolicy.MinimumLength"], &pools);
        for (one, key) in keys.iter().enumerate() {
            assert!(key.is_some(), "{one}");
            for (other, same) in keys.iter().enumerate() {
                assert_eq!(key == same, one % 6 == other % 6, "{one} {other}");
            }
        }
    }

    #[test]
    fn what_decides_beside_the_document_has_a_number_too() {
        let with = |partial, region: &str| Pool { partial, region: Some(region.into()), ..pool("{}") };
        let pools = [with(false, "a"), with(true, "a"), with(false, "b"), with(false, "a")];
        let keys = keys(&["MfaConfiguration"], &pools);
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
        assert_eq!(keys[0], keys[3]);
    }

    #[test]
    fn values_that_come_once_are_not_kept() {
        let name = |number: usize| pool(&format!(r#"{{"Name":"pool-{number}"}}"#));
        let pools: Vec<Pool> = (0..200).map(name).chain([name(0)]).collect();
        let keys = keys(&["Name"], &pools);
        assert!(keys[..MOST].iter().all(Option::is_some), "{keys:?}");
        assert!(keys[MOST..].iter().all(Option::is_none), "{keys:?}");
        let long = pool(&format!(r#"{{"Name":"{}"}}"#, "x".repeat(BYTES * GREATEST)));
        assert_eq!(self::keys(&["Name"], &[long]), [None]);
        let odd = pool(r#"{"Policies":"none"}"#);
        assert_eq!(self::keys(&["Policies.PasswordPolicy.MinimumLength"], &[odd]), [None]);
    }
}
