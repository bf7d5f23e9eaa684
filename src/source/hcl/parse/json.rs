//! Configurations in JSON: every string is a template, and blocks are objects.

use std::ops::Range;
use std::rc::Rc;

use serde_json::value::RawValue;

use super::{Refused, template};
use crate::source::answer::twice;
use crate::source::hcl::decimal::Decimal;
use crate::source::hcl::syntax::{Attribute, Block, Body, Expr, Key, Node, Place};
use crate::source::text::{DEEPEST, members, place, too_deep, twice_among};
use crate::value::json_error;

/// The blocks of a configuration, and the number of labels of each.
const BLOCKS: [(&str, usize); 11] = [
    ("resource", 2),
    ("data", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("provider", 1),
    ("locals", 0),
    ("terraform", 0),
    ("import", 0),
    ("moved", 0),
    ("removed", 0),
];

/// Reads a file; `values`: its members are values, as those of a `.tfvars.json` are, and no blocks.
pub(in crate::source::hcl) fn body(file: usize, text: &str, values: bool) -> Result<Body, Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| Refused {
        message: json_error(&error),
        at: (error.line().max(1), error.column().max(1)),
    })?;
    if !whole.get().starts_with('{') {
        return Err(Refused { message: "this is not an object".to_owned(), at: (1, 1) });
    }
    if let Some(at) = too_deep(text) {
        let message = format!("values are nested more than {DEEPEST} deep here");
        return Err(Refused { message, at: crate::diagnostic::line_column(text, at) });
    }
    // Blocks and comments may be there twice.
    let is_argument = |name: &str, value: &RawValue| name != "//" && !value.get().starts_with(['{', '[']);
    if let Some((name, value)) = twice_among(whole.get(), &is_argument) {
        let at = crate::diagnostic::line_column(text, place(text, value).start);
        return Err(Refused { message: twice(&name), at });
    }
    let reader = Json { file, text };
    if values {
        return Ok(reader.attributes(whole.get(), true));
    }
    let mut body = Body::default();
    for (name, value) in members(whole.get()) {
        if let Some((_, labels)) = BLOCKS.iter().find(|(kind, _)| *kind == name) {
            reader.blocks(&name.into(), value.get(), &mut Vec::new(), *labels, &mut body);
        }
    }
    Ok(body)
}

/// The comments of a file, which are members called `//`, without their quotes, each with the object of a block that it
/// is in.
pub(in crate::source::hcl) fn comments(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let trimmed = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Ok(whole) = serde_json::from_str::<&RawValue>(trimmed)
        && too_deep(trimmed).is_none()
    {
        collect_comments(text, whole.get(), &mut found);
    }
    // A comment outside of all blocks is beside no code.
    let body = body(0, text, false).unwrap_or_default();
    let is_in_a_block = |object: &Range<usize>| {
        body.blocks.iter().any(|block| block.whole.start <= object.start && object.end <= block.whole.end)
    };
    for (_, object) in &mut found {
        if !is_in_a_block(object) {
            *object = 0..0;
        }
    }
    found
}

fn collect_comments(text: &str, part: &str, found: &mut Vec<(Range<usize>, Range<usize>)>) {
    if part.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(part).unwrap_or_default();
        for item in items {
            collect_comments(text, item.get(), found);
        }
    } else if part.starts_with('{') {
        for (name, value) in members(part) {
            let inner = value.get();
            if name == "//" && inner.starts_with('"') {
                let at = place(text, inner);
                found.push((at.start + 1..at.end - 1, place(text, part)));
            } else {
                collect_comments(text, inner, found);
            }
        }
    }
}

struct Json<'t> {
    file: usize,
    text: &'t str,
}

impl Json<'_> {
    fn place(&self, part: &str) -> Place {
        let at = place(self.text, part);
        Place { file: self.file, start: at.start, end: at.end }
    }

    fn blocks(&self, kind: &Rc<str>, part: &str, labels: &mut Vec<Rc<str>>, missing: usize, body: &mut Body) {
        if part.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(part).unwrap_or_default();
            for item in items {
                self.blocks(kind, item.get(), labels, missing, body);
            }
        } else if missing > 0 {
            for (label, inner) in members(part) {
                labels.push(label.into());
                self.blocks(kind, inner.get(), labels, missing - 1, body);
                labels.pop();
            }
        } else {
            let whole = self.place(part);
            body.blocks.push(Block {
                kind: Rc::clone(kind),
                labels: labels.clone(),
                header: Place { end: (whole.start + 1).min(whole.end), ..whole },
                whole,
                body: Rc::new(self.attributes(part, false)),
            });
        }
    }

    /// The arguments of a block. What is a block by the provider's schema is an object here.
    fn attributes(&self, part: &str, literal: bool) -> Body {
        let mut body = Body::default();
        for (name, value) in members(part) {
            match &*name {
                "//" if !literal => {}
                "dynamic" if !literal => {
                    self.blocks(&"dynamic".into(), value.get(), &mut Vec::new(), 1, &mut body);
                }
                "lifecycle" | "content" if !literal => {
                    self.blocks(&name.into(), value.get(), &mut Vec::new(), 0, &mut body);
                }
                _ => body
                    .attributes
                    .push(Attribute { name: name.into(), value: Rc::new(self.value(value, literal)) }),
            }
        }
        body
    }

    fn value(&self, raw: &RawValue, literal: bool) -> Expr {
        let part = raw.get();
        let at = self.place(part);
        let deeper = |inner: &RawValue| self.value(inner, literal);
        let node = match part.as_bytes().first() {
            Some(b'{') => {
                let pairs = members(part).into_iter();
                Node::Object(pairs.map(|(name, inner)| (key(&name, literal, at), deeper(inner))).collect())
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(part).unwrap_or_default();
                Node::Tuple(items.into_iter().map(deeper).collect())
            }
            Some(b'"') => {
                let text: String = serde_json::from_str(part).unwrap_or_default();
                match literal {
                    true => Node::Text(text.into()),
                    false => text_of(&text, at),
                }
            }
            Some(b't') => Node::Bool(true),
            Some(b'f') => Node::Bool(false),
            Some(b'n') => Node::Null,
            _ => Decimal::parse(part)
                .map_or_else(|| Node::Opaque("the number has too many digits".into()), Node::Number),
        };
        Expr { at, node }
    }
}

fn key(name: &str, literal: bool, at: Place) -> Key {
    match literal || !name.contains(['$', '%']) {
        true => Key::Name(name.into()),
        false => Key::Value(Expr { at, node: text_of(name, at) }),
    }
}

/// A string of a configuration in JSON, which is a template.
fn text_of(text: &str, at: Place) -> Node {
    if !text.contains(['$', '%']) {
        return Node::Text(text.into());
    }
    match template(at, text) {
        Ok(read) => read.node,
        Err(refused) => Node::Opaque(refused.message.into()),
    }
}
