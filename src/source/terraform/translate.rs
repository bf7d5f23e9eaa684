//! A resource as the part of a pool document that it stands for, with the place of every value.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::arguments::COMPUTED_BLOCKS;
use super::given::Given;
use super::plain::plain;
use super::resource::Resource;
use super::tree::{Node, Tree};
use super::written::Written;
use crate::pool::Lifecycle;
use crate::schema::{Kind, NodeId, schema};
use crate::source::declared::{Argument, Mapping, set};
use crate::source::text::Walk;
use crate::value::{Map, Text, Value};

const LATER: &str = "known only after apply";

/// What a resource comes to; places are by the steps inside of it.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub document: Map,
    pub values: BTreeMap<Vec<Walk<'static>>, Range<usize>>,
    /// What the provider is too old to know by this name, with the reason.
    pub older: Vec<(Vec<Walk<'static>>, Value)>,
    /// Arguments that the mapping does not have.
    pub strange: Vec<String>,
}

/// Translates the arguments of a resource, which stand for the members of `node`.
pub(super) fn translate(resource: &Resource, mapping: &Mapping) -> Part {
    let given = Given {
        tree: Some(&resource.tree),
        unknown: resource.unknown(),
        sensitive: resource.sensitive(),
        written: Written::of(resource.written.as_ref()),
    };
    let mut translation = Translation {
        lifecycle: resource.lifecycle(),
        silent: resource.silent,
        default_tags: resource.default_tags,
        part: Part::default(),
        mapping,
        path: Vec::new(),
    };
    let document = translation.members(&mapping.arguments, &given, &[]);
    Part { document, ..translation.part }
}

struct Translation<'a> {
    lifecycle: Lifecycle,
    silent: bool,
    default_tags: bool,
    part: Part,
    mapping: &'a Mapping,
    /// The blocks around.
    path: Vec<&'static str>,
}

impl Translation<'_> {
    fn members(&mut self, arguments: &[Argument], given: &Given<'_>, steps: &[Walk<'static>]) -> Map {
        let mut members = Map::default();
        for argument in arguments {
            let inner = given.member(argument.name);
            let mut steps = steps.to_vec();
            steps.extend(argument.to.iter().map(|step| Walk::Member(Cow::Borrowed(*step))));
            self.path.push(argument.name);
            let value = self.value(argument, &inner, &steps);
            self.path.pop();
            if let Some(value) = value {
                set(&mut members, &argument.to, value);
            }
        }
        self.note_strange(arguments, given);
        members
    }

    /// The value of an argument; `None` where it is not set.
    fn value(&mut self, argument: &Argument, given: &Given<'_>, steps: &[Walk<'static>]) -> Option<Value> {
        let node = schema().node(argument.node);
        if given.unknown.all() || (given.tree.is_none() && self.silent) {
            if argument.name == "tags_all" && !self.default_tags {
                // They are those of the resource, then.
                return None;
            }
            // Nothing makes such a block unknown but a `dynamic` one, which the configuration does not show.
            let dynamic = !argument.inside.is_empty() && !COMPUTED_BLOCKS.contains(&argument.name);
            // Functions that make texts up as a plan is applied, `uuid()` and `timestamp()`, refer to nothing.
            let text = node.kind == Kind::String && node.values.is_empty() && !node.numeric;
            let null = given.written.is_settled() && !text;
            let left_out =
                argument.settable && !dynamic && (null || matches!(given.written, Written::Nothing));
            let default = left_out && self.lifecycle == Lifecycle::Created;
            return (!default).then(|| later(argument, &given.written));
        }
        let Some(tree) = given.tree.filter(|tree| !tree.is_nothing() || !given.unknown.any()) else {
            if given.unknown.any() {
                // Something of it is known only later, and the file has no place for what is around it.
                return Some(Value::Unknown(LATER.into()));
            }
            // A provider writes down all that it knows of, so this one is too old to know it.
            let there = matches!(self.lifecycle, Lifecycle::Updated | Lifecycle::Stated);
            let open = there && argument.settable && given.tree.is_none();
            if !open {
                return None;
            }
            let why = format!("the provider that wrote this does not know `{}`", argument.name);
            let why = Value::Unknown(why.into());
            if has_two_names(argument.node) {
                // The provider may know the value by its other name.
                self.part.older.push((steps.to_vec(), why));
                return None;
            }
            return Some(why);
        };
        if tree.is_unset() && !given.unknown.any() {
            // What is not set is shown where it could be.
            self.place(steps, tree);
            // What defines an attribute is sent as false where it is left out.
            let defines = self.path.first() == Some(&"schema") && node.kind == Kind::Boolean;
            return defines.then_some(Value::Bool(false));
        }
        if given.sensitive.all() || node.secret {
            self.place(steps, tree);
            return Some(Value::Secret);
        }
        self.known(argument, given, steps)
    }

    /// A value that is there, and no secret.
    fn known(&mut self, argument: &Argument, given: &Given<'_>, steps: &[Walk<'static>]) -> Option<Value> {
        let tree = given.tree?;
        let node = schema().node(argument.node);
        let value = match (node.kind, &tree.node) {
            (Kind::Structure, Node::List(_)) => {
                return self.structure(argument, &given.element(0)?, steps);
            }
            (Kind::Structure, Node::Map(_)) => return self.structure(argument, given, steps),
            (Kind::List, Node::List(elements)) => {
                // An element that says nothing keeps its place, so that those after it keep theirs.
                let each = (0..elements.len()).map(|index| {
                    let mut steps = steps.to_vec();
                    steps.push(Walk::Index(index));
                    let inner = given.element(index);
                    inner
                        .and_then(|inner| self.element(argument, node.element, &inner, &steps))
                        .unwrap_or(Value::Null)
                });
                Value::List(each.collect())
            }
            (Kind::Map, Node::Map(_)) => self.map(argument.node, given, steps),
            _ => {
                self.place(steps, tree);
                return plain(tree, node.kind, node.min, argument.name);
            }
        };
        self.place(steps, tree);
        Some(value)
    }

    /// A block that there is at most one of.
    fn structure(
        &mut self,
        argument: &Argument,
        given: &Given<'_>,
        steps: &[Walk<'static>],
    ) -> Option<Value> {
        if given.unknown.all() {
            return Some(Value::Unknown(LATER.into()));
        }
        if given.sensitive.all() {
            return Some(Value::Secret);
        }
        self.place(steps, given.tree?);
        // A block in which nothing is set is written as `null` by some providers.
        Some(Value::Map(self.members(&argument.inside, given, steps)))
    }

    /// An element of a list.
    fn element(
        &mut self,
        argument: &Argument,
        node: Option<NodeId>,
        given: &Given<'_>,
        steps: &[Walk<'static>],
    ) -> Option<Value> {
        if given.unknown.all() {
            return Some(Value::Unknown(LATER.into()));
        }
        let structure = !argument.inside.is_empty();
        if structure && !given.sensitive.all() {
            return self.structure(argument, given, steps);
        }
        let tree = given.tree?;
        self.place(steps, tree);
        if given.sensitive.all() {
            return Some(Value::Secret);
        }
        plain(tree, node.map_or(Kind::String, |id| schema().node(id).kind), None, argument.name)
    }

    /// A map such as the tags, whose keys are no arguments.
    fn map(&mut self, node: NodeId, given: &Given<'_>, steps: &[Walk<'static>]) -> Value {
        let node = schema().node(node);
        let known = given.tree.map_or(&[] as &[_], Tree::members).iter().map(|(name, _)| name.as_str());
        let later =
            given.unknown.names().filter(|name| given.tree.is_none_or(|tree| tree.get(name).is_none()));
        let mut members = Map::default();
        for name in known.chain(later) {
            let inner = given.member(name);
            let mut steps = steps.to_vec();
            steps.push(Walk::Member(Cow::Owned(name.to_owned())));
            let secret = inner.sensitive.all() || node.is_secret_key(name);
            let value = match inner.tree {
                _ if inner.unknown.all() => Value::Unknown(LATER.into()),
                // A tag may be empty on purpose.
                Some(Tree { node: Node::Null, .. }) | None => continue,
                Some(_) if secret => Value::Secret,
                Some(tree) => match &tree.node {
                    Node::String(text) => Value::String(Text::Owned(text.clone())),
                    _ => match plain(tree, Kind::String, None, name) {
                        Some(value) => value,
                        None => continue,
                    },
                },
            };
            if let Some(tree) = inner.tree {
                self.place(&steps, tree);
            }
            members.set(Cow::Owned(name.to_owned()), value);
        }
        Value::Map(members)
    }

    fn place(&mut self, steps: &[Walk<'static>], tree: &Tree) {
        self.part.values.insert(steps.to_vec(), tree.at.clone());
    }

    /// Notes what is set and stands in no table: the provider is newer than this version.
    fn note_strange(&mut self, arguments: &[Argument], given: &Given<'_>) {
        let known = |name: &str| {
            let other = self.path.is_empty() && self.mapping.other.contains(&name);
            // Where a map stands, every name is right.
            other || arguments.iter().any(|argument| argument.name == name)
        };
        let set = given.tree.map_or(&[] as &[_], Tree::members).iter();
        let set = set.filter(|(_, tree)| !tree.is_unset() && !matches!(tree.node, Node::Bool(false)));
        let later = given.unknown.names().filter(|name| given.unknown.member(name).all());
        let names = set.map(|(name, _)| name.as_str()).chain(later).filter(|name| !known(name));
        let around = self.path.join(".");
        for name in names {
            let path = if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") };
            if !self.part.strange.contains(&path) {
                self.part.strange.push(path);
            }
        }
    }
}

/// Whether a value goes by another name too.
fn has_two_names(node: NodeId) -> bool {
    schema().mirrors().iter().any(|mirror| mirror.original == node || mirror.copy == node)
}

/// A value that is known after apply: what names the pool itself, and the id or ARN of one other resource, will be
/// there; anything else may turn out to be nothing.
fn later(argument: &Argument, written: &Written<'_>) -> Value {
    let own = !argument.settable && matches!(argument.name, "id" | "arn");
    let why = LATER.into();
    if own || written.is_of_one_resource() { Value::Later(why) } else { Value::Unknown(why) }
}
