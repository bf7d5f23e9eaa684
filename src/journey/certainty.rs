//! How sure a step is: an interval of what is proven and what is possible, with the reasons for both.

use super::guard::Guard;
use crate::ternary::Ternary;

/// How sure something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    #[default]
    No,
    /// Allowed, unless something says no that is not a setting of the pool.
    Conditional,
    Yes,
}

impl Sure {
    pub fn word(self) -> &'static str {
        match self {
            Sure::No => "no",
            Sure::Conditional => "conditional",
            Sure::Yes => "yes",
        }
    }
}

/// The decision that a conditional step depends on, outside of the settings of the pool, or a gap in AWS's documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    App,
    Administrator,
    FunctionBeforeSignUp,
    FunctionBeforeSignIn,
    FunctionOfChallenges,
    FunctionOfMachineTokens,
    FunctionOfMigration,
    RiskResponse,
    WebAcl,
    Provider,
    PagesWithoutPasswordFlow,
    OwnClient,
    TokenOfUser,
    SessionOfSignUp,
    AccountAtProvider,
    OldFlows,
    EnrolsNoFactor,
    ChallengeThenFactor,
    Exchange,
    MappedUnwritable,
    NoCustomScope,
    FederatedProfile,
    EmailOfUser,
    PhoneOfUser,
    NoEarlierAddress,
    NoSecondFactor,
    NoPassword,
    SamePhone,
    FactorAtReset,
    FactorByToken,
    FactorByMessage,
    FunctionOfScopes,
    FunctionOfTokens,
    UnusedByApp,
    NotRevoked,
    NotSignedOut,
    ProviderNotAsked,
    SignsInByAlias,
    EmptyRecovery,
    FailedDomain,
    LinkWithoutDomain,
}

const MAPPED_UNWRITABLE: &str = "a mapped attribute that the client cannot write does not stop the first sign-in (AWS documents an \
                                  error for updates)";

const SAME_PHONE: &str = "the phone that resets the password also gets the MFA code (AWS does not document it of pools without \
                                  account recovery setting)";

impl Condition {
    const ALL: [Condition; 41] = [
        Condition::App,
        Condition::Administrator,
        Condition::FunctionBeforeSignUp,
        Condition::FunctionBeforeSignIn,
        Condition::FunctionOfChallenges,
        Condition::FunctionOfMachineTokens,
        Condition::FunctionOfMigration,
        Condition::RiskResponse,
        Condition::WebAcl,
        Condition::Provider,
        Condition::PagesWithoutPasswordFlow,
        Condition::OwnClient,
        Condition::TokenOfUser,
        Condition::SessionOfSignUp,
        Condition::AccountAtProvider,
        Condition::OldFlows,
        Condition::EnrolsNoFactor,
        Condition::ChallengeThenFactor,
        Condition::Exchange,
        Condition::MappedUnwritable,
        Condition::NoCustomScope,
        Condition::FederatedProfile,
        Condition::EmailOfUser,
        Condition::PhoneOfUser,
        Condition::NoEarlierAddress,
        Condition::NoSecondFactor,
        Condition::NoPassword,
        Condition::SamePhone,
        Condition::FactorAtReset,
        Condition::FactorByToken,
        Condition::FactorByMessage,
        Condition::FunctionOfScopes,
        Condition::FunctionOfTokens,
        Condition::UnusedByApp,
        Condition::NotRevoked,
        Condition::NotSignedOut,
        Condition::ProviderNotAsked,
        Condition::SignsInByAlias,
        Condition::EmptyRecovery,
        Condition::FailedDomain,
        Condition::LinkWithoutDomain,
    ];

    /// Whether AWS does not document it, or documents it in two ways.
    pub fn is_undocumented(self) -> bool {
        self.words().contains("AWS")
    }

    /// The end of a sentence that begins with "if".
    pub fn words(self) -> &'static str {
        match self {
            Self::App => "the app behind the client offers it",
            Self::Administrator => "an administrator confirms the user",
            Self::FunctionBeforeSignUp => "the pre sign-up function allows it",
            Self::FunctionBeforeSignIn => "the pre authentication function allows it",
            Self::FunctionOfChallenges => "the custom challenge functions allow it",
            Self::FunctionOfMachineTokens => "the pre token generation function allows it",
            Self::FunctionOfMigration => "the migration function accepts the user",
            Self::RiskResponse => "adaptive authentication sees no risk",
            Self::WebAcl => "the rules of the web ACL allow it",
            Self::Provider => "the provider says that the address is verified",
            Self::PagesWithoutPasswordFlow => {
                "the sign-in pages take a password though the client allows no flow with one (AWS does not document it)"
            }
            Self::OwnClient => "a registered client may sign users up and in (AWS does not document it)",
            Self::TokenOfUser => "a user's token registers a client (AWS documents tokens of apps)",
            Self::SessionOfSignUp => "the code of the sign-up is a first factor (AWS does not document it)",
            Self::AccountAtProvider => "the provider gives an account to everybody",
            Self::OldFlows => {
                "an empty or old-style ExplicitAuthFlows leaves password sign-in on (AWS does not document it)"
            }
            Self::EnrolsNoFactor => "a user who cannot enrol a factor gets in (AWS contradicts itself)",
            Self::ChallengeThenFactor => {
                "a custom challenge without a password passes required MFA (AWS does not document it)"
            }
            Self::Exchange => {
                "a token of the provider can be exchanged without a user in the pool (AWS does not document it)"
            }
            Self::MappedUnwritable => MAPPED_UNWRITABLE,
            Self::NoCustomScope => "client credentials work without a custom scope (AWS says: no)",
            Self::FederatedProfile => "federated users may change the profile (AWS does not document it)",
            Self::EmailOfUser => "the user has a verified email address",
            Self::PhoneOfUser => "the user has a verified phone number",
            Self::NoEarlierAddress => "the user has no address that account recovery takes first",
            Self::NoSecondFactor => "the user has set up no second factor",
            Self::NoPassword => "the user has no password, so that none is asked for a new one",
            Self::SamePhone => SAME_PHONE,
            Self::FactorAtReset => {
                "a user of required MFA who reset the password can pass it with nothing else (AWS does not document it)"
            }
            Self::FactorByToken => {
                "the holder of an access token can enrol a new factor where MFA is required (AWS does not document it)"
            }
            Self::FactorByMessage => "codes of the second factor go to the changed address",
            Self::FunctionOfScopes => "the pre token generation function leaves the profile scope in",
            Self::FunctionOfTokens => "the pre token generation function does not refuse",
            Self::UnusedByApp => "the app has not used the token since: rotation then ends it",
            Self::NotRevoked => "nobody revokes the token",
            Self::NotSignedOut => "nobody disables the user in the pool, or signs the user out of it",
            Self::ProviderNotAsked => "a refresh does not ask the provider (AWS documents no such question)",
            Self::SignsInByAlias => "the user signs in with that address",
            Self::EmptyRecovery => {
                "an empty RecoveryMechanisms lets passwords be reset (AWS does not document it)"
            }
            Self::FailedDomain => "a domain with status FAILED serves requests (AWS does not document it)",
            Self::LinkWithoutDomain => "a verification link works without a domain (AWS says: no)",
        }
    }
}

/// A set of conditions: a bit for each, so that joining two sets takes no memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditions(u64);

impl Conditions {
    const NONE: Conditions = Conditions(0);

    fn of(condition: Condition) -> Conditions {
        Conditions(1 << condition as u64)
    }

    fn join(self, other: Conditions) -> Conditions {
        Conditions(self.0 | other.0)
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The conditions, sorted.
    pub(super) fn to_vec(self) -> Vec<Condition> {
        Condition::ALL.into_iter().filter(|one| self.join(Conditions::of(*one)) == self).collect()
    }
}

/// A fact that a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    pub ground: Ground,
    /// It is so, or not so; `None` where it is unknown.
    pub holds: Option<bool>,
}

/// Something that is asked of a pool. Elements are named by their position in the list that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    Guard(Guard, usize),
    /// The client offers the provider.
    Offers(usize, usize),
    /// The client may write the attribute.
    Writes(usize, &'static str),
}

/// How sure something is: what is proven, and what is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level {
    pub proven: Sure,
    pub possible: Sure,
}

impl Level {
    pub(super) fn of(step: &Step) -> Level {
        Level { proven: step.proven, possible: step.possible }
    }

    /// The widest of both, where it is not known which of them it is.
    pub(super) fn hull(self, other: Level) -> Level {
        Level { proven: self.proven.min(other.proven), possible: self.possible.max(other.possible) }
    }
}

/// How sure a step is, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub proven: Sure,
    pub possible: Sure,
    pub conditions: Conditions,
    /// The facts that it rests on, in the order of the steps: those that somebody asks for.
    pub causes: Vec<Cause>,
}

impl Step {
    pub const CLOSED: Step =
        Step { proven: Sure::No, possible: Sure::No, conditions: Conditions::NONE, causes: Vec::new() };
    pub const OPEN: Step =
        Step { proven: Sure::Yes, possible: Sure::Yes, conditions: Conditions::NONE, causes: Vec::new() };

    /// A step that happens where something is true.
    pub fn of(truth: Ternary) -> Step {
        let (proven, possible) = match truth {
            Ternary::True => (Sure::Yes, Sure::Yes),
            Ternary::False => (Sure::No, Sure::No),
            Ternary::Unknown(()) => (Sure::No, Sure::Yes),
        };
        Step { proven, possible, ..Step::default() }
    }

    /// A step that something else decides, where that is there.
    pub fn unless(there: Ternary, condition: Condition) -> Step {
        let (proven, possible) = match there {
            Ternary::True => (Sure::Conditional, Sure::Conditional),
            Ternary::False => return Step::OPEN,
            Ternary::Unknown(()) => (Sure::Conditional, Sure::Yes),
        };
        Step { proven, possible, conditions: Conditions::of(condition), causes: Vec::new() }
    }

    /// A step that is open, but where AWS does not document what happens.
    pub fn undocumented(there: Ternary, condition: Condition) -> Step {
        match there {
            Ternary::False => Step::OPEN,
            Ternary::True | Ternary::Unknown(()) => Step {
                proven: Sure::No,
                possible: Sure::Yes,
                conditions: Conditions::of(condition),
                causes: Vec::new(),
            },
        }
    }

    pub fn conditional(condition: Condition) -> Step {
        Step::unless(Ternary::True, condition)
    }

    /// The same step with a fact that it rests on, where somebody asks for that.
    #[must_use]
    pub fn because(mut self, cause: Option<Cause>) -> Step {
        let new = cause.filter(|cause| self.is_possible() && !self.causes.contains(cause));
        self.causes.extend(new);
        self
    }

    /// The least and the most that it may be, both at most conditional.
    #[must_use]
    pub fn at_most_conditional(self, condition: Condition) -> Step {
        self.and(Step::conditional(condition))
    }

    /// Both steps, one after the other.
    #[must_use]
    pub fn and(mut self, other: Step) -> Step {
        self.proven = self.proven.min(other.proven);
        self.possible = self.possible.min(other.possible);
        if self.possible == Sure::No {
            return Step::CLOSED;
        }
        self.conditions = self.conditions.join(other.conditions);
        if self.causes.is_empty() {
            self.causes = other.causes;
            return self;
        }
        for cause in other.causes {
            self = self.because(Some(cause));
        }
        self
    }

    /// Either step; the reasons are those of the surer one.
    #[must_use]
    pub fn or(self, other: Step) -> Step {
        let (proven, possible) = (self.proven.max(other.proven), self.possible.max(other.possible));
        let surer = if self.rank() >= other.rank() { self } else { other };
        Step { proven, possible, ..surer }
    }

    pub fn any(steps: impl IntoIterator<Item = Step>) -> Step {
        steps.into_iter().fold(Step::CLOSED, Step::or)
    }

    fn rank(&self) -> (Sure, Sure, std::cmp::Reverse<u32>) {
        (self.proven, self.possible, std::cmp::Reverse(self.conditions.len()))
    }

    pub fn is_possible(&self) -> bool {
        self.possible > Sure::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_conditions_that_it_is_made_of() {
        let all = Condition::ALL.into_iter().map(Conditions::of).fold(Conditions::NONE, Conditions::join);
        assert_eq!(all.to_vec(), Condition::ALL);
        for one in Condition::ALL {
            assert_eq!(Conditions::of(one).to_vec(), [one]);
        }
        assert!(Conditions::NONE.to_vec().is_empty());
    }
}
