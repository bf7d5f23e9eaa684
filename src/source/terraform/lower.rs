//! The arguments of a resource as terms: what is known of them, and what the marks of the plan and the configuration
//! say of the rest.

use std::sync::Arc;

use super::given::Given;
use super::resource::Resource;
use super::tree::{Node, Tree};
use super::written::Written;
use crate::pool::Lifecycle;
use crate::schema::{Kind, Node as Schema, schema};
use crate::source::declared::{Argument, Form, Mapping, Meaning, Member, Term};

const LATER: &str = "known only after apply";

/// The arguments of a resource.
pub(super) fn lower(resource: &Resource) -> Term {
    let mapping = resource.mapping;
    let given = Given {
        tree: Some(&resource.tree),
        unknown: resource.unknown(),
        sensitive: resource.sensitive(),
        written: Written::of(resource.written.as_ref()),
    };
    let lowering = Lowering { resource, lifecycle: resource.lifecycle(), mapping, later: LATER.into() };
    let mut members = lowering.members(&mapping.arguments, &given);
    // Arguments with their own meaning have other names than members of the API.
    for name in [mapping.factors.argument, mapping.secret()].into_iter().flatten() {
        let inner = given.member(name);
        let what = match inner.tree {
            _ if inner.unknown.any() => Meaning::Unknown(lowering.later.clone()),
            Some(tree) if tree.is_unset() => continue,
            Some(tree) => whole(tree),
            None => continue,
        };
        let at = inner.tree.map(|tree| tree.at.clone());
        members.push(member(name, Term { at, what }));
    }
    Term { at: Some(resource.tree.at.clone()), what: Meaning::Map(members, None) }
}

struct Lowering<'a> {
    resource: &'a Resource,
    lifecycle: Lifecycle,
    mapping: &'static Mapping,
    later: Arc<str>,
}

impl Lowering<'_> {
    fn members(&self, arguments: &'static [Argument], given: &Given<'_>) -> Vec<Member> {
        let known = arguments.iter().filter_map(|argument| {
            let term = self.value(argument, &given.member(argument.name))?;
            Some(member(argument.name, term))
        });
        let mut members: Vec<Member> = known.collect();
        members.extend(self.strange(arguments, given));
        members
    }

    /// Arguments that are set and not in the mapping: the provider is newer than this version.
    fn strange(&self, arguments: &'static [Argument], given: &Given<'_>) -> impl Iterator<Item = Member> {
        let top = std::ptr::eq(arguments, self.mapping.arguments.as_slice());
        let other = |name: &str| {
            let meaning = [self.mapping.factors.argument, self.mapping.secret()];
            top && (self.mapping.other.contains(&name) || meaning.contains(&Some(name)))
        };
        let known = |name: &str| other(name) || arguments.iter().any(|argument| argument.name == name);
        let set = given.tree.map_or(&[] as &[_], Tree::members).iter();
        let set = set.filter(|(_, tree)| !tree.is_unset() && !matches!(tree.node, Node::Bool(false)));
        let later = given.unknown.names().filter(|name| given.unknown.member(name).all());
        let names = set.map(|(name, _)| name.as_str()).chain(later).filter(|name| !known(name));
        let members = names.map(|name| member(name, Term { at: None, what: Meaning::Absent }));
        members.collect::<Vec<_>>().into_iter()
    }

    /// The value of an argument; `None` where the file has nothing of it.
    fn value(&self, argument: &'static Argument, given: &Given<'_>) -> Option<Term> {
        let node = schema().node(argument.node);
        let nowhere = |what| Some(Term { at: None, what });
        if given.unknown.all() || (given.tree.is_none() && self.resource.silent) {
            return self.later(argument, node, given).and_then(nowhere);
        }
        let Some(tree) = given.tree.filter(|tree| !tree.is_nothing() || !given.unknown.any()) else {
            if given.unknown.any() {
                // Something of it is known only later, and the file has no place for what is around it.
                return nowhere(Meaning::Unknown(self.later.clone()));
            }
            // A provider writes down all that it knows of, so this one is too old to know it.
            let there = matches!(self.lifecycle, Lifecycle::Updated | Lifecycle::Stated);
            let older = there && argument.settable && given.tree.is_none();
            let why = || format!("the provider that wrote this does not know `{}`", argument.name);
            return older.then(why).and_then(|why| nowhere(Meaning::Unsaid(why.into())));
        };
        let what = match () {
            // An argument that is not set is shown at the place where it could be.
            () if tree.is_unset() && !given.unknown.any() => Meaning::Absent,
            () if given.sensitive.all() || node.secret => Meaning::Secret,
            () => return self.known(argument, node, given, tree),
        };
        Some(Term { at: Some(tree.at.clone()), what })
    }

    /// A value that is known later. `None` if it is left out, so that the default of a new thing holds.
    fn later(&self, argument: &Argument, node: &Schema, given: &Given<'_>) -> Option<Meaning> {
        if argument.name == "tags_all" && !self.resource.default_tags {
            // They are those of the resource, then.
            return None;
        }
        // Nothing makes such a block unknown but a `dynamic` one, which the configuration does not show.
        let block = self.mapping.form == Form::Blocks && !argument.inside.is_empty();
        let dynamic = block && !argument.filled;
        // Functions that make texts up as a plan is applied, `uuid()` and `timestamp()`, refer to nothing.
        let text = node.kind == Kind::String && node.values.is_empty() && !node.numeric;
        let null = given.written.is_settled() && !text;
        let left_out = argument.settable && !dynamic && (null || matches!(given.written, Written::Nothing));
        if left_out && self.lifecycle == Lifecycle::Created {
            return None;
        }
        // The name of the pool itself, and the id or ARN of one other resource, will be there. Any other value may
        // turn out to be null.
        let own = !argument.settable && matches!(argument.name, "id" | "arn");
        let why = self.later.clone();
        let sure = own || given.written.is_of_one_resource();
        Some(if sure { Meaning::later(why) } else { Meaning::Unknown(why) })
    }

    /// A value that is there, and is not a secret as a whole.
    fn known(
        &self,
        argument: &'static Argument,
        node: &Schema,
        given: &Given<'_>,
        tree: &Tree,
    ) -> Option<Term> {
        let what = match (node.kind, &tree.node) {
            (Kind::Structure, Node::List(_)) => return Some(self.structure(argument, &given.element(0)?)),
            (Kind::Structure, Node::Map(_)) => return Some(self.structure(argument, given)),
            (Kind::List, Node::List(elements)) => {
                let given = (0..elements.len()).filter_map(|index| given.element(index));
                Meaning::List(given.map(|inner| self.element(argument, &inner)).collect())
            }
            (Kind::Map, Node::Map(_)) => self.map(given),
            _ => plain(tree),
        };
        Some(Term { at: Some(tree.at.clone()), what })
    }

    /// A block. One in which nothing is set is written as `null` by some providers.
    fn structure(&self, argument: &'static Argument, given: &Given<'_>) -> Term {
        let at = given.tree.map(|tree| tree.at.clone());
        let what = match () {
            () if given.unknown.all() => {
                return Term { at: None, what: Meaning::Unknown(self.later.clone()) };
            }
            () if given.sensitive.all() => Meaning::Secret,
            () => Meaning::Map(self.members(&argument.inside, given), None),
        };
        Term { at, what }
    }

    /// An element of a list.
    fn element(&self, argument: &'static Argument, given: &Given<'_>) -> Term {
        if !argument.inside.is_empty() || given.unknown.all() {
            return self.structure(argument, given);
        }
        let what = match given.tree {
            _ if given.sensitive.all() => Meaning::Secret,
            Some(tree) => plain(tree),
            None => Meaning::Absent,
        };
        Term { at: given.tree.map(|tree| tree.at.clone()), what }
    }

    /// A map such as the tags, whose keys are not arguments.
    fn map(&self, given: &Given<'_>) -> Meaning {
        let known = given.tree.map_or(&[] as &[_], Tree::members).iter().map(|(name, _)| name.as_str());
        let later =
            given.unknown.names().filter(|name| given.tree.is_none_or(|tree| tree.get(name).is_none()));
        let members = known.chain(later).filter_map(|name| {
            let inner = given.member(name);
            let at = inner.tree.map(|tree| tree.at.clone());
            let term = match inner.tree {
                _ if inner.unknown.all() => Term { at: None, what: Meaning::Unknown(self.later.clone()) },
                Some(Tree { node: Node::Null, .. }) | None => return None,
                Some(_) if inner.sensitive.all() => Term { at, what: Meaning::Secret },
                // A tag may be empty on purpose.
                Some(tree) => Term { at, what: plain(tree) },
            };
            Some(member(name, term))
        });
        Meaning::Map(members.collect(), None)
    }
}

fn member(name: &str, value: Term) -> Member {
    Member { key: name.into(), key_at: 0..0, value }
}

/// A value without members.
fn plain(tree: &Tree) -> Meaning {
    match &tree.node {
        Node::Null => Meaning::Absent,
        Node::Bool(value) => Meaning::plain(value.to_string()),
        Node::Number(number) => Meaning::plain(number.to_string()),
        Node::String(text) => Meaning::text(text.as_str()),
        Node::Deep => Meaning::unknown("it is deeper than any argument"),
        Node::List(_) | Node::Map(_) => Meaning::unknown("it is of another form than this version knows"),
    }
}

/// A value without marks.
fn whole(tree: &Tree) -> Meaning {
    match &tree.node {
        Node::List(elements) => {
            let term = |tree: &Tree| Term { at: Some(tree.at.clone()), what: plain(tree) };
            Meaning::List(elements.iter().map(term).collect())
        }
        _ => plain(tree),
    }
}
