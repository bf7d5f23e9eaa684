//! The answers as a list of the pool document, for rules: one element for each question.

use super::{Actor, Answer, Condition, Gain, Journey, Journeys, Sure};
use crate::pool::Beyond;
use crate::value::{Map, Value};

/// The id of the answer about tokens of machines that a stranger registers.
const MACHINES: &str = "stranger-machine-token";

/// The elements of `Journeys`.
pub(super) fn list(found: &Journeys) -> Value {
    let of_questions = found.answers.iter().map(|(question, answer)| {
        let mut members = of_answer(answer);
        let clients =
            if question.is_about_tokens_of_strangers() { found.clients_of_strangers() } else { Vec::new() };
        members.push(("Clients", texts(&clients)));
        element(question.id(), members)
    });
    Value::List(of_questions.chain([element(MACHINES, of_machines(found))]).collect())
}

impl Journeys {
    /// Whether the answer of an id in the list is no, or none, whatever was not read.
    pub fn is_closed(&self, id: &str) -> bool {
        if id == MACHINES {
            return of_machine(self).1 == Sure::No;
        }
        self.answers.iter().any(|(question, answer)| question.id() == id && answer.is_no())
    }
}

/// How sure it is that a stranger gets the token of a machine: what is proven, and what is possible.
fn of_machine(found: &Journeys) -> (Sure, Sure) {
    let machines = found.journeys.iter().filter(|journey| journey.gets == Gain::MachineToken);
    let none = (Sure::No, Sure::No);
    machines
        .fold(none, |(proven, possible), one| (proven.max(one.sure.proven), possible.max(one.sure.possible)))
}

fn element(id: &str, members: Vec<(&'static str, Value)>) -> Value {
    let members = [("Id", text(id))].into_iter().chain(members);
    Value::Map(Map(members.map(|(name, value)| (name.into(), value)).collect()))
}

fn of_answer(answer: &Answer) -> Vec<(&'static str, Value)> {
    let open = answer.is_unknown().then(|| Open::of(answer));
    let known = |name, value: Value| open.as_ref().map_or(Some((name, value)), |open| open.member(name));
    let mut members = levels(range(answer), open.as_ref());
    match answer {
        Answer::Gets { proven: (_, gain), token, .. } => {
            // The most that is got, which may be less sure than the answer.
            let most = if token.proven > Sure::No { Some(Gain::Token) } else { *gain };
            members.extend(known("Gets", text(most.map_or("nothing", Gain::word))));
            let is_known = token.proven == token.possible;
            let sure = Some(("Token", text(token.proven.word())));
            members.extend(if is_known { sure } else { known("Token", text("no")) });
        }
        Answer::Seconds { proven, .. } => {
            members.push(("ProvenSeconds", Value::Int(*proven)));
            members.extend(known("Seconds", Value::Int(*proven)));
        }
        // Names that are proven are there, and one that is not known where there may be more.
        Answer::Names { proven, .. } => match &open {
            Some(open) if !proven.is_empty() => {
                let names = proven.iter().map(|name| text(name)).chain([open.value()]);
                members.push(("Names", Value::List(names.collect())));
            }
            _ => members.extend(known("Names", texts(proven))),
        },
    }
    members
}

/// The least and the most that an answer may be.
fn range(answer: &Answer) -> (Sure, Sure) {
    let has = |some: bool| if some { Sure::Yes } else { Sure::No };
    match answer {
        Answer::Gets { proven, possible, .. } => (proven.0, possible.0),
        Answer::Seconds { proven, possible, .. } => (has(*proven > 0), has(*possible > 0)),
        Answer::Names { proven, possible, .. } => (has(!proven.is_empty()), has(!possible.is_empty())),
    }
}

/// Why an answer is open.
struct Open<'a> {
    conditions: &'a [Condition],
    unread: &'a [String],
    outside: Option<Beyond>,
}

impl Open<'_> {
    fn of(answer: &Answer) -> Open<'_> {
        let reasons = answer.reasons();
        Open { conditions: &reasons.conditions, unread: &reasons.unread, outside: reasons.outside }
    }

    /// A member that is open. It is left out where that is for want of a part that the input does not hold.
    fn member(&self, name: &'static str) -> Option<(&'static str, Value)> {
        self.outside.is_none().then(|| (name, self.value()))
    }

    fn value(&self) -> Value {
        let gaps: Vec<&str> =
            self.conditions.iter().filter(|one| one.is_undocumented()).map(|one| one.words()).collect();
        let reason = match (self.unread, gaps.as_slice()) {
            ([], []) => "it depends on something that AWS does not document".to_owned(),
            ([], gaps) => format!("it depends on whether {}", gaps.join(", and whether ")),
            (unread, _) => format!("it depends on settings that are not known: {}", unread.join(", ")),
        };
        Value::Unknown(reason.into())
    }
}

/// The answer, which is open where more is possible than is proven.
fn levels((proven, possible): (Sure, Sure), open: Option<&Open<'_>>) -> Vec<(&'static str, Value)> {
    let mut members = vec![("Proven", text(proven.word())), ("Possible", text(possible.word()))];
    members.push(("Undocumented", Value::Bool(open.is_some_and(|open| open.unread.is_empty()))));
    match open {
        Some(open) if proven != possible => members.extend(open.member("Answer")),
        Some(_) | None => members.push(("Answer", text(proven.word()))),
    }
    if let Some(beyond) = open.and_then(|open| open.outside) {
        members.push((Beyond::MEMBER, text(beyond.path())));
    }
    members
}

fn of_machines(found: &Journeys) -> Vec<(&'static str, Value)> {
    let of_strangers = || found.journeys.iter().filter(|journey| journey.actor() == Actor::Stranger);
    let machines = || of_strangers().filter(|journey| journey.gets == Gain::MachineToken);
    let Some(journey) = machines().max_by_key(|journey| journey.sure.possible) else {
        return levels((Sure::No, Sure::No), None);
    };
    let (proven, possible) = of_machine(found);
    let Journey { conditions, unread, outside, .. } = journey;
    let open = Open { conditions, unread, outside: *outside };
    levels((proven, possible), Some(&open).filter(|_| proven != possible))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned().into())
}

fn texts(all: &[String]) -> Value {
    Value::List(all.iter().map(|one| text(one)).collect())
}
