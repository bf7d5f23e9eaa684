//! A path as rules write it, resolved in the schema.

mod followed;

use std::fmt;
use std::ops::Range;

use super::{Aspect, Kind, NodeId, Schema, schema};
use crate::value::Text;
use followed::Followed;

/// A path: `Policies.PasswordPolicy.MinimumLength`, `UserPoolTags."cost.center"`, `$.MfaConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Starts at the pool even inside a list's element: written `$.`.
    pub from_pool: bool,
    pub steps: Vec<Step>,
    pub aspect: Aspect,
}

/// One member name of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: Text,
    /// Its span in the text of the path, in bytes.
    pub at: Range<usize>,
    /// The parameter that stands for the name: written `{key}`.
    pub param: Option<Text>,
    followed: Followed,
}

impl Step {
    /// The member of a structure, or the value of a map, that the step leads to.
    pub fn member_of(&self, structure: NodeId) -> Option<NodeId> {
        let look_up = || schema().member(structure, &self.name);
        match self.followed.0.get_or_init(|| (structure, look_up())) {
            (from, member) if *from == structure => *member,
            // A path inside a quantifier over members starts at several structures.
            _ => look_up(),
        }
    }
}

/// The problem of a path that cannot be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathProblem {
    /// The part of the path that is wrong, in bytes.
    pub at: Range<usize>,
    pub message: String,
    /// The label under that part.
    pub label: &'static str,
    pub help: Option<String>,
}

impl Path {
    /// Splits the text of a path at its dots; a name with dots is in double quotes.
    pub fn parse(text: &str) -> Result<Path, PathProblem> {
        let Some((word, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
            return Path::plain(text, 0, text.len());
        };
        let Some(aspect) = Aspect::function(word) else {
            if !word.chars().all(|c| c.is_ascii_lowercase()) {
                return Path::plain(text, 0, text.len());
            }
            let message = format!("a path has no function `{word}`");
            let help = crate::diagnostic::suggest(word, Aspect::functions());
            return Err(problem(0..word.len(), message, "unknown function", Some(help)));
        };
        let start = word.len() + 1;
        if inner.is_empty() {
            return Ok(Path { aspect, ..Path::element() });
        }
        let takes_no_path = match aspect {
            Aspect::Key => {
                Some(("`key()` takes no path", "write `key()` inside the elements of `NAME.*` or `NAME.**`"))
            }
            Aspect::Source => {
                Some(("`source()` takes no path", "write `source()`: it is about the whole pool"))
            }
            _ => None,
        };
        if let Some((message, help)) = takes_no_path {
            let place = start..start + inner.len();
            return Err(problem(place, message, "not here", Some(help.to_owned())));
        }
        let path = Path::plain(text, start, start + inner.len())?;
        if path.aspect.is_several() {
            let help = format!("use `{word}()` inside `{{ every = \"{path}\", expect = {{ .. }} }}`");
            let place = start..start + inner.len();
            return Err(problem(place, "these are several values", "more than one", Some(help)));
        }
        if aspect == Aspect::Outer && path.from_pool {
            let help = Some(format!("the pool is the same everywhere: write `{inner}`"));
            let place = start..start + inner.len();
            return Err(problem(place, "`outer()` does not start at the pool", "not of the element", help));
        }
        Ok(Path { aspect, ..path })
    }

    /// A path without function, which is a part of the text.
    fn plain(text: &str, start: usize, end: usize) -> Result<Path, PathProblem> {
        let text = &text[..end];
        let (from_pool, mut at) =
            if text[start..].starts_with("$.") { (true, start + 2) } else { (false, start) };
        let mut steps = Vec::new();
        loop {
            let rest = &text[at..];
            let (name, taken) = if let Some(quoted) = rest.strip_prefix('"') {
                let end = quoted.find('"').ok_or_else(|| {
                    let help = format!("close it: {text}\"");
                    problem(at..text.len(), "the quote is not closed", "never closed", Some(help))
                })?;
                (&quoted[..end], end + 2)
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                (&rest[..end], end)
            };
            if name.is_empty() {
                return Err(no_name(text, at..at + taken));
            }
            if let Some(aspect) = members(text, at, taken)? {
                return Ok(Path { from_pool, steps, aspect });
            }
            let param = parameter(&rest[..taken]);
            if let Some(bracket) =
                name.find(['[', '{']).filter(|_| param.is_none()).filter(|_| !rest.starts_with('"'))
            {
                let help = bracket_help(&text[..at + bracket], &name[bracket..], at + taken == text.len());
                let place = at + bracket..at + taken;
                return Err(problem(place, "a path names members only", "not a member", Some(help)));
            }
            let param = param.map(|param| param.to_owned().into());
            let followed = Followed::default();
            steps.push(Step { name: name.to_owned().into(), at: at..at + taken, param, followed });
            at += taken;
            match text[at..].chars().next() {
                None => return Ok(Path { from_pool, steps, aspect: Aspect::Value }),
                Some('.') => at += 1,
                Some(_) => {
                    let message = "a dot must follow the closing quote";
                    let help = "put the whole name in quotes".to_owned();
                    return Err(problem(at..text.len(), message, "after the quote", Some(help)));
                }
            }
        }
    }

    /// The names of the path, without what is before or around them.
    pub fn steps_text(&self) -> String {
        self.steps.iter().fold(String::new(), |path, step| joined(&path, &step.name))
    }

    /// The path of the element that a predicate is about.
    pub fn element() -> Path {
        Path { from_pool: false, steps: Vec::new(), aspect: Aspect::Value }
    }

    /// The name of its value in messages.
    pub fn called(&self) -> String {
        match self.aspect {
            Aspect::Value if self.steps.is_empty() => "the element".to_owned(),
            _ => format!("`{self}`"),
        }
    }

    /// Whether both paths name the same members, wherever they are written.
    pub fn steps_equal(&self, other: &Path) -> bool {
        let names = |path: &'_ Path| path.steps.iter().map(|step| step.name.clone()).collect::<Vec<_>>();
        (self.from_pool, self.aspect) == (other.from_pool, other.aspect) && names(self) == names(other)
    }

    /// Follows the path from `base`, or from the pool for a `$.` path.
    pub fn resolve(&self, schema: &Schema, base: NodeId) -> Result<NodeId, PathProblem> {
        self.follow(schema, base).map_err(|(id, step)| self.no_member(schema, base, id, step))
    }

    /// Follows the path, as far as it leads: to the last node that is there, and the step that leads nowhere.
    fn follow(&self, schema: &Schema, base: NodeId) -> Result<NodeId, (NodeId, &Step)> {
        let mut id = if self.from_pool { NodeId::ROOT } else { base };
        for step in &self.steps {
            id = schema.member(id, &step.name).ok_or((id, step))?;
        }
        Ok(id)
    }

    fn no_member(&self, schema: &Schema, base: NodeId, id: NodeId, step: &Step) -> PathProblem {
        let node = schema.node(id);
        let name = &step.name;
        let element = node.element.map(|element| schema.node(element));
        let (message, help) = match (node.kind, element) {
            (Kind::Structure, _) => {
                let message = format!("{} has no member `{name}`", node.called());
                (message, self.member_help(schema, base, id, step))
            }
            (Kind::List, Some(element)) if element.kind != Kind::Structure => {
                let message =
                    format!("{} is a list of {}s and has no members", node.called(), element.kind.word());
                (message, LIST_OPERATORS.to_owned())
            }
            (Kind::List, Some(element)) => {
                let known = element.members.iter().any(|id| schema.node(*id).name == *name);
                let message = match known {
                    true => format!("{} is a list, and `{name}` is a member of its elements", node.called()),
                    false => format!("{} is a list and has no member `{name}`", node.called()),
                };
                (message, list_help(&self.until(step)))
            }
            _ if schema.node(node.parent).kind == Kind::Map => {
                let place = self.steps.iter().position(|one| one == step).unwrap_or(0);
                let (map, key) = self.steps.split_at(place.saturating_sub(1));
                let key: Vec<&str> = key.iter().map(|step| step.name.as_ref()).collect();
                let map = Path { steps: map.to_vec(), aspect: Aspect::Value, ..*self };
                let help = format!("put a key with dots in quotes: '{map}.\"{}\"'", key.join("."));
                (format!("{} is {} and has no members", node.called(), node.kind.one()), help)
            }
            (kind, _) => {
                let message = format!("{} is {} and has no members", node.called(), kind.one());
                (message, format!("write `{}`", self.until(step)))
            }
        };
        problem(step.at.clone(), message, "no such member", Some(help))
    }

    /// The path up to a step, without it.
    fn until(&self, step: &Step) -> String {
        let steps = self.steps.iter().take_while(|one| *one != step).cloned();
        Path { steps: steps.collect(), aspect: Aspect::Value, ..*self }.to_string()
    }

    /// The help for a step that is not a member of `of`.
    fn member_help(&self, schema: &Schema, base: NodeId, of: NodeId, step: &Step) -> String {
        let first = self.steps.first() == Some(step);
        let element = schema.node(base);
        if self.from_pool && base != NodeId::ROOT {
            let here = Path { from_pool: false, ..self.clone() };
            if here.follow(schema, base).is_ok() {
                return format!("write `{here}`: paths start at the element here");
            }
        } else if first && base != NodeId::ROOT {
            if schema.node(element.parent).name == step.name {
                return format!("leave `{}.` out: paths start at the element here", step.name);
            }
            let there = Path { from_pool: true, ..self.clone() };
            if there.follow(schema, base).is_ok() {
                return format!("to look at the pool, write `{there}`");
            }
        }
        nearest_member(schema, base, of, &step.name)
    }
}

/// The operators that take a list as a whole.
pub const LIST_OPERATORS: &str =
    "look at the list itself: `contains`, `contains-all`, `contains-only`, `length-at-least`";

/// The advice about brackets, as the paths in reports have them.
fn bracket_help(list: &str, brackets: &str, is_last: bool) -> String {
    let key = brackets.trim_matches(|c| "[]{}\"'*".contains(c));
    match key.bytes().all(|byte| byte.is_ascii_digit()) {
        _ if !is_last => list_help(list),
        true => format!("leave it out: `{list}`"),
        false => format!("write `{list}.{key}` for a key of a map, or leave it out: `{list}`"),
    }
}

fn list_help(list: &str) -> String {
    format!(
        "to look into the list, use `each = \"{list}\"` on the rule, or \
         `{{ some = \"{list}\", expect = {{ .. }} }}` or `{{ every = \"{list}\", expect = {{ .. }} }}`"
    )
}

fn problem(
    at: Range<usize>,
    message: impl Into<String>,
    label: &'static str,
    help: Option<String>,
) -> PathProblem {
    PathProblem { at, message: message.into(), label, help }
}

/// The problem of a path with an empty name.
fn no_name(text: &str, at: Range<usize>) -> PathProblem {
    if text.is_empty() {
        let help = "name a member, such as `MfaConfiguration`; `cognito-lint schema` lists what there is";
        return problem(at, "the path is empty", "empty", Some(help.to_owned()));
    }
    let (at, help) = match at.is_empty() {
        false => (at, "put a name into the quotes"),
        // The dot that has no name before or after it.
        true if at.start < text.len() => (at.start..at.start + 1, "take this dot out"),
        true => (at.start - 1..at.start, "take this dot out, or name a member after it"),
    };
    problem(at, "a member name is missing", "no name here", Some(help.to_owned()))
}

/// The member that was probably meant: of the same structure, or one with that name elsewhere, as a path that
/// starts at `base` would name it.
fn nearest_member(schema: &Schema, base: NodeId, of: NodeId, name: &str) -> String {
    let node = schema.node(of);
    let members = node.members.iter().map(|id| schema.node(*id).name.as_ref());
    // `UserPoolClients`: a word before the name of a member.
    let folded = name.to_lowercase();
    let end = members.clone().find(|own| own.len() > 4 && folded.ends_with(&own.to_lowercase()));
    let near = end.or_else(|| crate::diagnostic::nearest(name, members));
    let short = near.filter(|near| abbreviates(&folded, &near.to_lowercase()));
    let short = short.map(|near| format!("did you mean `{near}`?"));
    let near = near.map(|near| format!("did you mean `{near}`?"));
    let same = |id: NodeId| schema.node(id).name.eq_ignore_ascii_case(name);
    if node.members.iter().copied().any(same) {
        return near.unwrap_or_default();
    }
    let of_arn = || of_arn(&folded).filter(|_| of == NodeId::ROOT);
    of_arn().or(short).or_else(|| elsewhere(schema, base, name)).or(near).unwrap_or_else(|| {
        let command = format!("cognito-lint schema {}", node.path);
        format!("`{}` lists what there is", command.trim_end())
    })
}

/// Whether a name is another one with letters left out behind the same start: `minlength` of `minimumlength`.
fn abbreviates(short: &str, name: &str) -> bool {
    let mut rest = name.chars();
    short.len() < name.len()
        && short.as_bytes().first() == name.as_bytes().first()
        && short.chars().all(|letter| rest.any(|own| own == letter))
}

/// The path for a part of the pool's ARN that was written as a member.
fn of_arn(folded: &str) -> Option<String> {
    let part = match folded {
        "account" | "accountid" | "awsaccountid" => "account",
        "region" | "awsregion" => "region",
        "partition" => "partition",
        _ => return None,
    };
    Some(format!("the {part} of the pool is `{part}(Arn)`"))
}

fn elsewhere(schema: &Schema, base: NodeId, name: &str) -> Option<String> {
    let named = || schema.nodes().filter(|(_, node)| node.name.eq_ignore_ascii_case(name));
    let inside = schema.node(base);
    let prefix = format!("{}.", inside.path);
    let in_base = |path: &str| {
        base != NodeId::ROOT && path.starts_with(&prefix) && !path[prefix.len()..].contains(['[', '{'])
    };
    if let Some((_, node)) = named().find(|(_, node)| in_base(&node.path)) {
        return Some(format!("did you mean `{}`?", &node.path[prefix.len()..]));
    }
    if let Some((_, node)) = named().find(|(_, node)| !node.path.contains(['[', '{'])) {
        let start = if base == NodeId::ROOT { "" } else { "$." };
        return Some(format!("did you mean `{start}{}`?", node.path));
    }
    // A member of the elements of a list at the pool.
    let (list, node) = named().find_map(|(_, node)| {
        let (list, rest) = node.path.split_once("[].")?;
        (!rest.contains(['[', '{'])).then_some((list, node))
    })?;
    Some(format!("`{}` is a member of the elements of `{list}`: use `each = \"{list}\"`", node.name))
}

/// The aspect for `*` or `**` at the end of a path; `None` for a name.
fn members(text: &str, at: usize, taken: usize) -> Result<Option<Aspect>, PathProblem> {
    let aspect = match &text[at..at + taken] {
        "*" => Aspect::Members,
        "**" => Aspect::Plain,
        _ => return Ok(None),
    };
    if at + taken < text.len() {
        let path = &text[..at + taken];
        let help =
            format!("name members of the elements inside `{{ every = \"{path}\", expect = {{ .. }} }}`");
        let message = "nothing can follow the members of a structure";
        return Err(problem(at + taken..text.len(), message, "after them", Some(help)));
    }
    Ok(Some(aspect))
}

/// The parameter that a name of the form `{key}` stands for.
fn parameter(name: &str) -> Option<&str> {
    let param = name.strip_prefix('{')?.strip_suffix('}')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!param.is_empty() && param.chars().all(plain)).then_some(param)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = if self.from_pool { "$." } else { "" };
        let steps = format!("{start}{}", self.steps_text());
        f.write_str(&self.aspect.text(steps.trim_end_matches('.')))
    }
}

/// A path with one more name at its end.
pub fn joined(path: &str, name: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    match name.contains('.') {
        true => format!("{path}{dot}\"{name}\""),
        false => format!("{path}{dot}{name}"),
    }
}
