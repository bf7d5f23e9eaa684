//! The places of the members of an object.

use std::ops::Range;

use super::{Doubt, Reader, Skipped};

/// The places of the objects that are members of the object before, by the position of the member; a list has one for each
/// element. Most objects of a pool have the text of those of the pool before.
#[derive(Debug, Default)]
pub(in crate::source::answer) struct Before(Vec<Vec<Range<usize>>>);

/// The members of an object, with the places of their values, and the end of the object.
pub(in crate::source::answer) struct Members<'t> {
    pub members: Vec<(&'t str, Range<usize>)>,
    pub end: usize,
}

/// The members of the object that begins at a place of a text. Nothing is read after the start of one called `until`,
/// whose place has no length.
///
/// # Errors
///
/// Where there is no object, or a name has escapes.
pub(in crate::source::answer) fn members<'t>(
    text: &'t str,
    at: usize,
    until: Option<&str>,
    before: &mut Before,
) -> Result<Members<'t>, Doubt> {
    let mut skipped = Skipped::default();
    let mut reader = Reader { at, ..Reader::new(text, &mut skipped) };
    let mut members = Vec::new();
    if reader.peek() != b'{' {
        return Err(Doubt);
    }
    reader.open()?;
    while reader.peek() != b'}' {
        if !members.is_empty() {
            reader.expect(b',')?;
        }
        let (name, escaped) = reader.string()?;
        reader.expect(b':')?;
        reader.peek();
        let start = reader.at;
        if escaped {
            return Err(Doubt);
        }
        if until == Some(name) {
            members.push((name, start..start));
            return Ok(Members { members, end: start });
        }
        let position = members.len();
        if before.0.len() == position {
            before.0.push(Vec::new());
        }
        reader.pass(&mut before.0[position])?;
        members.push((name, start..reader.at));
    }
    reader.close();
    Ok(Members { members, end: reader.at })
}

impl Reader<'_, '_> {
    /// Goes past a value, or past each element of a list.
    fn pass(&mut self, before: &mut Vec<Range<usize>>) -> Result<(), Doubt> {
        if self.peek() != b'[' {
            return self.pass_one(before, 0);
        }
        self.open()?;
        let mut position = 0;
        while self.peek() != b']' {
            if position > 0 {
                self.expect(b',')?;
            }
            self.pass_one(before, position)?;
            position += 1;
        }
        self.close();
        Ok(())
    }

    /// Goes past a value, which may have the text of the one before. An object ends where its text ends, whatever follows.
    fn pass_one(&mut self, before: &mut Vec<Range<usize>>, position: usize) -> Result<(), Doubt> {
        let is_object = self.peek() == b'{';
        let start = self.at;
        let known = before.get(position).map_or("", |place| &self.text[place.clone()]);
        if is_object && !known.is_empty() && self.text.as_bytes()[start..].starts_with(known.as_bytes()) {
            self.at += known.len();
            return Ok(());
        }
        self.skip()?;
        if is_object {
            if before.len() <= position {
                before.resize(position + 1, 0..0);
            }
            before[position] = start..self.at;
        }
        Ok(())
    }
}
