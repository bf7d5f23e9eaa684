//! The answers as a list of the pool document, for rules: one element for each question.

use super::{Answer, Best, Gain, Journeys, Sure};
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

fn element(id: &str, members: Vec<(&'static str, Value)>) -> Value {
    let members = [("Id", text(id))].into_iter().chain(members);
    Value::Map(Map(members.map(|(name, value)| (name.into(), value)).collect()))
}

fn of_answer(answer: &Answer) -> Vec<(&'static str, Value)> {
    match answer {
        Answer::Gets { proven, possible, unread, .. } => {
            let mut members = levels(proven.0, possible.0, unread);
            let gain = |(_, gain): &Best| gain.map_or("nothing", Gain::word);
            members.push(("Gets", if proven == possible { text(gain(proven)) } else { open(unread) }));
            members
        }
        Answer::Seconds { proven, possible, unread, .. } => {
            let is = |seconds: i64| if seconds > 0 { Sure::Yes } else { Sure::No };
            let mut members = levels(is(*proven), is(*possible), unread);
            let seconds = if proven == possible { Value::Int(*proven) } else { open(unread) };
            members.extend([("Seconds", seconds), ("ProvenSeconds", Value::Int(*proven))]);
            members
        }
        Answer::Names { proven, possible } => {
            let is = |names: &[String]| if names.is_empty() { Sure::No } else { Sure::Yes };
            // Which of its names are open for want of a section is not noted.
            let unread = if proven == possible { Vec::new() } else { vec!["what was not read".to_owned()] };
            let mut members = levels(is(proven), is(possible), &unread);
            members.push(("Names", names(proven, possible, &unread)));
            members
        }
    }
}

/// The names that are proven, and one that is not known where there may be more.
fn names(proven: &[String], possible: &[String], unread: &[String]) -> Value {
    match texts(proven) {
        Value::List(mut list) if proven != possible && !proven.is_empty() => {
            list.push(open(unread));
            Value::List(list)
        }
        _ if proven != possible => open(unread),
        list => list,
    }
}

/// The answer, which is unknown where more is possible than is proven.
fn levels(proven: Sure, possible: Sure, unread: &[String]) -> Vec<(&'static str, Value)> {
    let answer = if proven == possible { text(proven.word()) } else { open(unread) };
    let undocumented = Value::Bool(proven != possible && unread.is_empty());
    vec![
        ("Answer", answer),
        ("Proven", text(proven.word())),
        ("Possible", text(possible.word())),
        ("Undocumented", undocumented),
    ]
}

/// A value that is not known, with the settings that were not read.
fn open(unread: &[String]) -> Value {
    let reason = match unread {
        [] => "AWS does not document it, or it was not read".to_owned(),
        unread => format!("not known without {}", unread.join(", ")),
    };
    Value::Unknown(reason.into())
}

fn of_machines(found: &Journeys) -> Vec<(&'static str, Value)> {
    let mut machines = found.journeys.iter().filter(|journey| journey.gets == Gain::MachineToken);
    let Some(journey) = machines.next() else { return levels(Sure::No, Sure::No, &[]) };
    levels(journey.sure.proven, journey.sure.possible, &journey.unread)
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned().into())
}

fn texts(all: &[String]) -> Value {
    Value::List(all.iter().map(|one| text(one)).collect())
}
