//! Standard output and standard error. Nothing else names them, so nothing is written to them but through a `Screen`.

use std::io::{self, IsTerminal};

use crate::report::screen::{Draws, Screen};

/// A stream for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    pub(super) fn is_terminal(self) -> bool {
        match self {
            Stream::Stdout => io::stdout().is_terminal(),
            Stream::Stderr => io::stderr().is_terminal(),
        }
    }

    /// The writer of the stream. What is written last needs a `flush`.
    pub(super) fn screen(self, draws: Draws) -> Screen<Box<dyn io::Write>> {
        let out: Box<dyn io::Write> = match self {
            Stream::Stdout => Box::new(io::stdout()),
            Stream::Stderr => Box::new(io::stderr()),
        };
        Screen::new(out, draws)
    }
}
