//! Where a path leads to in the schema.

use std::ops::Range;

use super::{Base, Compiler, inside};
use crate::diagnostic::slip;
use crate::rule::ListPath;
use crate::rule::written::{NO_PATH, SpannedText};
use crate::schema::{Aspect, Kind, NodeId, Path, PathProblem, schema};

/// The list whose elements define scopes.
const SCOPED: &str = "ResourceServers";

impl Base {
    /// The base of paths in the elements of a list, or in the members of a structure or map.
    pub(super) fn of(list: &ListPath) -> Base {
        match list.path.aspect {
            Aspect::Members | Aspect::Plain => {
                Base::Member { of: list.of, plain: list.path.aspect == Aspect::Plain }
            }
            Aspect::Value
            | Aspect::Key
            | Aspect::Arn(_)
            | Aspect::Scopes
            | Aspect::Outer
            | Aspect::Source => Base::Element(list.element),
        }
    }

    /// The base of paths in the elements of a list that is a mistake: those of the list that was probably meant, else
    /// elements of which nothing is known.
    pub(super) fn meant(written: &SpannedText, base: Base) -> Base {
        let lists = || schema().nodes().filter(|(_, node)| node.kind == Kind::List);
        let start = match base {
            Base::Element(Some(element)) => format!("{}.", schema().node(element).path),
            Base::Element(None) | Base::Member { .. } | Base::Pool => String::new(),
        };
        let paths = lists().filter_map(|(_, node)| node.path.strip_prefix(start.as_str()));
        let meant = slip(&written.0, paths.filter(|path| !path.contains(['[', '{'])));
        let list = meant.and_then(|meant| schema().find(&format!("{start}{meant}")));
        Base::Element(list.and_then(|list| schema().node(list).element))
    }

    /// The places in the schema where paths may start; none where the schema does not know them.
    pub(super) fn nodes(self) -> Vec<NodeId> {
        match self {
            Base::Pool => vec![NodeId::ROOT],
            Base::Element(element) => element.into_iter().collect(),
            Base::Member { of, plain } => {
                of.map_or_else(Vec::new, |of| if plain { plain_values(of) } else { values(of) })
            }
        }
    }
}

/// The members of a structure, or the value of a map.
fn values(of: NodeId) -> Vec<NodeId> {
    let node = schema().node(of);
    node.members.iter().copied().chain(node.element).collect()
}

/// The plain values in a structure or map, and the lists in it.
pub(super) fn plain_values(of: NodeId) -> Vec<NodeId> {
    let inner = |id: NodeId| match schema().node(id).kind {
        Kind::Structure | Kind::Map => plain_values(id),
        _ => vec![id],
    };
    values(of).into_iter().flat_map(inner).collect()
}

impl Compiler<'_> {
    /// The element that a predicate without a path is about.
    pub(super) fn element(
        &mut self,
        key: &str,
        at: &Range<usize>,
        base: Base,
    ) -> Option<(Path, Option<NodeId>)> {
        let help = match base {
            Base::Element(None) => return Some((Path::element(), None)),
            Base::Member { .. } => {
                let nodes = base.nodes();
                return Some((Path::element(), nodes.first().copied().filter(|_| nodes.len() == 1)));
            }
            Base::Element(Some(id)) if schema().node(id).kind != Kind::Structure => {
                return Some((Path::element(), Some(id)));
            }
            Base::Element(Some(id)) => {
                format!(
                    "the elements of `{}` have members: name one as `path`",
                    schema().node(schema().node(id).parent).path
                )
            }
            Base::Pool => NO_PATH.to_owned(),
        };
        self.mistake(
            at.clone(),
            format!("`{key}` does not say what to look at"),
            "no `path` here",
            Some(help),
        );
        None
    }

    /// A path to a value that another is compared with.
    pub(super) fn operand_value(
        &mut self,
        written: &SpannedText,
        base: Base,
    ) -> Option<(Path, Option<NodeId>)> {
        match Path::parse(&written.0) {
            Ok(Path { aspect: Aspect::Outer, .. }) => self.path(written, base),
            _ => self.value(written, base),
        }
    }

    /// Notes a value of the element around in place of one of the element itself.
    pub(super) fn outer_alone(&mut self, written: &SpannedText, path: &Path) {
        let help =
            format!("compare with it, as in `{{ path = \"NAME\", equals = {{ path = \"{path}\" }} }}`");
        let message = format!("`{path}` is a value to compare with, and cannot be checked itself");
        self.mistake(written.1.clone(), message, "of the element around", Some(help));
    }

    /// A path to one value.
    pub(super) fn value(&mut self, written: &SpannedText, base: Base) -> Option<(Path, Option<NodeId>)> {
        let (path, node) = self.path(written, base)?;
        let target = node.map(|id| schema().node(id));
        match path.aspect {
            Aspect::Members | Aspect::Plain => {
                let message = format!("`{path}` names several values");
                let help = format!("look at each: `{{ every = \"{path}\", expect = {{ .. }} }}`");
                self.mistake(written.1.clone(), message, "more than one", Some(help));
                None
            }
            Aspect::Arn(_)
                if target.is_some_and(|node| node.kind != Kind::String || !node.values.is_empty()) =>
            {
                let called = target.map(crate::schema::Node::called).unwrap_or_default();
                let message = format!("`{path}` can never be known: {called} is not an ARN");
                let help = "name a member that holds an ARN, such as `Arn`".to_owned();
                self.mistake(written.1.clone(), message, "not an ARN", Some(help));
                None
            }
            Aspect::Scopes if target.is_some_and(|node| node.path != SCOPED) => {
                let message = format!("`{path}` can never be known: only resource servers have scopes");
                let help = match base {
                    Base::Pool => format!("write `scopes({SCOPED})`"),
                    Base::Element(_) | Base::Member { .. } => format!("write `scopes($.{SCOPED})`"),
                };
                self.mistake(written.1.clone(), message, "no resource servers", Some(help));
                None
            }
            Aspect::Outer => {
                self.outer_alone(written, &path);
                None
            }
            Aspect::Value | Aspect::Key | Aspect::Arn(_) | Aspect::Scopes | Aspect::Source => {
                Some((path, node))
            }
        }
    }

    /// Parses a path and follows it. The node is `None` for a path that is unknown on purpose, and for members.
    pub(super) fn path(&mut self, written: &SpannedText, base: Base) -> Option<(Path, Option<NodeId>)> {
        let path = Path::parse(&written.0).map_err(|problem| self.path_problem(written, problem)).ok()?;
        if path.aspect == Aspect::Source {
            return Some((path, None));
        }
        let base = self.start(&path, base, written)?;
        if path.from_pool && base == Base::Pool {
            let help = without_start(written, &path);
            let at = written.0.find("$.").unwrap_or_default();
            self.mistake(
                inside(self.rule, written, at..at + 2),
                "`$.` has a meaning only inside the elements of a list",
                "paths start at the pool here already",
                Some(help),
            );
            return None;
        }
        if path.aspect == Aspect::Key && !matches!(base, Base::Member { .. }) {
            let help = "use it inside `{ every = \"NAME.*\", expect = { .. } }`".to_owned();
            let message = "`key()` has a meaning only inside the members of a structure or map";
            self.mistake(written.1.clone(), message, "no key here", Some(help));
            return None;
        }
        if path.steps.is_empty() && base == Base::Pool {
            let message = format!("`{path}` does not say what to look at");
            let help = "name a member: `account(Arn)`, `LambdaConfig.*`".to_owned();
            self.mistake(written.1.clone(), message, "no name here", Some(help));
            return None;
        }
        let mut starts = base.nodes();
        if path.from_pool {
            // The mistakes of such a path name the element too.
            starts = vec![starts.first().copied().unwrap_or(NodeId::ROOT)];
        }
        let Some(first) = starts.first().copied() else {
            self.unknown_paths += 1;
            return Some((path, None));
        };
        if path.steps.is_empty() {
            return Some((path, Some(first).filter(|_| starts.len() == 1)));
        }
        if !path.from_pool && !starts.iter().all(|id| self.has_members(*id, written)) {
            return None;
        }
        let path = self.keyed(path, first, written)?;
        let mut node = None;
        for start in starts {
            match path.resolve(schema(), start) {
                Ok(found) => node = node.or(Some(found)),
                Err(_) if self.rule.unchecked.is_some() => self.unknown_paths += 1,
                Err(problem) => {
                    self.path_problem(written, problem);
                    return None;
                }
            }
        }
        Some((path, node))
    }

    /// Where a path starts: of the value of an element around, that element.
    fn start(&mut self, path: &Path, base: Base, written: &SpannedText) -> Option<Base> {
        if path.aspect != Aspect::Outer {
            return Some(base);
        }
        if self.outer.is_none() {
            let help = "use it in a predicate over a list inside an element of another list";
            let message = "`outer()` has a meaning only in a list inside an element of another list";
            self.mistake(written.1.clone(), message, "no element around", Some(help.to_owned()));
        }
        self.outer
    }

    /// The path with parameters put in, which can stand for keys of maps.
    fn keyed(&mut self, mut path: Path, start: NodeId, written: &SpannedText) -> Option<Path> {
        for index in 0..path.steps.len() {
            let Some(name) = path.steps[index].param.clone() else { continue };
            let at = inside(self.rule, written, path.steps[index].at.clone());
            let around = Path { steps: path.steps[..index].to_vec(), ..path.clone() };
            let map = around.resolve(schema(), start).ok().filter(|id| schema().node(*id).kind == Kind::Map);
            if map.is_none() && self.rule.unchecked.is_none() {
                let help = "write the name; a parameter can stand for a key: `UserPoolTags.{key}`".to_owned();
                self.mistake(at, "a parameter cannot stand for a member", "not a key of a map", Some(help));
                return None;
            }
            let param = self.param(&name, &at)?;
            let Some(key) = param.value.as_str().filter(|key| !key.is_empty()) else {
                let mistake = param.wrong_kind(format!("`{name}` is used as a key, so it must be a text"));
                let help = "for several keys, ask the map: `contains-all = { param = \"NAME\" }`";
                self.mistakes.push(mistake.help(help));
                return None;
            };
            path.steps[index].name = key.to_owned().into();
        }
        Some(path)
    }

    /// Notes a path that starts at something without members.
    fn has_members(&mut self, start: NodeId, written: &SpannedText) -> bool {
        let of = schema().node(start);
        let has = matches!(of.kind, Kind::Structure | Kind::Map);
        if !has {
            let message = format!("{} is {} and has no members", of.called(), of.kind.one());
            let help = "leave `path` out: the predicate is about the element itself".to_owned();
            self.mistake(written.1.clone(), message, "no such member", Some(help));
        }
        has
    }

    fn path_problem(&mut self, written: &SpannedText, problem: PathProblem) {
        let at = inside(self.rule, written, problem.at);
        self.mistake(at, problem.message, problem.label, problem.help);
    }
}

/// How to write a path that starts at the pool without `$.`.
fn without_start(written: &SpannedText, path: &Path) -> String {
    match path.resolve(schema(), NodeId::ROOT) {
        Ok(_) => format!("write `{}`", written.0.replacen("$.", "", 1)),
        Err(problem) => {
            let help = problem.help.map_or_else(String::new, |help| format!(": {help}"));
            format!("leave the `$.` out; then {}{help}", problem.message)
        }
    }
}
