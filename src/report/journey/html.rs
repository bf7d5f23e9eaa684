//! Journeys as a page, and as a section of one: of each pool the picture, the answers, and the changes that close them.
//! It has no script.

use std::io;
use std::io::Write;

use askama::Template;

use super::JourneyReport;
use super::picture::{Picture, pictures};
use super::svg;
use super::words::{answer, short};
use crate::evaluate::Evaluation;
use crate::journey::{Change, Journeys, NOT_COVERED};
use crate::report::html::compared::Frame;
use crate::report::html::pack::source_hash;
use crate::report::html::ways::{OfPool, Row, Ways};
use crate::report::sanitize::sanitized;
use crate::report::summary;

#[derive(Template)]
#[template(path = "journeys.html")]
struct Page {
    frame: Frame,
    not_covered: &'static [&'static str],
    ways: Ways,
}

pub(super) fn write(report: &JourneyReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (pictures, left) = pictures(report);
    let run = report.run;
    let gaps = run.unread.iter().map(|one| format!("{}: {}", summary::unread_at(one), summary::unread(one)));
    let notes =
        run.notes.iter().map(|note| format!("{}: {}", sanitized(&note.target), sanitized(&note.message)));
    let page = Page {
        frame: Frame::new(
            (report.outcome, answer(report)),
            report.generated,
            gaps.collect(),
            notes.collect(),
        ),
        not_covered: &NOT_COVERED,
        ways: ways(&pictures, left, 2)?,
    };
    let mut text = String::new();
    page.render_into(&mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// The section of the page of a run. It has nothing where no journeys were asked for.
pub(in crate::report) fn section(evaluation: &Evaluation) -> io::Result<Ways> {
    let run = &evaluation.ways;
    let pictures: Vec<_> =
        run.pools.iter().map(|(pool, journeys)| (Picture::of(pool, journeys), journeys.as_ref())).collect();
    ways(&pictures, run.left, 3)
}

fn ways(pictures: &[(Picture, &Journeys)], left: usize, level: u8) -> io::Result<Ways> {
    let pools = pictures.iter().enumerate();
    let pools: io::Result<Vec<OfPool>> =
        pools.map(|(at, (picture, journeys))| pool(at, picture, journeys)).collect();
    Ok(Ways { pools: pools?, left, style: svg::STYLE, style_hash: source_hash(svg::STYLE), level })
}

fn pool(at: usize, picture: &Picture, journeys: &Journeys) -> io::Result<OfPool> {
    let mut drawn = Vec::new();
    svg::inline(picture, at, &mut drawn)?;
    let rows = journeys.answers.iter().map(|(question, answer)| {
        let closed = journeys.closings.of(*question);
        let closed = closed.iter().flat_map(|closed| &closed.by);
        let closed = closed.filter_map(|at| journeys.closings.changes.get(*at)).map(Change::words);
        Row {
            question: question.text(),
            answer: sanitized(&short(answer)).into_owned(),
            because: answer.reasons().because.iter().map(|one| sanitized(one).into_owned()).collect(),
            closed: closed.map(|one| sanitized(&one).into_owned()).collect(),
        }
    });
    Ok(OfPool {
        title: picture.title.clone(),
        headline: picture.headline.clone(),
        picture: String::from_utf8_lossy(&drawn).into_owned(),
        rows: rows.collect(),
    })
}
