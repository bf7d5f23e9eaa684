//! The names that a language has for the members of the pool document, both ways. Each front end has a mapping file,
//! and all have one form: the resources that hold a part of a pool, each with its arguments by the members they set.

mod file;
mod snake;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Language;
use crate::pool::{Coverage, Section};
use crate::schema::{Kind, NodeId, schema};
use crate::source::text::ValueStep;
use crate::value::Value;

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
    /// Those of them that a template may set.
    pub unread: Vec<&'static str>,
    /// Argument by member, both as paths with dots; those that can be set.
    names: BTreeMap<&'static str, &'static str>,
    /// Names of members that no single argument sets.
    named: BTreeMap<&'static str, &'static str>,
    /// Arguments whose change replaces the resource: those that the provider of Terraform marks as forcing a new
    /// resource, and the create-only properties of the schemas of CloudFormation.
    pub replaced_by: Vec<&'static str>,
    /// The names of arguments that are secrets.
    secrets: BTreeSet<&'static str>,
    pub form: Form,
    pub factors: Factors,
    /// The values of members that are left out of a structure in the file.
    pub left_out: Vec<LeftOut>,
    /// The values that a provider writes where nothing is set, by argument.
    pub defaults: BTreeMap<&'static str, &'static str>,
    /// It takes over what something else made.
    pub adopts: bool,
}

/// The form that a language has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Form {
    /// A template: what is inside of properties has the names of the API, and lists are marked in names
    /// (`Schema[].Name`).
    Template,
    /// Structures are blocks and not values: `password_policy { ... }`.
    Blocks,
    /// Structures are values: `password_policy = { ... }`.
    Attributes,
}

impl Form {
    /// Whether the service refuses a name that it does not know. Another form is that of a provider which may be
    /// newer than this version.
    pub(in crate::source) fn refuses_strange(self) -> bool {
        self == Form::Template
    }
}

/// How a language says which factors a pool has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::source) struct Factors {
    /// The argument that lists them; none where each has an argument of its own.
    pub argument: Option<&'static str>,
    /// The values that the list can hold, and the member of the section that each sets.
    #[serde(borrow, default)]
    pub values: Vec<(&'static str, &'static str)>,
    /// Why SMS may be a factor, or not, while MFA is off.
    pub sms_while_off: Option<&'static str>,
}

/// The value of a member that is left out.
#[derive(Clone, Debug)]
pub(in crate::source) struct LeftOut {
    pub path: Vec<&'static str>,
    pub value: Value,
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
    /// The provider fills the block where it is left out, so that a plan has it unknown either way.
    pub filled: bool,
    /// The provider writes 0 where nothing is set.
    pub zero_is_unset: bool,
    /// Empty where everything inside has the names of the API.
    pub inside: Vec<Argument>,
}

impl Argument {
    /// Its name, and the value that a block without it has in the API, if the provider sends 0 for it then.
    pub(in crate::source) fn needed(&self) -> Option<(&'static str, &'static Value)> {
        let value = schema().node(self.node).defaults().in_block.as_ref();
        value.filter(|_| self.zero_is_unset).map(|value| (self.name, value))
    }
}

impl Mappings {
    /// Reads a mapping file.
    ///
    /// # Panics
    ///
    /// When the file is not valid. It is part of the program, and a test reads it.
    #[expect(clippy::panic, reason = "the file is part of the program, and a test reads it")]
    pub(in crate::source) fn read(file: &str, text: &'static str, form: Form) -> Mappings {
        let entries: BTreeMap<&'static str, file::Entry> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let kinds: BTreeMap<&'static str, Mapping> = entries
            .into_iter()
            .map(|(kind, entry)| {
                let mapping = file::mapping(kind, entry, form);
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

/// The names of arguments that are secrets, in whatever block.
fn secrets(arguments: &[Argument]) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for argument in arguments {
        names.extend(schema().node(argument.node).secret.then_some(argument.name));
        names.extend(secrets(&argument.inside));
    }
    names
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

    /// The language of its names: a template may be inside a plan.
    pub(in crate::source) fn style(&self, file: Language) -> Language {
        if self.form == Form::Template && file == Language::Terraform { Language::Json } else { file }
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
            if self.form == Form::Template && node.is_some_and(|id| schema().node(id).kind == Kind::List) {
                joined.push_str("[]");
            }
            joined.push('.');
            joined.push_str(step);
            node = element.or(node).and_then(|id| schema().member(id, step));
        }
        joined
    }

    /// The arguments of a block that the provider sends as 0 where the block lacks them, though the service refuses that,
    /// with the values that the API has for them then.
    pub(in crate::source) fn needed(
        &self,
        block: &str,
    ) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let inside = block.split('.').try_fold(&self.arguments, |inside, name| {
            inside.iter().find(|argument| argument.name == name).map(|argument| &argument.inside)
        });
        inside.into_iter().flatten().filter_map(Argument::needed)
    }

    /// The value of a member that is left out.
    pub(in crate::source) fn left_out(&self, way: &[ValueStep<'_>]) -> Option<&Value> {
        let names = || {
            way.iter().filter_map(|step| match step {
                ValueStep::Member(name) => Some(name.as_ref()),
                ValueStep::Index(_) => None,
            })
        };
        let found = self.left_out.iter().find(|left_out| names().eq(left_out.path.iter().copied()));
        found.map(|left_out| &left_out.value)
    }

    /// The argument that alone sets a member, both as paths with dots.
    pub(in crate::source) fn argument(&self, member: &str) -> Option<&'static str> {
        self.names.get(member).copied()
    }

    /// Whether an argument of this name is a secret, in whatever block.
    pub(in crate::source) fn names_secret(&self, name: &str) -> bool {
        self.secrets.contains(name)
    }

    /// The argument that sets a member at the top of the part, or shows it.
    pub(in crate::source) fn shown(&self, member: &str) -> Option<&'static str> {
        let found = self.arguments.iter().find(|argument| *argument.to == [member]);
        found.map(|argument| argument.name)
    }

    /// The argument that asks for a client's secret, which no argument is.
    pub(in crate::source) fn secret(&self) -> Option<&'static str> {
        (self.section == Section::Clients).then(|| self.named.get("ClientSecret").copied()).flatten()
    }

    /// Whether it is a pool, and not a part of one.
    pub(in crate::source) fn is_pool(&self) -> bool {
        self.at == NodeId::ROOT
    }

    /// Whether an argument cannot be set and is only returned by the service.
    pub(in crate::source) fn is_returned(&self, name: &str) -> bool {
        let computed = self.arguments.iter().any(|argument| !argument.settable && argument.name == name);
        computed || self.other.contains(&name)
    }
}
