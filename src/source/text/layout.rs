//! Lays JSON out over lines, and maps spans to their new positions. A plan is one line of many thousand characters,
//! and an excerpt of it must be readable.

use std::ops::Range;

const INDENT: &str = "    ";

/// JSON with a member or element on each line, and the new ranges. A text that is not JSON is laid out as far as
/// possible, and loses only white space.
pub(in crate::source) fn lay_out(text: &str, ranges: Vec<Range<usize>>) -> (String, Vec<Range<usize>>) {
    let mut out = String::with_capacity(text.len() * 2);
    // Where each byte of the text begins in what comes out; the last is the end.
    let mut moved = vec![0; text.len() + 1];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        if quoted {
            moved[at] = out.len();
            out.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        if c.is_whitespace() {
            moved[at] = out.len();
            continue;
        }
        let (opened, closes) = (matches!(last, '{' | '['), matches!(c, '}' | ']'));
        if closes {
            depth = depth.saturating_sub(1);
        }
        if last == ',' || opened != closes {
            out.push('\n');
            out.push_str(&INDENT.repeat(depth));
        }
        moved[at] = out.len();
        out.push(c);
        match c {
            '{' | '[' => depth += 1,
            '"' => quoted = true,
            ':' => out.push(' '),
            _ => {}
        }
        last = c;
    }
    moved[text.len()] = out.len();
    let follow = |range: Range<usize>| {
        let (start, end) = (range.start.min(text.len()), range.end.clamp(range.start, text.len()));
        // The end of a range is the end of its last character, not the start of what comes after it.
        let end = text[..end].char_indices().next_back().map_or(0, |(at, c)| moved[at] + c.len_utf8());
        moved[start]..end.max(moved[start])
    };
    let ranges = ranges.into_iter().map(follow).collect();
    (out, ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_followed() {
        let text = r#"{"a":{"b":"x\"},{","c":[1,2],"d":{}, "e":[ ]},"f":null}"#;
        let wanted = [r#""x\"},{""#, "[1,2]", "null", "{}"];
        let ranges = wanted.iter().map(|part| {
            let start = text.find(part).unwrap();
            start..start + part.len()
        });
        let (out, ranges) = lay_out(text, ranges.collect());
        let parts: Vec<&str> = ranges.into_iter().map(|range| &out[range]).collect();
        assert_eq!(
            out,
            "{\n    \"a\": {\n        \"b\": \"x\\\"},{\",\n        \"c\": [\n            1,\n            2\n        ],\n        \
             \"d\": {},\n        \"e\": []\n    },\n    \"f\": null\n}"
        );
        assert_eq!(parts, [r#""x\"},{""#, "[\n            1,\n            2\n        ]", "null", "{}"]);
    }
}
