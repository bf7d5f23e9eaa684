//! One finding, drawn: the sentence, the value in its context, the reason and the fix.

use std::borrow::Cow;
use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity as MietteSeverity, SourceCode,
    ThemeCharacters, ThemeStyles,
};

use super::excerpt::{self, Excerpted};
use crate::finding::{Acceptance, Change, Declaration, Effect, Finding};
use crate::report::Style;
use crate::report::ansi::{Ansi, NARROWEST, labelled, link, styled, wrap};
use crate::report::sanitize::{sanitized, sanitized_text, shortened};
use crate::rule::Severity;

/// Where the text after `why:`, `help:` and the like starts.
pub(super) const COLUMN: usize = 9;

/// A value longer than this is shortened under its line; the excerpt shows more of it.
const LONGEST_VALUE: usize = 48;

/// The longest expectation that is shown beside a message of the rule's own.
const LONGEST_EXPECTED: usize = 60;

/// A finding as miette draws it. Miette wraps at hyphens, which breaks rule ids and ARNs, so the lines of the
/// message are made here.
#[derive(Debug)]
struct Drawing {
    headline: String,
    /// The actual and the expected value, if the headline is the rule's title.
    message: Option<Message>,
    severity: MietteSeverity,
    label: Option<String>,
    excerpt: Option<Excerpted>,
}

#[derive(Debug)]
struct Message(String);

/// The finding as a block of lines. `explain`: with the reason and the fix.
pub(super) fn draw(finding: &Finding, explain: bool, style: Style) -> String {
    let excerpt = finding
        .excerpt
        .as_ref()
        .and_then(|excerpt| excerpt::prepare(excerpt, finding.location.as_ref(), style));
    let label = label(finding);
    let room = excerpt.as_ref().and_then(|excerpt| excerpt.room);
    let drawing = Drawing {
        headline: headline(finding, style),
        message: finding.rule.titled.then(|| Message(fitted(&sanitized(&finding.message), style))),
        severity: match finding.rule.severity {
            Severity::Critical | Severity::High => MietteSeverity::Error,
            Severity::Medium => MietteSeverity::Warning,
            Severity::Low | Severity::Info => MietteSeverity::Advice,
        },
        label: room.map(|room| wrap(&label, room).join("\n")),
        excerpt,
    };
    let mut handler = GraphicalReportHandler::new_themed(theme(style))
        .with_width(style.width)
        .with_wrap_lines(false)
        .with_urls(false)
        .without_syntax_highlighting()
        .with_context_lines(excerpt::LINES);
    if !in_file(finding) {
        // Lines and columns of a document that was laid out for the report lead nowhere.
        handler = handler.without_primary_span_start();
    }
    let mut block = String::new();
    if handler.render_report(&mut block, &drawing).is_err() {
        // Only a range outside of the excerpt gets here; the finding must be seen all the same.
        block = format!("  {}\n  {}\n", drawing.headline, sanitized(&finding.message));
    }
    if drawing.excerpt.is_some() && room.is_none() {
        block.push_str(&labelled(style, "value:", COLUMN, &label));
    }
    block.push_str(&details(finding, explain, &label, drawing.excerpt.is_some(), style));
    block
}

/// Whether the excerpt is of the file itself, and not of the pool document as the API would answer it.
fn in_file(finding: &Finding) -> bool {
    match (&finding.location, &finding.excerpt) {
        (Some(location), Some(excerpt)) => excerpt.name == *location.file,
        (_, _) => false,
    }
}

/// `high[password-too-short]: Passwords may be shorter than 12 characters`, in lines that fit.
fn headline(finding: &Finding, style: Style) -> String {
    let rule = &finding.rule;
    let tag = format!("{}[{}]:", rule.severity.word(), rule.id);
    let said = if finding.rule.titled { &*rule.title } else { &*finding.message };
    let lines = fitted(&format!("{tag} {}", sanitized(said)), style);
    let painted = styled(style, Ansi::of(rule.severity), &tag);
    lines.replacen(&tag, &painted, 1)
}

fn fitted(text: &str, style: Style) -> String {
    wrap(text, style.width.saturating_sub(8).max(NARROWEST)).join("\n")
}

/// The actual and the expected value: `8, expected at least 12`.
fn label(finding: &Finding) -> String {
    let value = finding.actual.as_ref().map(|value| shortened(&sanitized(&value.to_string()), LONGEST_VALUE));
    let value = value.map(|value| if value.is_empty() { "empty".to_owned() } else { value });
    let note = finding.note.as_ref().map_or(String::new(), |note| format!(" ({})", sanitized(note)));
    let value = value.map(|value| format!("{value}{note}"));
    match (value, finding.default, expected(finding)) {
        (Some(value), false, Some(expected)) => format!("{value}, expected {expected}"),
        (Some(value), true, Some(expected)) => format!("omitted, so {value} (default); expected {expected}"),
        (None, _, Some(expected)) => format!("absent; expected {expected}"),
        (Some(value), false, None) => value,
        (Some(value), true, None) => format!("omitted, so {value} (default)"),
        (None, _, None) => "absent".to_owned(),
    }
}

/// The expected value, unless it is long and the author of the rule wrote a message: patterns take lines.
pub(super) fn expected(finding: &Finding) -> Option<Cow<'_, str>> {
    let is_long = finding.expected.len() > LONGEST_EXPECTED;
    let is_said = is_long && finding.rule.message.is_some();
    (!is_said).then(|| sanitized(&finding.expected))
}

/// The last name of the path, in the words of the file where it has its own.
fn member(finding: &Finding) -> String {
    let own = finding.declaration.as_ref().and_then(|declaration| declaration.name.as_deref());
    let path = own.unwrap_or(&finding.path);
    // The last member alone is often `Enabled` or `Name`.
    let parent = path.rfind('.').and_then(|dot| path[..dot].rfind('.'));
    sanitized(parent.map_or(path, |dot| &path[dot + 1..])).into_owned()
}

/// The lines under the excerpt.
fn details(finding: &Finding, explain: bool, label: &str, drawn: bool, style: Style) -> String {
    let rule = &finding.rule;
    let mut block = String::new();
    let mut line = |name: &str, text: &str| block.push_str(&labelled(style, name, COLUMN, text));
    let name = finding.subject.as_ref().and_then(|subject| subject.label.as_deref());
    let name = name.map_or(String::new(), |name| format!(" ({})", sanitized(name)));
    for (name, place) in places(finding, drawn) {
        line(name, &place);
    }
    match (finding.names_path, drawn) {
        (true, _) if name.is_empty() => {}
        (true, _) | (false, true) => line("path:", &format!("{}{name}", sanitized(&finding.path))),
        (false, false) => line("path:", &format!("{}{name}: {label}", sanitized(&finding.path))),
    }
    if let Some(declaration) = &finding.declaration {
        let Declaration { address, construct, name, fix } = declaration.as_ref();
        let name = name.as_ref().map_or(String::new(), |name| format!(": {name}"));
        line("where:", &sanitized(&format!("{address}{name}")));
        if let Some(construct) = construct {
            line("cdk:", &sanitized(construct));
        }
        if let Some(fix) = fix {
            line("set:", &sanitized(fix));
        }
    }
    match finding.standing.change {
        Some(Change::New) => line("seen:", "new since the last report"),
        Some(Change::Still(first)) => line("seen:", &format!("first on {first}")),
        None => {}
    }
    match finding.standing.deploy {
        Some(Effect::Introduced) => line("apply:", "brings this in"),
        Some(Effect::Kept) => line("apply:", "leaves this as it is"),
        None => {}
    }
    if let Some(Acceptance { owner, place, expires: Some(last), .. }) = finding.standing.lapsed.as_deref() {
        let (owner, place) = (sanitized(owner), sanitized(place));
        line("note:", &format!("its waiver by {owner} expired on {last}, see {place}"));
    }
    if explain {
        if !rule.why.is_empty() {
            line("why:", &sanitized_text(&rule.why));
        }
        let fix = finding.fix();
        if !fix.is_empty() {
            line("help:", &sanitized_text(&fix));
        }
        if let Some(address) = rule.links.first() {
            line("more:", &link(style, address));
        }
    }
    let (row, _) = rule.line_column();
    line("rule:", &format!("{}:{row}", sanitized(rule.source_file.name())));
    block
}

/// The place of the value where no excerpt shows it, and the place where the value is written.
fn places(finding: &Finding, drawn: bool) -> Vec<(&'static str, String)> {
    let mut places = Vec::new();
    if let Some(at) = finding.location.as_ref().filter(|_| !drawn || !in_file(finding)) {
        let lacks = if drawn || finding.is_written() {
            String::new()
        } else {
            format!(", where {} is absent", member(finding))
        };
        places.push(("at:", format!("{}:{}:{}{lacks}", sanitized(&at.file), at.line, at.column)));
    }
    if let Some(origin) = &finding.origin {
        places.push(("from:", format!("{}:{}:{}", sanitized(&origin.file), origin.line, origin.column)));
    }
    places
}

fn theme(style: Style) -> GraphicalTheme {
    GraphicalTheme {
        characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)
    }
}

impl std::error::Error for Drawing {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.message.as_ref().map(|message| message as &dyn std::error::Error)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Message {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<MietteSeverity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = LabeledSpan::new(self.label.clone(), excerpt.label.start, excerpt.label.len());
        Some(Box::new(std::iter::once(label)))
    }
}
