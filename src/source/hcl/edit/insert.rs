//! Arguments and blocks that are added to a block, as `terraform fmt` would lay them out.

use std::ops::Range;

use crate::source::edit::{Added, Refusal, end_of_line, indent, line_end, line_start};
use crate::source::hcl::syntax::{Block, Body};
use crate::value::Value;

/// The indent of one level of blocks.
const LEVEL: &str = "  ";

/// The edit that adds members to the end of a block, which is at a place of the file.
pub(super) fn members(
    text: &str,
    body: &Body,
    within: &Range<usize>,
    added: &[(String, Added)],
) -> Result<(Range<usize>, String), Refusal> {
    let refused = || Refusal::by_hand("the block to add to was not found");
    let block = block_at(body, within).ok_or_else(refused)?;
    let open = text[block.header.end..within.end].trim_start();
    let open = within.end - open.len();
    if !text[open..].starts_with('{') {
        return Err(Refusal::by_hand("a comment is before the brace that opens the block"));
    }
    let open = open + 1;
    let close = within.end - 1;
    let newline = line_end(text, within.start);
    let own = indent(text, within.start);
    let inner = text[open..close].trim();
    if !text[open..close].contains('\n') {
        // A block on one line has one argument at most.
        let lines = lines(added, &format!("{own}{LEVEL}"), newline)?;
        let held = match inner {
            "" => String::new(),
            held => format!("{own}{LEVEL}{held}{newline}{newline}"),
        };
        return Ok((open..close, format!("{newline}{held}{lines}{newline}{own}")));
    }
    // A comment after the brace is not on a line of its own.
    let from = end_of_line(text, open).min(close);
    let first = text[from..close].find(|c: char| !c.is_whitespace()).map(|at| from + at);
    let level = first.map_or_else(|| format!("{own}{LEVEL}"), |first| indent(text, first).to_owned());
    let end = text[..close].trim_end().len().max(open);
    if let Some(aligned) = aligned(text, block, (end, &level), added) {
        return Ok((end..end, format!("{newline}{aligned}")));
    }
    let lines = lines(added, &level, newline)?;
    let blank = if inner.is_empty() { "" } else { newline };
    Ok((end..end, format!("{newline}{blank}{lines}")))
}

fn block_at<'b>(body: &'b Body, at: &Range<usize>) -> Option<&'b Block> {
    let around = |block: &&Block| block.whole.start <= at.start && at.end <= block.whole.end;
    let block = body.blocks.iter().find(around)?;
    if (block.whole.start..block.whole.end) == *at { Some(block) } else { block_at(&block.body, at) }
}

/// One argument in line with those right above it, if it needs no more room than they have.
fn aligned(
    text: &str,
    block: &Block,
    (end, level): (usize, &str),
    added: &[(String, Added)],
) -> Option<String> {
    let [(name, Added::Value(value))] = added else { return None };
    let line = line_start(text, end)..end_of_line(text, end);
    let last = block.body.attributes.iter().find(|attribute| {
        let at = attribute.value.at;
        line.start <= at.start && at.end <= line.end
    })?;
    let above = text[line].strip_prefix(level)?;
    let sign = above.find('=')?;
    let room = sign.checked_sub(1)?;
    if above.get(..room)?.trim_end() != &*last.name || name.len() > room {
        return None;
    }
    Some(format!("{level}{name:room$} = {}", literal(value)?))
}

/// The lines of members, without the end of the last one: arguments in line with each other, then blocks.
fn lines(added: &[(String, Added)], level: &str, newline: &str) -> Result<String, Refusal> {
    let mut parts = Vec::new();
    let values = added.iter().filter_map(|(name, added)| match added {
        Added::Value(value) => Some((name, value)),
        Added::Block(_) => None,
    });
    let values: Vec<(&String, &Value)> = values.collect();
    let longest = values.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut arguments = Vec::new();
    for (name, value) in values {
        let written = literal(value)
            .ok_or_else(|| Refusal::by_hand(format!("the value of `{name}` cannot be written")))?;
        arguments.push(format!("{level}{name:longest$} = {written}"));
    }
    if !arguments.is_empty() {
        parts.push(arguments.join(newline));
    }
    for (name, added) in added {
        if let Added::Block(inner) = added {
            let inner = lines(inner, &format!("{level}{LEVEL}"), newline)?;
            parts.push(format!("{level}{name} {{{newline}{inner}{newline}{level}}}"));
        }
    }
    Ok(parts.join(&format!("{newline}{newline}")))
}

/// A value as an expression.
pub(in crate::source) fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(_) | Value::Int(_) => Some(value.to_string()),
        Value::String(text) => {
            let letters = text.chars().map(|letter| match letter {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                control if control.is_ascii_control() => format!("\\u{:04x}", u32::from(control)),
                plain => plain.to_string(),
            });
            let quoted = format!("\"{}\"", letters.collect::<String>());
            Some(quoted.replace("${", "$${").replace("%{", "%%{"))
        }
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Null
        | Value::Float(_)
        | Value::Time(_)
        | Value::Map(_)
        | Value::Secret
        | Value::Later(_)
        | Value::Unknown(_) => None,
    }
}
