//! Unified diffs, as `patch` and `git apply` take them.

use std::fmt::Write;
use std::ops::Range;

use crate::report::sanitize::acts_on_terminal;

/// Lines around a change.
const AROUND: usize = 3;
/// A table of more cells is not made: all lines between the first and the last difference count as changed.
const MOST: usize = 4_000_000;

/// A line of the diff, by its position in either text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Same(usize, usize),
    Gone(usize, usize),
    New(usize, usize),
}

/// The diff of two texts of a file; empty where they are the same.
pub(super) fn diff(name: &str, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let lines = lines(&old, &new);
    let mut text = String::new();
    for hunk in hunks(&lines) {
        let hunk = plain(&lines, &old, hunk);
        if text.is_empty() {
            // A tab ends a name with a space in it.
            let name = name.trim_start_matches('/');
            let end = if name.contains(' ') { "\t" } else { "" };
            let _ = write!(text, "--- a/{name}{end}\n+++ b/{name}{end}\n");
        }
        let part = &lines[hunk];
        let count = |of: fn(&Line) -> bool| part.iter().filter(|line| of(line)).count();
        let held = count(|line| !matches!(line, Line::New(..)));
        let made = count(|line| !matches!(line, Line::Gone(..)));
        let (from, to) = match part.first() {
            Some(Line::Same(from, to) | Line::Gone(from, to) | Line::New(from, to)) => (*from, *to),
            None => continue,
        };
        let _ = writeln!(text, "@@ -{} +{} @@", range(from, held), range(to, made));
        for line in part {
            let (mark, shown) = match line {
                Line::Same(at, _) => (' ', old[*at]),
                Line::Gone(at, _) => ('-', old[*at]),
                Line::New(_, at) => ('+', new[*at]),
            };
            text.push(mark);
            text.push_str(shown);
            if !shown.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

fn range(from: usize, count: usize) -> String {
    // A range of no lines is named by the line before it.
    let first = if count == 0 { from } else { from + 1 };
    if count == 1 { first.to_string() } else { format!("{first},{count}") }
}

/// The lines of both texts in their order, with the most that are the same.
fn lines(old: &[&str], new: &[&str]) -> Vec<Line> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut lines: Vec<Line> = (0..start).map(|at| Line::Same(at, at)).collect();
    let width = b.len() + 1;
    let common = if a.len().saturating_mul(width) > MOST { Vec::new() } else { longest(a, b) };
    let of = |i: usize, j: usize| common.get(i * width + j).copied().unwrap_or_default();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (from, to) = (start + i, start + j);
        if i < a.len() && j < b.len() && a[i] == b[j] && !common.is_empty() {
            lines.push(Line::Same(from, to));
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || common.is_empty() || of(i + 1, j) >= of(i, j + 1)) {
            lines.push(Line::Gone(from, to));
            i += 1;
        } else {
            lines.push(Line::New(from, to));
            j += 1;
        }
    }
    lines.extend((0..end).rev().map(|back| Line::Same(old.len() - back - 1, new.len() - back - 1)));
    lines
}

/// The lengths of the longest common parts of what follows each pair of positions.
fn longest(a: &[&str], b: &[&str]) -> Vec<u32> {
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = match a[i] == b[j] {
                true => table[(i + 1) * width + j + 1] + 1,
                false => table[(i + 1) * width + j].max(table[i * width + j + 1]),
            };
        }
    }
    table
}

/// The parts with changes and the lines around them.
fn hunks(lines: &[Line]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if matches!(line, Line::Same(..)) {
            continue;
        }
        let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(lines.len()));
        match hunks.last_mut() {
            Some(last) if from <= last.end => last.end = to,
            _ => hunks.push(from..to),
        }
    }
    hunks
}

/// A hunk without the lines around its changes that are not printed as they are: the diff would not apply.
fn plain(lines: &[Line], old: &[&str], hunk: Range<usize>) -> Range<usize> {
    let is_change = |line: &Line| !matches!(line, Line::Same(..));
    let is_unfit = |line: &Line| match line {
        Line::Same(at, _) => old[*at].trim_end_matches(['\r', '\n']).contains(acts_on_terminal),
        Line::Gone(..) | Line::New(..) => false,
    };
    let part = &lines[hunk.clone()];
    let first = part.iter().position(is_change).unwrap_or_default();
    let last = part.iter().rposition(is_change).unwrap_or_default();
    let from = part[..first].iter().rposition(is_unfit).map_or(0, |at| at + 1);
    let to = part[last..].iter().position(is_unfit).map_or(part.len(), |at| last + at);
    hunk.start + from..hunk.start + to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_change_are_those_that_are_printed_as_they_are() {
        let (before, after) = ("\u{feff}a\nb\nc\r\nd\u{1b}\ne\n", "\u{feff}a\nB\nc\r\nd\u{1b}\ne\n");
        assert_eq!(diff("x", before, after), "--- a/x\n+++ b/x\n@@ -2,2 +2,2 @@\n-b\n+B\n c\r\n");
    }

    #[test]
    fn changes_that_are_far_apart_are_hunks_of_their_own() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";
        let after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let wanted = "--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,3 +9,4 @@\n i\n j\n k\n+l\n\
                      \\ No newline at end of file\n";
        assert_eq!(diff("x", before, after), wanted);
        assert_eq!(diff("x", before, before), "");
    }

    #[test]
    fn a_text_from_nothing_starts_at_line_zero() {
        assert_eq!(diff("x", "", "a\n"), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(diff("x", "a\nb\n", "b\n"), "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n b\n");
    }
}
