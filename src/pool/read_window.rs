//! Read window: from when until when the values of a pool were read.

/// From when and until when values were read, in milliseconds since 1970 by the clock of the machine that read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadWindow {
    /// Every value was read at this time or later. `None` if that is unknown.
    pub from: Option<i64>,
    /// Every value was read at this time or earlier. `None` if that is unknown.
    pub until: Option<i64>,
}

impl ReadWindow {
    /// The window of a run that begins and ends at times. Nothing is known if a clock was put back meanwhile.
    pub fn between(from: i64, until: i64) -> ReadWindow {
        ReadWindow { from: Some(from), until: Some(until) }.sound()
    }

    /// The window, unless it ends before it begins.
    #[must_use]
    pub fn sound(self) -> ReadWindow {
        match self.from.zip(self.until) {
            Some((from, until)) if from > until => ReadWindow::default(),
            _ => self,
        }
    }

    /// The window of the values of both.
    #[must_use]
    pub fn with(self, other: ReadWindow) -> ReadWindow {
        ReadWindow {
            from: self.from.zip(other.from).map(|(own, other)| own.min(other)),
            until: self.until.zip(other.until).map(|(own, other)| own.max(other)),
        }
    }

    /// Its own times, and those of another window where it has none.
    #[must_use]
    pub fn or(self, other: ReadWindow) -> ReadWindow {
        ReadWindow { from: self.from.or(other.from), until: self.until.or(other.until) }
    }
}
