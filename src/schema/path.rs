//! A path as rules write it, and what it leads to in the schema.

use std::fmt;
use std::ops::Range;

use super::{Kind, NodeId, Schema};
use crate::value::Text;

/// A path: `Policies.PasswordPolicy.MinimumLength`, `UserPoolTags."cost.center"`, `$.MfaConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Starts at the pool even inside a list's element: written `$.`.
    pub from_pool: bool,
    pub steps: Vec<Step>,
}

/// One member name of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: Text,
    /// Where it stands in the text of the path, in bytes.
    pub at: Range<usize>,
}

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathProblem {
    /// The part of the path that is wrong, in bytes.
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Path {
    /// Splits the text of a path at its dots; a name with dots stands in double quotes.
    pub fn parse(text: &str) -> Result<Path, PathProblem> {
        let (from_pool, mut at) = if text.starts_with("$.") {
            (true, 2)
        } else {
            (false, 0)
        };
        let mut steps = Vec::new();
        loop {
            let rest = &text[at..];
            let (name, taken) = if let Some(quoted) = rest.strip_prefix('"') {
                let end = quoted
                    .find('"')
                    .ok_or_else(|| problem(at..text.len(), "the quote is not closed"))?;
                (&quoted[..end], end + 2)
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                (&rest[..end], end)
            };
            if name.is_empty() {
                return Err(problem(
                    at..(at + taken).max(at + 1).min(text.len()),
                    "a member name is missing",
                ));
            }
            if let Some(bracket) = name.find(['[', '{']).filter(|_| !rest.starts_with('"')) {
                let mut problem = problem(at + bracket..at + taken, "a path names members only");
                problem.help = Some(LIST_HELP.to_owned());
                return Err(problem);
            }
            steps.push(Step {
                name: name.to_owned().into(),
                at: at..at + taken,
            });
            at += taken;
            match text[at..].chars().next() {
                None => return Ok(Path { from_pool, steps }),
                Some('.') => at += 1,
                Some(_) => return Err(problem(at..text.len(), "a dot must follow the closing quote")),
            }
        }
    }

    /// Whether both paths name the same members, wherever they were written.
    pub fn steps_equal(&self, other: &Path) -> bool {
        let names = |path: &'_ Path| {
            path.steps
                .iter()
                .map(|step| step.name.clone())
                .collect::<Vec<_>>()
        };
        self.from_pool == other.from_pool && names(self) == names(other)
    }

    /// Follows the path from `base`, or from the pool for a `$.` path.
    pub fn resolve(&self, schema: &Schema, base: NodeId) -> Result<NodeId, PathProblem> {
        let mut id = if self.from_pool { NodeId::ROOT } else { base };
        for step in &self.steps {
            id = schema
                .member(id, &step.name)
                .ok_or_else(|| Path::no_member(schema, id, step))?;
        }
        Ok(id)
    }

    fn no_member(schema: &Schema, id: NodeId, step: &Step) -> PathProblem {
        let node = schema.node(id);
        let owner = if node.path.is_empty() {
            "the pool".to_owned()
        } else {
            format!("`{}`", node.path)
        };
        match node.kind {
            Kind::Structure => PathProblem {
                at: step.at.clone(),
                message: format!("{owner} has no member `{}`", step.name),
                help: nearest_member(schema, id, &step.name),
            },
            Kind::List => PathProblem {
                at: step.at.clone(),
                message: format!(
                    "{owner} is a list, and `{}` is a member of its elements",
                    step.name
                ),
                help: Some(LIST_HELP.to_owned()),
            },
            kind => problem(
                step.at.clone(),
                &format!("{owner} is a {} and has no members", kind.word()),
            ),
        }
    }
}

const LIST_HELP: &str = "to look into a list, use `each = \"LIST\"` on the rule, or \
                         `{ some = \"LIST\", expect = { .. } }` or `{ every = \"LIST\", expect = { .. } }`";

fn problem(at: Range<usize>, message: &str) -> PathProblem {
    PathProblem {
        at,
        message: message.to_owned(),
        help: None,
    }
}

/// The member that was probably meant: of the same structure, or the whole path of one with that name elsewhere.
fn nearest_member(schema: &Schema, of: NodeId, name: &str) -> Option<String> {
    let elsewhere = || {
        schema
            .nodes()
            .filter(|(_, node)| node.name.eq_ignore_ascii_case(name) && !node.path.contains(['[', '{']))
            .map(|(_, node)| node.path.as_ref())
            .next()
            .map(|path| format!("did you mean `{path}`?"))
    };
    let members = schema
        .node(of)
        .members
        .iter()
        .map(|id| schema.node(*id).name.as_ref());
    let near = crate::mistake::nearest(name, members).map(|near| format!("did you mean `{near}`?"));
    if schema
        .node(of)
        .members
        .iter()
        .any(|id| schema.node(*id).name.eq_ignore_ascii_case(name))
    {
        return near;
    }
    elsewhere().or(near).or_else(|| {
        let command = format!("cognito-lint schema {}", schema.node(of).path);
        Some(format!("`{}` lists what there is", command.trim_end()))
    })
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from_pool {
            f.write_str("$.")?;
        }
        for (i, step) in self.steps.iter().enumerate() {
            let dot = if i == 0 { "" } else { "." };
            if step.name.contains('.') {
                write!(f, "{dot}\"{}\"", step.name)?;
            } else {
                write!(f, "{dot}{}", step.name)?;
            }
        }
        Ok(())
    }
}
