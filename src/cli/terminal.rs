//! Abilities of the terminal, and errors on it.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, MietteDiagnostic, ThemeCharacters, ThemeStyles,
};

use super::args::Color;
use crate::diagnostic::SourceDiagnostic;
use crate::report::{Show, Style, line, sanitized, sanitized_file};

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

/// Prints an error on standard error, as an error of its message and help alone.
pub(super) fn print_error(handler: &GraphicalReportHandler, error: &dyn Diagnostic) {
    let mut shown = MietteDiagnostic::new(sanitized(&error.to_string()));
    shown.help = error.help().map(|help| lines(&help.to_string()));
    draw(handler, &shown);
}

/// Prints a mistake on standard error, with the lines of the file that it is in.
pub(super) fn print_mistake(handler: &GraphicalReportHandler, mistake: &SourceDiagnostic) {
    let mut shown = mistake.clone();
    let places = shown.labels.iter_mut().flat_map(|(at, _)| [&mut at.start, &mut at.end]);
    let text = sanitized_file(mistake.source_file.text(), &mut places.collect::<Vec<_>>());
    shown.source_file = mistake.source_file.shown_as(sanitized(mistake.source_file.name()), text);
    shown.message = sanitized(&mistake.message).into_owned();
    shown.help = mistake.help.as_deref().map(lines);
    for (_, label) in &mut shown.labels {
        *label = sanitized(label).into_owned();
    }
    draw(handler, &shown);
}

/// Prints what clap says of the arguments, which it repeats as they are.
pub(super) fn print_usage(error: &clap::Error, arguments: &[OsString]) {
    let mut unfit = Vec::new();
    for word in arguments.iter().map(|word| word.to_string_lossy()) {
        let parts = word.split_once('=').map(|(_, value)| value.to_owned());
        unfit.extend([word.into_owned()].into_iter().chain(parts).filter(|word| *word != *sanitized(word)));
    }
    if unfit.is_empty() {
        let _ = error.print();
        return;
    }
    let mut text = error.render().ansi().to_string();
    for word in unfit {
        text = text.replace(&word, &sanitized(&word));
    }
    // The escapes that are left are the colours of clap.
    let mut plain = String::new();
    for (at, piece) in text.split("\u{1b}[").enumerate() {
        plain.push_str(piece.split_once('m').filter(|_| at > 0).map_or(piece, |(_, after)| after));
    }
    let _ = io::stderr().write_all(sanitized_file(&plain, &mut []).as_bytes());
}

/// A text of several lines, each fit to print.
fn lines(text: &str) -> String {
    text.lines().map(sanitized).collect::<Vec<_>>().join("\n")
}

/// When nobody reads standard error, there is nobody left to tell.
fn draw(handler: &GraphicalReportHandler, error: &dyn Diagnostic) {
    let mut text = String::new();
    let _ = match handler.render_report(&mut text, error) {
        Ok(()) => writeln!(io::stderr(), "{}", text.trim_end()),
        Err(_) => write_line(&mut io::stderr(), &error.to_string()),
    };
}

/// Prints a line on standard error, with everything that acts on a terminal, line ends included, as escapes.
/// On a terminal, the words of a long line are not broken.
pub(super) fn print_line(text: &str) {
    let _ = writeln!(io::stderr(), "{}", line(style(Stream::Stderr, Color::Never), text));
}

/// Writes a line, with everything that acts on a terminal, line ends included, as escapes.
pub(super) fn write_line(out: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(out, "{}", sanitized(line.trim_end()))
}
