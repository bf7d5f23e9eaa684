//! Settings as a tree, by the names of the API and then by those of a language.

use std::sync::Arc;

use super::{Draft, Parameter, Term};
use crate::value::{Text, Value};

/// A setting or a structure of them, by the names of the API.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub comments: Vec<String>,
    pub node: Node,
}

#[derive(Debug)]
pub(super) enum Node {
    Leaf(Term),
    Structure(Vec<(Text, Tree)>),
    List(Vec<Tree>),
}

impl Default for Node {
    fn default() -> Node {
        Node::Structure(Vec::new())
    }
}

/// An argument of a resource, by the name that the language has for it.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: String,
    pub comments: Vec<String>,
    pub content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// A number, a flag or a text.
    Plain(Value),
    Parameter(Arc<Parameter>),
    /// The pool, by what it is called by.
    Pool(Attribute),
    List(Vec<Content>),
    Structure(Vec<Entry>),
    /// A structure that is written as a block, without a sign.
    Block(Vec<Entry>),
}

/// The value that a resource finds its pool by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Id,
    Arn,
}

impl Tree {
    /// All settings of a draft.
    pub(super) fn of(draft: &Draft) -> Tree {
        let mut root = Tree::default();
        for setting in &draft.settings {
            let mut tree = Tree::of_term(&setting.term);
            tree.comments.clone_from(&setting.comments);
            root.put(&setting.path, tree);
        }
        root
    }

    fn of_term(term: &Term) -> Tree {
        let node = match term {
            Term::Structure(members) => {
                let members = members.iter().map(|(name, member)| (name.clone(), Tree::of_term(member)));
                Node::Structure(members.collect())
            }
            Term::List(items) if items.iter().any(|item| matches!(item, Term::Structure(_))) => {
                Node::List(items.iter().map(Tree::of_term).collect())
            }
            Term::Value(_) | Term::Parameter(_) | Term::List(_) => Node::Leaf(term.clone()),
        };
        Tree { comments: Vec::new(), node }
    }

    fn put(&mut self, path: &[Text], tree: Tree) {
        let (Some((first, rest)), Node::Structure(members)) = (path.split_first(), &mut self.node) else {
            *self = tree;
            return;
        };
        let at = members.iter().position(|(name, _)| name == first).unwrap_or_else(|| {
            members.push((first.clone(), Tree::default()));
            members.len() - 1
        });
        members[at].1.put(rest, tree);
    }

    /// The setting or structure at a path in it.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Tree> {
        path.iter().try_fold(self, |tree, name| tree.member(name))
    }

    pub(super) fn member(&self, name: &str) -> Option<&Tree> {
        self.members().iter().find(|(known, _)| known == name).map(|(_, tree)| tree)
    }

    pub(super) fn members(&self) -> &[(Text, Tree)] {
        match &self.node {
            Node::Structure(members) => members,
            Node::Leaf(_) | Node::List(_) => &[],
        }
    }

    /// The comments of all settings in it.
    pub(super) fn all_comments(&self) -> Vec<String> {
        let inner = self.members().iter().flat_map(|(_, tree)| tree.all_comments());
        let mut all = self.comments.clone();
        for comment in inner {
            if !all.contains(&comment) {
                all.push(comment);
            }
        }
        all
    }

    /// The same as a value of a language whose structures have the names of the API.
    pub(super) fn content(&self) -> Content {
        match &self.node {
            Node::Leaf(term) => plain(term),
            Node::Structure(members) => Content::Structure(
                members
                    .iter()
                    .map(|(name, tree)| Entry {
                        name: name.to_string(),
                        comments: tree.comments.clone(),
                        content: tree.content(),
                    })
                    .collect(),
            ),
            Node::List(items) => Content::List(items.iter().map(Tree::content).collect()),
        }
    }
}

/// The text of a value, or the parameter in its place.
fn plain(term: &Term) -> Content {
    match term {
        Term::Parameter(parameter) => Content::Parameter(Arc::clone(parameter)),
        Term::Value(Value::List(items)) => {
            Content::List(items.iter().map(|item| Content::Plain(item.clone())).collect())
        }
        Term::Value(value) => Content::Plain(value.clone()),
        Term::List(items) => Content::List(items.iter().map(plain).collect()),
        Term::Structure(_) => Tree::of_term(term).content(),
    }
}
