//! The configuration that `rules learn` writes.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::ansi::{count, wrap};
use super::sanitize::sanitized;
use super::tree::inline;
use crate::learn::{Answer, LearnedBound, Lesson};
use crate::pool::Beyond;
use crate::spanned::quoted;

/// No more pools than these are named in one place.
const NAMED: usize = 20;

/// Columns of a comment.
const WIDTH: usize = 110;

/// Writes the policy that some pools taught; `unread` says what could not be read of the inputs.
pub fn write(lessons: &[Lesson], pools: usize, unread: &[String], out: &mut dyn Write) -> io::Result<()> {
    head(lessons, pools, unread, out)?;
    writeln!(out, "\n# Rules of every severity fail the run.\nfail-on = \"info\"\n\nrules = [")?;
    for group in Group::ALL {
        let of_group = lessons
            .iter()
            .map(|lesson| (lesson, entry(&lesson.answer)))
            .filter(|(_, entry)| entry.0 == group);
        for (index, (lesson, (_, remark))) in of_group.enumerate() {
            if index == 0 {
                comment(out, "    # ", group.title())?;
            }
            line(&lesson.rule.id, lesson.answer.is_learned(), &remark, out)?;
        }
    }
    writeln!(out, "]")?;
    for lesson in lessons.iter().filter(|lesson| lesson.answer.is_learned() && !lesson.bounds.is_empty()) {
        bounds(lesson, out)?;
    }
    Ok(())
}

fn head(lessons: &[Lesson], pools: usize, unread: &[String], out: &mut dyn Write) -> io::Result<()> {
    let learned = lessons.iter().filter(|lesson| lesson.answer.is_learned()).count();
    let text = format!(
        "The strictest policy of built-in rules that {}, as `cognito-lint rules learn` found it: {learned} of {}. A run \
         with it over the same input finds nothing; later, it finds what got worse.",
        if pools == 1 { "the pool meets".to_owned() } else { format!("all {pools} pools meet") },
        count(lessons.len(), "rule"),
    );
    comment(out, "# ", &text)?;
    for line in unread.iter().take(NAMED) {
        comment(out, "# ", &format!("Not read, so not learned from: {line}"))?;
    }
    if unread.len() > NAMED {
        comment(out, "# ", &format!("And {} more could not be read.", unread.len() - NAMED))?;
    }
    Ok(())
}

/// The rules that have a heading in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Met,
    MetInPart,
    Idle,
    Outliers,
    Failed,
    Unknown,
}

impl Group {
    const ALL: [Group; 6] =
        [Group::Met, Group::MetInPart, Group::Idle, Group::Outliers, Group::Failed, Group::Unknown];

    fn title(self) -> &'static str {
        match self {
            Group::Met => "Every pool that these apply to meets them.",
            Group::MetInPart => "Every pool meets these, as far as the input shows.",
            Group::Idle => {
                "No pool has the settings that these judge; a pool that gets them must meet these rules."
            }
            Group::Outliers => {
                "Outliers: most pools meet these. Remove the `#` once the named pools meet them, too."
            }
            Group::Failed => "At least half of the pools fail these.",
            Group::Unknown => "Unknown, so not included.",
        }
    }
}

/// The group of a rule, and the remark beside it.
fn entry(answer: &Answer) -> (Group, String) {
    match answer {
        Answer::Met { outside: None } => (Group::Met, String::new()),
        Answer::Met { outside: Some((pools, lacking)) } => {
            (Group::MetInPart, format!("{} without {}", count(*pools, "pool"), names(lacking)))
        }
        Answer::Idle => (Group::Idle, String::new()),
        Answer::Outlier { failing } => (Group::Outliers, format!("fails: {}", listed(failing))),
        Answer::Failed { failing, meeting } => {
            (Group::Failed, format!("fails {failing} of {}", count(failing + meeting, "pool")))
        }
        Answer::Undecided { pools } => {
            let named: Vec<String> = pools.iter().map(|(pool, why)| format!("{pool}: {why}")).collect();
            (Group::Unknown, listed(&named))
        }
        Answer::Outside { lacking } => (Group::Unknown, format!("no input has {}", names(lacking))),
    }
}

/// Writes a rule: as one of the policy, or as a comment.
fn line(id: &str, learned: bool, remark: &str, out: &mut dyn Write) -> io::Result<()> {
    let start = if learned { "" } else { "# " };
    if remark.is_empty() {
        writeln!(out, "    {start}{},", quoted(id))
    } else if id.len() + remark.len() < WIDTH - 12 {
        writeln!(out, "    {start}{}, # {}", quoted(id), sanitized(remark))
    } else {
        writeln!(out, "    {start}{},", quoted(id))?;
        comment(out, "    #     ", remark)
    }
}

/// The table of a rule whose parameters differ from their defaults.
fn bounds(lesson: &Lesson, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n[rule.{}]", lesson.rule.id)?;
    for LearnedBound { name, default, .. } in &lesson.bounds {
        comment(out, "# ", &format!("`{name}` is {} by default.", inline(default).unwrap_or_default()))?;
    }
    if !lesson.stray.is_empty() {
        comment(out, "# ", &format!("The defaults fail: {}", listed(&lesson.stray)))?;
    }
    let params =
        lesson.bounds.iter().filter_map(|bound| Some(format!("{} = {}", bound.name, inline(&bound.value)?)));
    writeln!(out, "params = {{ {} }}", params.collect::<Vec<_>>().join(", "))
}

/// Names, each once, up to a number of them.
fn listed(names: &[String]) -> String {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

fn names(lacking: &BTreeSet<Beyond>) -> String {
    lacking.iter().map(|beyond| beyond.path()).collect::<Vec<_>>().join(", ")
}

/// Writes a comment, on several lines where it is long.
fn comment(out: &mut dyn Write, start: &str, text: &str) -> io::Result<()> {
    for line in wrap(&sanitized(text), WIDTH - start.len()) {
        writeln!(out, "{start}{line}")?;
    }
    Ok(())
}
