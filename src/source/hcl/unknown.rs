//! Values that are not known: each has the reason, and the attributes of resources that it is made of.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::kind::Type;

/// A value that is not known.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    pub why: Rc<str>,
    pub of_type: Type,
    /// There will be a value, and not null.
    pub sure: bool,
    /// The attributes of resources that it is made of.
    pub origins: BTreeSet<Origin>,
    /// It may be something that is not made of those.
    pub open: bool,
    /// The question about a variable without a value that decides it.
    pub question: Option<Rc<Question>>,
    /// It is the value of a variable of the root module.
    pub variable: Option<Rc<Variable>>,
}

/// A variable of the root module without a value, and what of its value decides something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Question {
    /// Whether it is true, false or null.
    Boolean { name: Rc<str>, nullable: bool },
    /// Whether it is this text. `None` for null.
    Text { name: Rc<str>, value: Option<Rc<str>> },
}

/// The value of a variable of type string, which is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub name: Rc<str>,
    /// Texts that it is not.
    pub other_than: BTreeSet<Rc<str>>,
}

/// An attribute of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// `module.auth.aws_cognito_user_pool.main[0]`; without a key where the instance is not known.
    pub address: Rc<str>,
    pub attribute: Rc<str>,
}

/// A resource or a module as a value, whose members are evaluated once they are asked for.
#[derive(Clone, Debug)]
pub(super) struct Lazy {
    /// With modules and keys.
    pub address: Rc<str>,
    /// Whether it is a resource that there will be.
    pub sure: bool,
    /// Its position among all of the program.
    pub index: usize,
}

impl Unknown {
    /// Something that is not known, and is made of no resource.
    pub(super) fn because(why: impl Into<Rc<str>>) -> Unknown {
        Unknown {
            why: why.into(),
            of_type: Type::Any,
            sure: false,
            origins: BTreeSet::new(),
            open: true,
            question: None,
            variable: None,
        }
    }

    /// A value that is made of this, and may have another type.
    pub(super) fn made_of(&self) -> Unknown {
        Unknown { of_type: Type::Any, sure: false, variable: None, ..self.clone() }
    }

    /// Either of two.
    pub(super) fn or(&self, other: &Unknown) -> Unknown {
        let origins = self.origins.union(&other.origins).cloned().collect();
        Unknown {
            why: Rc::clone(&self.why),
            of_type: if self.of_type == other.of_type { self.of_type.clone() } else { Type::Any },
            sure: self.sure && other.sure,
            origins,
            open: self.open || other.open,
            question: self.question.clone().or_else(|| other.question.clone()),
            variable: None,
        }
    }

    /// Whether it is a text, where that is known. Otherwise the error asks for it. `None` for null.
    pub(super) fn is(&self, text: Option<&Rc<str>>) -> Result<bool, Unknown> {
        let Some(variable) = &self.variable else { return Err(self.made_of()) };
        if text.is_some_and(|text| variable.other_than.contains(text)) || (text.is_none() && self.sure) {
            return Ok(false);
        }
        let question = Question::Text { name: Rc::clone(&variable.name), value: text.cloned() };
        Err(Unknown { question: Some(Rc::new(question)), ..self.made_of() })
    }

    /// The same as the value of something else.
    pub(super) fn elsewhere(self) -> Unknown {
        Unknown { variable: None, ..self }
    }
}

/// Why there is no value.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// Something that is not known decides.
    Unknown(Unknown),
    /// An error of Terraform that `try` and `can` catch.
    Caught(String),
    /// An error of Terraform that nothing catches, or something that is not evaluated here.
    Lost(String),
}

impl Stop {
    pub(super) fn lost<T>(why: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::Lost(why.into()))
    }

    pub(super) fn caught<T>(why: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::Caught(why.into()))
    }

    /// It as a value that is not known.
    pub(super) fn into_unknown(self) -> Unknown {
        match self {
            Stop::Unknown(unknown) => unknown,
            Stop::Caught(why) | Stop::Lost(why) => Unknown::because(why),
        }
    }
}

impl Lazy {
    /// An attribute that is known once the resource is there.
    pub(super) fn attribute(&self, name: &str) -> Unknown {
        let address = &self.address;
        let named = ["id", "arn", "invoke_arn", "qualified_arn"].contains(&name);
        let origin = Origin { address: Rc::clone(address), attribute: name.into() };
        Unknown {
            why: format!("{address}.{name} is known only after apply").into(),
            of_type: if named { Type::Text } else { Type::Any },
            sure: named && self.sure,
            origins: BTreeSet::from([origin]),
            open: false,
            question: None,
            variable: None,
        }
    }

    /// It as a whole.
    pub(super) fn unknown(&self) -> Unknown {
        let address = &self.address;
        let origin = Origin { address: Rc::clone(address), attribute: "".into() };
        Unknown {
            why: format!("{address} is not evaluated as a whole").into(),
            of_type: Type::Any,
            sure: true,
            origins: BTreeSet::from([origin]),
            open: false,
            question: None,
            variable: None,
        }
    }
}
