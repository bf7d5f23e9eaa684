//! Journeys in words: the settings that a step rests on, and the parts of an id.

use std::borrow::Cow;
use std::rc::Rc;

use super::answer::Reasons;
use super::certainty::{Cause, Ground};
use super::facts::{Detail, Facts, InWords, Subject};
use super::guard::{Guard, holds_in};
use super::sign_in::How;
use super::stranger::{Entrance, Proof};
use crate::pool::{Beyond, Scope, Section, State, at};
use crate::rule::{Leaf, Operator, Predicate};
use crate::ternary::Ternary;

/// The settings behind some causes, each once.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Each with its value, in words.
    pub because: Vec<String>,
    /// Those that were not read.
    pub unread: Vec<String>,
    /// The part that the input does not hold, for each of those.
    pub outside: Vec<Option<Beyond>>,
    /// The paths of all.
    pub settings: Vec<String>,
}

/// The settings that some causes are about, as far as somebody asks for them.
pub(super) fn causes(facts: &Facts<'_>, causes: &[Cause]) -> Said {
    let mut said = Said::default();
    let is_said = |cause: &&Cause| match facts.detail {
        Detail::Reasons => true,
        Detail::Answers => cause.holds.is_none(),
        Detail::Levels => false,
    };
    for cause in causes.iter().filter(is_said) {
        let words = in_words(facts, cause);
        let InWords { because, unread, settings } = &*words;
        add_new(&mut said.because, because);
        add_new(&mut said.settings, settings);
        for (setting, outside) in unread {
            said.not_read(setting, *outside);
        }
    }
    said
}

/// The settings that a cause is about.
fn in_words(facts: &Facts<'_>, cause: &Cause) -> Rc<InWords> {
    if let Some(known) = facts.in_words.borrow().get(cause) {
        return Rc::clone(known);
    }
    let Said { because, unread, outside, settings } = of_cause(facts, cause);
    let words = Rc::new(InWords { because, unread: unread.into_iter().zip(outside).collect(), settings });
    facts.in_words.borrow_mut().insert(*cause, Rc::clone(&words));
    words
}

/// Adds words that are not there yet.
fn add_new(all: &mut Vec<String>, words: &[String]) {
    for word in words {
        if !all.contains(word) {
            all.push(word.clone());
        }
    }
}

fn of_cause(facts: &Facts<'_>, cause: &Cause) -> Said {
    let mut said = Said::default();
    match cause.ground {
        Ground::Guard(guard, element) => {
            guard_words(facts, guard, element, cause.holds, &mut said);
        }
        Ground::Offers(of, provider) => {
            let name = facts.providers.get(provider).and_then(|one| one.text("ProviderName"));
            let setting = format!("Clients[{}].SupportedIdentityProviders", name_in_paths(facts, of));
            said.settings.push(setting.clone());
            match cause.holds {
                Some(_) => {
                    said.because.push(format!("{setting} has {}", name.unwrap_or("a provider")));
                }
                None if is_phantom(&facts.clients, of) => said.lacks(facts, Section::Clients),
                None if is_phantom(&facts.providers, provider) => {
                    said.lacks(facts, Section::IdentityProviders);
                }
                None => said.not_read(&setting, None),
            }
        }
        // An attribute that can be written needs no words.
        Ground::Writes(of, attribute) => {
            let setting = format!("Clients[{}].WriteAttributes", name_in_paths(facts, of));
            said.settings.push(setting.clone());
            match cause.holds {
                Some(_) => {}
                None if is_phantom(&facts.clients, of) => said.lacks(facts, Section::Clients),
                None => said.not_read(&format!("{setting} and SchemaAttributes for {attribute}"), None),
            }
        }
    }
    said
}

impl Said {
    /// Adds a setting that was not read, once.
    pub(super) fn not_read(&mut self, setting: &str, outside: Option<Beyond>) {
        if !self.unread.iter().any(|own| own == setting) {
            self.unread.push(setting.to_owned());
            self.outside.push(outside);
        }
    }

    /// The reasons of an answer that is open for want of what was not read.
    pub(super) fn reasons(self) -> Reasons {
        let outside = self.beyond();
        Reasons { unread: self.unread, outside, ..Reasons::default() }
    }

    /// Adds what was not read of another.
    pub(super) fn add(&mut self, other: Said) {
        for (setting, outside) in other.unread.iter().zip(other.outside) {
            self.not_read(setting, outside);
        }
    }

    /// Adds a section of which no element was read.
    fn lacks(&mut self, facts: &Facts<'_>, section: Section) {
        self.not_read(section.member(), facts.pool.outside(section));
    }

    /// The first part that the input does not hold, if it lacks all that was not read for that reason.
    pub(super) fn beyond(&self) -> Option<Beyond> {
        self.outside.iter().copied().collect::<Option<Vec<Beyond>>>()?.into_iter().min()
    }
}

/// Whether a list was not read.
fn is_phantom(list: &[Subject<'_>], at: usize) -> bool {
    list.get(at).is_some_and(|subject| subject.phantom)
}

/// The name of a client in the path of a setting.
fn name_in_paths<'a>(facts: &Facts<'a>, at: usize) -> Cow<'a, str> {
    facts.clients.get(at).map(Subject::client_name).unwrap_or_default()
}

/// The name of a client.
pub(super) fn client(facts: &Facts<'_>, at: Option<usize>) -> String {
    match at.map(|at| facts.clients.get(at)) {
        Some(Some(client)) => own_name(client).into_owned(),
        Some(None) | None => "a client of the stranger's own".to_owned(),
    }
}

/// The name of a client that no other has: with its id, where several have the name.
pub(super) fn own_name<'a>(client: &Subject<'a>) -> Cow<'a, str> {
    let name = client.client_name();
    match client.text("ClientId") {
        _ if !client.twin => name,
        Some(id) => Cow::Owned(format!("{name} ({id})")),
        None => Cow::Owned(format!("{name} (client {})", client.index + 1)),
    }
}

fn guard_words(facts: &Facts<'_>, guard: Guard, at: usize, holds: Option<bool>, said: &mut Said) {
    let Some(rule) = facts.guards.rule(guard) else { return };
    let list = rule.each.as_ref().map(|each| each.path.steps_text());
    let subject = match list.as_deref() {
        None => None,
        Some("Clients") => facts.clients.get(at),
        Some("IdentityProviders") => facts.providers.get(at),
        Some(_) => facts.attributes.get(at),
    };
    let name = subject.map(|subject| match list.as_deref() {
        Some("Clients") => subject.client_name(),
        Some("IdentityProviders") => subject.text("ProviderName").unwrap_or("a provider").into(),
        _ => subject.text("Name").unwrap_or("an attribute").into(),
    });
    let prefix = list.as_deref().zip(name).map(|(list, name)| format!("{list}[{name}]."));
    let scope = Scope { element: subject.map(|subject| subject.element), ..Scope::of(facts.pool) };
    let phantom = subject.is_some_and(|subject| subject.phantom);
    let mut words = Words { scope, prefix, list: list.filter(|_| phantom), said };
    words.add(&rule.expect, holds);
}

struct Words<'w, 'a> {
    scope: Scope<'a>,
    /// The text before paths of the element.
    prefix: Option<String>,
    /// The list that was not read.
    list: Option<String>,
    said: &'w mut Said,
}

impl Words<'_, '_> {
    /// Adds the parts that make a predicate what it is.
    fn add(&mut self, predicate: &Predicate, holds: Option<bool>) {
        let wanted = match holds {
            Some(holds) => Ternary::from(holds),
            None => Ternary::Unknown(()),
        };
        let of = |inner: &Predicate, scope| holds_in(inner, scope);
        match predicate {
            Predicate::Leaf(leaf) => self.leaf(leaf, holds),
            Predicate::All(inner) | Predicate::Any(inner) => {
                for part in inner {
                    if of(part, self.scope) == wanted {
                        self.add(part, holds);
                    }
                }
            }
            Predicate::Some(quantified) | Predicate::Every(quantified) => {
                let path = quantified.list.path.steps_text();
                self.said.settings.push(path.clone());
                match holds {
                    Some(holds) => {
                        let wanted = quantified.filter.as_deref().or(quantified.expect.as_deref());
                        let wanted = wanted.and_then(self::wanted);
                        let wanted = wanted.unwrap_or_else(|| "one that fits".to_owned());
                        self.said
                            .because
                            .push(format!("{path} {} {wanted}", if holds { "has" } else { "lacks" }));
                    }
                    None => {
                        let outside = at(self.scope, &quantified.list.path, |state| beyond(&state));
                        self.said.not_read(&path, outside);
                    }
                }
            }
            // Guards name the settings of these elsewhere, or have none.
            Predicate::None(_) | Predicate::Count(_) | Predicate::Unique(_) | Predicate::Named(_) => {}
        }
    }

    fn leaf(&mut self, leaf: &Leaf, holds: Option<bool>) {
        let own = !leaf.path.from_pool;
        let prefix = self.prefix.as_deref().filter(|_| own).unwrap_or("");
        let path = format!("{prefix}{}", leaf.path.steps_text());
        self.said.settings.push(path.clone());
        if holds.is_none() {
            let outside = at(self.scope, &leaf.path, |state| beyond(&state));
            match (self.list.as_deref().filter(|_| own), outside) {
                (Some(list), _) => {
                    let outside = self.scope.pool.outside(Section::of(list));
                    self.said.not_read(list, outside);
                }
                (None, Some(Beyond::Section(section))) => {
                    self.said.not_read(section.member(), outside);
                }
                (None, outside) => self.said.not_read(&path, outside),
            }
            return;
        }
        let text = at(self.scope, &leaf.path, |state| described(&path, leaf, &state));
        self.said.because.extend(text);
    }
}

/// The part that the input does not hold.
fn beyond(state: &State<'_>) -> Option<Beyond> {
    match state {
        State::Outside(beyond) => Some(*beyond),
        State::Present(_) | State::Default(_) | State::Absent | State::Unknown(_) => None,
    }
}

/// The value at a path, as far as it matters to a leaf.
fn described(path: &str, leaf: &Leaf, state: &State<'_>) -> Option<String> {
    let (value, default) = match state {
        State::Present(value) => (*value, ""),
        State::Default(value) => (*value, " (default)"),
        State::Absent => return Some(format!("{path} is absent")),
        State::Unknown(_) | State::Outside(_) => return None,
    };
    let text = match leaf.operators.first() {
        Some(Operator::Contains(wanted)) => {
            let has = value.as_list().is_some_and(|list| list.contains(wanted));
            format!("{path} {} {}", if has { "has" } else { "lacks" }, words_of(wanted))
        }
        Some(Operator::Present(_)) => format!("{path} is present"),
        _ => match value.as_list() {
            Some([]) => format!("{path} is empty"),
            Some(list) => format!("{path} has {}", list.iter().map(words_of).collect::<Vec<_>>().join(", ")),
            None => format!("{path} is {}", words_of(value)),
        },
    };
    Some(format!("{text}{default}"))
}

/// The first value that the elements of a list are compared with.
fn wanted(predicate: &Predicate) -> Option<String> {
    match predicate {
        Predicate::Leaf(leaf) => match leaf.operators.first() {
            Some(Operator::Equals(wanted)) => Some(words_of(wanted)),
            _ => None,
        },
        Predicate::All(inner) | Predicate::Any(inner) => inner.iter().find_map(wanted),
        Predicate::Some(_)
        | Predicate::Every(_)
        | Predicate::None(_)
        | Predicate::Count(_)
        | Predicate::Unique(_)
        | Predicate::Named(_) => None,
    }
}

fn words_of(value: &crate::value::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn entrance_id(entrance: Entrance) -> &'static str {
    match entrance {
        Entrance::Api => "sign-up-api",
        Entrance::App => "sign-up-app",
        Entrance::Pages => "sign-up-pages",
        Entrance::OwnClient => "own-client",
        Entrance::Provider => "federated",
        Entrance::Exchange => "token-exchange",
        Entrance::Machine => "open-registration-machine",
        Entrance::MachineByToken => "authenticated-registration-machine",
        Entrance::Migration => "migration",
        Entrance::Secret => "client-credentials",
        Entrance::AliasOfEmail | Entrance::AliasOfPhone => "alias",
    }
}

pub(super) fn proof_id(proof: Proof) -> &'static str {
    match proof {
        Proof::EmailCode => "email-code",
        Proof::PhoneCode => "phone-code",
        Proof::EmailCodeAtSignIn => "email-code-at-sign-in",
        Proof::PhoneCodeAtSignIn => "phone-code-at-sign-in",
        Proof::Function => "function",
        Proof::Administrator => "administrator",
    }
}

pub(super) fn how_id(how: How) -> &'static str {
    match how {
        How::Password => "password-api",
        How::Pages => "password-pages",
        How::Backend => "password-backend",
        How::Custom => "custom",
        How::CodeByEmail => "code-by-email",
        How::CodeBySms => "code-by-sms",
        How::CodeOfSignUp => "code-of-sign-up",
        How::Provider => "provider",
        How::Exchange => "exchange",
        How::Machine => "machine",
        How::Alias => "confirm-sign-up",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::facts::{CLIENTS, subjects};
    use crate::pool::Pool;
    use crate::value::Value;

    #[test]
    fn clients_of_one_name_are_told_apart() {
        let text = r#"{"Clients": [{"ClientId": "1", "ClientName": "app"}, {"ClientName": "app"}, {"ClientName": "web"}]}"#;
        let Some(Value::Map(document)) = Value::parse_json(text) else { panic!("{text}") };
        let pool = Pool { document, ..Pool::default() };
        let names: Vec<String> =
            subjects(&pool, CLIENTS).iter().map(|client| own_name(client).into_owned()).collect();
        assert_eq!(names, ["app (1)", "app (client 2)", "web"]);
    }
}
