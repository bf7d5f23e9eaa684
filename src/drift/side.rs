//! One side of a comparison: its pools, and the texts that they are read from again.

use std::borrow::Cow;

use crate::pool::{Pool, Projection, ReadWindow};
use crate::source::{self, Chunk, Interrupt, Note, Unread};

/// The pools of one side, with failures and notes.
#[derive(Debug, Default)]
pub struct Side {
    /// Of those with a text, no more than the identity.
    pub pools: Vec<Pool>,
    /// The texts of the pools, by their positions, from which they are read again.
    pub texts: Vec<Option<Text>>,
    /// When its values were read, by the snapshots that it is from. `None` without a text.
    pub read: Option<ReadWindow>,
    /// How many pools are the same on the other side, and left out.
    pub settled: usize,
    /// How many pools are in no `--match`, and left out.
    pub unmatched: usize,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

/// The text of a pool.
#[derive(Debug)]
pub struct Text(Chunk);

impl Text {
    pub(super) fn of(chunk: &Chunk, pool: &Pool) -> Text {
        Text(Chunk {
            origin: chunk.origin.clone(),
            bytes: chunk.bytes[pool.place.clone()].to_vec(),
            shape: chunk.shape,
            taken: chunk.taken,
            read: chunk.read,
            ..Chunk::default()
        })
    }
}

impl Side {
    /// When its pools were read.
    pub(super) fn read(&self) -> ReadWindow {
        self.read.unwrap_or_default()
    }

    /// A pool, with everything that was read of it.
    pub(super) fn whole(&self, index: usize) -> Cow<'_, Pool> {
        let kept = &self.pools[index];
        let text = self.texts.get(index).and_then(Option::as_ref);
        let read = |Text(chunk): &Text| source::read(chunk, &Projection::everything()).first().0.pop();
        match text.and_then(read) {
            Some(pool) => Cow::Owned(Pool { place: kept.place.clone(), ..pool }),
            None => Cow::Borrowed(kept),
        }
    }
}
