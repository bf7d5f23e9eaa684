//! The picture as a graph for Graphviz.

use std::io::{self, Write};

use super::JourneyReport;
use super::mermaid::node;
use super::picture::{Line, Picture, pictures};
use crate::report::ansi::wrap;

/// The characters in a line of a box.
const WIDTH: usize = 46;

pub(super) fn write(report: &JourneyReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (pictures, left) = pictures(report);
    writeln!(out, "digraph journeys {{")?;
    writeln!(out, "  graph [rankdir=LR, fontname=\"sans-serif\", nodesep=0.3, ranksep=0.8]")?;
    writeln!(out, "  node [fontname=\"sans-serif\", fontsize=11, shape=box, style=rounded]")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=11]")?;
    for (at, (picture, _)) in pictures.iter().enumerate() {
        pool(at, picture, out)?;
    }
    if left > 0 {
        writeln!(out, "  left [label=\"{left} pools more are not drawn\", shape=plaintext]")?;
    }
    writeln!(out, "}}")
}

fn pool(at: usize, picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  subgraph cluster_{at} {{")?;
    writeln!(out, "    label={}", quoted(&[&picture.title, &picture.headline]))?;
    if picture.ways.is_empty() {
        writeln!(out, "    p{at}n [label=\"no way was found\", shape=plaintext]")?;
    }
    let (mut who, mut what): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (number, way) in picture.ways.iter().enumerate() {
        let start = node(&mut who, way.who);
        let end = node(&mut what, &way.what);
        let style = match way.line {
            Line::Proven => "style=solid, color=\"#b4400c\", penwidth=1.8",
            Line::Conditional => "style=dotted, color=\"#805700\", penwidth=1.8",
            Line::Unknown => "style=dashed, color=\"#6a36a3\", label=\"?\"",
        };
        writeln!(out, "    p{at}a{start} [label={}, shape=ellipse]", quoted(&[way.who]))?;
        writeln!(out, "    p{at}z{end} [label={}, shape=hexagon]", quoted(&[&way.what]))?;
        writeln!(out, "    p{at}h{number} [label={}]", quoted(&[&way.how, &way.through, &way.condition]))?;
        writeln!(out, "    p{at}a{start} -> p{at}h{number} [{style}]")?;
        writeln!(out, "    p{at}h{number} -> p{at}z{end} [{style}]")?;
    }
    if picture.more > 0 {
        writeln!(out, "    p{at}m [label=\"{} ways more\", shape=plaintext]", picture.more)?;
    }
    writeln!(out, "  }}")
}

/// Texts as one string, in lines of a box. A backslash would begin a name of the node, and `&` a character.
fn quoted(parts: &[&str]) -> String {
    let lines = parts.iter().flat_map(|part| wrap(part, WIDTH));
    let escaped = lines.map(|line| line.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;"));
    format!("\"{}\"", escaped.collect::<Vec<_>>().join("\\n"))
}
