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
        Unknown { why: why.into(), of_type: Type::Any, sure: false, origins: BTreeSet::new(), open: true }
    }

    /// A value that is made of this, and may have another type.
    pub(super) fn made_of(&self) -> Unknown {
        Unknown { of_type: Type::Any, sure: false, ..self.clone() }
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
        }
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
        }
    }
}
