//! The parts that the pages of comparisons have in common: the answer, what was not compared, and notes.

use crate::outcome::Outcome;
use crate::report::json::moment;
use crate::report::summary;

/// The values of these parts. All texts are fit to print.
pub(in crate::report) struct Frame {
    pub word: &'static str,
    pub exit_code: u8,
    pub answer: String,
    pub time: String,
    pub version: &'static str,
    pub gaps: Vec<String>,
    pub notes: Vec<String>,
}

impl Frame {
    /// `generated` is in milliseconds since 1970.
    pub(in crate::report) fn new(
        (outcome, answer): (Outcome, String),
        generated: i64,
        gaps: Vec<String>,
        notes: Vec<String>,
    ) -> Frame {
        let (word, exit_code) = (summary::heading_word(outcome), outcome.exit_code());
        let version = env!("CARGO_PKG_VERSION");
        Frame { word, exit_code, answer, time: moment(generated), version, gaps, notes }
    }
}
