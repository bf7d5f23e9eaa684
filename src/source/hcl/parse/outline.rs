//! The code and the texts of a file, for the comments between.

use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey, ObjectValue};
use hcl_edit::structure::{Attribute, Block, BlockLabel};
use hcl_edit::visit::{self, Visit};

use super::repeated;
use crate::source::inline::{Leaders, Outline};

/// The outline of a file; `None` where it cannot be read.
pub(in crate::source::hcl) fn outline(text: &str) -> Option<Outline> {
    let (skipped, text) = text.strip_prefix('\u{feff}').map_or((0, text), |rest| (3, rest));
    let parsed = repeated::parse(text).ok()?;
    let mut found = Found { skipped, outline: Outline { leaders: Leaders::Hcl, ..Outline::default() } };
    found.visit_body(&parsed);
    Some(found.outline)
}

struct Found {
    /// Bytes before the text.
    skipped: usize,
    outline: Outline,
}

impl Found {
    fn place(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.skipped..span.end + self.skipped
    }

    fn code(&mut self, from: Option<Range<usize>>, to: Option<Range<usize>>) {
        if let (Some(from), Some(to)) = (from, to) {
            let place = self.place(from.start..to.end);
            self.outline.code.push(place);
        }
    }

    fn opaque(&mut self, span: Option<Range<usize>>) {
        let place = span.map(|span| self.place(span));
        self.outline.opaque.extend(place);
    }
}

impl Visit for Found {
    fn visit_attr(&mut self, node: &Attribute) {
        self.code(node.key.span(), node.value.span());
        visit::visit_attr(self, node);
    }

    fn visit_block(&mut self, node: &Block) {
        self.code(node.ident.span(), node.span());
        visit::visit_block(self, node);
    }

    fn visit_block_label(&mut self, node: &BlockLabel) {
        self.opaque(node.span());
    }

    fn visit_object_item(&mut self, key: &ObjectKey, value: &ObjectValue) {
        self.code(key.span(), value.expr().span());
        visit::visit_object_item(self, key, value);
    }

    fn visit_expr(&mut self, node: &Expression) {
        match node {
            Expression::String(_) | Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
                self.opaque(node.span());
            }
            Expression::Array(items) => {
                for item in items {
                    self.code(item.span(), item.span());
                    self.visit_expr(item);
                }
            }
            _ => visit::visit_expr(self, node),
        }
    }
}
