//! Instances: what `count` and `for_each` make of a resource, a module or a dynamic block.

use std::rc::Rc;

use super::kind::Type;
use super::operate::{boolean, number};
use super::scope::{Open, Program, Scope};
use super::syntax::{Attribute, Block};
use super::unknown::{Origin, Stop, Unknown};
use super::value::{Value, What};

/// The instances of a block.
#[derive(Debug)]
pub(super) enum Expansion {
    /// There is one, without a key.
    One,
    /// By numbers from 0.
    Count(usize),
    /// By texts, each with its value.
    Each(Vec<(Rc<str>, Value)>),
    /// There is none, and a reference to it is null.
    Disabled,
    /// How many there are is not known.
    Open { why: Unknown, by: By },
}

/// The argument that says how many instances there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Count,
    Each,
    /// `lifecycle { enabled = ... }`, which `tofu` has.
    Enabled,
}

impl Program<'_> {
    /// The instances of a resource or a module.
    pub(super) fn expand(&self, block: &Block, scope: &Scope) -> Expansion {
        let Some((by, decides)) = deciding(block) else {
            return self.budget.multiply(1).map_or_else(
                |stop| Expansion::Open { why: stop.into_unknown(), by: By::Count },
                |()| Expansion::One,
            );
        };
        let before = self.refused.replace(false);
        let value = self.value(&decides.value, scope);
        let ends_plan = self.refused.get();
        self.refused.set(before || ends_plan);
        let made = match by {
            By::Count => self.counted(&value),
            By::Each => self.each(&value),
            By::Enabled => self.enabled(&value),
        };
        made.unwrap_or_else(|stop| {
            // An error here ends every plan; all else leaves open what is inside.
            self.end_plan(&stop);
            self.open.set(self.open.get() || !ends_plan && matches!(stop, Stop::Unknown(_)));
            let why = stop.into_unknown();
            self.ask(&why);
            Expansion::Open { why, by }
        })
    }

    fn enabled(&self, value: &Value) -> Result<Expansion, Stop> {
        self.budget.multiply(1)?;
        Ok(if boolean(value)? { Expansion::One } else { Expansion::Disabled })
    }

    fn counted(&self, count: &Value) -> Result<Expansion, Stop> {
        let Some(count) = number(count)?.as_index() else {
            return Stop::lost("count is not a whole number from 0");
        };
        self.budget.multiply(count)?;
        Ok(Expansion::Count(count))
    }

    fn each(&self, value: &Value) -> Result<Expansion, Stop> {
        let pairs: Vec<(Rc<str>, Value)> = match &value.what {
            What::Map(members) | What::Object(members) => {
                members.all.iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect()
            }
            What::Set(items) => {
                let text = |item: &Value| match &item.what {
                    What::Text(text) => Ok((Rc::clone(text), item.clone())),
                    What::Unknown(unknown) => Err(Stop::Unknown((**unknown).clone())),
                    _ => Stop::lost("for_each is a set of something else than strings"),
                };
                items.all.iter().map(text).collect::<Result<_, _>>()?
            }
            What::Unknown(unknown) => return Err(Stop::Unknown((**unknown).clone())),
            _ => return Stop::lost("for_each is neither a map nor a set of strings"),
        };
        self.budget.multiply(pairs.len())?;
        Ok(Expansion::Each(pairs))
    }
}

impl Expansion {
    /// Why it is not known whether there is an instance.
    pub(super) fn open(&self, program: &Program<'_>, block: &Block, scope: &Scope) -> Option<Open> {
        match self {
            Expansion::Open { why, .. } => {
                let text = deciding(block).map_or_else(String::new, |(_, one)| program.text(one.value.at));
                let cause = format!("{}{text}", scope.instance.prefix);
                Some(Open { why: Rc::clone(&why.why), cause: cause.into() })
            }
            Expansion::One | Expansion::Count(_) | Expansion::Each(_) | Expansion::Disabled => None,
        }
    }

    /// The scope of every instance, with what is behind its address. Of instances that are not known there is one.
    pub(super) fn scopes(&self, around: &Scope) -> Vec<(String, Scope)> {
        let counted = |index: Value| Scope { count: Some(index), ..around.clone() };
        let each = |key: Value, value: Value| Scope { each: Some((key, value)), ..around.clone() };
        match self {
            Expansion::One | Expansion::Open { by: By::Enabled, .. } => vec![(String::new(), around.clone())],
            Expansion::Disabled => Vec::new(),
            Expansion::Count(count) => {
                (0..*count).map(|index| (format!("[{index}]"), counted(Value::count(index)))).collect()
            }
            Expansion::Each(pairs) => pairs
                .iter()
                .map(|(key, value)| {
                    (format!("[{}]", quoted(key)), each(Value::text(Rc::clone(key)), value.clone()))
                })
                .collect(),
            Expansion::Open { why, by: By::Count } => {
                let index = Unknown { of_type: Type::Number, sure: true, ..why.made_of() };
                vec![(String::new(), counted(Value::unknown(index)))]
            }
            Expansion::Open { why, by: By::Each } => {
                let key = Unknown { of_type: Type::Text, sure: true, ..why.made_of() };
                vec![(String::new(), each(Value::unknown(key), Value::unknown(why.made_of())))]
            }
        }
    }
}

/// The argument that decides about the instances of a block.
fn deciding(block: &Block) -> Option<(By, &Attribute)> {
    let enabled = || block.body.blocks("lifecycle").find_map(|lifecycle| lifecycle.body.get("enabled"));
    let count = block.body.get("count").map(|count| (By::Count, count));
    let each = || block.body.get("for_each").map(|each| (By::Each, each));
    count.or_else(each).or_else(|| enabled().map(|enabled| (By::Enabled, enabled)))
}

/// A key as an address has it.
fn quoted(key: &str) -> String {
    let escaped = key.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// The value of a block with instances.
pub(super) fn keyed(expansion: &Expansion, mut values: Vec<Value>, origin: impl FnOnce() -> Origin) -> Value {
    match expansion {
        Expansion::One | Expansion::Disabled => values.pop().unwrap_or_else(Value::null),
        Expansion::Count(_) => Value::tuple(values),
        Expansion::Each(pairs) => {
            Value::object(pairs.iter().map(|(key, _)| Rc::clone(key)).zip(values).collect())
        }
        Expansion::Open { why, .. } => {
            Value::unknown(Unknown { origins: [origin()].into(), open: false, ..why.made_of() })
        }
    }
}
