//! Templates: text with values and directives in it. Markers that strip white space (`~`), and the indent of heredocs,
//! are carried out here.

use std::borrow::Cow;

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};
use hcl_edit::{Span, Spanned};

use super::Reader;
use crate::source::hcl::syntax::{Expr, Node, Part, Place};

/// How the literals of a template are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// In quotes: a literal is one token, and the parser decodes its escapes.
    Quoted,
    /// In quotes and inside of a directive, where the parser leaves escapes as they are.
    Nested,
    /// In lines, as in a heredoc: each line is a token, and has no escapes.
    Lines,
}

impl Written {
    fn inside(self) -> Written {
        if self == Written::Lines { Written::Lines } else { Written::Nested }
    }

    /// The tokens of a literal. Markers strip the token next to them, and no more.
    fn tokens(self, literal: &str) -> Vec<Cow<'_, str>> {
        match self {
            Written::Quoted => vec![literal.into()],
            Written::Nested => vec![unescaped(literal).into()],
            Written::Lines => literal.split_inclusive('\n').map(Cow::from).collect(),
        }
    }
}

/// A literal without escapes.
fn unescaped(literal: &str) -> String {
    let mut text = String::new();
    let mut letters = literal.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some(long @ ('u' | 'U')) => {
                let digits: String = letters.by_ref().take(if long == 'u' { 4 } else { 8 }).collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            other => text.extend(other),
        }
    }
    text
}

impl Reader<'_> {
    pub(super) fn template(&self, template: &Template) -> Vec<Part> {
        self.elements(template.iter(), false, Written::Lines)
    }

    /// The parts of a template. `strip`: white space at its start belongs to a marker before it.
    pub(super) fn elements<'e>(
        &self,
        elements: impl Iterator<Item = &'e Element>,
        mut strip: bool,
        written: Written,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        for element in elements {
            let (part, (before, after)) = match element {
                Element::Literal(literal) => {
                    for token in written.tokens(&self.literal(literal, written)) {
                        let token = if std::mem::take(&mut strip) { token.trim_start() } else { &token };
                        parts.push(Part::Text(token.to_owned()));
                    }
                    continue;
                }
                Element::Interpolation(value) => {
                    (Part::Value(self.expression(&value.expr)), sides(value.strip, value.strip))
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(one) => (
                        self.if_directive(one, written.inside()),
                        sides(one.if_expr.strip, one.endif_expr.strip),
                    ),
                    Directive::For(one) => (
                        self.for_directive(one, written.inside()),
                        sides(one.for_expr.strip, one.endfor_expr.strip),
                    ),
                },
            };
            if before {
                strip_end(&mut parts);
            }
            strip = after;
            parts.push(part);
        }
        parts
    }

    /// The text of a literal. Of lines, the parser has taken an indent of its own.
    fn literal(&self, literal: &Spanned<String>, written: Written) -> String {
        let lines = literal.span().filter(|_| written == Written::Lines);
        match lines.and_then(|span| self.text.get(span)) {
            Some(lines) => lines.replace("$${", "${").replace("%%{", "%{"),
            None => literal.value().clone(),
        }
    }

    fn if_directive(&self, one: &IfDirective, written: Written) -> Part {
        let mut then = self.elements(one.if_expr.template.iter(), one.if_expr.strip.strip_end(), written);
        let mut otherwise = Vec::new();
        let mut before_end = one.endif_expr.strip;
        if let Some(other) = &one.else_expr {
            otherwise = self.elements(other.template.iter(), other.strip.strip_end(), written);
            if one.endif_expr.strip.strip_start() {
                strip_end(&mut otherwise);
            }
            before_end = other.strip;
        }
        if before_end.strip_start() {
            strip_end(&mut then);
        }
        Part::If { condition: self.expression(&one.if_expr.cond_expr), then, otherwise }
    }

    fn for_directive(&self, one: &ForDirective, written: Written) -> Part {
        let head = &one.for_expr;
        let mut body = self.elements(head.template.iter(), head.strip.strip_end(), written);
        if one.endfor_expr.strip.strip_start() {
            strip_end(&mut body);
        }
        Part::For {
            names: (head.key_var.as_ref().map(|name| name.as_str().into()), head.value_var.as_str().into()),
            collection: self.expression(&head.collection_expr),
            body,
        }
    }
}

/// Whether white space before the first marker, and after the last, is stripped.
fn sides(first: Strip, last: Strip) -> (bool, bool) {
    (first.strip_start(), last.strip_end())
}

fn strip_end(parts: &mut [Part]) {
    if let Some(Part::Text(text)) = parts.last_mut() {
        text.truncate(text.trim_end().len());
    }
}

/// Takes from the lines of a heredoc the least indent that one of them has, as Terraform does: a line that begins with
/// a value or a directive has none, and an empty one does not count.
pub(super) fn dedent(parts: &mut [Part]) {
    let (mut least, mut starts) = (usize::MAX, true);
    tokens(parts, &mut |token| {
        if std::mem::take(&mut starts) {
            least = least.min(token.as_deref().map_or(Some(0), |text| indent(text)).unwrap_or(usize::MAX));
        }
        starts = token.is_some_and(|text| text.ends_with('\n'));
    });
    let mut starts = true;
    tokens(parts, &mut |token| {
        let here = std::mem::take(&mut starts);
        let Some(text) = token else { return };
        starts = text.ends_with('\n');
        if here && indent(text).is_some() {
            let end = text.char_indices().nth(least).map_or(text.len(), |(end, _)| end);
            text.drain(..end);
        }
    });
}

/// The number of blanks before the text of a line; `None` for a line without any.
fn indent(line: &str) -> Option<usize> {
    let rest = line.trim_start();
    let is_empty = rest.is_empty() && line.ends_with('\n');
    (!is_empty).then(|| line[..line.len() - rest.len()].chars().count())
}

/// Visits the tokens of a template in their order: literals, and `None` for all others.
fn tokens(parts: &mut [Part], visit: &mut dyn FnMut(Option<&mut String>)) {
    for part in parts {
        match part {
            Part::Text(text) => visit(Some(text)),
            Part::Value(_) => visit(None),
            Part::If { then, otherwise, .. } => {
                for inner in [then, otherwise] {
                    visit(None);
                    tokens(inner, visit);
                }
                visit(None);
            }
            Part::For { body, .. } => {
                visit(None);
                tokens(body, visit);
                visit(None);
            }
        }
    }
}

/// Parts without empty literals, and with one literal where several are beside each other.
fn melded(parts: Vec<Part>) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    for part in parts {
        match (part, all.last_mut()) {
            (Part::Text(text), _) if text.is_empty() => {}
            (Part::Text(text), Some(Part::Text(before))) => before.push_str(&text),
            (Part::If { condition, then, otherwise }, _) => {
                all.push(Part::If { condition, then: melded(then), otherwise: melded(otherwise) });
            }
            (Part::For { names, collection, body }, _) => {
                all.push(Part::For { names, collection, body: melded(body) });
            }
            (part, _) => all.push(part),
        }
    }
    all
}

/// The expression of a template. One that is a single value is that value; one without values is a text.
pub(super) fn joined(parts: Vec<Part>, at: Place) -> Node {
    let mut parts = melded(parts);
    match parts.as_mut_slice() {
        [] => Node::Text("".into()),
        [Part::Text(text)] => Node::Text(std::mem::take(text).into()),
        [Part::Value(value)] => std::mem::replace(value, Expr { at, node: Node::Null }).node,
        _ => Node::Template(parts),
    }
}
