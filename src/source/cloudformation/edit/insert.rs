//! Properties that are added to a map of a template, laid out like their neighbors.

use std::ops::Range;

use crate::source::cloudformation::node::{Entry, Node, What};
use crate::source::declared::Language;
use crate::source::edit::{Added, Refusal, end_of_line, indent, line_end, line_start};
use crate::value::Value;

/// The edit that adds members to a map at a place of a resource.
pub(super) fn members(
    (text, language): (&str, Language),
    resource: &Node,
    within: &Range<usize>,
    added: &[(String, Added)],
) -> Result<(Range<usize>, String), Refusal> {
    let mut found = None;
    resource.walk(&mut |node| {
        if found.is_none() && node.at == *within && node.is_map() {
            found = Some(node);
        }
    });
    let map = found.ok_or_else(|| Refusal::by_hand("the map to add to was not found"))?;
    if text.get(map.at.clone()).is_some_and(|shown| shown.starts_with('{')) {
        return in_braces((text, language), map, added);
    }
    let (Some(first), Some(last)) = (map.entries().first(), map.entries().last()) else {
        return Err(Refusal::by_hand("the map to add to is empty"));
    };
    let start = line_start(text, first.key_at.start);
    let before = &text[start..first.key_at.start];
    if !before.trim().is_empty() {
        return Err(Refusal::by_hand("the first key of the map is not on a line of its own"));
    }
    let newline = line_end(text, first.key_at.start);
    let level = step(resource, text);
    let lines = lines(added, before, &level, newline)?;
    let end = end_of_line(text, end(last, text));
    Ok((end..end, format!("{newline}{lines}")))
}

/// How far the properties are to the right of the resource.
fn step(resource: &Node, text: &str) -> String {
    let width = |node: &Node| {
        let first = node.entries().first().map(|entry| entry.key_at.start);
        first.map(|at| at - line_start(text, at))
    };
    let inner = resource.get("Properties").and_then(width);
    let wide = width(resource).zip(inner).and_then(|(outer, inner)| inner.checked_sub(outer));
    " ".repeat(wide.filter(|wide| (1..=8).contains(wide)).unwrap_or(2))
}

/// The end of an entry's value: of the last thing in it.
fn end(entry: &Entry, text: &str) -> usize {
    fn of(node: &Node, text: &str) -> usize {
        let flow = text.get(node.at.clone()).is_some_and(|shown| shown.starts_with(['{', '[']));
        match &node.what {
            What::Map(entries) if !flow => entries.last().map_or(node.at.end, |last| end(last, text)),
            What::List(items) if !flow => items.last().map_or(node.at.end, |last| of(last, text)),
            What::Scalar(_) | What::Map(_) | What::List(_) => text[..node.at.end].trim_end().len(),
        }
    }
    of(&entry.value, text).max(entry.key_at.end)
}

/// The lines of members, without the end of the last one.
fn lines(added: &[(String, Added)], indent: &str, level: &str, newline: &str) -> Result<String, Refusal> {
    let mut lines = Vec::new();
    for (name, added) in added {
        lines.push(match added {
            Added::Value(value) => {
                let value = literal(value, Language::Yaml).ok_or_else(|| unwritten(name))?;
                format!("{indent}{name}: {value}")
            }
            Added::Block(inner) => {
                let inner = self::lines(inner, &format!("{indent}{level}"), level, newline)?;
                format!("{indent}{name}:{newline}{inner}")
            }
        });
    }
    Ok(lines.join(newline))
}

fn unwritten(name: &str) -> Refusal {
    Refusal::by_hand(format!("the value of `{name}` cannot be written"))
}

/// Members of a map in braces, each on a line where the others are.
fn in_braces(
    (text, language): (&str, Language),
    map: &Node,
    added: &[(String, Added)],
) -> Result<(Range<usize>, String), Refusal> {
    let Some((first, last)) = map.entries().first().zip(map.entries().last()) else {
        let members: Result<Vec<String>, Refusal> = added.iter().map(|one| inline(one, language)).collect();
        return Ok((map.at.clone(), format!("{{{}}}", members?.join(", "))));
    };
    let newline = line_end(text, map.at.start);
    let on_lines = text[map.at.start..first.key_at.start].contains('\n');
    let outer = indent(text, map.at.start);
    let own = indent(text, first.key_at.start);
    let level = own.strip_prefix(outer).filter(|level| !level.is_empty()).unwrap_or("  ");
    let mut new = String::new();
    for one in added {
        match on_lines {
            true => new.extend([",", newline, own, &on_several((one, language), own, level, newline)?]),
            false => new.extend([", ", &inline(one, language)?]),
        }
    }
    let end = end(last, text);
    Ok((end..end, new))
}

fn key(name: &str, language: Language) -> String {
    match language {
        Language::Json => format!("\"{name}\": "),
        Language::Yaml | Language::Terraform => format!("{name}: "),
    }
}

fn inline((name, added): &(String, Added), language: Language) -> Result<String, Refusal> {
    let key = key(name, language);
    Ok(match added {
        Added::Value(value) => format!("{key}{}", literal(value, language).ok_or_else(|| unwritten(name))?),
        Added::Block(inner) => {
            let inner: Result<Vec<String>, Refusal> = inner.iter().map(|one| inline(one, language)).collect();
            format!("{key}{{{}}}", inner?.join(", "))
        }
    })
}

fn on_several(
    ((name, added), language): (&(String, Added), Language),
    indent: &str,
    level: &str,
    newline: &str,
) -> Result<String, Refusal> {
    let Added::Block(inner) = added else { return inline(&(name.clone(), added.clone()), language) };
    let deeper = format!("{indent}{level}");
    let inner: Result<Vec<String>, Refusal> = inner
        .iter()
        .map(|one| Ok(format!("{deeper}{}", on_several((one, language), &deeper, level, newline)?)))
        .collect();
    let inner = inner?.join(&format!(",{newline}"));
    Ok(format!("{}{{{newline}{inner}{newline}{indent}}}", key(name, language)))
}

/// A value as the language writes it.
pub(super) fn literal(value: &Value, language: Language) -> Option<String> {
    crate::source::declared::literal(value, language)
}
