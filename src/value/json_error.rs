//! Errors of a JSON parser in plain words.

/// The words of the parser for syntax errors, each with its meaning.
const WORDS: [(&str, &str); 17] = [
    ("EOF while parsing a list", "it ends within a list"),
    ("EOF while parsing an object", "it ends within an object"),
    ("EOF while parsing a string", "it ends within a string"),
    ("EOF while parsing a value", "it ends where a value should be"),
    ("expected ident", "a word that is not `true`, `false` or `null` needs double quotes"),
    ("expected value", "a value should begin here"),
    ("expected `:`", "a colon should follow the key"),
    ("expected `,` or `]`", "a comma or the end of the list should be here"),
    ("expected `,` or `}`", "a comma or the end of the object should be here"),
    ("key must be a string", "a key needs double quotes"),
    ("trailing comma", "a comma should not be before the end"),
    ("trailing characters", "more text follows the value"),
    ("invalid escape", "JSON has no such escape"),
    ("lone leading surrogate in hex escape", "an escape is half of a surrogate pair"),
    ("unexpected end of hex escape", "an escape is half of a surrogate pair"),
    ("recursion limit exceeded", "it is nested too deep"),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a string has a control character, such as a line end",
    ),
];

/// An error without its place, which is reported apart.
///
/// A string where something else should be is not quoted: it may be a secret.
pub fn json_error(error: &serde_json::Error) -> String {
    const QUOTED: &str = ": string \"";
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(&*text, |end| &text[..end]);
    if let Some((_, words)) = WORDS.iter().find(|(own, _)| *own == text) {
        return (*words).to_owned();
    }
    match (text.find(QUOTED), text.rfind("\", expected ")) {
        (Some(start), Some(end)) if start + QUOTED.len() <= end => {
            format!("{}: a string{}", &text[..start], &text[end + 1..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn said(text: &str) -> String {
        json_error(&serde_json::from_str::<serde_json::Value>(text).unwrap_err())
    }

    /// A new version of the parser may have other words.
    #[test]
    fn syntax_errors_are_said_in_plain_words() {
        let deep = "[".repeat(200);
        let texts = [
            "[1",
            "{\"a\": 1",
            "\"a",
            "",
            "[nope]",
            "[,]",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\": 1 \"b\"}",
            "{a: 1}",
            "[1,]",
            "1 2",
            "\"\\q\"",
            "\"\\ud800\"",
            "\"\\ud800\\n\"",
            &deep,
            "\"\n\"",
        ];
        for text in texts {
            let said = said(text);
            assert!(WORDS.iter().any(|(_, words)| *words == said), "{text}: {said}");
        }
    }

    #[test]
    fn strings_are_not_quoted() {
        let error = serde_json::from_str::<bool>("\"hunter2\"").unwrap_err();
        assert_eq!(json_error(&error), "invalid type: a string, expected a boolean");
        assert!(Value::parse_json("\"hunter2\"").is_some());
    }
}
