//! Templates as texts.

use crate::source::hcl::budget::fits;
use crate::source::hcl::kind::Type;
use crate::source::hcl::operate::{self, pairs};
use crate::source::hcl::scope::{Program, Scope};
use crate::source::hcl::syntax::Part;
use crate::source::hcl::unknown::{Stop, Unknown};
use crate::source::hcl::value::Value;

/// The text of a template as far as it was made.
#[derive(Default)]
struct Made {
    text: String,
    sensitive: bool,
    /// The part of it that is not known; the rest is evaluated for its origins.
    unknown: Option<Unknown>,
}

impl Program<'_> {
    pub(super) fn template(&self, parts: &[Part], scope: &Scope) -> Result<Value, Stop> {
        let mut made = Made::default();
        self.parts(parts, scope, &mut made)?;
        let value = match made.unknown {
            // A template is never null.
            Some(unknown) => Value::unknown(Unknown { of_type: Type::Text, sure: true, ..unknown }),
            None => Value::text(made.text),
        };
        Ok(value.hidden(made.sensitive))
    }

    fn parts(&self, parts: &[Part], scope: &Scope, made: &mut Made) -> Result<(), Stop> {
        for part in parts {
            match part {
                Part::Text(literal) => made.text.push_str(literal),
                Part::Value(expression) => {
                    let value = self.evaluate(expression, scope)?;
                    made.sensitive |= value.sensitive;
                    match operate::text(&value) {
                        Ok(inner) => made.text.push_str(&inner),
                        Err(stop) => made.is_unknown(stop)?,
                    }
                }
                Part::If { condition, then, otherwise } => {
                    let condition = self.evaluate(condition, scope)?;
                    made.sensitive |= condition.sensitive;
                    match operate::boolean(&condition) {
                        Ok(true) => self.parts(then, scope, made)?,
                        Ok(false) => self.parts(otherwise, scope, made)?,
                        Err(stop) => {
                            self.ask_of(&stop);
                            made.is_unknown(stop)?;
                        }
                    }
                }
                Part::For { names: (key, name), collection, body } => {
                    let collection = self.evaluate(collection, scope)?;
                    made.sensitive |= collection.sensitive;
                    for (index, value) in pairs(&collection).inspect_err(|stop| self.ask_of(stop))? {
                        let mut inner = scope.with(name, value);
                        if let Some(key) = key {
                            inner = inner.with(key, index);
                        }
                        self.budget.step()?;
                        self.parts(body, &inner, made)?;
                    }
                }
            }
            fits(made.text.len())?;
        }
        Ok(())
    }
}

impl Made {
    /// Takes down that a part is not known; any other failure ends the template.
    fn is_unknown(&mut self, stop: Stop) -> Result<(), Stop> {
        let Stop::Unknown(unknown) = stop else { return Err(stop) };
        self.unknown = Some(match self.unknown.take() {
            Some(known) => known.or(&unknown),
            None => unknown,
        });
        Ok(())
    }
}
