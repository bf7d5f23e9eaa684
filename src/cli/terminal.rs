//! Abilities of the terminal, and errors on it.

use std::ffi::OsString;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, MietteDiagnostic, ThemeCharacters, ThemeStyles,
};

use super::args::Color;
use super::streams::Stream;
use crate::diagnostic::SourceDiagnostic;
use crate::report::screen::Draws;
use crate::report::{Show, Style, line, sanitized, sanitized_file, wrap};

/// Widest output where the terminal does not say how wide it is.
const WIDTH: usize = 100;

/// The style that a stream can show. Colours and links only where they are seen, or were asked for. Everything is asked of the
/// stream itself: the other one may go elsewhere.
pub(super) fn style(stream: Stream, color: Color) -> Style {
    let terminal = stream.is_terminal();
    let (colors, links, characters) = match stream {
        Stream::Stdout => (
            supports_color::Stream::Stdout,
            supports_hyperlinks::Stream::Stdout,
            supports_unicode::Stream::Stdout,
        ),
        Stream::Stderr => (
            supports_color::Stream::Stderr,
            supports_hyperlinks::Stream::Stderr,
            supports_unicode::Stream::Stderr,
        ),
    };
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => forced() || terminal && supports_color::on(colors).is_some() && takes_escapes(),
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

/// Whether the console takes escapes. One of Windows has to be asked to; elsewhere there is nothing to ask.
fn takes_escapes() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// Whether the environment asks for colours also where nobody sees them.
fn forced() -> bool {
    color_variable().is_some_and(|name| name != NO_COLOR)
}

const NO_COLOR: &str = "NO_COLOR";

/// The variable of the environment that decides about colours. `NO_COLOR` outranks the others.
pub(super) fn color_variable() -> Option<&'static str> {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let refused = std::env::var_os(NO_COLOR).is_some_and(|value| !value.is_empty());
    if refused { Some(NO_COLOR) } else { ["FORCE_COLOR", "CLICOLOR_FORCE"].into_iter().find(set) }
}

/// Draws mistakes and errors.
pub(super) struct Handler {
    drawn: GraphicalReportHandler,
    draws: Draws,
    width: usize,
}

pub(super) fn handler(style: Style) -> Handler {
    let theme = GraphicalTheme {
        characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    let drawn = GraphicalReportHandler::new_themed(theme).with_links(style.links).with_width(style.width);
    // Lines are broken between words alone, so that names of rules and files can be copied.
    Handler { drawn: drawn.with_wrap_lines(false), draws: Draws::of_style(style), width: style.width }
}

/// The columns beside a message and beside a help, with those that stay free at the end of a line.
const MESSAGE: usize = 6;
const HELP: usize = 10;

impl Handler {
    /// A text in lines that fit beside a number of columns.
    fn fitted(&self, text: &str, beside: usize) -> String {
        wrap(text, self.width.saturating_sub(beside)).join("\n")
    }
}

/// Prints an error on standard error, as an error of its message and help alone.
pub(super) fn print_error(handler: &Handler, error: &dyn Diagnostic) {
    let mut shown = MietteDiagnostic::new(handler.fitted(&sanitized(&error.to_string()), MESSAGE));
    shown.help = error.help().map(|help| handler.fitted(&lines(&help.to_string()), HELP));
    draw(handler, &shown);
}

/// Prints a mistake on standard error, with the lines of the file that it is in.
pub(super) fn print_mistake(handler: &Handler, mistake: &SourceDiagnostic) {
    let mut shown = mistake.clone();
    let places = shown.labels.iter_mut().flat_map(|(at, _)| [&mut at.start, &mut at.end]);
    let text = sanitized_file(mistake.source_file.text(), &mut places.collect::<Vec<_>>());
    shown.source_file = mistake.source_file.shown_as(sanitized(mistake.source_file.name()), text);
    shown.message = handler.fitted(&sanitized(&mistake.message), MESSAGE);
    shown.help = mistake.help.as_deref().map(|help| handler.fitted(&lines(help), HELP));
    for (_, label) in &mut shown.labels {
        *label = sanitized(label).into_owned();
    }
    draw(handler, &shown);
}

/// Prints the message of clap about the arguments.
pub(super) fn print_usage(error: &clap::Error, arguments: &[OsString], color: Color) {
    let stream = usage_stream(error);
    let text = usage(error, arguments, color);
    let _ = stream.screen(Draws::of_style(style(stream, color))).write_all(text.as_bytes());
}

/// The message of clap, in which arguments that are quoted stay on their lines.
pub(super) fn usage(error: &clap::Error, arguments: &[OsString], color: Color) -> String {
    let rendered = error.render();
    let is_colored = style(usage_stream(error), color).color;
    let mut text = if is_colored { rendered.ansi().to_string() } else { rendered.to_string() };
    for word in arguments.iter().map(|word| word.to_string_lossy()) {
        let parts = word.split_once('=').map(|(_, value)| value.to_owned());
        for word in [word.into_owned()].into_iter().chain(parts).filter(|word| *word != *sanitized(word)) {
            text = text.replace(&word, &sanitized(&word));
        }
    }
    text
}

fn usage_stream(error: &clap::Error) -> Stream {
    if error.use_stderr() { Stream::Stderr } else { Stream::Stdout }
}

/// A text of several lines, each fit to print.
fn lines(text: &str) -> String {
    text.lines().map(sanitized).collect::<Vec<_>>().join("\n")
}

/// When nobody reads standard error, there is nobody left to tell.
fn draw(handler: &Handler, error: &dyn Diagnostic) {
    let mut text = String::new();
    let drawn = handler.drawn.render_report(&mut text, error).map(|()| text);
    let text = drawn.unwrap_or_else(|_| sanitized(&error.to_string()).into_owned());
    let _ = writeln!(Stream::Stderr.screen(handler.draws), "{}", text.trim_end());
}

/// Prints a line on standard error, with everything that acts on a terminal, line ends included, as escapes.
/// On a terminal, the words of a long line are not broken.
pub(super) fn print_line(text: &str) {
    let style = style(Stream::Stderr, Color::Never);
    let _ = writeln!(Stream::Stderr.screen(Draws::Text), "{}", line(style, text));
}

/// Writes a line, with everything that acts on a terminal, line ends included, as escapes.
pub(super) fn write_line(out: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(out, "{}", sanitized(line.trim_end()))
}
