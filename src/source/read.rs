//! Pools that were read, whatever text they came from.

use std::sync::Arc;

use super::declared::{Declared, DeclaredPool, Places, Scenario};
use super::inline::InlineWaiver;
use super::text::Lines;
use super::{
    Chunk, Locator, Memory, Note, Reading, Shape, Unread, answer, cloudformation, hcl, terraform, wrapped,
};
use crate::pool::{Pool, Projection, Source, derive, mirror};

/// The pools of a chunk, and what came with them.
#[derive(Debug)]
pub struct Read<'c> {
    pub pools: Vec<ReadPool>,
    /// Pools that a plan deletes, and those elsewhere that it takes parts from: only what the plan does to them is
    /// judged.
    pub gone: Vec<ReadPool>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    /// The texts to compare the next chunk with, if they are others than before.
    pub memory: Option<Memory>,
    chunk: &'c Chunk,
    /// The text of answers; empty for a plan or template, and for a chunk that is not text.
    text: &'c str,
    /// The plan or template that declares the pools; `None` for answers of the API.
    file: Option<Declared>,
}

/// One pool of an input.
#[derive(Clone, Debug)]
pub struct ReadPool {
    /// Never empty.
    scenarios: Vec<Scenario>,
    /// The pool that a plan changes, as it was when the plan was made.
    pub before: Option<Pool>,
    /// Where it is declared; `None` for an answer of the API.
    places: Option<Places>,
}

/// Reads the pools of a chunk, as far as the projection wants them. Plans and templates are read whole.
pub fn read<'c>(chunk: &'c Chunk, projection: &Projection) -> Read<'c> {
    read_after(chunk, projection, &answer::NO_MEMORY)
}

/// The same after another chunk, of which something is remembered.
pub fn read_after<'c>(chunk: &'c Chunk, projection: &Projection, memory: &'c Memory) -> Read<'c> {
    let is_text = chunk.shape == Shape::Document && chunk.origin.source == Source::Saved;
    let declared = match &chunk.configuration {
        Some(configuration) => Some(hcl::read(configuration, &chunk.beside)),
        None if is_text => terraform::read(chunk)
            .map(|read| in_source(read, chunk))
            .or_else(|| cloudformation::read(chunk))
            .or_else(|| wrapped::read(chunk)),
        None => None,
    };
    match declared {
        Some(Reading { declared, unread, notes }) => {
            let mut read = Read { unread, notes, ..Read::of(chunk) };
            if let Some(mut file) = declared {
                let declared = |pools: &mut Vec<DeclaredPool>| {
                    std::mem::take(pools).into_iter().filter_map(ReadPool::declared).collect()
                };
                (read.pools, read.gone) = (declared(&mut file.pools), declared(&mut file.gone));
                read.file = Some(file);
            }
            read
        }
        None => {
            let answer::Parsed { pools, unread, text, memory } =
                answer::pools_after(chunk, projection, memory);
            let answered = |mut pool: Pool| {
                mirror(&mut pool, projection);
                derive(&mut pool.document);
                (pool.taken, pool.read) = (chunk.taken, chunk.read);
                let scenarios = vec![Scenario { when: String::new(), pool }];
                ReadPool { scenarios, before: None, places: None }
            };
            let pools = pools.into_iter().map(answered).collect();
            Read { pools, unread, memory, text, ..Read::of(chunk) }
        }
    }
}

/// Points the places of a plan at the configuration that it was made of.
fn in_source(mut reading: Reading, chunk: &Chunk) -> Reading {
    let Some(configuration) = &chunk.written_in else { return reading };
    let written = hcl::read(configuration, &Arc::default()).declared;
    let found = match (&mut reading.declared, &written) {
        (Some(plan), Some(written)) => plan.point_at(written),
        _ => false,
    };
    let directory = (configuration.files.shown)(&configuration.root);
    let shared: Arc<str> = Arc::from(&*directory);
    let pools = reading.declared.iter_mut().flat_map(|plan| &mut plan.pools);
    for scenario in pools.flat_map(|pool| &mut pool.scenarios) {
        scenario.pool.written_in = Some(Arc::clone(&shared));
    }
    if !found {
        let message = format!("no resource of it is in the configuration {directory}");
        reading.notes.push(Note { target: chunk.origin.name.to_string(), message });
    }
    reading
}

impl<'c> Read<'c> {
    fn of(chunk: &'c Chunk) -> Read<'c> {
        let (pools, gone, unread, notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Read { pools, gone, unread, notes, memory: None, chunk, text: "", file: None }
    }

    /// The waivers beside the code of the file, and the comments for other programs, which have no effect.
    pub fn inline(&self) -> (Vec<&Arc<InlineWaiver>>, Vec<&Arc<InlineWaiver>>) {
        let all = self.file.iter().flat_map(|file| &file.inline);
        all.partition(|waiver| waiver.peer.is_none())
    }

    /// Finds the places of the pools. It is made once for all of them.
    pub fn places(&self) -> Finder<'_> {
        match &self.file {
            None => Finder::Answer(answer::Texts::new(self.chunk, self.text)),
            Some(file) => Finder::Declared(file, file.lines(self.chunk)),
        }
    }

    /// Each pool by its first scenario, as [`ReadPool::first`] gives it, with what else was read.
    pub fn first(self) -> (Vec<Pool>, Vec<Unread>, Vec<Note>) {
        let Read { pools, unread, mut notes, .. } = self;
        let pools = pools.into_iter().map(|pool| pool.first(&mut notes)).collect();
        (pools, unread, notes)
    }
}

impl ReadPool {
    fn declared(declared: DeclaredPool) -> Option<ReadPool> {
        let DeclaredPool { scenarios, before, places } = declared;
        (!scenarios.is_empty()).then_some(ReadPool { scenarios, before, places: Some(places) })
    }

    /// The pool under every outcome of the conditions that cannot be known. There is one where everything is known;
    /// a report names the pool by the first.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Where it is declared; `None` for an answer of the API.
    pub fn places(&self) -> Option<&Places> {
        self.places.as_ref()
    }

    /// Whether a plan or a template declares it, and the API did not answer it.
    pub fn is_declared(&self) -> bool {
        self.places.is_some()
    }

    /// The pool by its first scenario, for what needs one document. A note says that there are others.
    pub fn first(mut self, notes: &mut Vec<Note>) -> Pool {
        let count = self.scenarios.len();
        let Scenario { when, pool } = self.scenarios.swap_remove(0);
        if count > 1 {
            let option = match pool.origin.source {
                Source::Terraform => "--var",
                Source::CloudFormation | Source::Live | Source::Saved | Source::Test(_) => "--parameter",
            };
            let message = format!("read as it is when {when}; `{option}` decides between {count} scenarios");
            notes.push(Note { target: pool.identity().title(), message });
        }
        pool
    }
}

/// Finds the places of the pools of a chunk.
#[derive(Debug)]
pub enum Finder<'r> {
    /// In the text of answers.
    Answer(answer::Texts<'r>),
    /// In a plan or a template.
    Declared(&'r Declared, Lines<'r>),
}

impl Finder<'_> {
    /// Finds the places of one of the pools.
    pub fn of<'a>(&'a self, pool: &'a ReadPool) -> Option<Locator<'a>> {
        match self {
            Finder::Answer(text) => {
                let Scenario { pool, .. } = pool.scenarios.first()?;
                Some(Locator::Answer(text.locator(pool)))
            }
            Finder::Declared(file, lines) => {
                let has_others = pool.scenarios.len() > 1;
                pool.places.as_ref().map(|places| Locator::Declared { file, lines, places, has_others })
            }
        }
    }
}
