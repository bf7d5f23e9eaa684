//! How a confirmed user of the pool gets a token from each client.

use super::certainty::{Condition, Step, Sure};
use super::facts::{Facts, Subject};
use super::guard::Guard;
use super::stranger::Proof;
use crate::ternary::Ternary;

/// How somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// With a password, by the API.
    Password,
    /// With a password, on the sign-in pages.
    Pages,
    /// With a password, by the backend behind the client.
    Backend,
    Custom,
    CodeByEmail,
    CodeBySms,
    /// With the code of the sign-up.
    CodeOfSignUp,
    /// At an identity provider.
    Provider,
    /// With a token of a provider, which is exchanged.
    Exchange,
    /// As a machine, with the secret of a client.
    Machine,
    /// Not at all: the name that a user signs in with is taken.
    Alias,
}

/// The gain of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gain {
    /// The name that a user signs in with, and not the account.
    SignInName,
    /// The account of a user, for good.
    Account,
    /// A user of the pool.
    User,
    /// A session with the app, which keeps the token.
    Session,
    /// A token of a user.
    Token,
    /// A token without a user.
    MachineToken,
}

impl Gain {
    pub fn word(self) -> &'static str {
        match self {
            Gain::SignInName => "sign-in-name",
            Gain::Account => "account",
            Gain::User => "user",
            Gain::Session => "session",
            Gain::Token => "token",
            Gain::MachineToken => "machine-token",
        }
    }
}

/// One way to sign in through one client.
#[derive(Clone, Debug)]
pub(super) struct SignIn {
    pub how: How,
    pub gain: Gain,
    /// Its position among the clients.
    pub client: Option<usize>,
    pub step: Step,
    /// The token lets its holder change the email address to any other, which is not verified.
    pub changes_email: Step,
}

/// Sign-ins that differ in the client alone, with their clients.
pub(super) type Grouped = (SignIn, Vec<Option<usize>>);

impl SignIn {
    /// Whether somebody who was confirmed by a proof can sign in this way.
    pub(super) fn is_after(&self, proof: Proof) -> bool {
        match proof {
            Proof::EmailCodeAtSignIn => self.how == How::CodeByEmail,
            Proof::PhoneCodeAtSignIn => self.how == How::CodeBySms,
            Proof::EmailCode | Proof::PhoneCode => !matches!(self.how, How::CodeByEmail | How::CodeBySms),
            Proof::Function | Proof::Administrator => {
                !matches!(self.how, How::CodeByEmail | How::CodeBySms | How::CodeOfSignUp)
            }
        }
    }
}

/// The ways to sign in that are not closed.
pub(super) fn sign_ins(facts: &Facts<'_>) -> Vec<SignIn> {
    let listed = facts.clients.iter().enumerate().flat_map(|(at, client)| of_client(facts, at, client));
    listed.chain(of_own_client(facts)).collect()
}

/// The way through a client that the stranger registered. AWS does not document what such a client may do.
fn of_own_client(facts: &Facts<'_>) -> Option<SignIn> {
    let step = own_client(facts).and(functions(facts));
    let changes_email = changes_email_of_own_client(facts);
    step.is_possible().then_some(SignIn {
        how: How::Pages,
        gain: Gain::Token,
        client: None,
        step,
        changes_email,
    })
}

/// The registration of a client that people sign in through.
pub(super) fn own_client(facts: &Facts<'_>) -> Step {
    let open = facts.step(Guard::OpenRegistration).and(facts.step(Guard::OpenRegistrationOfPeople));
    let by_token = facts.registrar().and(facts.step(Guard::RegistrationOfPeopleWithAToken));
    facts
        .at_domain(open.or(by_token))
        .and(facts.unless(Guard::WebAcl, Condition::WebAcl))
        .at_most_conditional(Condition::OwnClient)
}

fn of_client(facts: &Facts<'_>, at: usize, client: &Subject<'_>) -> Vec<SignIn> {
    let gate = gate(facts, client);
    let public = facts.step_of(Guard::PublicClient, client);
    let private = Step::of(facts.of_element(Guard::PublicClient, client).negated());
    let by_app = private.clone().at_most_conditional(Condition::App);
    let api_email = changes_email(facts, client);
    let pages_email = api_email.clone().and(profile_scope(facts, client));
    let mut all = Vec::new();
    let mut add = |how, gain, step: Step, email: &Step| {
        let step = step.and(gate.clone());
        if step.is_possible() {
            let changes_email = if gain == Gain::Token { email.clone() } else { Step::CLOSED };
            all.push(SignIn { how, gain, client: Some(at), step, changes_email });
        }
    };
    let password = password(facts, client);
    add(How::Password, Gain::Token, password.clone().and(public.clone()), &api_email);
    add(How::Password, Gain::Session, password.clone().and(by_app.clone()), &api_email);
    let backend = facts.step_of(Guard::BackendFlow, client).at_most_conditional(Condition::App);
    add(How::Backend, Gain::Session, backend, &api_email);
    let custom = facts
        .step_of(Guard::CustomFlow, client)
        .and(facts.step(Guard::FunctionOfChallenges))
        .at_most_conditional(Condition::FunctionOfChallenges)
        .and(Step::undocumented(facts.is(Guard::MfaRequired), Condition::ChallengeThenFactor));
    add(How::Custom, Gain::Token, custom.clone().and(public.clone()), &api_email);
    add(How::Custom, Gain::Session, custom.and(by_app.clone()), &api_email);
    let local = facts.local_pages(client);
    let at_pages = local.clone().and(password_at_pages(&password));
    let implicit = facts.step_of(Guard::ImplicitGrant, client);
    let token_of_pages = public.clone().or(implicit.clone());
    add(How::Pages, Gain::Token, at_pages.clone().and(token_of_pages), &pages_email);
    add(How::Pages, Gain::Session, at_pages.and(private.clone()), &pages_email);
    let of_sign_up = code_of_sign_up(facts, client);
    add(How::CodeOfSignUp, Gain::Token, of_sign_up.clone().and(public.clone()), &api_email);
    add(How::CodeOfSignUp, Gain::Session, of_sign_up.and(by_app.clone()), &api_email);
    for (how, guard) in [(How::CodeByEmail, Guard::CodeByEmail), (How::CodeBySms, Guard::CodeBySms)] {
        let code = facts.step_of(guard, client).and(facts.step_without(Guard::MfaRequired));
        // Whether the pages offer a code depends on their version and branding.
        let pages = local.clone().and(Step { proven: Sure::No, ..Step::OPEN });
        let session = by_app.clone().or(pages.clone().and(private.clone()));
        let token = public.clone().or(pages.and(implicit.clone()));
        add(how, Gain::Token, code.clone().and(token), &api_email);
        add(how, Gain::Session, code.and(session), &api_email);
    }
    all
}

/// The session of `ConfirmSignUp`, which `InitiateAuth` takes for the first factor. It adds nothing where the client
/// takes the password of the sign-up, or a code to the same address.
pub(super) fn code_of_sign_up(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    if password(facts, client).proven == Sure::Yes {
        return Step::CLOSED;
    }
    let code = |sent, first| {
        let first = facts.of_element(first, client).and(facts.is(Guard::MfaRequired).negated());
        facts.step(sent).and(Step::of(first.negated()))
    };
    let code =
        code(Guard::EmailGetsACode, Guard::CodeByEmail).or(code(Guard::PhoneGetsACode, Guard::CodeBySms));
    facts
        .step_of(Guard::ChoiceFlow, client)
        .and(facts.step(Guard::SignUpIsOn))
        .and(code)
        .and(Step::undocumented(Ternary::True, Condition::SessionOfSignUp))
}

/// The decisions that may refuse a sign-in through a client.
pub(super) fn gate(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    functions(facts).and(Step::unless(facts.of_element(Guard::RiskResponse, client), Condition::RiskResponse))
}

/// The functions that may refuse a sign-in of any client.
fn functions(facts: &Facts<'_>) -> Step {
    facts
        .unless(Guard::FunctionBeforeSignIn, Condition::FunctionBeforeSignIn)
        .and(facts.unless(Guard::FunctionOfTokens, Condition::FunctionOfTokens))
}

/// Whether a client takes a password by the API.
pub(super) fn password(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let step = facts.step_of(Guard::PasswordFlow, client);
    match facts.of_element(Guard::FlowsOfTheOldKind, client) {
        Ternary::False => step,
        Ternary::True | Ternary::Unknown(()) if step.proven == Sure::Yes => step,
        old @ (Ternary::True | Ternary::Unknown(())) => step.or(Step::undocumented(old, Condition::OldFlows)),
    }
}

/// Whether the pages take a password. AWS does not document it of clients that allow no flow with one.
pub(super) fn password_at_pages(password: &Step) -> Step {
    match (password.proven, password.possible) {
        (Sure::Yes, _) => Step::OPEN,
        (_, Sure::No) => Step::conditional(Condition::PagesWithoutPasswordFlow),
        (..) => Step::unless(Ternary::Unknown(()), Condition::PagesWithoutPasswordFlow),
    }
}

/// Whether a user can change the email address to one that is not verified, with a token that allows it.
pub(super) fn changes_email(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    facts
        .step_writes(client, "email")
        .and(Step::of(facts.is_mutable("email")))
        .and(facts.step_without(Guard::EmailIsKeptUntilVerified))
}

/// Whether a token of the pages has the scope that changes the user's attributes: a function may add it.
pub(super) fn profile_scope(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let added = facts
        .step(Guard::ScopesByFunction)
        .and(Step::undocumented(Ternary::True, Condition::FunctionOfScopes));
    facts.step_of(Guard::ProfileScope, client).or(added)
}

/// The same with a token of a client that the stranger registered, of which AWS documents nothing.
pub(super) fn changes_email_of_own_client(facts: &Facts<'_>) -> Step {
    Step::of(Ternary::Unknown(()))
        .and(Step::of(facts.is_mutable("email")))
        .and(facts.step_without(Guard::EmailIsKeptUntilVerified))
}
