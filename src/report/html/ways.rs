//! The journeys of pools, as pages show them: a picture and the answers.

/// The journeys of some pools. All texts are fit to print.
#[derive(Default)]
pub(in crate::report) struct Ways {
    pub pools: Vec<OfPool>,
    /// Pools that are not shown.
    pub left: usize,
    /// The style of the pictures, and its digest.
    pub style: &'static str,
    pub style_hash: String,
    /// The level of the headings.
    pub level: u8,
}

impl Ways {
    /// Whether settings were looked for that close something.
    pub(in crate::report) fn closes(&self) -> bool {
        self.pools.iter().flat_map(|pool| &pool.rows).any(|row| !row.closed.is_empty())
    }
}

/// The journeys of one pool.
pub(in crate::report) struct OfPool {
    pub title: String,
    pub headline: String,
    /// SVG.
    pub picture: String,
    pub rows: Vec<Row>,
}

/// A question with its answer.
pub(in crate::report) struct Row {
    pub question: &'static str,
    pub answer: String,
    pub because: Vec<String>,
    pub closed: Vec<String>,
}
