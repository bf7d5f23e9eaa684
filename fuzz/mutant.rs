//! Mutants of a text that keep its structure: its words, numbers, strings and brackets are replaced, left out, repeated
//! and nested, and parts of other texts of the corpus come in.

/// Words that readers treat in their own ways.
const WORDS: [&str; 28] = [
    "null",
    "true",
    "\"\"",
    "0",
    "-1",
    "9223372036854775807",
    "4000000000",
    "1e308",
    "0.1",
    "\"\\u0000\"",
    "\"\\u001b\"",
    "{}",
    "[]",
    "[[]]",
    "\"(secret)\"",
    "\"$.Clients\"",
    "\"Clients[].ClientId\"",
    "!Ref",
    "Fn::If",
    "Fn::Sub",
    "<<",
    "*a",
    "&a",
    "\"2026-02-30\"",
    "\"12\"",
    "[[rule]]",
    "UserPool",
    "\"\u{202e}\"",
];

/// A linear congruential generator, so that every run tries the same.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// The words, strings and single characters of a text.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else {
            let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
            rest.find(|c| !word(c)).filter(|end| *end > 0).unwrap_or(if word(first) {
                rest.len()
            } else {
                first.len_utf8()
            })
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// A mutant of a text.
pub fn mutant(text: &str, other: &str, dice: &mut Dice) -> String {
    let mut tokens = tokens(text);
    for _ in 0..=dice.below(4) {
        if tokens.is_empty() {
            break;
        }
        let at = dice.below(tokens.len());
        let end = (at + 1 + dice.below(12)).min(tokens.len());
        match dice.below(7) {
            0 => tokens[at] = WORDS[dice.below(WORDS.len())],
            1 => _ = tokens.drain(at..end),
            2 => {
                let repeated = tokens[at..end].to_vec();
                tokens.splice(at..at, repeated);
            }
            3 => {
                let to = dice.below(tokens.len());
                tokens.swap(at, to);
            }
            4 => tokens.truncate(at),
            5 => {
                let others = self::tokens(other);
                let from = dice.below(others.len());
                let part = others[from.min(others.len())..].iter().take(1 + dice.below(30)).copied();
                tokens.splice(at..at, part.collect::<Vec<_>>());
            }
            _ => {
                let same: Vec<usize> =
                    (0..tokens.len()).filter(|index| tokens[*index] == tokens[at]).collect();
                let word = WORDS[dice.below(WORDS.len())];
                for index in same {
                    tokens[index] = word;
                }
            }
        }
    }
    tokens.concat()
}
