//! Masks credentials in messages. Some messages of the service repeat the headers of a request, with the session token
//! among them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::source::{Delivery, Note, Unread};

/// The text that replaces a secret of any length.
const MASK: &str = "********";
/// Secrets of AWS are not shorter, and shorter ones, which emulators accept, may be ordinary words.
const SHORTEST: usize = 16;
/// The word after one of these is masked, known or not. In lower case.
const MARKERS: [&str; 4] = ["signature=", "security-token:", "security-token=", "security-token\":"];

/// The secrets that are known so far. Clones share them.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<BTreeSet<String>>>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    pub(in crate::source) fn add<'a>(&self, secrets: impl IntoIterator<Item = Option<&'a str>>) {
        let long = secrets.into_iter().flatten().filter(|secret| SHORTEST <= secret.len());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(long.map(str::to_owned));
    }

    /// Masks the secrets in messages. The text of a pool is masked where it is printed.
    pub(in crate::source) fn mask(&self, delivery: Delivery) -> Delivery {
        match delivery {
            Delivery::Unread(Unread { target, operation, code, message, help, at, about }) => {
                Delivery::Unread(Unread {
                    target: self.hide(&target),
                    operation,
                    code: code.map(|code| self.hide(&code)),
                    message: self.hide(&message),
                    help: help.map(|help| self.hide(&help)),
                    at,
                    about,
                })
            }
            Delivery::Note(Note { target, message }) => {
                Delivery::Note(Note { target: self.hide(&target), message: self.hide(&message) })
            }
            Delivery::Chunk(mut chunk) => {
                for (_, reason) in &mut chunk.unread {
                    *reason = self.hide(reason).into();
                }
                Delivery::Chunk(chunk)
            }
            other => other,
        }
    }

    pub(in crate::source) fn hide(&self, text: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = known.iter().fold(text.to_owned(), |text, secret| without(&text, secret));
        let text = MARKERS.iter().fold(text, |text, marker| without_what_follows(&text, marker));
        without_stderr(&without_user(&text))
    }
}

/// A text without what a `credential_process` wrote to standard error, which the SDK repeats.
fn without_stderr(text: &str) -> String {
    const MARKER: &str = "Stderr: ";
    match text.split_once(MARKER) {
        Some((before, said)) if !said.is_empty() => format!("{before}{MARKER}{MASK}"),
        _ => text.to_owned(),
    }
}

/// A text without a secret or the beginning of it: a message may be cut in the middle of a secret.
fn without(text: &str, secret: &str) -> String {
    let head = secret.char_indices().nth(SHORTEST).map_or(secret, |(end, _)| &secret[..end]);
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(head) {
        let same = rest[start..].chars().zip(secret.chars()).take_while(|(a, b)| a == b);
        let length: usize = same.map(|(a, _)| a.len_utf8()).sum();
        out.push_str(&rest[..start]);
        out.push_str(MASK);
        rest = &rest[start + length..];
    }
    out + rest
}

/// A text without the words after a marker.
fn without_what_follows(text: &str, marker: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    // Only ASCII changes its case, so that offsets stay the same.
    while let Some(start) = rest.to_ascii_lowercase().find(marker) {
        let after = &rest[start + marker.len()..];
        let word = after.trim_start_matches([' ', '"', '\'']);
        let end = word.find(|c: char| c.is_whitespace() || ",;&\"'`".contains(c)).unwrap_or(word.len());
        out.push_str(&rest[..rest.len() - word.len()]);
        out.push_str(if end == 0 { "" } else { MASK });
        rest = &word[end..];
    }
    out + rest
}

/// A text without names and passwords in addresses, as in `https://user:password@example.com`, and in
/// `user:password@example.com`, which lacks its scheme.
pub fn without_user(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || "/?#`'\"(<".contains(c);
    let mut out = String::new();
    for word in text.split_inclusive(ends) {
        match word.rfind('@').filter(|at| word[..*at].contains(':') || out.ends_with("://")) {
            Some(at) if at > 0 => out.push_str(&format!("{MASK}{}", &word[at..])),
            _ => out.push_str(word),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_wherever_it_occurs() {
        let secrets = Secrets::default();
        secrets.add([Some("wJalrXUtnFEMI/K7MDENG"), Some("FwoGZXIvYXdzEXAMPLE/+=")]);
        let cases = [
            ("key wJalrXUtnFEMI/K7MDENG, again wJalrXUtnFEMI/K7MDENG", "key ********, again ********"),
            ("cut wJalrXUtnFEMI/K7M", "cut ********"),
            (
                "'x-amz-security-token:FwoGZXIvYXdzEXAMPLE/+=\nx-amz-target:a'",
                "'x-amz-security-token:********\nx-amz-target:a'",
            ),
            ("X-Amz-Security-Token: another, end", "X-Amz-Security-Token: ********, end"),
            (
                "Credential=AKIDEXAMPLE/2026, Signature=0a1b",
                "Credential=AKIDEXAMPLE/2026, Signature=********",
            ),
            (
                "The security token included in the request is expired",
                "The security token included in the request is expired",
            ),
            ("Signature=", "Signature="),
            (
                "`http://user:pass@[::bad`, https://example.com/@me",
                "`http://********@[::bad`, https://example.com/@me",
            ),
            ("proxy user:pass@127.0.0.1:80, a@example.com", "proxy ********@127.0.0.1:80, a@example.com"),
            ("exit status: 1. Stderr: no key", "exit status: 1. Stderr: ********"),
        ];
        for (text, masked) in cases {
            assert_eq!(secrets.hide(text), masked);
        }
    }

    #[test]
    fn a_short_secret_of_an_emulator_is_not_masked() {
        let secrets = Secrets::default();
        secrets.add([Some("secret"), None, Some("")]);
        assert_eq!(secrets.hide("check the secret access key"), "check the secret access key");
        assert_eq!(format!("{secrets:?}"), "Secrets");
    }
}
