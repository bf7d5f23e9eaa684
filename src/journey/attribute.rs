//! The attributes of users: who may write, change and prove them.

use super::certainty::{Ground, Step};
use super::facts::{Facts, Subject, either};
use super::guard::Guard;
use crate::ternary::Ternary;
use crate::value::Value;

/// An address that a user proves by a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Email,
    Phone,
}

impl Address {
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Address::Email => "email",
            Address::Phone => "phone_number",
        }
    }

    fn user_name(self) -> Guard {
        match self {
            Address::Email => Guard::EmailIsTheUserName,
            Address::Phone => Guard::PhoneIsTheUserName,
        }
    }
}

impl<'a> Facts<'a> {
    /// Whether a client may write an attribute: when a user signs up, also one that cannot be changed later.
    pub(super) fn writes(&self, client: &Subject<'a>, attribute: &str) -> Ternary {
        self.asks_for("WriteAttributes");
        let mut all = self.written.borrow_mut();
        if all.len() <= client.index {
            all.resize(client.index + 1, Vec::new());
        }
        let Some(known) = all.get_mut(client.index) else { return self.writable(client, attribute) };
        if let Some((_, writes)) = known.iter().find(|(own, _)| own == attribute) {
            return *writes;
        }
        let writes = self.writable(client, attribute);
        known.push((attribute.to_owned(), writes));
        writes
    }

    fn writable(&self, client: &Subject<'a>, attribute: &str) -> Ternary {
        let listed = self.has(client, "WriteAttributes", attribute);
        let [mut required, mut of_developers] = [Ternary::False, Ternary::False];
        for (is_it, subject) in self.called(attribute) {
            let is = |guard| is_it.and(self.of_element(guard, subject));
            required = either(required, is(Guard::AttributeRequired));
            of_developers = either(of_developers, is(Guard::AttributeOfDevelopers));
        }
        either(listed, required).and(of_developers.negated())
    }

    /// Whether a client that a stranger registered writes an attribute: AWS does not document it.
    pub(super) fn may_be_written(&self, attribute: &str) -> Step {
        let of_developers = Ternary::any(
            self.called(attribute)
                .map(|(is_it, subject)| is_it.and(self.of_element(Guard::AttributeOfDevelopers, subject))),
        );
        Step::of(Ternary::Unknown(())).and(Step::of(of_developers.negated()))
    }

    /// The step that a client opens which may write an attribute.
    pub(super) fn step_writes(&self, client: &Subject<'a>, attribute: &'static str) -> Step {
        let writes = self.writes(client, attribute);
        Step::of(writes).because(self.cause(Ground::Writes(client.index, attribute), writes))
    }

    /// Whether a user can set an address when signing up through a client.
    pub(super) fn sets(&self, client: &Subject<'a>, address: Address) -> Step {
        let name = address.attribute();
        let sets = either(self.writes(client, name), self.is(address.user_name()));
        Step::of(sets).because(self.cause(Ground::Writes(client.index, name), sets))
    }

    /// Whether every user has an attribute from the sign-up on.
    pub(super) fn is_required(&self, attribute: &str) -> Ternary {
        let required = |(is_it, subject): (Ternary, &Subject<'a>)| {
            is_it.and(self.of_element(Guard::AttributeRequired, subject))
        };
        Ternary::any(self.called(attribute).map(required))
    }

    /// Whether an attribute can be changed. A standard attribute that the pool does not list can.
    pub(super) fn is_mutable(&self, attribute: &str) -> Ternary {
        let mut mutable = if is_custom(attribute) { Ternary::Unknown(()) } else { Ternary::True };
        for (is_it, subject) in self.called(attribute) {
            match is_it {
                Ternary::True => return self.of_element(Guard::AttributeMutable, subject),
                Ternary::Unknown(()) => mutable = Ternary::Unknown(()),
                Ternary::False => {}
            }
        }
        mutable
    }

    /// The attributes that have a name, or may have it.
    fn called(&self, name: &str) -> impl Iterator<Item = (Ternary, &Subject<'a>)> {
        let all = self.names.iter().zip(&self.attributes).map(move |(own, subject)| {
            (own.map_or(Ternary::Unknown(()), |own| Ternary::from(own == name)), subject)
        });
        all.filter(|(is_it, _)| *is_it != Ternary::False)
    }

    /// The custom attributes; `None` for one whose name is unknown. A client that may write one shows that the pool has
    /// it, where the attributes are not shown.
    pub(super) fn custom_attributes(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.asks_for("WriteAttributes");
        let listed = self.attributes.iter().map(|subject| subject.text("Name"));
        let mut all: Vec<Option<&str>> = listed.filter(|name| name.is_none_or(is_custom)).collect();
        let written = self.clients.iter().filter_map(|client| match client.element.value {
            Value::Map(map) => map.get("WriteAttributes")?.as_list(),
            _ => None,
        });
        for name in written.flatten().filter_map(Value::as_str).filter(|name| is_custom(name)) {
            if !all.contains(&Some(name)) {
                all.push(Some(name));
            }
        }
        all.into_iter()
    }
}

fn is_custom(attribute: &str) -> bool {
    attribute.starts_with("custom:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::{Question, answers};
    use crate::pool::Pool;

    /// The attributes of a pool are not in every input, such as a plan that ignores changes of them.
    #[test]
    fn a_custom_attribute_that_a_client_may_write_is_one_of_the_pool() {
        let text = r#"{"Policies": {}, "Clients": [{"ClientName": "web", "WriteAttributes": ["email", "custom:role"]}]}"#;
        let Some(Value::Map(document)) = Value::parse_json(text) else { panic!("{text}") };
        let journeys = answers(&Pool { document, ..Pool::default() });
        for question in [Question::OverwritesAttributes, Question::ChoosesAttributes] {
            let answer = format!("{:?}", journeys.answer(question));
            assert!(answer.contains("custom:role"), "{answer}");
        }
    }
}
