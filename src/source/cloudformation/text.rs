//! The functions that make text and lists of others: `Sub`, `Join`, `Split`, `Select`, `Base64` and their like.

use std::sync::Arc;

use super::node::{Node, What};
use super::sub::{Piece, pieces};
use super::work::{EXCEEDED, VALUE, Work};
use crate::source::declared::{Meaning, Member, Term};

/// Text that is put together of parts of which not every one may be known.
struct Builder<'w> {
    work: &'w Work,
    text: String,
    why: Option<Arc<str>>,
    of: Vec<Arc<str>>,
    /// A part may be missing, so that not even its presence is known.
    broken: Option<Arc<str>>,
}

impl<'w> Builder<'w> {
    fn new(work: &'w Work) -> Builder<'w> {
        Builder { work, text: String::new(), why: None, of: Vec::new(), broken: None }
    }

    fn push(&mut self, text: &str) {
        if self.work.take(text.len()) {
            self.text.push_str(text);
        } else {
            self.broken.get_or_insert(EXCEEDED.into());
        }
    }

    fn add(&mut self, part: Meaning) {
        match part {
            Meaning::Scalar(scalar) => self.push(&scalar.canonical()),
            Meaning::Later { why, of } => {
                self.why.get_or_insert(why);
                self.of.extend(of);
            }
            Meaning::Unknown(why) | Meaning::Unsaid(why) => {
                self.broken.get_or_insert(why);
            }
            Meaning::List(_) | Meaning::Map(..) | Meaning::Secret | Meaning::Absent => {
                self.broken.get_or_insert("a part of this text is not a text".into());
            }
        }
    }

    fn finish(self) -> Meaning {
        match (self.broken, self.why) {
            (Some(why), _) => Meaning::Unknown(why),
            (None, Some(why)) => Meaning::Later { why, of: self.of },
            (None, None) if self.text.contains("{{resolve:") => Meaning::later(
                "a dynamic reference (`{{resolve:...}}`) is known when the template is deployed",
            ),
            (None, None) => Meaning::text(self.text),
        }
    }
}

/// Works out an expression.
type Evaluate<'e> = &'e dyn Fn(&Node) -> Term;

pub(super) fn substitute(
    argument: &Node,
    evaluate: Evaluate<'_>,
    value_of: &dyn Fn(&str) -> Meaning,
    work: &Work,
) -> Meaning {
    let (text, names) = match (&argument.what, argument.items()) {
        (What::Scalar(scalar), _) => (&*scalar.text, None),
        (_, [text, names]) if text.text().is_some() => (text.text().unwrap_or_default(), Some(names)),
        _ => return Meaning::unknown("`!Sub` takes a text, or a text and a map"),
    };
    let mut builder = Builder::new(work);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => builder.push(text),
            Piece::Name(name) => builder.add(match names.and_then(|names| names.get(name)) {
                Some(value) => evaluate(value).what,
                None => value_of(name),
            }),
        }
    }
    builder.finish()
}

pub(super) fn join(argument: &Node, evaluate: Evaluate<'_>, work: &Work) -> Meaning {
    let [delimiter, list] = argument.items() else {
        return Meaning::unknown("`!Join` takes a delimiter and a list");
    };
    let delimiter = evaluate(delimiter).what;
    let items = match evaluate(list).what {
        Meaning::List(items) => items,
        unknown @ (Meaning::Later { .. } | Meaning::Unknown(_) | Meaning::Unsaid(_) | Meaning::Secret) => {
            return unknown;
        }
        _ => return Meaning::unknown("`!Join` takes a delimiter and a list"),
    };
    let mut builder = Builder::new(work);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            builder.add(delimiter.clone());
        }
        builder.add(item.what);
    }
    builder.finish()
}

pub(super) fn split(argument: &Node, evaluate: Evaluate<'_>, work: &Work) -> Meaning {
    let [delimiter, text] = argument.items() else {
        return Meaning::unknown("`!Split` takes a delimiter and a text");
    };
    let term = evaluate(text);
    match (evaluate(delimiter).what.as_text(), term.what.as_text()) {
        (Some(delimiter), Some(text)) if !delimiter.is_empty() => {
            let count = text.matches(&*delimiter).count() + 1;
            if !work.take(text.len().saturating_add(VALUE * count)) {
                return Meaning::unknown(EXCEEDED);
            }
            let part = |part| Term { at: term.at.clone(), what: Meaning::text(part) };
            Meaning::List(text.split(&*delimiter).map(part).collect())
        }
        (Some(_), None) if matches!(term.what, Meaning::Later { .. } | Meaning::Unknown(_)) => term.what,
        _ => Meaning::unknown("`!Split` takes a delimiter and a text"),
    }
}

pub(super) fn select(argument: &Node, evaluate: Evaluate<'_>) -> Meaning {
    let [index, list] = argument.items() else {
        return Meaning::unknown("`!Select` takes a position and a list");
    };
    let position = evaluate(index).what;
    match (position, evaluate(list).what) {
        (Meaning::Scalar(index), Meaning::List(mut items)) => {
            match index.text.parse().ok().filter(|index: &usize| *index < items.len()) {
                Some(index) => items.swap_remove(index).what,
                None => Meaning::unknown("`!Select` takes a position that the list does not have"),
            }
        }
        (unknown @ (Meaning::Later { .. } | Meaning::Unknown(_)), _)
        | (_, unknown @ (Meaning::Later { .. } | Meaning::Unknown(_))) => unknown,
        _ => Meaning::unknown("`!Select` takes a position and a list"),
    }
}

pub(super) fn length(list: &Meaning) -> Meaning {
    match list {
        Meaning::List(items) => Meaning::text(items.len().to_string()),
        unknown @ (Meaning::Later { .. } | Meaning::Unknown(_)) => unknown.clone(),
        _ => Meaning::unknown("`Fn::Length` takes a list"),
    }
}

pub(super) fn base64(text: &Meaning, work: &Work) -> Meaning {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let Some(text) = text.as_text() else {
        return match text {
            unknown @ (Meaning::Later { .. } | Meaning::Unknown(_)) => unknown.clone(),
            _ => Meaning::unknown("`!Base64` takes a text"),
        };
    };
    if !work.take(text.len().saturating_mul(2)) {
        return Meaning::unknown(EXCEEDED);
    }
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            chunk.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            out.push(if digit <= chunk.len() { char::from(DIGITS[index as usize]) } else { '=' });
        }
    }
    Meaning::text(out)
}

/// JSON, where all of it is known.
pub(super) fn to_json(value: &Meaning, work: &Work) -> Meaning {
    match json(value) {
        Ok(json) if work.take(json.len()) => Meaning::text(json),
        Ok(_) => Meaning::unknown(EXCEEDED),
        Err(unknown) => unknown,
    }
}

fn json(value: &Meaning) -> Result<String, Meaning> {
    Ok(match value {
        Meaning::Scalar(scalar) if scalar.boolean().is_some() => scalar.canonical().to_string(),
        Meaning::Scalar(scalar) if scalar.plain && scalar.text.parse::<f64>().is_ok() => {
            scalar.text.to_string()
        }
        Meaning::Scalar(scalar) => serde_json::Value::from(&*scalar.text).to_string(),
        Meaning::List(items) => {
            let items: Result<Vec<String>, Meaning> = items.iter().map(|item| json(&item.what)).collect();
            format!("[{}]", items?.join(","))
        }
        Meaning::Map(members, None) => {
            let member = |member: &Member| {
                let key = serde_json::Value::from(&*member.key);
                Ok(format!("{key}:{}", json(&member.value.what)?))
            };
            let members: Result<Vec<String>, Meaning> = members.iter().map(member).collect();
            format!("{{{}}}", members?.join(","))
        }
        Meaning::Map(_, Some(why)) => return Err(Meaning::Unknown(Arc::clone(why))),
        unknown @ (Meaning::Later { .. } | Meaning::Unknown(_) | Meaning::Unsaid(_) | Meaning::Secret) => {
            return Err(unknown.clone());
        }
        Meaning::Absent => "null".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_padding() {
        for (text, expected) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("abcd", "YWJjZA==")]
        {
            assert_eq!(base64(&Meaning::text(text), &Work::for_text(0)).as_text().as_deref(), Some(expected));
        }
    }
}
