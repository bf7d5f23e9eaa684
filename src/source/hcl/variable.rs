//! Variables: their types, their defaults, and the values that they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::assumption::Assumption;
use super::convert::convert;
use super::kind::Type;
use super::parse;
use super::scope::{Program, Scope};
use super::syntax::{Block, Expr, Key, Node};
use super::unknown::{Question, Stop, Unknown, Variable};
use super::value::{Items, Members, Value, What};

/// A type with the defaults of attributes that may be left out.
#[derive(Clone, Debug)]
enum Constraint {
    Plain(Type),
    List(Box<Constraint>),
    Set(Box<Constraint>),
    Map(Box<Constraint>),
    Tuple(Vec<Constraint>),
    Object(BTreeMap<Rc<str>, (Constraint, Presence)>),
}

/// Whether an attribute may be left out.
#[derive(Clone, Debug)]
enum Presence {
    Needed,
    Optional(Value),
}

/// The value of a variable.
pub(super) fn value(
    program: &Program<'_>,
    declared: &Block,
    given: Option<Value>,
    prefix: &str,
) -> Result<Value, Stop> {
    let body = &declared.body;
    let name = declared.label(0);
    let is = |argument: &str, wanted: bool| {
        let written = body.get(argument).map(|one| &one.value.node);
        matches!(written, Some(Node::Bool(value)) if *value == wanted)
    };
    let constraint = match body.get("type") {
        Some(of) => constraint(program, &of.value)?,
        None => Constraint::Plain(Type::Any),
    };
    let sensitive = is("sensitive", true);
    let default = || match body.get("default") {
        Some(default) => program.evaluate(&default.value, &nowhere(program)?).map(Some),
        None => Ok(None),
    };
    let given = match given.filter(|given| !(given.is_null() && is("nullable", false))) {
        Some(given) => Some(given),
        None => default()?,
    };
    if is("ephemeral", true) {
        return Stop::lost(format!("{prefix}var.{name} is ephemeral"));
    }
    let nullable = !is("nullable", false);
    let assumed = program.assumed.get(name).filter(|_| given.is_none() && prefix.is_empty());
    let (given, other) = match assumed {
        Some(Assumption::Is(value)) if value.is_null() && !nullable => return Stop::caught("it is null"),
        Some(Assumption::Is(value)) => (Some(value.clone()), None),
        Some(Assumption::OtherThan(texts)) => (None, Some(texts)),
        None => (given, None),
    };
    let Some(given) = given else {
        if prefix.is_empty() {
            program.valueless.borrow_mut().insert(name.into());
        }
        return Err(Stop::Unknown(Unknown {
            sure: other.is_some() || !nullable,
            question: match constraint.of() {
                Type::Bool if prefix.is_empty() => {
                    Some(Rc::new(Question::Boolean { name: name.into(), nullable }))
                }
                _ => None,
            },
            variable: (prefix.is_empty() && constraint.of() == Type::Text).then(|| {
                let other_than = other.cloned().unwrap_or_default();
                Rc::new(Variable { name: name.into(), other_than })
            }),
            of_type: constraint.of(),
            ..Unknown::because(format!("{prefix}var.{name} has no value"))
        }));
    };
    let whole = constraint.complete(&given)?;
    Ok(convert(&whole, &constraint.of())?.hidden(sensitive))
}

impl Program<'_> {
    /// A result, and the questions whose answers would decide conditions of it.
    pub(super) fn asking<T>(&self, evaluate: impl FnOnce() -> T) -> (T, BTreeSet<Question>) {
        let outer = self.questions.take();
        let result = evaluate();
        let asked = self.questions.replace(outer);
        self.questions.borrow_mut().extend(asked.iter().cloned());
        (result, asked)
    }

    /// Takes down the question whose answer would decide a condition.
    pub(super) fn ask(&self, unknown: &Unknown) {
        self.questions.borrow_mut().extend(unknown.question.as_deref().cloned());
    }

    /// Takes down the question whose answer would decide which element is meant.
    pub(super) fn ask_of(&self, stop: &Stop) {
        if let Stop::Unknown(unknown) = stop {
            self.ask(unknown);
        }
    }

    /// Takes down an error that ends a plan.
    pub(super) fn end_plan(&self, stop: &Stop) {
        self.refused.set(self.refused.get() || matches!(stop, Stop::Caught(_)));
    }
}

/// The type of a variable, which decides how a value on the command line is read: as a text where it is plain.
pub(super) fn takes_text(declared: &Block) -> bool {
    match declared.body.get("type").map(|of| &of.value.node) {
        None => true,
        Some(Node::Name(name)) => matches!(&**name, "string" | "number" | "bool"),
        Some(Node::Text(name)) => matches!(&**name, "string" | "number" | "bool"),
        Some(_) => false,
    }
}

/// A scope for expressions that refer to nothing.
fn nowhere(program: &Program<'_>) -> Result<Scope, Stop> {
    match program.made.borrow().first() {
        Some(root) => Ok(root.scope()),
        None => Stop::lost("there is no root module"),
    }
}

fn constraint(program: &Program<'_>, of: &Expr) -> Result<Constraint, Stop> {
    let unread = || Stop::lost("the type of a variable is not read");
    Ok(match &of.node {
        Node::Name(name) | Node::Text(name) => match &**name {
            "any" => Constraint::Plain(Type::Any),
            "string" => Constraint::Plain(Type::Text),
            "number" => Constraint::Plain(Type::Number),
            "bool" => Constraint::Plain(Type::Bool),
            // Types of old versions.
            "list" => Constraint::List(Box::new(Constraint::Plain(Type::Any))),
            "map" => Constraint::Map(Box::new(Constraint::Plain(Type::Any))),
            "set" => Constraint::Set(Box::new(Constraint::Plain(Type::Any))),
            // A type of a configuration in JSON.
            text if text.contains('(') => match parse::expression(of.at.file, text) {
                Ok(of) => constraint(program, &of)?,
                Err(_) => return unread(),
            },
            _ => return unread(),
        },
        Node::Call { name, arguments, .. } => match (&**name, arguments.as_slice()) {
            ("list", [inner]) => Constraint::List(Box::new(constraint(program, inner)?)),
            ("set", [inner]) => Constraint::Set(Box::new(constraint(program, inner)?)),
            ("map", [inner]) => Constraint::Map(Box::new(constraint(program, inner)?)),
            ("tuple", [Expr { node: Node::Tuple(types), .. }]) => {
                Constraint::Tuple(types.iter().map(|one| constraint(program, one)).collect::<Result<_, _>>()?)
            }
            ("object", [Expr { node: Node::Object(types), .. }]) => {
                Constraint::Object(object(program, types)?)
            }
            _ => return unread(),
        },
        _ => return unread(),
    })
}

fn object(
    program: &Program<'_>,
    types: &[(Key, Expr)],
) -> Result<BTreeMap<Rc<str>, (Constraint, Presence)>, Stop> {
    let mut attributes = BTreeMap::new();
    for (key, of) in types {
        let name = match key {
            Key::Name(name) | Key::Value(Expr { node: Node::Text(name), .. }) => Rc::clone(name),
            Key::Value(_) => return Stop::lost("the type of a variable is not read"),
        };
        let attribute = match &of.node {
            Node::Call { name, arguments, .. } if &**name == "optional" => {
                let Some((inner, rest)) = arguments.split_first() else {
                    return Stop::lost("the type of a variable is not read");
                };
                let inner = constraint(program, inner)?;
                let default = match rest.first() {
                    Some(default) => program.evaluate(default, &nowhere(program)?)?,
                    None => Value::null(),
                };
                (inner, Presence::Optional(default))
            }
            _ => (constraint(program, of)?, Presence::Needed),
        };
        attributes.insert(name, attribute);
    }
    Ok(attributes)
}

impl Constraint {
    fn of(&self) -> Type {
        match self {
            Constraint::Plain(of) => of.clone(),
            Constraint::List(inner) => Type::List(Rc::new(inner.of())),
            Constraint::Set(inner) => Type::Set(Rc::new(inner.of())),
            Constraint::Map(inner) => Type::Map(Rc::new(inner.of())),
            Constraint::Tuple(inner) => Type::Tuple(inner.iter().map(Constraint::of).collect()),
            Constraint::Object(inner) => {
                Type::Object(inner.iter().map(|(name, (of, _))| (Rc::clone(name), of.of())).collect())
            }
        }
    }

    /// The value with what is left out of objects in it.
    fn complete(&self, value: &Value) -> Result<Value, Stop> {
        let what = match (self, &value.what) {
            (
                Constraint::List(inner) | Constraint::Set(inner),
                What::List(items) | What::Set(items) | What::Tuple(items),
            ) => {
                let all = items.all.iter().map(|item| inner.complete(item)).collect::<Result<Vec<_>, _>>()?;
                match &value.what {
                    // Elements of a set keep what is known of their order.
                    What::Set(items) => What::Set(Items::new(items.of.clone(), all)),
                    _ => What::Tuple(Items::new(Type::Any, all)),
                }
            }
            (Constraint::Tuple(inner), What::Tuple(items)) => {
                let all = items.all.iter().zip(inner).map(|(item, of)| of.complete(item));
                What::Tuple(Items::new(Type::Any, all.collect::<Result<_, _>>()?))
            }
            (Constraint::Map(inner), What::Map(members) | What::Object(members)) => {
                let all = members.all.iter().map(|(key, value)| Ok((Rc::clone(key), inner.complete(value)?)));
                What::Object(Members::new(Type::Any, all.collect::<Result<_, Stop>>()?))
            }
            (Constraint::Object(attributes), What::Map(members) | What::Object(members)) => {
                let mut all = BTreeMap::new();
                for (name, (inner, presence)) in attributes {
                    let given = members.all.get(name);
                    let value = match (given.filter(|given| !given.is_null()), presence) {
                        (Some(given), _) => given.clone(),
                        (None, Presence::Optional(default)) => default.clone(),
                        (None, Presence::Needed) => match given {
                            Some(null) => null.clone(),
                            None => return Stop::lost(format!("the attribute `{name}` is missing")),
                        },
                    };
                    all.insert(Rc::clone(name), inner.complete(&value)?);
                }
                What::Object(Members::new(Type::Any, all))
            }
            (_, _) => return Ok(value.clone()),
        };
        Ok(Value { what, ..value.clone() })
    }
}
