//! Reads files of Terraform's configuration language, and the same in JSON. Nothing else knows the parser.

mod template;
mod json;
mod repeated;
mod outline;

use std::ops::Range;
use std::rc::Rc;

use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{BlockLabel, Body as Parsed, Structure};
use hcl_edit::{Span, parser};

use super::decimal::Decimal;
use super::syntax::{Attribute, Block, Body, Expr, For, Key, Node, Operator, Place, Step};

use template::Written;

pub(super) use json::{body as json_body, comments as json_comments};
pub(super) use outline::outline;

/// A text that is not of the language.
#[derive(Debug)]
pub(super) struct Refused {
    pub message: String,
    /// Line and column, both from 1.
    pub at: (usize, usize),
}

/// Reads a file. Its places are those of the text.
pub(super) fn body(file: usize, text: &str) -> Result<Body, Refused> {
    let (skipped, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (3, rest),
        None => (0, text),
    };
    let parsed = repeated::parse(text).map_err(|error| refused(&error))?;
    Ok(Reader { file, text, skipped }.body(&parsed))
}

/// Reads one expression, as `--var` has them.
pub(super) fn expression(file: usize, text: &str) -> Result<Expr, Refused> {
    let parsed = parser::parse_expr(text.trim()).map_err(|error| refused(&error))?;
    Ok(Reader { file, text: text.trim(), skipped: 0 }.expression(&parsed))
}

/// Reads the text of a template, which is all at one place of a file.
pub(super) fn template(at: Place, text: &str) -> Result<Expr, Refused> {
    let parsed = parser::parse_template(text).map_err(|error| refused(&error))?;
    let parts = Reader { file: at.file, text, skipped: 0 }.template(&parsed);
    let mut read = Expr { at, node: template::joined(parts, at) };
    flatten_places(&mut read, at);
    Ok(read)
}

/// A template inside of a string has no places of its own.
fn flatten_places(expression: &mut Expr, at: Place) {
    expression.at = at;
    if let Node::Template(parts) = &mut expression.node {
        for part in parts {
            if let super::syntax::Part::Value(inner) = part {
                flatten_places(inner, at);
            }
        }
    }
}

fn refused(error: &parser::Error) -> Refused {
    let at = error.location();
    Refused { message: error.message().to_owned(), at: (at.line(), at.column()) }
}

/// The file that is read.
struct Reader<'t> {
    file: usize,
    text: &'t str,
    /// Bytes before the text.
    skipped: usize,
}

impl Reader<'_> {
    fn place(&self, span: Option<Range<usize>>) -> Place {
        let span = span.unwrap_or_default();
        Place { file: self.file, start: span.start + self.skipped, end: span.end + self.skipped }
    }

    fn body(&self, parsed: &Parsed) -> Body {
        let mut body = Body::default();
        for structure in parsed {
            match structure {
                Structure::Attribute(attribute) => body.attributes.push(Attribute {
                    name: attribute.key.as_str().into(),
                    value: Rc::new(self.expression(&attribute.value)),
                }),
                Structure::Block(block) => {
                    let labels = block.labels.iter().map(|label| match label {
                        BlockLabel::Ident(name) => (Rc::from(name.as_str()), name.span()),
                        BlockLabel::String(text) => (Rc::from(text.as_str()), text.span()),
                    });
                    let (labels, spans): (Vec<Rc<str>>, Vec<_>) = labels.unzip();
                    let kind_at = block.ident.span().unwrap_or_default();
                    let end = spans.last().cloned().flatten().map_or(kind_at.end, |span| span.end);
                    body.blocks.push(Block {
                        kind: block.ident.as_str().into(),
                        labels,
                        header: self.place(Some(kind_at.start..end)),
                        whole: self.place(block.span()),
                        body: Rc::new(self.body(&block.body)),
                    });
                }
            }
        }
        body
    }

    fn boxed(&self, parsed: &Expression) -> Box<Expr> {
        Box::new(self.expression(parsed))
    }

    fn expressions<'e>(&self, parsed: impl IntoIterator<Item = &'e Expression>) -> Vec<Expr> {
        parsed.into_iter().map(|one| self.expression(one)).collect()
    }

    fn expression(&self, parsed: &Expression) -> Expr {
        let at = self.place(parsed.span());
        let node = match parsed {
            Expression::Null(_) => Node::Null,
            Expression::Bool(value) => Node::Bool(*value.value()),
            Expression::Number(number) => {
                let written = parsed.span().and_then(|span| self.text.get(span));
                let read = match written {
                    Some(written) => Decimal::parse(written),
                    None => Decimal::parse(&number.to_string()),
                };
                read.map_or_else(|| Node::Opaque("the number has too many digits".into()), Node::Number)
            }
            Expression::String(text) => Node::Text(text.as_str().into()),
            Expression::Array(items) => Node::Tuple(self.expressions(items)),
            Expression::Object(object) => Node::Object(
                object.iter().map(|(key, value)| (self.key(key), self.expression(value.expr()))).collect(),
            ),
            Expression::StringTemplate(template) => {
                template::joined(self.elements(template.iter(), false, Written::Quoted), at)
            }
            Expression::HeredocTemplate(template) => {
                let mut parts = self.template(&template.template);
                if self.text.get(at.start - self.skipped..).is_some_and(|text| text.starts_with("<<-")) {
                    template::dedent(&mut parts);
                }
                template::joined(parts, at)
            }
            Expression::Parenthesis(inner) => return Expr { at, ..self.expression(inner.inner()) },
            Expression::Variable(name) => Node::Name(name.as_str().into()),
            Expression::Conditional(one) => Node::Conditional(Box::new([
                self.expression(&one.cond_expr),
                self.expression(&one.true_expr),
                self.expression(&one.false_expr),
            ])),
            Expression::FuncCall(call) => self.call(call),
            Expression::Traversal(traversal) => return self.traversal(traversal, at),
            Expression::UnaryOp(operation) => match *operation.operator {
                UnaryOperator::Not => Node::Not(self.boxed(&operation.expr)),
                UnaryOperator::Neg => Node::Negative(self.boxed(&operation.expr)),
            },
            Expression::BinaryOp(operation) => Node::Binary(
                operator(*operation.operator.value()),
                Box::new([self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr)]),
            ),
            Expression::ForExpr(one) => Node::For(Box::new(self.for_expression(one))),
        };
        Expr { at, node }
    }

    fn call(&self, call: &FuncCall) -> Node {
        if call.name.is_namespaced() {
            let namespace = call.name.namespace.iter().map(|name| name.as_str());
            let name: Vec<&str> = namespace.chain([call.name.name.as_str()]).collect();
            return Node::Opaque(format!("the function {} is not evaluated", name.join("::")).into());
        }
        Node::Call {
            name: call.name.name.as_str().into(),
            arguments: self.expressions(call.args.iter()),
            expand: call.args.expand_final(),
        }
    }

    fn key(&self, key: &ObjectKey) -> Key {
        match key {
            // The text has the name, where the parser was given another.
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
                Key::Name(key.span().and_then(|at| self.text.get(at)).unwrap_or(name.as_str()).into())
            }
            ObjectKey::Expression(expression @ Expression::String(_)) => {
                let mut expression = self.expression(expression);
                let written = key.span().and_then(|at| self.text.get(at)).unwrap_or_default();
                let inner = written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
                if let Some(plain) = inner.filter(|inner| !inner.contains(['\\', '$', '%'])) {
                    expression.node = Node::Text(plain.into());
                }
                Key::Value(expression)
            }
            // A word that stands for a name here, and not for the value.
            ObjectKey::Expression(Expression::Null(_)) => Key::Name("null".into()),
            ObjectKey::Expression(expression) => Key::Value(self.expression(expression)),
        }
    }

    fn for_expression(&self, one: &ForExpr) -> For {
        let intro = &one.intro;
        For {
            names: (intro.key_var.as_ref().map(|name| name.as_str().into()), intro.value_var.as_str().into()),
            collection: self.expression(&intro.collection_expr),
            key: one.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&one.value_expr),
            grouping: one.grouping,
            condition: one.cond.as_ref().map(|condition| self.expression(&condition.expr)),
        }
    }

    fn traversal(&self, traversal: &Traversal, at: Place) -> Expr {
        let mut expression = self.expression(&traversal.expr);
        expression.at = at;
        let mut operators = traversal.operators.iter().peekable();
        while let Some(operator) = operators.next() {
            let steps_here = |only_attributes: bool, next: &TraversalOperator| {
                let after_dot =
                    matches!(next, TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_));
                !only_attributes || after_dot
            };
            let inner = Box::new(expression);
            let node = match operator.value() {
                TraversalOperator::GetAttr(name) => Node::Get(inner, name.as_str().into()),
                TraversalOperator::Index(index) => Node::Index(inner, self.boxed(index)),
                TraversalOperator::LegacyIndex(index) => Node::Index(inner, Box::new(legacy(**index, at))),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    let only = matches!(operator.value(), TraversalOperator::AttrSplat(_));
                    let mut steps = Vec::new();
                    while let Some(next) = operators.next_if(|next| steps_here(only, next.value())) {
                        steps.push(self.step(next.value(), at));
                    }
                    Node::Splat(inner, steps)
                }
            };
            expression = Expr { at, node };
        }
        expression
    }

    fn step(&self, operator: &TraversalOperator, at: Place) -> Step {
        match operator {
            TraversalOperator::GetAttr(name) => Step::Get(name.as_str().into()),
            TraversalOperator::Index(index) => Step::Index(self.expression(index)),
            TraversalOperator::LegacyIndex(index) => Step::Index(legacy(**index, at)),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Step::Splat,
        }
    }
}

fn legacy(index: u64, at: Place) -> Expr {
    Expr { at, node: Node::Number(Decimal::integer(i128::from(index))) }
}

fn operator(parsed: BinaryOperator) -> Operator {
    match parsed {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::LessEq => Operator::LessOrEqual,
        BinaryOperator::GreaterEq => Operator::GreaterOrEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Mul => Operator::Times,
        BinaryOperator::Div => Operator::Divide,
        BinaryOperator::Mod => Operator::Remainder,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}
