//! The picture as a flow chart of Mermaid, which GitHub and GitLab draw in Markdown.

use std::io::{self, Write};

use super::JourneyReport;
use super::picture::{Line, Picture, pictures};

pub(super) fn write(report: &JourneyReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (pictures, left) = pictures(report);
    writeln!(out, "flowchart LR")?;
    for (at, (picture, _)) in pictures.iter().enumerate() {
        pool(at, picture, out)?;
    }
    if left > 0 {
        writeln!(out, "  left[\"{left} pools more are not drawn\"]")?;
    }
    writeln!(out, "  classDef open stroke:#b4400c,stroke-width:2px")?;
    writeln!(out, "  classDef conditional stroke:#805700,stroke-dasharray:3 4")?;
    writeln!(out, "  classDef unknown stroke:#6a36a3,stroke-dasharray:9 5")
}

fn pool(at: usize, picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  subgraph p{at}[\"{}: {}\"]", text(&picture.title), text(&picture.headline))?;
    writeln!(out, "    direction LR")?;
    if picture.ways.is_empty() {
        writeln!(out, "    p{at}n[\"no way was found\"]")?;
    }
    let (mut who, mut what): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (number, way) in picture.ways.iter().enumerate() {
        let start = node(&mut who, way.who);
        let end = node(&mut what, &way.what);
        let parts = [&way.how, &way.through, &way.condition].map(|part| text(part));
        let label: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let edge = match way.line {
            Line::Proven => "-->",
            Line::Conditional => "-.->",
            Line::Unknown => "-. \"?\" .->",
        };
        let how = format!("p{at}h{number}[\"{}\"]:::{}", label.join("<br/>"), way.line.word());
        writeln!(out, "    p{at}a{start}([\"{}\"]) {edge} {how}", text(way.who))?;
        writeln!(out, "    p{at}h{number} {edge} p{at}z{end}{{{{\"{}\"}}}}", text(&way.what))?;
    }
    if picture.more > 0 {
        writeln!(out, "    p{at}m[\"{} ways more\"]", picture.more)?;
    }
    writeln!(out, "  end")
}

/// The number of a text among those before it.
pub(super) fn node<'t>(known: &mut Vec<&'t str>, text: &'t str) -> usize {
    known.iter().position(|own| *own == text).unwrap_or_else(|| {
        known.push(text);
        known.len() - 1
    })
}

/// A text inside quotes: another character than a letter, a digit or plain punctuation is written by its number.
fn text(text: &str) -> String {
    let is_plain = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | ':' | '-' | '/' | '(' | ')' | '\'' | '_')
    };
    text.chars().map(|c| if is_plain(c) { c.to_string() } else { format!("#{};", u32::from(c)) }).collect()
}
