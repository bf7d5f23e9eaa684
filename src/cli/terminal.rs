//! Abilities of the terminal, and errors on it.

use std::io::{self, IsTerminal, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::args::Color;
use crate::report::{Show, Style};

/// Widest output where the terminal does not say how wide it is.
const WIDTH: usize = 100;

/// A stream for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// The style that a stream can show. Colours and links only where they are seen, or were asked for. Everything is asked of the
/// stream itself: the other one may go elsewhere.
pub(super) fn style(stream: Stream, color: Color) -> Style {
    let (terminal, colors, links, characters) = match stream {
        Stream::Stdout => (
            io::stdout().is_terminal(),
            supports_color::Stream::Stdout,
            supports_hyperlinks::Stream::Stdout,
            supports_unicode::Stream::Stdout,
        ),
        Stream::Stderr => (
            io::stderr().is_terminal(),
            supports_color::Stream::Stderr,
            supports_hyperlinks::Stream::Stderr,
            supports_unicode::Stream::Stderr,
        ),
    };
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => forced() || terminal && supports_color::on(colors).is_some(),
    };
    let size = terminal_size::terminal_size().filter(|_| terminal);
    Style {
        color: colored,
        links: colored && terminal && supports_hyperlinks::on(links),
        unicode: !terminal || supports_unicode::on(characters),
        width: size.map_or(WIDTH, |(width, _)| usize::from(width.0)),
        rows: size.map(|(_, height)| usize::from(height.0)),
        show: Show::DEFAULT,
    }
}

/// Whether the environment asks for colours also where nobody sees them. `NO_COLOR` outranks it.
fn forced() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && (set("FORCE_COLOR") || set("CLICOLOR_FORCE"))
}

/// Draws mistakes and errors.
pub(super) fn handler(style: Style) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    GraphicalReportHandler::new_themed(theme).with_links(style.links).with_width(style.width)
}

/// Prints an error on standard error. When nobody reads that, there is nobody left to tell.
pub(super) fn print_error(handler: &GraphicalReportHandler, error: &dyn Diagnostic) {
    let mut text = String::new();
    match handler.render_report(&mut text, error) {
        Ok(()) => print_line(&text),
        Err(_) => print_line(&error.to_string()),
    }
}

/// Prints a line on standard error.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(io::stderr(), "{}", line.trim_end());
}
