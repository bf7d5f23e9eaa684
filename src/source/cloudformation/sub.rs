//! The text of `Fn::Sub`: parts of it, and names between them.

/// A part of a text of `Fn::Sub`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    /// `${Name}`
    Name(&'t str),
}

/// Splits a text of `Fn::Sub`. `${!Name}` is the text `${Name}`.
pub(super) fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(start) = text.find("${") {
        let Some(length) = text[start..].find('}') else { break };
        let inner = text[start + 2..start + length].trim();
        if start > 0 {
            pieces.push(Piece::Text(&text[..start]));
        }
        if inner.starts_with('!') {
            pieces.push(Piece::Text("${"));
            pieces.push(Piece::Text(text[start + 2..=start + length].trim_start().trim_start_matches('!')));
        } else {
            pieces.push(Piece::Name(inner));
        }
        text = &text[start + length + 1..];
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_of_a_substitution() {
        assert_eq!(
            pieces("a-${B.C}-${!D}${ E }$F${"),
            [
                Piece::Text("a-"),
                Piece::Name("B.C"),
                Piece::Text("-"),
                Piece::Text("${"),
                Piece::Text("D}"),
                Piece::Name("E"),
                Piece::Text("$F${")
            ]
        );
    }
}
