//! `for` expressions.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::source::hcl::budget::fits;
use crate::source::hcl::operate;
use crate::source::hcl::operate::pairs;
use crate::source::hcl::scope::{Program, Scope};
use crate::source::hcl::syntax::For;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::Value;

impl Program<'_> {
    pub(super) fn collect(&self, one: &For, scope: &Scope) -> Result<Value, Stop> {
        let collection = self.evaluate(&one.collection, scope)?;
        let mut items = Vec::new();
        let mut members: BTreeMap<Rc<str>, Vec<Value>> = BTreeMap::new();
        let (mut sensitive, mut bytes) = (collection.sensitive, 0_usize);
        for (key, value) in pairs(&collection).inspect_err(|stop| self.ask_of(stop))? {
            self.budget.step()?;
            let mut inner = scope.with(&one.names.1, value);
            if let Some(name) = &one.names.0 {
                inner = inner.with(name, key);
            }
            if let Some(condition) = &one.condition {
                let condition = self.evaluate(condition, &inner)?;
                sensitive |= condition.sensitive;
                if !operate::boolean(&condition).inspect_err(|stop| self.ask_of(stop))? {
                    continue;
                }
            }
            let value = self.evaluate(&one.value, &inner)?;
            bytes = value.weight().saturating_add(bytes);
            fits(bytes)?;
            match &one.key {
                None => items.push(value),
                Some(key) => {
                    let key = operate::text(&self.evaluate(key, &inner)?)?;
                    members.entry(key).or_default().push(value);
                }
            }
        }
        if one.key.is_none() {
            return Ok(Value::tuple(items).hidden(sensitive));
        }
        let mut object = BTreeMap::new();
        for (key, mut values) in members {
            let value = match (one.grouping, values.len()) {
                (true, _) => Value::tuple(values),
                (false, 1) => values.remove(0),
                (false, _) => return Stop::caught(format!("two elements have the key {key:?}")),
            };
            object.insert(key, value);
        }
        Ok(Value::object(object).hidden(sensitive))
    }
}
