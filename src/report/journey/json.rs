//! Journeys for programs. Version 1, which `journeys.v1.schema.json` describes.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use super::JourneyReport;
use super::words::{answer, short};
use crate::finding::PoolRef;
use crate::journey::{
    Answer, Best, Change, Condition, Journey, Journeys, Level, NOT_COVERED, Question, Reasons,
};
use crate::report::json::escaping::EscapingFormatter;
use crate::report::json::moment;
use crate::report::json::v1::{NoteShape, PoolShape, TOOL, ToolShape, UnreadShape};
use crate::value::Value;

/// The JSON Schema of the report, and of each line of `jsonl`.
pub const SCHEMA: &str = include_str!("journeys.v1.schema.json");

const VERSION: u8 = 1;

#[derive(Serialize)]
struct ReportShape<'a> {
    version: u8,
    tool: ToolShape<'a>,
    generated: String,
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    pools: Vec<PoolJourneysShape<'a>>,
    unread: Vec<UnreadShape<'a>>,
    notes: Vec<NoteShape<'a>>,
    not_covered: &'a [&'static str],
}

#[derive(Serialize)]
struct PoolJourneysShape<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u8>,
    pool: PoolShape<'a>,
    unknown: bool,
    questions: BTreeMap<&'static str, QuestionShape<'a>>,
    journeys: Vec<JourneyShape<'a>>,
    /// The changes of single settings that close an answer or a journey, or leave less of an answer.
    changes: Vec<ChangeShape<'a>>,
    doubts: &'a [&'static str],
}

#[derive(Serialize)]
struct QuestionShape<'a> {
    #[serde(flatten)]
    answer: AnswerShape<'a>,
    /// Each of these changes alone makes the answer no.
    closed_by: Vec<String>,
    lessened_by: Vec<LessenedShape>,
}

/// A change that leaves less of an answer, and the answer then.
#[derive(Serialize)]
struct LessenedShape {
    change: String,
    leaves: String,
}

#[derive(Serialize)]
struct ChangeShape<'a> {
    change: String,
    setting: &'a str,
    /// The list of the element that has the setting, and the position of the element.
    list: Option<&'static str>,
    position: Option<usize>,
    /// The path in the element, or in the pool.
    path: String,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
    /// Settings that the service requires with it.
    with: BTreeMap<String, serde_json::Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AnswerShape<'a> {
    Gets {
        #[serde(flatten)]
        best: ReasonedShape<'a, BestShape>,
        token: LevelShape,
    },
    Seconds(ReasonedShape<'a, i64>),
    Names {
        proven: &'a [String],
        possible: &'a [String],
        unread: &'a [String],
    },
}

#[derive(Serialize)]
struct ReasonedShape<'a, T> {
    proven: T,
    possible: T,
    conditions: Vec<&'static str>,
    because: &'a [String],
    unread: &'a [String],
}

#[derive(Serialize)]
struct BestShape {
    answer: &'static str,
    gets: Option<&'static str>,
}

#[derive(Serialize)]
struct LevelShape {
    proven: &'static str,
    possible: &'static str,
}

#[derive(Serialize)]
struct JourneyShape<'a> {
    id: &'a str,
    actor: &'static str,
    gets: &'static str,
    clients: &'a [String],
    sure: LevelShape,
    unverified: LevelShape,
    single_factor: LevelShape,
    foreign_email: LevelShape,
    conditions: Vec<&'static str>,
    because: &'a [String],
    unread: &'a [String],
    /// Each of these changes alone closes it.
    closed_by: Vec<String>,
}

pub(super) fn write(report: &JourneyReport<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    let run = report.run;
    let shape = ReportShape {
        version: VERSION,
        tool: TOOL,
        generated: moment(report.generated),
        outcome: report.outcome.word(),
        exit_code: report.outcome.exit_code(),
        answer: answer(report),
        pools: run.pools.iter().map(|(pool, journeys)| pool_shape(None, pool, journeys)).collect(),
        unread: run.unread.iter().map(UnreadShape::from).collect(),
        notes: run.notes.iter().map(NoteShape::from).collect(),
        not_covered: &NOT_COVERED,
    };
    let formatter = EscapingFormatter(PrettyFormatter::new());
    shape.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))?;
    writeln!(out)
}

/// One line a pool, then one for each part that was not read.
pub(super) fn write_lines(report: &JourneyReport<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    for (pool, journeys) in &report.run.pools {
        line(&pool_shape(Some(VERSION), pool, journeys), &mut out)?;
    }
    for unread in &report.run.unread {
        line(&BTreeMap::from([("unread", UnreadShape::from(unread))]), &mut out)?;
    }
    Ok(())
}

fn line(shape: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    let formatter = EscapingFormatter(CompactFormatter);
    shape.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter))?;
    out.write_all(&text)?;
    writeln!(out)
}

fn pool_shape<'a>(
    version: Option<u8>,
    pool: &'a Arc<PoolRef>,
    journeys: &'a Journeys,
) -> PoolJourneysShape<'a> {
    let ways = journeys.journeys.iter().enumerate();
    PoolJourneysShape {
        version,
        pool: PoolShape::from(pool),
        unknown: journeys.is_unknown(),
        questions: journeys
            .answers
            .iter()
            .map(|(one, answer)| (one.id(), question(journeys, *one, answer)))
            .collect(),
        journeys: ways.map(|(at, journey)| way(journeys, at, journey)).collect(),
        changes: journeys.closings.changes.iter().map(ChangeShape::from).collect(),
        doubts: &journeys.doubts,
    }
}

fn question<'a>(journeys: &'a Journeys, question: Question, answer: &'a Answer) -> QuestionShape<'a> {
    let closings = &journeys.closings;
    let closed = closings.of(question);
    let named = |at: &usize| closings.changes.get(*at).map(Change::words);
    let lessened = closed.iter().flat_map(|closed| &closed.lessened);
    let lessened = lessened
        .filter_map(|(at, then)| named(at).map(|change| LessenedShape { change, leaves: short(then) }));
    QuestionShape {
        answer: AnswerShape::from(answer),
        closed_by: closed.iter().flat_map(|closed| &closed.by).filter_map(named).collect(),
        lessened_by: lessened.collect(),
    }
}

fn way<'a>(journeys: &'a Journeys, at: usize, journey: &'a Journey) -> JourneyShape<'a> {
    let closings = &journeys.closings;
    let by = closings.journeys.get(at).map_or(&[] as &[usize], |closed| &closed.by);
    let closed_by = by.iter().filter_map(|at| closings.changes.get(*at)).map(Change::words).collect();
    JourneyShape { closed_by, ..JourneyShape::from(journey) }
}

impl<'a> From<&'a Change> for ChangeShape<'a> {
    fn from(change: &'a Change) -> Self {
        ChangeShape {
            change: change.words(),
            setting: &change.setting,
            list: change.element.map(|(list, _)| list),
            position: change.element.map(|(_, at)| at),
            path: change.path.steps_text(),
            before: change.before.as_ref().map(Value::to_json),
            after: change.after.as_ref().map(Value::to_json),
            with: change.with.iter().map(|(path, value)| (path.to_string(), value.to_json())).collect(),
        }
    }
}

fn best((sure, gain): Best) -> BestShape {
    BestShape { answer: sure.word(), gets: gain.map(crate::journey::Gain::word) }
}

fn level(level: Level) -> LevelShape {
    LevelShape { proven: level.proven.word(), possible: level.possible.word() }
}

fn words(conditions: &[Condition]) -> Vec<&'static str> {
    conditions.iter().map(|condition| condition.words()).collect()
}

impl<'a> From<&'a Answer> for AnswerShape<'a> {
    fn from(answer: &'a Answer) -> Self {
        let Reasons { conditions, because, unread, .. } = answer.reasons();
        let conditions = words(conditions);
        match answer {
            Answer::Gets { proven, possible, token, .. } => {
                let [proven, possible] = [proven, possible].map(|one| best(*one));
                let best = ReasonedShape { proven, possible, conditions, because, unread };
                AnswerShape::Gets { best, token: level(*token) }
            }
            Answer::Seconds { proven, possible, .. } => {
                let [proven, possible] = [*proven, *possible];
                AnswerShape::Seconds(ReasonedShape { proven, possible, conditions, because, unread })
            }
            Answer::Names { proven, possible, .. } => AnswerShape::Names { proven, possible, unread },
        }
    }
}

impl<'a> From<&'a Journey> for JourneyShape<'a> {
    fn from(journey: &'a Journey) -> Self {
        JourneyShape {
            id: &journey.id,
            actor: journey.actor().word(),
            gets: journey.gets.word(),
            clients: &journey.clients,
            sure: level(journey.sure),
            unverified: level(journey.unverified),
            single_factor: level(journey.single_factor),
            foreign_email: level(journey.foreign_email),
            conditions: words(&journey.conditions),
            because: &journey.because,
            unread: &journey.unread,
            closed_by: Vec::new(),
        }
    }
}
