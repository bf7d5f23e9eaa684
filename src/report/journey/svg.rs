//! The picture as SVG: who, how and what in three columns, with curves between them. It has no script, and nothing in
//! it is fetched.

use std::io::{self, Write};

use super::JourneyReport;
use super::mermaid::node;
use super::picture::{Line, Picture, Way, pictures};
use crate::report::ansi::wrap;
use crate::report::sanitize::sanitized;

const WIDTH: usize = 960;
const MARGIN: usize = 20;
/// The height of a line of text.
const LEADING: usize = 18;
/// The room above and below the text of a box.
const PADDING: usize = 9;
const GAP: usize = 14;

/// A column of boxes: where it starts, how wide it is, and how many characters fit into a line.
struct Column {
    x: usize,
    width: usize,
    characters: usize,
}

const WHO: Column = Column { x: MARGIN, width: 176, characters: 19 };
const HOW: Column = Column { x: 264, width: 420, characters: 56 };
const WHAT: Column = Column { x: 752, width: 188, characters: 22 };

/// The style of a drawing without a page. A page has the same classes in its own style.
pub(super) const STYLE: &str = include_str!("picture.css");

/// More lines of one text than these are cut.
const LINES: usize = 4;

pub(super) fn write(report: &JourneyReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (pictures, left) = pictures(report);
    let heights: Vec<usize> = pictures.iter().map(|(picture, _)| Layout::of(picture).height + 64).collect();
    let height = heights.iter().sum::<usize>() + 64;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"journeys-title\" class=\"journeys alone\">"
    )?;
    writeln!(out, "<title id=\"journeys-title\">{}</title>", escaped(&super::words::answer(report)))?;
    writeln!(out, "<style>{STYLE}</style>")?;
    writeln!(out, "<rect width=\"{WIDTH}\" height=\"{height}\" class=\"paper\"/>")?;
    let mut top = 0;
    for ((picture, _), height) in pictures.iter().zip(heights) {
        writeln!(out, "<g transform=\"translate(0 {top})\">")?;
        writeln!(
            out,
            "<text x=\"{MARGIN}\" y=\"34\" class=\"pool\">{}</text>",
            escaped(&fitted(&picture.title, WIDTH - 300))
        )?;
        writeln!(out, "<text x=\"{MARGIN}\" y=\"54\" class=\"soft\">{}</text>", escaped(&picture.headline))?;
        writeln!(out, "<g transform=\"translate(0 64)\">")?;
        ways(picture, out)?;
        writeln!(out, "</g></g>")?;
        top += height;
    }
    let note = match (pictures.is_empty(), left) {
        (true, _) => "no pool was read".to_owned(),
        (false, 0) => String::new(),
        (false, left) => format!("{left} pools more are not drawn"),
    };
    legend(top + 34, &note, out)?;
    writeln!(out, "</svg>")
}

/// The drawing of one pool for a page that has the style.
pub(super) fn inline(picture: &Picture, at: usize, out: &mut dyn Write) -> io::Result<()> {
    let height = Layout::of(picture).height + 34;
    writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"picture-{at}\" class=\"journeys\">"
    )?;
    writeln!(
        out,
        "<title id=\"picture-{at}\">{}: {}</title>",
        escaped(&picture.title),
        escaped(&picture.headline)
    )?;
    ways(picture, out)?;
    legend(height - 14, "", out)?;
    writeln!(out, "</svg>")
}

/// A box with its lines of text, each with the class of its text.
struct Boxed {
    lines: Vec<(String, &'static str)>,
    /// The middle of it.
    y: usize,
}

impl Boxed {
    fn height(&self) -> usize {
        self.lines.len() * LEADING + 2 * PADDING
    }
}

/// Where everything of a picture is.
struct Layout {
    who: Vec<Boxed>,
    how: Vec<Boxed>,
    what: Vec<Boxed>,
    /// For each way, its boxes of who and what.
    ends: Vec<(usize, usize)>,
    height: usize,
}

impl Layout {
    fn of(picture: &Picture) -> Layout {
        let (mut who, mut what): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        let ends: Vec<(usize, usize)> =
            picture.ways.iter().map(|way| (node(&mut who, way.who), node(&mut what, &way.what))).collect();
        let mut top = GAP;
        let mut how: Vec<Boxed> = Vec::new();
        for way in &picture.ways {
            let mut one = Boxed { lines: lines(way), y: 0 };
            // Boxes beside each other have one middle.
            let beside = [(way.who, &WHO), (&way.what, &WHAT)];
            let beside =
                beside.map(|(text, column)| Boxed { lines: lines_of(text, column, "name"), y: 0 }.height());
            let height = beside.into_iter().fold(one.height(), usize::max);
            one.y = top + height / 2;
            top += height + GAP;
            how.push(one);
        }
        let middle = |position: usize, of: fn(&(usize, usize)) -> usize| {
            let own = ends.iter().zip(&how).filter(|(end, _)| of(end) == position).map(|(_, one)| one.y);
            own.clone().sum::<usize>() / own.count().max(1)
        };
        let boxed = |(position, text): (usize, &&str), of, column: &Column| {
            let lines = lines_of(text, column, "name");
            Boxed { lines, y: middle(position, of) }
        };
        let mut who: Vec<Boxed> = who.iter().enumerate().map(|one| boxed(one, |end| end.0, &WHO)).collect();
        let mut what: Vec<Boxed> =
            what.iter().enumerate().map(|one| boxed(one, |end| end.1, &WHAT)).collect();
        let bottom = [spread(&mut who), spread(&mut what), top].into_iter().max().unwrap_or(top);
        let height = bottom + if picture.ways.is_empty() || picture.more > 0 { 24 } else { 0 };
        Layout { who, how, what, ends, height }
    }
}

/// Moves boxes down that would cover the one above, and says where the last ends.
fn spread(boxes: &mut [Boxed]) -> usize {
    let mut order: Vec<&mut Boxed> = boxes.iter_mut().collect();
    order.sort_by_key(|one| one.y);
    let mut top = GAP;
    for one in order {
        one.y = one.y.max(top + one.height() / 2);
        top = one.y + one.height() / 2 + GAP;
    }
    top
}

fn lines(way: &Way) -> Vec<(String, &'static str)> {
    let parts = [(&way.how, "step"), (&way.through, "soft"), (&way.condition, "if")];
    parts.into_iter().flat_map(|(text, class)| lines_of(text, &HOW, class)).collect()
}

fn lines_of(text: &str, column: &Column, class: &'static str) -> Vec<(String, &'static str)> {
    let mut lines: Vec<String> = wrap(text, column.characters);
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines.into_iter().map(|line| (fitted(&line, column.width - 20), class)).collect()
}

/// The start of a text that fits into some pixels.
fn fitted(text: &str, room: usize) -> String {
    let text = sanitized(text);
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += match c {
            'i' | 'j' | 'l' | 't' | 'f' | ' ' | '.' | ',' | '\'' => 4,
            'm' | 'w' | '@' | '%' | 'A'..='Z' => 10,
            _ if c.is_ascii() => 7,
            _ => 14,
        };
        if taken > room {
            return format!("{}…", &text[..at]);
        }
    }
    text.into_owned()
}

/// The curves, then the boxes over them.
fn ways(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    let layout = Layout::of(picture);
    for ((way, how), end) in picture.ways.iter().zip(&layout.how).zip(&layout.ends) {
        let class = way.line.word();
        let [who, what] =
            [layout.who.get(end.0), layout.what.get(end.1)].map(|one| one.map_or(how.y, |one| one.y));
        curve((WHO.x + WHO.width, who), (HOW.x, how.y), class, out)?;
        curve((HOW.x + HOW.width, how.y), (WHAT.x, what), class, out)?;
        if way.line == Line::Unknown {
            let (x, y) = (HOW.x.midpoint(WHO.x + WHO.width), who.midpoint(how.y));
            writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"9\" class=\"paper\"/>")?;
            writeln!(
                out,
                "<text x=\"{x}\" y=\"{}\" class=\"question\" text-anchor=\"middle\">?</text>",
                y + 5
            )?;
        }
    }
    for one in &layout.who {
        drawn(one, &WHO, "who", 18, out)?;
    }
    for (one, way) in layout.how.iter().zip(&picture.ways) {
        drawn(one, &HOW, way.line.word(), 6, out)?;
    }
    for one in &layout.what {
        drawn(one, &WHAT, "what", 2, out)?;
    }
    let note = match (picture.ways.is_empty(), picture.more) {
        (true, _) => "no way was found".to_owned(),
        (false, 0) => return Ok(()),
        (false, 1) => "1 way more is not drawn".to_owned(),
        (false, more) => format!("{more} ways more are not drawn"),
    };
    writeln!(out, "<text x=\"{}\" y=\"{}\" class=\"soft\">{note}</text>", HOW.x, layout.height - 8)
}

fn curve(
    (x, y): (usize, usize),
    (end, to): (usize, usize),
    class: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let middle = x.midpoint(end);
    writeln!(out, "<path d=\"M{x} {y}C{middle} {y} {middle} {to} {end} {to}\" class=\"way {class}\"/>")
}

fn drawn(one: &Boxed, column: &Column, class: &str, round: usize, out: &mut dyn Write) -> io::Result<()> {
    let (Column { x, width, .. }, height) = (column, one.height());
    let top = one.y.saturating_sub(height / 2);
    writeln!(
        out,
        "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" class=\"box {class}\"/>"
    )?;
    for (at, (line, class)) in one.lines.iter().enumerate() {
        let y = top + PADDING + LEADING * at + 13;
        writeln!(out, "<text x=\"{}\" y=\"{y}\" class=\"{class}\">{}</text>", x + 12, escaped(line))?;
    }
    Ok(())
}

/// The meaning of the lines.
fn legend(y: usize, note: &str, out: &mut dyn Write) -> io::Result<()> {
    let meanings = [
        "open: nothing else decides",
        "conditional: something else decides",
        "unknown: not read, or not documented",
    ];
    for (at, (line, meaning)) in Line::ALL.into_iter().zip(meanings).enumerate() {
        let x = MARGIN + 300 * at;
        let class = line.word();
        writeln!(out, "<path d=\"M{x} {}H{}\" class=\"way {class}\"/>", y - 4, x + 40)?;
        writeln!(out, "<text x=\"{}\" y=\"{y}\" class=\"soft\">{meaning}</text>", x + 50)?;
    }
    if note.is_empty() {
        return Ok(());
    }
    writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\" class=\"soft\">{note}</text>", y + 20)
}

/// A text of XML.
fn escaped(text: &str) -> String {
    let text = sanitized(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
