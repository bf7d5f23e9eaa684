//! Evaluates expressions. What cannot be known is a value that says why; an error of Terraform ends an expression.

mod template;
mod collect;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::budget::bounded;
use super::convert::{convert, in_order};
use super::equality::equal;
use super::function;
use super::kind::{Type, unify};
use super::operate::{self, boolean, number, text};
use super::scope::{Program, Scope};
use super::syntax::{Expr, Key, Node, Operator, Step};
use super::unknown::{Origin, Stop, Unknown};
use super::value::{Value, What, normal, type_of};

impl Program<'_> {
    /// Evaluates an expression. What is not known of it is in the value.
    pub(super) fn value(&self, expression: &Expr, scope: &Scope) -> Value {
        self.evaluate(expression, scope).unwrap_or_else(|stop| {
            self.end_plan(&stop);
            Value::unknown(stop.into_unknown())
        })
    }

    /// Evaluates an expression; an error is one of Terraform, or why it is not evaluated.
    pub(super) fn evaluate(&self, expression: &Expr, scope: &Scope) -> Result<Value, Stop> {
        let _nested = self.budget.enter()?;
        match self.node(expression, scope).and_then(bounded) {
            Err(Stop::Unknown(unknown)) => Ok(Value::unknown(unknown)),
            other => other,
        }
    }

    fn node(&self, expression: &Expr, scope: &Scope) -> Result<Value, Stop> {
        Ok(match &expression.node {
            Node::Null => Value::null().at(expression.at),
            Node::Bool(value) => Value::bool(*value).at(expression.at),
            Node::Number(number) => Value::number(*number).at(expression.at),
            Node::Text(text) => Value::text(Rc::clone(text)).at(expression.at),
            Node::Template(parts) => self.template(parts, scope)?,
            Node::Tuple(items) => {
                let items = items.iter().map(|item| self.evaluate(item, scope));
                Value::tuple(items.collect::<Result<_, _>>()?).at(expression.at)
            }
            Node::Object(pairs) => self.object(pairs, scope)?.at(expression.at),
            Node::Name(_) | Node::Get(..) => self.reference(expression, scope)?,
            Node::Index(inner, index) => {
                let inner = self.evaluate(inner, scope)?;
                let index = self.evaluate(index, scope)?;
                self.index(&inner, &index)?
            }
            Node::Splat(inner, steps) => {
                let inner = self.evaluate(inner, scope)?;
                self.splat(&inner, steps, scope)?
            }
            Node::Conditional(parts) => self.conditional(parts, scope)?,
            Node::Call { name, arguments, expand } => function::call(self, name, arguments, *expand, scope)?,
            Node::Not(inner) => {
                let inner = self.evaluate(inner, scope)?;
                Value::bool(!boolean(&inner)?).hidden(inner.sensitive)
            }
            Node::Negative(inner) => {
                let inner = self.evaluate(inner, scope)?;
                match number(&inner)?.negative() {
                    Some(number) => Value::number(number).hidden(inner.sensitive).at(expression.at),
                    None => return Stop::lost("a zero with a sign is not evaluated"),
                }
            }
            Node::Binary(operator, sides) => self.binary(*operator, sides, scope)?,
            Node::For(one) => self.collect(one, scope)?,
            Node::Opaque(why) => return Stop::lost(&**why),
        })
    }

    fn object(&self, pairs: &[(Key, Expr)], scope: &Scope) -> Result<Value, Stop> {
        let mut members = BTreeMap::new();
        for (key, value) in pairs {
            let key: Rc<str> = match key {
                Key::Name(name) => normal(Rc::clone(name)),
                Key::Value(key) => text(&self.evaluate(key, scope)?)?,
            };
            members.insert(key, self.evaluate(value, scope)?);
        }
        Ok(Value::object(members))
    }

    /// The member of a value.
    pub(super) fn get(&self, value: &Value, name: &str) -> Result<Value, Stop> {
        let normalized = (!name.is_ascii()).then(|| normal(name.into()));
        let name = normalized.as_deref().unwrap_or(name);
        let found = match &value.what {
            What::Object(members) | What::Map(members) => match members.all.get(name) {
                Some(member) => member.clone(),
                None => return Stop::caught(format!("the attribute `{name}` does not exist")),
            },
            What::Lazy(lazy) => self.attribute(lazy, name)?,
            What::Unknown(unknown) => Value::unknown(attribute_of(unknown, name)),
            What::Null => return Stop::caught("null has no attributes"),
            What::List(items) | What::Tuple(items) => match name.parse::<usize>() {
                // `list.0`, in the syntax of old versions.
                Ok(index) => item(&items.all, index)?,
                Err(_) => return Stop::lost(format!("a list has no attribute `{name}`")),
            },
            What::Set(_) => return Stop::lost(format!("a set has no attribute `{name}`")),
            // Terraform finds out before it evaluates, so that `try` does not catch it.
            What::Bool(_) | What::Number(_) | What::Text(_) => {
                return Stop::lost(format!("`{name}` is not an attribute of a plain value"));
            }
        };
        Ok(found.hidden(value.sensitive))
    }

    /// The element of a value.
    pub(super) fn index(&self, value: &Value, index: &Value) -> Result<Value, Stop> {
        if let What::Unknown(unknown) = &value.what {
            return Ok(Value::unknown(unknown.made_of()).hidden(value.sensitive));
        }
        let found = match &value.what {
            What::List(items) | What::Tuple(items) => {
                let index = number(index).map_err(|stop| with_origins(stop, items.all.iter()))?;
                match index.as_index() {
                    Some(index) => item(&items.all, index)?,
                    None => return Stop::caught("the index is not a whole number from 0"),
                }
            }
            What::Map(members) | What::Object(members) => {
                let key = operate::key_in(index, &members.all).inspect_err(|stop| self.ask_of(stop));
                let key = key.map_err(|stop| with_origins(stop, members.all.values()))?;
                match key.and_then(|key| members.all.get(&key)) {
                    Some(member) => member.clone(),
                    None => return Stop::caught("the element does not exist"),
                }
            }
            What::Lazy(_) => {
                let name = text(index)?;
                return self.get(value, &name);
            }
            What::Null => return Stop::caught("null has no elements"),
            What::Set(_) | What::Bool(_) | What::Number(_) | What::Text(_) | What::Unknown(_) => {
                return Stop::lost("the value has no elements with an index");
            }
        };
        Ok(found.hidden(value.sensitive || index.sensitive))
    }

    /// Takes steps from every element of a value.
    fn splat(&self, value: &Value, steps: &[Step], scope: &Scope) -> Result<Value, Stop> {
        let items = match &value.what {
            What::Unknown(unknown) => {
                // Whether it is a list at all is not known.
                let mut taken = Value::unknown((**unknown).clone());
                for step in steps {
                    taken = self.step_from(&taken, step, scope)?;
                }
                return Ok(taken);
            }
            What::Null => return Ok(Value::tuple(Vec::new())),
            What::List(_) | What::Tuple(_) | What::Set(_) => in_order(value)?.to_vec(),
            _ => vec![value.clone()],
        };
        let mut taken = Vec::new();
        for item in items {
            self.budget.step()?;
            let mut one = item;
            for (at, step) in steps.iter().enumerate() {
                if matches!(step, Step::Splat) {
                    one = self.splat(&one, &steps[at + 1..], scope)?;
                    break;
                }
                one = self.step_from(&one, step, scope)?;
            }
            taken.push(one);
        }
        let taken = Value::tuple(taken).hidden(value.sensitive);
        match value.what {
            What::List(_) | What::Set(_) => convert(&taken, &Type::List(Rc::new(Type::Any))),
            _ => Ok(taken),
        }
    }

    fn step_from(&self, value: &Value, step: &Step, scope: &Scope) -> Result<Value, Stop> {
        match step {
            Step::Get(name) => self.get(value, name),
            Step::Index(index) => self.index(value, &self.evaluate(index, scope)?),
            Step::Splat => Ok(value.clone()),
        }
    }

    /// A conditional. The arm that is not taken gives the type all the same.
    fn conditional(&self, [condition, then, otherwise]: &[Expr; 3], scope: &Scope) -> Result<Value, Stop> {
        let condition = self.evaluate(condition, scope)?;
        let sides = [self.evaluate(then, scope), self.evaluate(otherwise, scope)];
        self.budget.charge(sides.iter().flatten())?;
        let taken = match boolean(&condition) {
            Ok(true) => 0,
            Ok(false) => 1,
            Err(Stop::Unknown(unknown)) => {
                self.ask(&unknown);
                return Ok(either(&unknown, sides).hidden(condition.sensitive));
            }
            Err(other) => return Err(other),
        };
        let [then, otherwise] = sides;
        let (taken, other) = if taken == 0 { (then?, otherwise) } else { (otherwise?, then) };
        let taken = taken.hidden(condition.sensitive);
        // An error in the other arm is one only where that arm is taken, and says nothing of the type.
        let Ok(other) = other else {
            return untyped(taken, &Unknown::because("the other side of a condition is in error"));
        };
        as_beside(taken, &other)
    }

    fn binary(&self, operator: Operator, [left, right]: &[Expr; 2], scope: &Scope) -> Result<Value, Stop> {
        let left = self.evaluate(left, scope)?;
        let logical = matches!(operator, Operator::And | Operator::Or);
        let is_settled = logical && boolean(&left).is_ok_and(|one| one == (operator == Operator::Or));
        let right = match self.evaluate(right, scope) {
            Err(Stop::Caught(_)) if is_settled => return Stop::lost(NOT_NEEDED),
            right => right?,
        };
        self.budget.charge([&left, &right])?;
        let sensitive = left.sensitive || right.sensitive;
        let value = match operator {
            Operator::Equal => Value::bool(equal(&left, &right)?),
            Operator::NotEqual => Value::bool(!equal(&left, &right)?),
            Operator::And | Operator::Or => {
                let decides = operator == Operator::Or;
                match (boolean(&left), boolean(&right)) {
                    (Ok(one), Ok(other)) => Value::bool(if decides { one || other } else { one && other }),
                    // One side decides, whatever the other is.
                    (Ok(one), Err(Stop::Unknown(_))) | (Err(Stop::Unknown(_)), Ok(one)) if one == decides => {
                        Value::bool(decides)
                    }
                    (Ok(_), Err(Stop::Caught(_))) if is_settled => return Stop::lost(NOT_NEEDED),
                    (Err(stop), _) | (_, Err(stop)) => return Err(stop),
                }
            }
            _ => operate::arithmetic(operator, &left, &right)?,
        };
        Ok(value.hidden(sensitive))
    }
}

/// The reason that nothing is known where the left side of `&&` or `||` decides and the right one is an error.
const NOT_NEEDED: &str = "newer versions do not evaluate the right side, and older ones refuse it";

/// An element of a list by its position.
fn item(items: &[Value], index: usize) -> Result<Value, Stop> {
    match items.get(index) {
        Some(item) => Ok(item.clone()),
        None => Stop::caught(format!("element {index} does not exist")),
    }
}

/// An unknown index may be that of any element, and of what these are made.
fn with_origins<'v>(stop: Stop, items: impl Iterator<Item = &'v Value>) -> Stop {
    let Stop::Unknown(mut unknown) = stop else { return stop };
    unknown = unknown.made_of();
    unknown.origins.clear();
    unknown.open = false;
    for item in items {
        let inner = match &item.what {
            What::Lazy(lazy) => Some(lazy.unknown()),
            _ => item.as_unknown().cloned(),
        };
        match inner {
            Some(inner) => {
                unknown.origins.extend(inner.origins);
                unknown.open |= inner.open;
            }
            None => unknown.open = true,
        }
    }
    Stop::Unknown(unknown)
}

/// The attribute of something that is not known.
fn attribute_of(unknown: &Unknown, name: &str) -> Unknown {
    let named = |origin: &Origin| {
        let mut origin = origin.clone();
        if origin.attribute.is_empty() {
            origin.attribute = name.into();
        }
        origin
    };
    Unknown { origins: unknown.origins.iter().map(named).collect(), ..unknown.made_of() }
}

fn is_plain(value: &Value) -> bool {
    matches!(value.what, What::Bool(_) | What::Number(_) | What::Text(_))
}

/// The value of a conditional whose condition is not known.
fn either(condition: &Unknown, sides: [Result<Value, Stop>; 2]) -> Value {
    let [Ok(then), Ok(otherwise)] = sides else {
        return Value::unknown(Unknown { open: true, ..condition.made_of() });
    };
    if (is_plain(&then) || then.is_null()) && equal(&then, &otherwise).is_ok_and(|same| same) {
        return then;
    }
    let origins = |value: &Value| match &value.what {
        What::Unknown(unknown) => (unknown.origins.clone(), unknown.open, unknown.sure),
        What::Lazy(lazy) => (lazy.unknown().origins, false, true),
        What::Null => (BTreeSet::new(), true, false),
        _ => (BTreeSet::new(), true, true),
    };
    let ((mut all, first_open, first_sure), (second, second_open, second_sure)) =
        (origins(&then), origins(&otherwise));
    all.extend(second);
    Value::unknown(Unknown {
        why: Rc::clone(&condition.why),
        of_type: unify(&[type_of(&then), type_of(&otherwise)]).unwrap_or(Type::Any),
        sure: first_sure && second_sure,
        origins: all,
        open: first_open || second_open,
        question: condition.question.clone(),
        variable: None,
    })
    .hidden(then.sensitive || otherwise.sensitive)
}

/// A value with the type that a conditional gives it, whose other side has another value.
fn as_beside(taken: Value, other: &Value) -> Result<Value, Stop> {
    if taken.is_null() || other.is_null() {
        return Ok(taken);
    }
    match unify(&[type_of(&taken), type_of(other)]) {
        Some(Type::Any) | None => match other.first_unknown() {
            Some(unknown) => untyped(taken, &unknown),
            None if unify(&[type_of(&taken), type_of(other)]).is_none() => {
                Stop::lost("the sides of a condition have no type in common")
            }
            // Lists of values without a type.
            None => Ok(taken),
        },
        Some(common) => convert(&taken, &common),
    }
}

/// A value whose type is not known: a text stays a text, and what else might be another value is not known.
fn untyped(taken: Value, other: &Unknown) -> Result<Value, Stop> {
    match &taken.what {
        What::Text(_) | What::Null | What::Unknown(_) | What::Lazy(_) => Ok(taken),
        What::Bool(_)
        | What::Number(_)
        | What::List(_)
        | What::Set(_)
        | What::Map(_)
        | What::Tuple(_)
        | What::Object(_) => Err(Stop::Unknown(other.made_of())),
    }
}
