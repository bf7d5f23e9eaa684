//! A map in which values are replaced. It is copied when the first is.

use super::Instead;
use crate::value::{Map, Text, Value};

/// A map, and what becomes of it.
pub(super) struct Made<'v> {
    map: Option<&'v Map>,
    pub changed: Option<Map>,
}

impl<'v> Made<'v> {
    pub(super) fn of(map: Option<&'v Map>) -> Made<'v> {
        Made { map, changed: None }
    }

    pub(super) fn put(&mut self, name: &str, instead: Instead) {
        let own = || self.map.cloned().unwrap_or_default();
        match instead {
            Instead::Same => {}
            Instead::Absent => self.changed.get_or_insert_with(own).0.retain(|(other, _)| other != name),
            Instead::Value(value) => {
                self.changed.get_or_insert_with(own).set(Text::Owned(name.to_owned()), value);
            }
        }
    }
}

pub(super) fn filled(map: Option<Map>) -> Instead {
    map.map_or(Instead::Same, |map| Instead::Value(Value::Map(map)))
}
