//! Reads a snapshot's header, and reports one that was truncated or edited.

use std::io;

use super::{BLOCK, Blocks, snapshot, unread};
use crate::source::{Delivery, Unread};

impl Blocks {
    /// Takes the first line of a snapshot off.
    pub(super) fn begin_snapshot(&mut self) -> io::Result<Option<Delivery>> {
        self.lines = Some(true);
        while !self.ended && !self.carry.contains(&b'\n') {
            self.fill(self.carry.len() + BLOCK)?;
        }
        let end = memchr::memchr(b'\n', &self.carry).map_or(self.carry.len(), |newline| newline + 1);
        let pools = self.carry.split_off(end);
        let header = std::mem::replace(&mut self.carry, pools);
        self.line = 2;
        match snapshot::open(&header) {
            Ok(opened) => {
                self.told.extend(opened.unread.into_iter().map(Delivery::Unread));
                self.told.extend(opened.notes.into_iter().map(Delivery::Note));
                self.seal = Some(opened.seal);
            }
            Err((message, help)) => {
                self.ended = true;
                self.carry.clear();
                self.told.push_back(Delivery::Unread(spoilt(&self.origin.name, message, help)));
            }
        }
        Ok(self.next())
    }
}

/// A snapshot that is not what it was.
pub(super) fn spoilt(target: &str, message: String, help: &str) -> Unread {
    Unread { help: Some(help.to_owned()), ..unread(target, message) }
}
