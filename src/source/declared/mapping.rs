//! The names that a language has for the members of the pool document, both ways. Each front end has a mapping file,
//! and all have one form: the resources that hold a part of a pool, each with its arguments by the members they set.

mod snake;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Language;
use crate::pool::{Coverage, Section};
use crate::schema::{Kind, NodeId, schema};

/// The mappings of a language, by the types of its resources.
#[derive(Debug)]
pub(in crate::source) struct Mappings {
    kinds: BTreeMap<&'static str, Mapping>,
    coverage: Coverage,
}

/// The arguments of one type of resource.
#[derive(Debug)]
pub(in crate::source) struct Mapping {
    pub kind: &'static str,
    /// The part of the pool document that it stands for.
    pub at: NodeId,
    pub section: Section,
    /// Whether the section is a list, of which it is an element.
    pub is_element: bool,
    /// The argument that names the pool; none for the pool itself.
    pub link: Option<&'static str>,
    pub arguments: Vec<Argument>,
    /// Arguments without a member in the API.
    pub other: Vec<&'static str>,
    /// Argument by member, both as paths with dots; those that can be set.
    names: BTreeMap<&'static str, &'static str>,
    /// Names of members that no single argument sets.
    named: BTreeMap<&'static str, &'static str>,
    /// Lists are marked in names: `Schema[].Name`.
    marks_lists: bool,
    /// What stands in braces is a block and not a value: `password_policy { ... }`.
    pub has_blocks: bool,
}

/// One argument, or a block of them.
#[derive(Debug)]
pub(in crate::source) struct Argument {
    pub name: &'static str,
    /// The member, from the one that the block around it stands for.
    pub to: Vec<&'static str>,
    pub node: NodeId,
    /// Whether a configuration can hold it; the provider or the service alone sets the others.
    pub settable: bool,
    /// Empty where everything inside has the names of the API.
    pub inside: Vec<Argument>,
}

/// One type of resource in a mapping file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at: &'static str,
    link: Option<&'static str>,
    #[serde(borrow)]
    arguments: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    computed: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    named: BTreeMap<&'static str, &'static str>,
    #[serde(borrow)]
    other: Vec<&'static str>,
}

impl Mappings {
    /// Reads a mapping file.
    ///
    /// # Panics
    ///
    /// When the file is not valid. It is part of the program, and a test reads it.
    #[expect(clippy::panic, reason = "the file is part of the program, and a test reads it")]
    pub(in crate::source) fn read(file: &str, text: &'static str, marks_lists: bool) -> Mappings {
        let entries: BTreeMap<&'static str, Entry> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let kinds: BTreeMap<&'static str, Mapping> = entries
            .into_iter()
            .map(|(kind, entry)| {
                let mapping = mapping(kind, entry, marks_lists);
                (kind, mapping.unwrap_or_else(|path| panic!("{file}: {kind}: there is no {path}")))
            })
            .collect();
        let coverage = coverage(kinds.values());
        Mappings { kinds, coverage }
    }

    /// The same with all names in snake case, as a provider of Terraform has the resources of CloudFormation.
    pub(in crate::source) fn in_snake_case(&self) -> Mappings {
        let mappings = self.kinds.values().map(snake::mapping);
        let kinds: BTreeMap<_, _> = mappings.map(|mapping| (mapping.kind, mapping)).collect();
        let coverage = coverage(kinds.values());
        Mappings { kinds, coverage }
    }

    pub(in crate::source) fn get(&self, kind: &str) -> Option<&Mapping> {
        self.kinds.get(kind)
    }

    /// The types of resources that hold a part of a pool.
    pub(in crate::source) fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    /// The members that the language has an argument for.
    pub(in crate::source) fn coverage(&'static self) -> &'static Coverage {
        &self.coverage
    }
}

/// The mapping of an entry; the path that the schema does not have where there is one.
fn mapping(kind: &'static str, entry: Entry, marks_lists: bool) -> Result<Mapping, String> {
    let at = match entry.at {
        "" => NodeId::ROOT,
        path => schema().find(path).ok_or(path)?,
    };
    let mut arguments = Vec::new();
    // A block stands before what is inside it, since a shorter path sorts before the longer.
    let settable = entry.arguments.iter().map(|one| (true, one));
    for (settable, (path, to)) in settable.chain(entry.computed.iter().map(|one| (false, one))) {
        let names: Vec<&'static str> = path.split('.').collect();
        insert(&mut arguments, &names, to, at, settable)?;
    }
    Ok(Mapping {
        kind,
        at,
        section: Section::around(at).next().unwrap_or(Section::UserPool),
        is_element: entry.at.ends_with("[]"),
        link: entry.link,
        arguments,
        other: entry.other,
        names: entry.arguments.into_iter().map(|(path, to)| (to, path)).collect(),
        named: entry.named,
        marks_lists,
        has_blocks: true,
    })
}

fn insert(
    arguments: &mut Vec<Argument>,
    names: &[&'static str],
    to: &'static str,
    around: NodeId,
    settable: bool,
) -> Result<(), String> {
    match names {
        [] => {}
        [name] => {
            let to: Vec<&'static str> = to.split('.').collect();
            let node = to.iter().try_fold(around, |node, step| schema().member(node, step));
            let node = node.ok_or_else(|| to.join("."))?;
            arguments.push(Argument { name, to, node, settable, inside: Vec::new() });
        }
        [block, rest @ ..] => {
            let block = arguments.iter_mut().find(|argument| argument.name == *block).ok_or(*block)?;
            let steps: usize = block.to.iter().map(|step| step.len() + 1).sum();
            let node = schema().node(block.node).element.unwrap_or(block.node);
            insert(&mut block.inside, rest, to.get(steps..).unwrap_or_default(), node, settable)?;
        }
    }
    Ok(())
}

/// The members that some argument sets or shows.
fn coverage<'m>(mappings: impl Iterator<Item = &'m Mapping>) -> Coverage {
    let mut coverage = Coverage::default();
    for mapping in mappings {
        let inner = Section::ClientRisk.top();
        let parts: &[NodeId] = match mapping.section {
            Section::RiskConfiguration => &[mapping.at, inner],
            _ => &[mapping.at],
        };
        for part in parts {
            coverage.add(*part);
            cover(&mut coverage, &mapping.arguments, *part);
            for member in mapping.named.keys() {
                let mut steps = member.split('.');
                if let Some(node) = steps.try_fold(*part, |node, step| schema().member(node, step)) {
                    coverage.add(node);
                }
            }
        }
    }
    coverage.complete();
    coverage
}

fn cover(coverage: &mut Coverage, arguments: &[Argument], around: NodeId) {
    for argument in arguments {
        let node = argument.to.iter().try_fold(around, |node, step| schema().member(node, step));
        let Some(node) = node else { continue };
        if argument.inside.is_empty() {
            coverage.add_whole(node);
        } else {
            coverage.add(node);
            cover(coverage, &argument.inside, schema().node(node).element.unwrap_or(node));
        }
    }
}

impl Mapping {
    /// The argument for a member of the resource's part of a pool, as a path with dots; `None` where none can be set.
    pub(in crate::source) fn name(&self, member: &str) -> Option<String> {
        if let Some(name) = self.named.get(member).or_else(|| self.names.get(member)) {
            return Some((*name).to_owned());
        }
        let inside = member.rmatch_indices('.').find_map(|(end, _)| {
            let (around, rest) = (&member[..end], &member[end + 1..]);
            self.names.get(around).map(|name| (*name, around, rest))
        });
        if let Some((name, around, rest)) = inside
            && self.is_whole(name)
        {
            return Some(self.joined(name, around, rest));
        }
        if self.at != NodeId::ROOT {
            return None;
        }
        schema().mirrors().iter().find_map(|mirror| {
            let path = |id| schema().node(id).path.as_ref();
            let both = [(mirror.original, mirror.copy), (mirror.copy, mirror.original)];
            both.into_iter().find_map(|(from, to)| {
                let rest = member.strip_prefix(path(to))?;
                if !(rest.is_empty() || rest.starts_with('.')) {
                    return None;
                }
                let from = format!("{}{rest}", path(from));
                let known = self.names.contains_key(from.as_str());
                (known || from.split_once('.').is_some_and(|(first, _)| self.names.contains_key(first)))
                    .then(|| self.name(&from))?
            })
        })
    }

    /// The language that its names are of: a template may stand in a plan.
    pub(in crate::source) fn style(&self, file: Language) -> Language {
        if self.marks_lists && file == Language::Terraform { Language::Json } else { file }
    }

    /// Whether an argument has the names of the API in it.
    fn is_whole(&self, name: &str) -> bool {
        let mut names = name.split('.');
        let first = names.next().unwrap_or_default();
        let first = self.arguments.iter().find(|argument| argument.name == first);
        let found = names.try_fold(first, |argument, name| {
            argument.map(|argument| argument.inside.iter().find(|inner| inner.name == name))
        });
        found.flatten().is_some_and(|argument| argument.inside.is_empty())
    }

    /// The name of a member inside an argument that has the names of the API in it.
    fn joined(&self, name: &str, around: &str, rest: &str) -> String {
        let mut node = around.split('.').try_fold(self.at, |node, step| schema().member(node, step));
        let mut joined = name.to_owned();
        for step in rest.split('.') {
            let element = node.and_then(|id| schema().node(id).element);
            if self.marks_lists && node.is_some_and(|id| schema().node(id).kind == Kind::List) {
                joined.push_str("[]");
            }
            joined.push('.');
            joined.push_str(step);
            node = element.or(node).and_then(|id| schema().member(id, step));
        }
        joined
    }

    /// The argument at the top of the resource that sets a member, or the first of those inside it.
    pub(in crate::source) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}
