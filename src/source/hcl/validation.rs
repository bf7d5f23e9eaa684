//! Validations of variables: Terraform makes no plan with a value that one of them refuses.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::assumption::Kept;
use super::operate::boolean;
use super::scope::{Instance, Program};
use super::syntax::Block;
use super::unknown::Stop;
use super::value::Value;

impl Program<'_> {
    /// Judges the value of a variable of the root module, whether or not something depends on it.
    pub(super) fn validate(&self, root: &Rc<Instance>, name: &Rc<str>) {
        // The value, or its error, shows where it is used.
        drop(self.asking(|| self.kept_variable(root, name)));
    }

    /// The value of a variable, if no validation of it refuses the value. A condition that is not known refuses nothing.
    pub(super) fn validated(
        &self,
        instance: &Rc<Instance>,
        declared: &Block,
        value: Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        let mut conditions =
            declared.body.blocks("validation").filter_map(|one| one.body.get("condition")).peekable();
        if conditions.peek().is_none() {
            return value;
        }
        let name = declared.label(0);
        // A condition refers to the value, which is not to be asked for again, and decides nothing else.
        let known = Kept { value: value.clone(), questions: BTreeSet::new() };
        instance.kept.borrow_mut().insert(format!("var.{name}"), Some(known));
        let (outer, refused) = (self.questions.take(), self.refused.get());
        let scope = instance.scope();
        let holds = |condition: Result<Value, Stop>| condition.and_then(|value| boolean(&value));
        // An error refuses the value too.
        let ends = |held: &Result<bool, Stop>| matches!(held, Ok(false) | Err(Stop::Caught(_)));
        let is_refused = conditions.any(|one| ends(&holds(self.evaluate(&one.value, &scope))));
        self.questions.replace(outer);
        self.refused.set(refused || is_refused);
        if !is_refused {
            return value;
        }
        self.impossible.set(self.impossible.get() || instance.prefix.is_empty());
        Stop::lost(format!("a validation of {}var.{name} refuses its value", instance.prefix))
    }
}
