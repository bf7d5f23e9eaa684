//! Writes TOML.

use crate::value::is_old_command;

/// A string as TOML, in double quotes on one line. Characters that act on a terminal or on the log of a CI job are escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for (at, c) in text.char_indices() {
        match c {
            '#' if is_old_command(&text[at..]) => out.push_str("\\U00000023"),
            '"' | '\\' => out.extend(['\\', c]),
            c if c == ' ' || c.is_ascii_graphic() || (!c.is_ascii() && c.is_alphanumeric()) => out.push(c),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::spanned::{Toml, parse};

    #[test]
    fn what_is_quoted_is_read_back() {
        for text in [
            "",
            "plain",
            "a \"b\" \\c",
            "\u{1b}[2J\n\t\u{7f}\u{202e}",
            "Größe 日本",
            "'#=[]{}",
            "##[error]x",
            "😀",
        ] {
            let mut mistakes = Vec::new();
            let table = parse(&SourceFile::new("", format!("a = {}", quoted(text))), &mut mistakes);
            let read = table.get("a").map(|item| item.toml.clone());
            assert!(matches!(read, Some(Toml::String(read)) if read == text), "{text:?}: {mistakes:?}");
        }
    }
}
