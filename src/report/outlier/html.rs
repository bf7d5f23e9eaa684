//! Outliers as a page: the answer, what was not compared, and each place with the pools that differ.

use std::io::{self, Write};

use askama::Template;

use super::OutlierReport;
use super::phrasing::{answer, effects, gaps, most, notes, own, since, title, unread};
use crate::drift::Direction;
use crate::outlier::{Deviation, Most, Outlier};
use crate::report::html::compared::Frame;
use crate::report::sanitize::sanitized;
use crate::report::summary;

#[derive(Template)]
#[template(path = "outliers.html")]
struct Page {
    frame: Frame,
    places: Vec<Place>,
    has_history: bool,
}

struct Place {
    path: String,
    group: String,
    most: String,
    rows: Vec<Row>,
}

struct Row {
    direction: &'static str,
    class: &'static str,
    title: String,
    place: String,
    value: String,
    since: String,
    effects: Vec<String>,
}

pub(super) fn write(report: &OutlierReport, out: &mut dyn Write) -> io::Result<()> {
    let outliers = report.outliers;
    let gaps = unread(outliers).into_iter().chain(gaps(outliers)).collect();
    let page = Page {
        frame: Frame::new((report.outcome, answer(report)), report.generated, gaps, notes(outliers)),
        places: outliers.deviations.iter().map(place).collect(),
        has_history: !outliers.earlier.is_empty(),
    };
    let mut text = String::new();
    page.render_into(&mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn place(one: &Deviation) -> Place {
    Place {
        path: sanitized(&one.path).into_owned(),
        group: sanitized(&one.group).into_owned(),
        most: most(one),
        rows: one.outliers.iter().map(|outlier| row(outlier, &one.most)).collect(),
    }
}

fn row(outlier: &Outlier, most: &Most) -> Row {
    let direction = outlier.change.direction;
    Row {
        direction: direction.word(),
        class: match direction {
            Direction::Weakened => "critical",
            Direction::Strengthened => "low",
            Direction::Neutral => "info",
        },
        title: title(outlier),
        place: summary::place(&outlier.pool),
        value: own(outlier),
        since: outlier.since.map_or_else(String::new, since),
        effects: effects(outlier, most),
    }
}
