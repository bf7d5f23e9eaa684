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
            Stream::Stdout => Box::new(WhileRead::of(io::stdout())),
            Stream::Stderr => Box::new(WhileRead::of(io::stderr())),
        };
        Screen::new(out, draws)
    }
}

/// A writer whose reader may go away. From then on nothing is written, and the command ends as it would have: where
/// nobody reads what failed, the exit code still says that something did.
pub(super) struct WhileRead<W> {
    out: Option<W>,
}

impl<W: io::Write> WhileRead<W> {
    pub(super) fn of(out: W) -> WhileRead<W> {
        WhileRead { out: Some(out) }
    }

    fn attempt<T>(&mut self, write: impl FnOnce(&mut W) -> io::Result<T>, unread: T) -> io::Result<T> {
        let Some(out) = &mut self.out else { return Ok(unread) };
        match write(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.out = None;
                Ok(unread)
            }
            written => written,
        }
    }
}

impl<W: io::Write> io::Write for WhileRead<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(|out| out.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt(W::flush, ())
    }
}
