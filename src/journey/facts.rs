//! The facts of a pool that journeys ask for. A list that was not read is one phantom element, of which everything is unknown.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use super::certainty::{Cause, Condition, Ground, Step};
use super::guard::{Guard, Guards};
use super::known::Known;
use super::reads::{Asked, Reads};
use crate::pool::{Beyond, Element, Pool, Scope, State, elements, resolve};
use crate::schema::{NodeId, Path, schema};
use crate::ternary::Ternary;
use crate::value::Value;

/// The list of app clients.
pub(super) const CLIENTS: &str = "Clients";

/// The list of identity providers.
pub(super) const PROVIDERS: &str = "IdentityProviders";

/// The list of the attributes of users.
pub(super) const ATTRIBUTES: &str = "SchemaAttributes";

/// The value of an element of a list that was not read.
static PHANTOM: LazyLock<Value> = LazyLock::new(|| Value::Unknown(Arc::from("it was not read")));

/// A client, provider or attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub element: Element<'a>,
    /// Its position among those of its list; 0 for the phantom.
    pub index: usize,
    pub phantom: bool,
    /// Another client has its name.
    pub twin: bool,
}

impl<'a> Subject<'a> {
    /// The text of a member, where it is known.
    pub(super) fn text(&self, member: &str) -> Option<&'a str> {
        match self.element.value {
            Value::Map(map) => map.get(member).and_then(Value::as_str),
            _ => None,
        }
    }

    /// The name of a client as people know it, or its position where neither a name nor an id is known.
    pub(super) fn client_name(&self) -> Cow<'a, str> {
        match self.text("ClientName").or_else(|| self.text("ClientId")) {
            Some(name) => Cow::Borrowed(name),
            None if self.phantom => Cow::Borrowed("a client that was not read"),
            None => Cow::Owned(format!("client {} without a name", self.index + 1)),
        }
    }
}

/// The lists, and the members of their elements that steps ask for.
static MEMBERS: LazyLock<[(&str, Option<Path>); 8]> = LazyLock::new(|| {
    [
        CLIENTS,
        PROVIDERS,
        ATTRIBUTES,
        "SupportedIdentityProviders",
        "WriteAttributes",
        "AttributeMapping",
        "AccessTokenLifetimeSeconds",
        "RefreshTokenLifetimeSeconds",
    ]
    .map(|member| (member, Path::parse(member).ok()))
});

/// The path of a list, or of a member of an element.
pub(super) fn path_of(member: &str) -> Option<&'static Path> {
    MEMBERS.iter().find(|(own, _)| *own == member)?.1.as_ref()
}

/// How much is said of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// The settings that make each answer so, in words.
    Reasons,
    /// The answers, and what was not read, without reasons.
    Answers,
    /// How sure each answer is, and nothing else.
    Levels,
}

/// The settings that a fact is about, in words.
#[derive(Debug)]
pub(super) struct InWords {
    /// Each with its value.
    pub because: Vec<String>,
    /// Those that were not read, each with the part that the input does not hold.
    pub unread: Vec<(String, Option<Beyond>)>,
    /// The paths of all.
    pub settings: Vec<String>,
}

/// A pool with the elements that journeys lead through.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub pool: &'a Pool,
    pub guards: &'a Guards,
    pub detail: Detail,
    pub clients: Vec<Subject<'a>>,
    pub providers: Vec<Subject<'a>>,
    pub attributes: Vec<Subject<'a>>,
    /// The names of the attributes.
    pub names: Vec<Option<&'a str>>,
    /// For each client the attributes that were asked for, and whether it writes them.
    pub written: RefCell<Vec<Vec<(String, Ternary)>>>,
    /// The facts that were put in words. Most answers rest on the same ones.
    pub in_words: RefCell<BTreeMap<Cause, Rc<InWords>>>,
    /// Whether each guard is open that was looked at. Many steps ask for the same one.
    pub known: RefCell<Known>,
    /// The facts that were asked for.
    pub reads: Cell<Reads>,
    /// Whether a stranger gets a token that registers a client, with the facts behind it.
    pub registrar: OnceCell<(Step, Reads)>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(pool: &'a Pool, guards: &'a Guards, detail: Detail) -> Facts<'a> {
        let attributes = subjects(pool, ATTRIBUTES);
        Facts {
            pool,
            guards,
            detail,
            clients: subjects(pool, CLIENTS),
            providers: subjects(pool, PROVIDERS),
            names: attributes.iter().map(|subject| subject.text("Name")).collect(),
            attributes,
            written: RefCell::default(),
            in_words: RefCell::default(),
            known: RefCell::default(),
            reads: Cell::default(),
            registrar: OnceCell::new(),
        }
    }

    /// The token of a stranger that registers a client; none before that was looked for.
    pub(super) fn registrar(&self) -> Step {
        let Some((step, reads)) = self.registrar.get() else { return Step::default() };
        self.note(*reads);
        step.clone()
    }

    /// Notes facts that something is worked out from.
    pub(super) fn note(&self, reads: Reads) {
        self.reads.set(self.reads.get().join(reads));
    }

    /// Works something out, and notes the facts that it is worked out from.
    pub(super) fn noting<T>(&self, work: impl FnOnce() -> T) -> (T, Reads) {
        let before = self.reads.take();
        let found = work();
        let reads = self.reads.get();
        self.note(before);
        (found, reads)
    }

    /// Whether a guard of the pool is open.
    pub(super) fn is(&self, guard: Guard) -> Ternary {
        self.looked_at(guard, 0, Scope::of(self.pool))
    }

    /// Whether a guard of an element is open. Each guard is about the elements of one list.
    pub(super) fn of_element(&self, guard: Guard, subject: &Subject<'a>) -> Ternary {
        self.looked_at(guard, subject.index, self.scope(subject))
    }

    fn looked_at(&self, guard: Guard, at: usize, scope: Scope<'_>) -> Ternary {
        self.note(Reads::of_guard(guard));
        if let Some(holds) = self.known.borrow().get(guard, at) {
            return holds;
        }
        let holds = self.guards.holds(guard, scope);
        self.known.borrow_mut().put(guard, at, holds);
        holds
    }

    /// Whether a guard is open for the element at a position of the list that it is about; `None` where there is none.
    pub(super) fn again(&self, guard: Guard, at: usize) -> Option<Ternary> {
        let list = self.guards.looks(guard)?.list.map(|list| schema().node(list).name.as_ref());
        let list = match list {
            None => return Some(self.is(guard)),
            Some(CLIENTS) => &self.clients,
            Some(ATTRIBUTES) => &self.attributes,
            Some(_) => &self.providers,
        };
        list.get(at).map(|subject| self.of_element(guard, subject))
    }

    /// A fact that a step rests on, where somebody asks for it.
    pub(super) fn cause(&self, ground: Ground, holds: Ternary) -> Option<Cause> {
        let holds = holds.known().ok();
        let is_said = match self.detail {
            Detail::Reasons => true,
            Detail::Answers => holds.is_none(),
            Detail::Levels => false,
        };
        is_said.then_some(Cause { ground, holds })
    }

    pub(super) fn scope(&self, subject: &Subject<'a>) -> Scope<'a> {
        Scope::of(self.pool).inside(subject.element)
    }

    /// The step that a guard of the pool opens.
    pub(super) fn step(&self, guard: Guard) -> Step {
        let holds = self.is(guard);
        Step::of(holds).because(self.cause(Ground::Guard(guard, 0), holds))
    }

    /// The step that a guard of an element opens.
    pub(super) fn step_of(&self, guard: Guard, subject: &Subject<'a>) -> Step {
        let holds = self.of_element(guard, subject);
        Step::of(holds).because(self.cause(Ground::Guard(guard, subject.index), holds))
    }

    /// The step that a guard of the pool closes.
    pub(super) fn step_without(&self, guard: Guard) -> Step {
        let holds = self.is(guard);
        Step::of(holds.negated()).because(self.cause(Ground::Guard(guard, 0), holds))
    }

    /// The step that something decides which is there where a guard is open.
    pub(super) fn unless(&self, guard: Guard, condition: Condition) -> Step {
        let holds = self.is(guard);
        let step = Step::unless(holds, condition);
        if holds == Ternary::False { step } else { step.because(self.cause(Ground::Guard(guard, 0), holds)) }
    }

    /// Whether a member of an element is a list, or a map, that has a text.
    pub(super) fn has(&self, subject: &Subject<'a>, member: &str, text: &str) -> Ternary {
        self.asks_for(member);
        let Some(path) = path_of(member) else { return Ternary::Unknown(()) };
        match resolve(self.scope(subject), path) {
            State::Present(Value::List(values)) | State::Default(Value::List(values)) => {
                Ternary::any(values.iter().map(|value| match value {
                    Value::String(own) => Ternary::from(own == text),
                    _ => Ternary::Unknown(()),
                }))
            }
            State::Present(Value::Map(map)) | State::Default(Value::Map(map)) => match map.get(text) {
                Some(Value::Unknown(_)) => Ternary::Unknown(()),
                value => Ternary::from(value.is_some()),
            },
            State::Absent => Ternary::False,
            State::Present(_) | State::Default(_) | State::Unknown(_) | State::Outside(_) => {
                Ternary::Unknown(())
            }
        }
    }

    /// Notes that a member of clients is asked for.
    pub(super) fn asks_for(&self, member: &str) {
        let asked = Asked::MEMBERS.iter().find(|(own, _)| *own == member);
        self.note(asked.map(|(_, asked)| Reads::of_member(*asked)).unwrap_or_default());
    }

    /// Whether a client offers a provider, by its name.
    pub(super) fn offers(&self, client: &Subject<'a>, provider: &Subject<'a>) -> Step {
        let offers = match provider.text("ProviderName") {
            Some(name) => self.has(client, "SupportedIdentityProviders", name),
            // A client that offers nothing, or the users of the pool alone, offers no provider of any name.
            None => self.offers_any(client),
        };
        Step::of(offers).because(self.cause(Ground::Offers(client.index, provider.index), offers))
    }

    /// Whether a client may offer a provider whose name is unknown: false, or unknown.
    fn offers_any(&self, client: &Subject<'a>) -> Ternary {
        self.asks_for("SupportedIdentityProviders");
        let Some(path) = path_of("SupportedIdentityProviders") else { return Ternary::Unknown(()) };
        match resolve(self.scope(client), path) {
            State::Present(Value::List(values)) | State::Default(Value::List(values))
                if values.iter().all(|value| value.as_str() == Some("COGNITO")) =>
            {
                Ternary::False
            }
            State::Absent => Ternary::False,
            State::Present(_) | State::Default(_) | State::Unknown(_) | State::Outside(_) => {
                Ternary::Unknown(())
            }
        }
    }

    /// The keys of a provider's attribute mapping; `None` where they are unknown.
    pub(super) fn mapping(&self, provider: &Subject<'a>) -> Option<Vec<&'a str>> {
        match resolve(self.scope(provider), path_of("AttributeMapping")?) {
            State::Present(Value::Map(map)) | State::Default(Value::Map(map)) => {
                Some(map.0.iter().map(|(key, _)| key.as_ref()).collect())
            }
            State::Absent => Some(Vec::new()),
            State::Present(_) | State::Default(_) | State::Unknown(_) | State::Outside(_) => None,
        }
    }
}

pub(super) fn either(one: Ternary, other: Ternary) -> Ternary {
    Ternary::any([one, other])
}

/// The elements of a list of the pool.
pub(super) fn subjects<'a>(pool: &'a Pool, list: &str) -> Vec<Subject<'a>> {
    let node = schema().member(NodeId::ROOT, list).and_then(|list| schema().node(list).element);
    let phantom = || {
        let element = Element { value: &PHANTOM, node, key: None };
        vec![Subject { element, index: 0, phantom: true, twin: false }]
    };
    let Some(path) = path_of(list) else { return phantom() };
    match elements(Scope::of(pool), path, node) {
        Ok(found) => {
            let of = |(index, element)| Subject { element, index, phantom: false, twin: false };
            let mut all: Vec<Subject<'a>> =
                found.iter().map(|placed| placed.element).enumerate().map(of).collect();
            // Clients of which several have the name.
            let mut times: BTreeMap<&str, usize> = BTreeMap::new();
            for name in all.iter().filter_map(|subject| subject.text("ClientName")) {
                *times.entry(name).or_default() += 1;
            }
            for subject in &mut all {
                let name = subject.text("ClientName");
                subject.twin = name.is_some_and(|name| times.get(name).is_some_and(|number| *number > 1));
            }
            all
        }
        Err(State::Absent) => Vec::new(),
        Err(_) => phantom(),
    }
}
