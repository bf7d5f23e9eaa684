//! Reads YAML: anchors, aliases, merge keys, and the short forms of functions, which become the long ones.

mod indent;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use indent::Indented;

use super::node::{DEEPEST, Entry, MOST, Node, Problem, Scalar, What, refuse_twice};

/// A YAML file as a tree, and whether other documents follow in the same file, which are not read.
pub(super) fn read(text: &str) -> Result<(Node, bool), Problem> {
    loaded(text).map(|(read, _)| read)
}

/// The tree, whether other documents follow, and the places of values that aliases repeat.
type Loaded = ((Node, bool), Vec<Range<usize>>);

fn loaded(text: &str) -> Result<Loaded, Problem> {
    let mut indented = Indented::default();
    loop {
        let (laid_out, bytes) = indented.laid_out(text);
        let mut loader = Loader {
            text,
            bytes,
            anchors: BTreeMap::new(),
            count: 0,
            open: Vec::new(),
            repeated: Vec::new(),
        };
        match loader.load(laid_out.as_deref().unwrap_or(text)) {
            Ok(read) => return Ok((read, loader.repeated)),
            Err(Stopped::Problem(problem)) => return Err(problem),
            Err(Stopped::Syntax(error)) => {
                let at = loader.byte(error.marker().index());
                if !indented.take(text, &error, at) {
                    return Err(syntax(&error, at));
                }
            }
        }
    }
}

/// The places of values in a YAML file that aliases repeat.
pub(super) fn repeated(text: &str) -> Vec<Range<usize>> {
    loaded(text).map_or_else(|_| Vec::new(), |(_, repeated)| repeated)
}

/// Why a text was not read to its end.
enum Stopped {
    Syntax(ScanError),
    Problem(Problem),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Stopped {
        Stopped::Problem(problem)
    }
}

fn syntax(error: &ScanError, at: usize) -> Problem {
    match error.info() {
        "recursion limit exceeded" => deep(at),
        info => Problem::new(at, format!("this is not YAML: {info}")),
    }
}

/// The nesting depth of a value, as far as it matters. A value that was added before is not too deep itself.
fn depth(node: &Node) -> usize {
    let inner = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    inner.map(depth).max().unwrap_or_default() + 1
}

fn deep(at: usize) -> Problem {
    Problem::new(at, format!("values are nested more than {DEEPEST} deep here"))
}

struct Loader<'t> {
    text: &'t str,
    /// The position of each character of the parsed text in the original. `None` if each is one byte.
    bytes: Option<Vec<usize>>,
    /// Values with an anchor, and how many values each is with all that is in it.
    anchors: BTreeMap<usize, (Node, usize)>,
    /// How many values there are so far.
    count: usize,
    /// Lists and maps that are not at their end yet.
    open: Vec<Open>,
    /// The places of values that aliases repeat.
    repeated: Vec<Range<usize>>,
}

struct Open {
    at: usize,
    anchor: usize,
    tag: Option<String>,
    /// How many values there were before it.
    before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// The members, and the key whose value is yet to come.
    Map(Vec<Entry>, Option<(Arc<str>, Range<usize>)>),
}

impl Loader<'_> {
    /// Reads the first document.
    fn load(&mut self, text: &str) -> Result<(Node, bool), Stopped> {
        let mut root: Option<Node> = None;
        for event in Parser::new_from_str(text) {
            let (event, span) = match (event, &root) {
                (Ok(read), _) => read,
                // The text after the first document cannot be read, but is there.
                (Err(_), Some(root)) => return Ok((root.clone(), true)),
                (Err(error), None) => return Err(Stopped::Syntax(error)),
            };
            match event {
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                event => match (self.event(event, span)?, &root) {
                    (Some(node), None) => root = Some(node),
                    // A document with nothing in it is what a line of `---` at the end makes.
                    (Some(node), Some(_)) if node.is_null() => {}
                    (_, Some(root)) => return Ok((root.clone(), true)),
                    (None, None) => {}
                },
            }
        }
        root.map(|root| (root, false)).ok_or_else(|| Problem::new(0, "the file is empty").into())
    }

    fn byte(&self, character: usize) -> usize {
        match &self.bytes {
            None => character.min(self.text.len()),
            Some(places) => places.get(character).copied().unwrap_or(self.text.len()),
        }
    }

    /// Takes an event; gives the document when it is whole.
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<Option<Node>, Problem> {
        let at = self.byte(span.start.index())..self.byte(span.end.index());
        match event {
            Event::SequenceStart(anchor, tag) => {
                self.begin(at, anchor, tag.as_deref(), Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(at, anchor, tag.as_deref(), Content::Map(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(None) };
                let (anchor, before) = (open.anchor, open.before);
                let node = self.close(open, &at)?;
                self.keep(anchor, &node, self.count - before);
                self.add(node)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.counted(1, at.start)?;
                let unspecific = tag.as_deref().is_some_and(|tag| {
                    (tag.is_yaml_core_schema() && tag.suffix == "str") || tag.handle.is_empty()
                });
                let plain = style == ScalarStyle::Plain && !unspecific;
                let text: Arc<str> = match is_short(tag.as_deref()) {
                    // The argument of a function is a name, not a boolean.
                    _ if plain => text.trim_end().into(),
                    _ => text.as_ref().into(),
                };
                let content = self.content(at.start);
                let end = content + scalar_length(&self.text[content..at.end.max(content)], style);
                let what = What::Scalar(Scalar { text, plain });
                let node = Node { at: content..end, what };
                let node = self.tagged(node, at.start, short_name(tag.as_deref()));
                self.keep(anchor, &node, 1);
                self.add(node)
            }
            Event::Alias(anchor) => {
                let Some((node, count)) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem::new(at.start, "an alias is inside the value that it names"));
                };
                self.repeated.push(node.at.clone());
                if self.open.len() + depth(&node) > DEEPEST {
                    return Err(deep(at.start));
                }
                self.counted(count, at.start)?;
                self.add(node)
            }
            _ => Ok(None),
        }
    }

    fn counted(&mut self, more: usize, at: usize) -> Result<(), Problem> {
        self.count += more;
        if self.count > MOST {
            let message = format!("there are more than {MOST} values here, once the aliases are followed");
            return Err(Problem::new(at, message));
        }
        Ok(())
    }

    fn keep(&mut self, anchor: usize, node: &Node, count: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), count));
        }
    }

    fn begin(
        &mut self,
        at: Range<usize>,
        anchor: usize,
        tag: Option<&Tag>,
        content: Content,
    ) -> Result<Option<Node>, Problem> {
        if self.open.len() == DEEPEST {
            return Err(deep(at.start));
        }
        let before = self.count;
        self.counted(1, at.start)?;
        self.open.push(Open { at: at.start, anchor, tag: short_name(tag), before, content });
        Ok(None)
    }

    fn close(&self, open: Open, end: &Range<usize>) -> Result<Node, Problem> {
        // An indented block ends with its last value, not at the start of the next line.
        let start = self.content(open.at);
        let flow = self.text[start..].starts_with(['{', '[']);
        let (last, what) = match open.content {
            Content::List(items) => (items.last().map(|item| item.at.end), What::List(items.into())),
            Content::Map(entries, _) => {
                let last = entries.last().map(|entry| entry.value.at.end.max(entry.key_at.end));
                let entries = merged(entries)?;
                refuse_twice(&entries)?;
                (last, What::Map(entries.into()))
            }
        };
        let end = if flow { end.end } else { last.unwrap_or(start) };
        let node = Node { at: start..end.max(start), what };
        Ok(self.tagged(node, open.at, open.tag))
    }

    /// Where a value starts, after its anchor and its tag.
    fn content(&self, mut at: usize) -> usize {
        let mut rest = &self.text[at..];
        while rest.starts_with(['!', '&']) {
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest[word..].trim_start();
            at = self.text.len() - rest.len();
        }
        at
    }

    /// A value with the short form of a function before it, which may start at `from`.
    fn tagged(&self, node: Node, from: usize, function: Option<String>) -> Node {
        let Some(function) = function else { return node };
        let short = format!("!{}", function.trim_start_matches("Fn::"));
        let before = self.text[..node.at.start].trim_end();
        let start = if before.ends_with(&short) { before.len() - short.len() } else { from };
        let at = start..node.at.end;
        let entry = Entry { key: function.into(), key_at: start..start + short.len(), value: node };
        Node { at, what: What::Map([entry].into()) }
    }

    /// Puts a value where it belongs; one that belongs nowhere is the document.
    fn add(&mut self, node: Node) -> Result<Option<Node>, Problem> {
        let Some(open) = self.open.last_mut() else { return Ok(Some(node)) };
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map(entries, key) => match key.take() {
                Some((key, key_at)) => entries.push(Entry { key, key_at, value: node }),
                None => match &node.what {
                    What::Scalar(scalar) => *key = Some((Arc::clone(&scalar.text), node.at)),
                    _ => return Err(Problem::new(node.at.start, "this name is not a text")),
                },
            },
        }
        Ok(None)
    }
}

/// How long a scalar is in its text, which may have a comment after it.
fn scalar_length(text: &str, style: ScalarStyle) -> usize {
    let quote = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        _ => return text.trim_end().len(),
    };
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\\' && quote == '"' {
            characters.next();
        } else if c == quote {
            // Two single quotes are one in the text.
            if quote == '"' || characters.next_if(|(_, next)| *next == quote).is_none() {
                return at + 1;
            }
        }
    }
    text.trim_end().len()
}

/// `Fn::Sub` for the tag `!Sub`; `Ref` and `Condition` have no prefix.
fn short_name(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| is_short(Some(tag)))?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        other => format!("Fn::{other}"),
    })
}

fn is_short(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| tag.handle == "!" && !tag.suffix.is_empty())
}

/// The members of a map with those that `<<` adds. The map's own members outrank them.
fn merged(entries: Vec<Entry>) -> Result<Vec<Entry>, Problem> {
    let (merges, mut own): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| &*entry.key == "<<");
    for merge in merges {
        let sources: Vec<&Node> = match &merge.value.what {
            What::List(items) => items.iter().collect(),
            _ => vec![&merge.value],
        };
        for source in sources {
            if !source.is_map() {
                return Err(Problem::new(merge.key_at.start, "`<<` takes a map, or a list of maps"));
            }
            for entry in source.entries() {
                if own.iter().all(|known| known.key != entry.key) {
                    own.push(entry.clone());
                }
            }
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests;
