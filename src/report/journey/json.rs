//! Journeys for programs. Version 1.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use super::JourneyReport;
use super::words::answer;
use crate::finding::PoolRef;
use crate::journey::{Answer, Best, Condition, Journey, Journeys, Level, NOT_COVERED};
use crate::report::json::escaping::EscapingFormatter;
use crate::report::json::moment;
use crate::report::json::v1::{NoteShape, PoolShape, TOOL, ToolShape, UnreadShape};

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
    questions: BTreeMap<&'static str, AnswerShape<'a>>,
    journeys: Vec<JourneyShape<'a>>,
    doubts: &'a [&'static str],
}

#[derive(Serialize)]
#[serde(untagged)]
enum AnswerShape<'a> {
    Gets(ReasonedShape<'a, BestShape>),
    Seconds(ReasonedShape<'a, i64>),
    Names { proven: &'a [String], possible: &'a [String] },
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
    PoolJourneysShape {
        version,
        pool: PoolShape::from(pool),
        unknown: journeys.is_unknown(),
        questions: journeys
            .answers
            .iter()
            .map(|(one, answer)| (one.id(), AnswerShape::from(answer)))
            .collect(),
        journeys: journeys.journeys.iter().map(JourneyShape::from).collect(),
        doubts: &journeys.doubts,
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
        match answer {
            Answer::Gets { proven, possible, conditions, because, unread } => {
                let [proven, possible] = [proven, possible].map(|one| best(*one));
                let conditions = words(conditions);
                AnswerShape::Gets(ReasonedShape { proven, possible, conditions, because, unread })
            }
            Answer::Seconds { proven, possible, conditions, because, unread } => {
                let ([proven, possible], conditions) = ([*proven, *possible], words(conditions));
                AnswerShape::Seconds(ReasonedShape { proven, possible, conditions, because, unread })
            }
            Answer::Names { proven, possible } => AnswerShape::Names { proven, possible },
        }
    }
}

impl<'a> From<&'a Journey> for JourneyShape<'a> {
    fn from(journey: &'a Journey) -> Self {
        JourneyShape {
            id: &journey.id,
            actor: "stranger",
            gets: journey.gets.word(),
            clients: &journey.clients,
            sure: level(journey.sure),
            unverified: level(journey.unverified),
            single_factor: level(journey.single_factor),
            foreign_email: level(journey.foreign_email),
            conditions: words(&journey.conditions),
            because: &journey.because,
            unread: &journey.unread,
        }
    }
}
