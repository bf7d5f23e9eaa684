//! The syntax of a configuration: blocks, arguments and expressions, each with its place.

use std::rc::Rc;

use super::decimal::Decimal;

/// A place in a file, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The position of the file among those of the configuration.
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

impl Place {
    /// Whether another place is inside of this one.
    pub(super) fn holds(self, other: Place) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// The content of a block or of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

impl Body {
    pub(super) fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    pub(super) fn blocks<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

/// `name = expression`.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub name: Rc<str>,
    pub value: Rc<Expr>,
}

/// `kind "label" { ... }`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub kind: Rc<str>,
    pub labels: Vec<Rc<str>>,
    /// The kind and the labels.
    pub header: Place,
    pub whole: Place,
    pub body: Rc<Body>,
}

impl Block {
    pub(super) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", |label| &**label)
    }
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub at: Place,
    pub node: Node,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Rc<str>),
    Template(Vec<Part>),
    Tuple(Vec<Expr>),
    Object(Vec<(Key, Expr)>),
    /// The first name of a reference: a root such as `var`, a loop's variable, a type of resource.
    Name(Rc<str>),
    Get(Box<Expr>, Rc<str>),
    Index(Box<Expr>, Box<Expr>),
    /// Steps that are taken from every element. `.*` takes what follows a dot, `[*]` everything after it.
    Splat(Box<Expr>, Vec<Step>),
    Conditional(Box<[Expr; 3]>),
    Call {
        name: Rc<str>,
        arguments: Vec<Expr>,
        /// The last argument is a list of arguments.
        expand: bool,
    },
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(Operator, Box<[Expr; 2]>),
    For(Box<For>),
    /// Something that is not evaluated, and why.
    Opaque(Rc<str>),
}

/// The key of an object's element.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Name(Rc<str>),
    Value(Expr),
}

/// A step of a reference.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Get(Rc<str>),
    Index(Expr),
    Splat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

/// `[for k, v in collection : value if condition]`, or with braces and a key.
#[derive(Clone, Debug)]
pub(super) struct For {
    pub names: (Option<Rc<str>>, Rc<str>),
    pub collection: Expr,
    /// The key, for an object.
    pub key: Option<Expr>,
    pub value: Expr,
    pub grouping: bool,
    pub condition: Option<Expr>,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Value(Expr),
    If { condition: Expr, then: Vec<Part>, otherwise: Vec<Part> },
    For { names: (Option<Rc<str>>, Rc<str>), collection: Expr, body: Vec<Part> },
}
