//! The places beside that of a value: where it is written, and the waivers beside its code.

use std::ops::Range;
use std::sync::Arc;

use super::{Declared, Holder, Places, Span};
use crate::source::Location;
use crate::source::inline::InlineWaiver;
use crate::source::text::ValueStep;

impl Declared {
    /// The waivers that are beside what is at a path of the pool; with `of_resource`, those of its whole resource alone.
    pub(in crate::source) fn inline(
        &self,
        places: &Places,
        value_path: &[ValueStep<'_>],
        of_resource: bool,
    ) -> Vec<Arc<InlineWaiver>> {
        if self.inline.is_empty() {
            return Vec::new();
        }
        let Some((_, holder)) = places.resource(value_path) else { return Vec::new() };
        let value = places.of_value(value_path).filter(|_| !of_resource);
        let is_beside = |waiver: &InlineWaiver| {
            let own = is_in(holder, &self.origin.name, waiver);
            let within = |at: &Range<usize>| is_within(at, &waiver.beside);
            let called = |call: &Span| is_text(call, waiver) && within(&call.at);
            // A value that is made of several has them all at its place, and one that is accepted says nothing of others.
            let mut origins = holder.origins.iter().filter(|(at, _)| value.as_ref() == Some(at)).peekable();
            let is_made_of_these = origins.peek().is_some()
                && origins.all(|(_, origin)| is_text(origin, waiver) && within(&origin.at));
            (own && (value.as_ref().is_some_and(within) || within(&holder.whole)))
                || holder.calls.iter().any(called)
                || is_made_of_these
        };
        let own = self.inline.iter().filter(|waiver| waiver.peer.is_none());
        own.filter(|waiver| is_beside(waiver)).cloned().collect()
    }
}

impl Places {
    /// Whether a waiver is beside something of the pool. `file`: the name of the pool's text.
    pub(in crate::source) fn reaches(&self, file: &str, waiver: &InlineWaiver) -> bool {
        let meets = |at: &Range<usize>| is_within(at, &waiver.beside) || is_within(&waiver.beside, at);
        let spans = |span: &Span| is_text(span, waiver) && meets(&span.at);
        let reaches = |holder: &Holder| {
            (is_in(holder, file, waiver) && meets(&holder.whole))
                || holder.calls.iter().any(spans)
                || holder.origins.iter().any(|(_, origin)| spans(origin))
        };
        !waiver.beside.is_empty() && self.resources.values().any(reaches)
    }

    /// The file and the place of the resource that is the pool; `None` for parts of a pool that is elsewhere.
    pub fn written(&self) -> Option<(Option<&str>, &Range<usize>)> {
        let holder = self.resources.get([].as_slice())?;
        Some((holder.text.as_ref().map(|text| &*text.name), &holder.whole))
    }

    /// The place where a value is written, if that is not in its resource.
    pub(in crate::source) fn origin(&self, value_path: &[ValueStep<'_>]) -> Option<Location> {
        let (_, holder) = self.resource(value_path)?;
        let value = self.values.get(&super::written(value_path).0)?;
        let (_, Span { text, at }) = holder.origins.iter().find(|(of, _)| of == value)?;
        let (line, column) = text.lines().line_column(at.start);
        Some(Location { file: Arc::clone(&text.name), line, column })
    }

    /// The place of a value, or of the value around it that its resource has. `None` where that is the resource.
    fn of_value(&self, value_path: &[ValueStep<'_>]) -> Option<Range<usize>> {
        let (value_path, _) = super::written(value_path);
        for length in (0..=value_path.len()).rev() {
            let is_resource = self.resources.contains_key(&value_path[..length]);
            if let Some(at) = self.values.get(&value_path[..length]).filter(|_| !is_resource) {
                return Some(at.clone());
            }
            if is_resource {
                return None;
            }
        }
        None
    }
}

/// Whether a waiver is in the text of a resource.
fn is_in(holder: &Holder, file: &str, waiver: &InlineWaiver) -> bool {
    *holder.text.as_ref().map_or(file, |text| &text.name) == *waiver.source_file.name()
}

fn is_text(span: &Span, waiver: &InlineWaiver) -> bool {
    *span.text.name == *waiver.source_file.name()
}

fn is_within(at: &Range<usize>, outer: &Range<usize>) -> bool {
    !outer.is_empty() && outer.start <= at.start && at.end <= outer.end
}
