//! Templates: text with values and directives in it. Markers that strip white space (`~`) are carried out here.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::Reader;
use crate::source::hcl::syntax::{Expr, Node, Part, Place};

impl Reader<'_> {
    pub(super) fn template(&self, template: &Template) -> Vec<Part> {
        self.elements(template.iter(), false)
    }

    /// The parts of a template. `strip`: white space at its start belongs to a marker before it.
    pub(super) fn elements<'e>(
        &self,
        elements: impl Iterator<Item = &'e Element>,
        mut strip: bool,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        for element in elements {
            let (part, (before, after)) = match element {
                Element::Literal(text) => {
                    let text = text.value().as_str();
                    let text = if strip { text.trim_start() } else { text };
                    (Part::Text(text.to_owned()), (false, false))
                }
                Element::Interpolation(value) => {
                    (Part::Value(self.expression(&value.expr)), sides(value.strip, value.strip))
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(one) => {
                        (self.if_directive(one), sides(one.if_expr.strip, one.endif_expr.strip))
                    }
                    Directive::For(one) => {
                        (self.for_directive(one), sides(one.for_expr.strip, one.endfor_expr.strip))
                    }
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

    fn if_directive(&self, one: &IfDirective) -> Part {
        let mut then = self.elements(one.if_expr.template.iter(), one.if_expr.strip.strip_end());
        let mut otherwise = Vec::new();
        let mut before_end = one.endif_expr.strip;
        if let Some(other) = &one.else_expr {
            otherwise = self.elements(other.template.iter(), other.strip.strip_end());
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

    fn for_directive(&self, one: &ForDirective) -> Part {
        let head = &one.for_expr;
        let mut body = self.elements(head.template.iter(), head.strip.strip_end());
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

/// The expression of a template. One that is a single value is that value; one without values is a text.
pub(super) fn joined(parts: Vec<Part>, at: Place) -> Node {
    let mut parts: Vec<Part> =
        parts.into_iter().filter(|part| !matches!(part, Part::Text(text) if text.is_empty())).collect();
    match parts.as_mut_slice() {
        [] => Node::Text("".into()),
        [Part::Text(text)] => Node::Text(std::mem::take(text).into()),
        [Part::Value(value)] => std::mem::replace(value, Expr { at, node: Node::Null }).node,
        _ => Node::Template(parts),
    }
}
