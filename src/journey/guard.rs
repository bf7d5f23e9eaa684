//! Guards: what has to hold for a step, in the rule language.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::pool::{Projection, Scope, Section};
use crate::rule::compile::compile;
use crate::rule::written::WrittenRule;
use crate::rule::{self, Policy, Predicate, Rule};
use crate::schema::{NodeId, schema};
use crate::ternary::Ternary;
use crate::truth::{EvalContext, truth};

const EDGES: &str = include_str!("edges.toml");

macro_rules! guards {
    ($($name:ident = $id:literal),* $(,)?) => {
        /// A condition on the settings of a pool, or of one of its parts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Guard { $($name),* }

        impl Guard {
            pub const ALL: &[Guard] = &[$(Guard::$name),*];

            /// Its rule in `edges.toml`.
            pub fn id(self) -> &'static str {
                match self { $(Guard::$name => $id),* }
            }
        }
    };
}

guards! {
    SignUpIsOn = "sign-up-is-on",
    FunctionBeforeSignUp = "function-before-sign-up",
    FunctionBeforeSignIn = "function-before-sign-in",
    FunctionOfChallenges = "function-of-challenges",
    FunctionOfMachineTokens = "function-of-machine-tokens",
    FunctionOfMigration = "function-of-migration",
    WebAcl = "web-acl",
    MfaRequired = "mfa-required",
    MfaByApp = "mfa-by-app",
    MfaBySms = "mfa-by-sms",
    MfaByEmail = "mfa-by-email",
    EmailGetsACode = "email-gets-a-code",
    PhoneGetsACode = "phone-gets-a-code",
    EmailIsTheUserName = "email-is-the-user-name",
    PhoneIsTheUserName = "phone-is-the-user-name",
    EmailIsAnAlias = "email-is-an-alias",
    PhoneIsAnAlias = "phone-is-an-alias",
    EmailIsKeptUntilVerified = "email-is-kept-until-verified",
    PhoneIsKeptUntilVerified = "phone-is-kept-until-verified",
    MfaOptional = "mfa-optional",
    RecoveryByDefault = "recovery-by-default",
    RecoveryByNothing = "recovery-by-nothing",
    RecoveryByEmail = "recovery-by-email",
    RecoveryByPhone = "recovery-by-phone",
    RecoveryByEmailFirst = "recovery-by-email-first",
    RecoveryByPhoneFirst = "recovery-by-phone-first",
    UsersWithoutPassword = "users-without-password",
    FunctionOfTokens = "function-of-tokens",
    ScopesByFunction = "scopes-by-function",
    OpenRegistration = "open-registration",
    OpenRegistrationOfMachines = "open-registration-of-machines",
    OpenRegistrationOfPeople = "open-registration-of-people",
    RegistrationWithAToken = "registration-with-a-token",
    RegistrationOfMachinesWithAToken = "registration-of-machines-with-a-token",
    RegistrationOfPeopleWithAToken = "registration-of-people-with-a-token",
    RegistrationOfCustomScopes = "registration-of-custom-scopes",
    DomainsHaveFailed = "domains-have-failed",
    LinkWithoutDomain = "link-without-domain",
    PublicClient = "public-client",
    Pages = "pages",
    ImplicitGrant = "implicit-grant",
    PagesOfLocalUsers = "pages-of-local-users",
    PasswordFlow = "password-flow",
    PasswordIsSent = "password-is-sent",
    FlowsOfTheOldKind = "flows-of-the-old-kind",
    BackendFlow = "backend-flow",
    CustomFlow = "custom-flow",
    ChoiceFlow = "choice-flow",
    CodeByEmail = "code-by-email",
    CodeBySms = "code-by-sms",
    TokenExchange = "token-exchange",
    ProfileScope = "profile-scope",
    RegistrationScope = "registration-scope",
    CodeGrant = "code-grant",
    MachineGrant = "machine-grant",
    MachineScope = "machine-scope",
    Passkey = "passkey",
    RefreshTokensRotate = "refresh-tokens-rotate",
    RefreshTokensAreRevocable = "refresh-tokens-are-revocable",
    RiskResponse = "risk-response",
    ProviderOfEverybody = "provider-of-everybody",
    ProviderOfThePublic = "provider-of-the-public",
    VerificationByTheProvider = "verification-by-the-provider",
    AttributeRequired = "attribute-required",
    AttributeMutable = "attribute-mutable",
    AttributeOfDevelopers = "attribute-of-developers",
}

/// The guards, each with its rule.
#[derive(Clone, Debug)]
pub struct Guards {
    /// In the order of [`Guard::ALL`]. A test holds that each compiles.
    rules: Vec<Option<Arc<Rule>>>,
    /// For each, what it looks at.
    looks: Vec<Looks>,
}

/// The members that a guard looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// The list whose elements it is about; `None` for a guard of the pool.
    pub list: Option<NodeId>,
    /// The members of the pool that it looks at, beside that list.
    pub members: Vec<NodeId>,
}

static BUILTIN: LazyLock<Guards> = LazyLock::new(|| {
    let rules = compiled(&written(&mut Vec::new()), &mut Vec::new());
    let of = |guard: &Guard| rules.iter().find(|rule| &*rule.id == guard.id()).cloned();
    Guards::of(Guard::ALL.iter().map(of).collect())
});

/// The rules of the guards as they are written.
pub fn written(mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenRule> {
    rule::written::read(&SourceFile::new("builtin:edges.toml", EDGES), mistakes)
}

fn compiled(written: &[WrittenRule], mistakes: &mut Vec<SourceDiagnostic>) -> Vec<Arc<Rule>> {
    written.iter().filter_map(|rule| compile(rule, &[], mistakes)).map(Arc::new).collect()
}

impl Guards {
    pub fn builtin() -> &'static Guards {
        &BUILTIN
    }

    fn of(rules: Vec<Option<Arc<Rule>>>) -> Guards {
        let looks = rules.iter().map(|rule| rule.as_deref().map(Looks::of).unwrap_or_default()).collect();
        Guards { rules, looks }
    }

    /// The guards with another rule for one of them.
    #[must_use]
    pub fn with(&self, rule: &Arc<Rule>) -> Guards {
        let changed = Guard::ALL.iter().zip(&self.rules).map(|(guard, own)| match guard.id() == &*rule.id {
            true => Some(Arc::clone(rule)),
            false => own.clone(),
        });
        Guards::of(changed.collect())
    }

    pub(super) fn looks(&self, guard: Guard) -> Option<&Looks> {
        self.looks.get(guard as usize)
    }

    pub(super) fn rule(&self, guard: Guard) -> Option<&Rule> {
        self.rules.get(guard as usize)?.as_deref()
    }

    /// Whether a guard is open for the pool, or for the element of the scope.
    pub(super) fn holds(&self, guard: Guard, scope: Scope<'_>) -> Ternary {
        match self.rule(guard) {
            Some(rule) => holds_in(&rule.expect, scope),
            None => Ternary::Unknown(()),
        }
    }
}

impl Looks {
    fn of(rule: &Rule) -> Looks {
        let list = rule.each.as_ref().and_then(|list| schema().find(&list.path.steps_text()));
        let mut members = Vec::new();
        rule.paths(|path, node| {
            // A value by itself is looked at with the list that it is in.
            let root = node.map(root).or_else(|| schema().find(path.steps.first()?.name.as_ref()));
            let is_new = |id: &NodeId| Some(*id) != list && !members.contains(id);
            members.extend(root.filter(is_new));
        });
        Looks { list, members }
    }
}

/// The member of the pool that a node is in.
pub(super) fn root(node: NodeId) -> NodeId {
    let above = |id: &NodeId| Some(schema().node(*id).parent).filter(|above| *above != NodeId::ROOT);
    std::iter::successors(Some(node), above).last().unwrap_or(node)
}

/// The sections that journeys are read from.
pub fn sections() -> BTreeSet<Section> {
    policy().sections()
}

/// The members that steps ask for beside those of guards.
const ASKED: [&str; 9] = [
    "Clients[].AccessTokenLifetimeSeconds",
    "Clients[].ClientId",
    "Clients[].ClientName",
    "Clients[].RefreshTokenLifetimeSeconds",
    "Clients[].SupportedIdentityProviders",
    "Clients[].WriteAttributes",
    "IdentityProviders[].AttributeMapping",
    "IdentityProviders[].ProviderName",
    "SchemaAttributes[].Name",
];

/// The members of a pool that journeys are worked out from.
pub fn projection() -> Projection {
    let mut projection = policy().projection();
    for id in ASKED.into_iter().filter_map(|path| schema().find(path)) {
        projection.keep(id);
    }
    projection
}

/// The guards as a policy, which says what they need of a pool.
pub fn policy() -> Policy {
    Policy { rules: BUILTIN.rules.iter().flatten().cloned().collect(), ..Policy::default() }
}

/// Whether a predicate holds in a scope. A comparison with an absent value does not hold.
pub(super) fn holds_in(predicate: &Predicate, scope: Scope<'_>) -> Ternary {
    truth(predicate, scope, EvalContext::filter(0)).known().map_err(|_| ()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_on_journeys_read_what_guards_read() {
        assert_eq!(sections(), Section::OF_JOURNEYS.into_iter().collect());
    }

    #[test]
    fn steps_ask_for_members_that_there_are() {
        for path in ASKED {
            assert!(schema().find(path).is_some(), "{path}");
        }
    }

    #[test]
    fn every_guard_compiles_and_has_a_use() {
        let mut mistakes = Vec::new();
        let rules = compiled(&written(&mut mistakes), &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        let names: Vec<&str> = Guard::ALL.iter().map(|guard| guard.id()).collect();
        assert_eq!(ids, names);
        assert!(BUILTIN.rules.iter().all(Option::is_some));
    }
}
