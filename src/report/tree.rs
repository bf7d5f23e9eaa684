//! The schema for authors of rules: the paths, and the values that each can have.

mod example;
mod facts;
mod json;
mod draft;

use std::io::{self, Write};

use super::Style;
use super::ansi::{Ansi, styled, wrap};
use crate::schema::{Kind, NodeId, Path, PathProblem, schema};

pub use draft::draft;
pub(super) use draft::inline;
pub use example::example;
pub use json::json;

/// Finds what a person means by a path: with or without the `[]` of lists and the `{}` of maps.
pub fn find(text: &str) -> Result<NodeId, PathProblem> {
    let schema = schema();
    if let Some(id) = schema.find(text) {
        return Ok(id);
    }
    let (bare, removed) = without_brackets(text);
    let in_text = |mut problem: PathProblem| {
        let shift = |at: usize| at + 2 * removed.iter().filter(|place| **place < at).count();
        problem.at = shift(problem.at.start)..shift(problem.at.end).min(text.len());
        problem
    };
    let path = Path::parse(&bare).map_err(in_text)?;
    let mut id = NodeId::ROOT;
    for (i, step) in path.steps.iter().enumerate() {
        let node = schema.node(id);
        // A list is looked into without further ado: here nothing depends on which element is meant.
        let owner = node.element.filter(|_| node.kind == Kind::List).unwrap_or(id);
        let Some(next) = schema.member(owner, &step.name) else {
            let rest = Path { steps: path.steps[i..].to_vec(), ..Path::element() };
            let mut problem = match rest.resolve(schema, owner) {
                Err(problem) => in_text(problem),
                Ok(id) => return Ok(id),
            };
            problem.help = elsewhere(&step.name).or(problem.help);
            return Err(problem);
        };
        id = next;
    }
    Ok(id)
}

/// The path without `[]` and `{}`, and where they were taken out of the result.
fn without_brackets(text: &str) -> (String, Vec<usize>) {
    let mut bare = String::with_capacity(text.len());
    let mut removed = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match rest.strip_prefix("[]").or_else(|| rest.strip_prefix("{}")) {
            Some(after) => {
                removed.push(bare.len());
                rest = after;
            }
            None => {
                bare.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    (bare, removed)
}

/// The paths that end in a name, where there are a few.
fn elsewhere(name: &str) -> Option<String> {
    let same = schema().nodes().filter(|(_, node)| node.name.eq_ignore_ascii_case(name));
    let paths: Vec<String> = same.map(|(_, node)| format!("`{}`", node.path)).collect();
    (1..=4).contains(&paths.len()).then(|| format!("did you mean {}?", paths.join(" or ")))
}

/// Prints the tree of everything inside a node; for anything but the pool itself with the details of the node.
pub fn tree(id: NodeId, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if id == NodeId::ROOT {
        let heading = format!("UserPool, as the API's model of {} has it", schema().model);
        for line in wrap(&heading, style.width) {
            writeln!(out, "{}", styled(style, Ansi::Bold, &line))?;
        }
    } else {
        details(id, style, out)?;
    }
    let members = members(id);
    if id != NodeId::ROOT && !members.is_empty() {
        writeln!(out, "\n{}", styled(style, Ansi::Bold, &schema().node(id).path))?;
    }
    branches(members, "", style, out)?;
    if id == NodeId::ROOT {
        let more = "`cognito-lint schema PATH` shows more about one path, with an example of a rule.";
        writeln!(out, "\n{}", wrap(more, style.width).join("\n"))?;
    }
    Ok(())
}

/// The members of a node: for a list or map of structures, those of the structures.
fn members(id: NodeId) -> &'static [NodeId] {
    let node = schema().node(id);
    match node.element {
        Some(element) => members(element),
        None => &node.members,
    }
}

/// The last part of a path with the marks of the lists and maps that it ends in: `Clients[]`.
fn name(id: NodeId) -> String {
    let node = schema().node(id);
    let mark = match node.kind {
        Kind::List => "[]",
        Kind::Map => "{}",
        _ => "",
    };
    format!("{}{mark}", node.name)
}

/// Names longer than this exceed their column, so that one long name does not push all facts away.
const NAME_COLUMN: usize = 30;

/// The columns that facts need beside a name.
const LEAST_ROOM: usize = 30;

/// The indent of facts below a name.
const BELOW: usize = 4;

fn branches(ids: &[NodeId], prefix: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (tee, corner, bar) =
        if style.unicode { ("├─ ", "╰─ ", "│  ") } else { ("|- ", "`- ", "|  ") };
    let lengths = ids.iter().map(|id| name(*id).len()).filter(|length| *length <= NAME_COLUMN);
    let column = lengths.max().unwrap_or(0);
    for (i, id) in ids.iter().enumerate() {
        let last = i + 1 == ids.len();
        let inner = format!("{prefix}{}", if last { "   " } else { bar });
        let children = members(*id);
        let name = name(*id);
        // A name that is too long for the column has one of its own; on a narrow terminal, facts follow below names.
        let taken = inner.chars().count();
        let beside = column.max(name.len()) + 2;
        let (indent, is_beside) =
            if taken + beside + LEAST_ROOM <= style.width { (beside, true) } else { (BELOW, false) };
        let room = style.width.saturating_sub(taken + indent).max(LEAST_ROOM / 3);
        let mut lines = wrap(&facts::sentence(*id), room).into_iter();
        let first = if is_beside { lines.next() } else { None };
        let branch = styled(style, Ansi::Dim, &format!("{prefix}{}", if last { corner } else { tee }));
        let gap = " ".repeat(if is_beside { indent - name.len() } else { 0 });
        writeln!(out, "{branch}{}{gap}{}", styled(style, Ansi::Bold, &name), first.unwrap_or_default())?;
        for line in lines {
            // A bar leads down to the children past the facts that take more than one line.
            let stem = if children.is_empty() { "" } else { bar.trim_end() };
            let gap = " ".repeat(indent - stem.chars().count());
            writeln!(out, "{}{gap}{line}", styled(style, Ansi::Dim, &format!("{inner}{stem}")))?;
        }
        branches(children, &inner, style, out)?;
    }
    Ok(())
}

/// Everything there is to say of one node.
fn details(id: NodeId, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", styled(style, Ansi::Bold, &schema().node(id).path))?;
    for (name, text) in facts::details(id) {
        out.write_all(super::ansi::labelled(style, &format!("{name}:"), 12, &text).as_bytes())?;
    }
    writeln!(out, "\n{}", styled(style, Ansi::Bold, "Example of a rule"))?;
    for line in example(id).lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}
