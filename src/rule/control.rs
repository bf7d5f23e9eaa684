//! Controls of a standard: what each asks for, and which rules prove it.

use std::sync::Arc;

use super::Rule;

/// The controls of a pack, with the rules at the bounds of the standard.
#[derive(Clone, Debug)]
pub struct Standard {
    /// The name of the pack.
    pub pack: Arc<str>,
    pub title: String,
    /// In the order of the pack.
    pub controls: Vec<Control>,
}

/// One control.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its number in the standard, with a word where one number asks for several things: `3.1.1.2 length`.
    pub id: Arc<str>,
    /// The level of the standard that asks for it: `AAL2`. Empty where there are none.
    pub level: String,
    /// The demand of the control.
    pub meaning: String,
    /// The address of the standard.
    pub source: String,
    /// The text of the standard was compared with the meaning.
    pub verified: bool,
    /// The rules that prove the control together, at its own bounds.
    pub satisfied_by: Vec<Arc<Rule>>,
    /// Rules that help and prove nothing.
    pub supported_by: Vec<Arc<Rule>>,
    /// Why no rule proves it, and a sentence on that.
    pub uncovered: Option<(Uncovered, String)>,
}

/// Why no rule proves a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// The service does it, whatever the configuration is.
    Service,
    /// It needs something that Cognito does not have.
    Beyond,
    /// The configuration does not show it.
    Undecidable,
}

impl Uncovered {
    pub const ALL: [Uncovered; 3] = [Uncovered::Service, Uncovered::Beyond, Uncovered::Undecidable];

    /// The word in packs and reports.
    pub fn word(self) -> &'static str {
        match self {
            Uncovered::Service => "service",
            Uncovered::Beyond => "beyond",
            Uncovered::Undecidable => "undecidable",
        }
    }

    /// The clause for people.
    pub fn clause(self) -> &'static str {
        match self {
            Uncovered::Service => "the service does it",
            Uncovered::Beyond => "Cognito alone cannot meet it",
            Uncovered::Undecidable => "the configuration does not decide it",
        }
    }
}
