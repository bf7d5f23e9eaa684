//! YAML as values, as `yamldecode` reads it: the words of YAML 1.1 for booleans, and the numbers of YAML 1.2.

use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::source::hcl::decimal::Decimal;
use crate::source::hcl::function::wrong;
use crate::source::hcl::operate::text;
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Value, What, normal};

/// More values than this are not read, those that aliases repeat included.
const MOST: usize = 100_000;
/// Values nested deeper than this are not read.
const DEEPEST: usize = 64;

const TRUE: [&str; 11] = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 11] = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    match (name, values) {
        ("yamldecode", [value]) => Some(text(value).and_then(|text| decode(&text))),
        ("yamldecode", _) => Some(wrong(name)),
        _ => None,
    }
}

/// The value of the only document of a text. No error is one that `try` catches, since the parser of Terraform may
/// take what this one refuses.
fn decode(text: &str) -> Result<Value, Stop> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        match event {
            // The parser ends the last line of a text that does not end it.
            Ok((
                Event::Scalar(value, style @ (ScalarStyle::Literal | ScalarStyle::Folded), anchor, tag),
                span,
            )) if !text.ends_with('\n') && span.end.index() >= text.chars().count() => {
                let value = value.strip_suffix('\n').unwrap_or(&value).to_owned();
                reader.take(Event::Scalar(value.into(), style, anchor, tag))?;
            }
            Ok((event, _)) => reader.take(event)?,
            Err(error) => return Stop::lost(format!("a text is not YAML: {}", error.info())),
        }
    }
    match reader.document {
        Some((value, _)) => Ok(value),
        None => Stop::lost("a text in YAML is empty"),
    }
}

/// The state of a document that is read.
#[derive(Default)]
struct Reader {
    document: Option<Counted>,
    /// Lists and maps that are not at their end yet.
    open: Vec<(usize, Open)>,
    anchors: BTreeMap<usize, Counted>,
    /// How many values there are so far.
    count: usize,
}

/// A value, and how many values are in it.
type Counted = (Value, usize);

enum Open {
    List(Vec<Value>, usize),
    Map { members: BTreeMap<Rc<str>, Value>, count: usize, key: Option<Key> },
}

/// The key of a value that is yet to come.
enum Key {
    Name(Rc<str>),
    /// `<<`, which adds the members of a map.
    Merge,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), Stop> {
        match event {
            Event::SequenceStart(anchor, tag) => {
                self.begin(anchor, tag.as_deref(), Open::List(Vec::new(), 1))
            }
            Event::MappingStart(anchor, tag) => self.begin(
                anchor,
                tag.as_deref(),
                Open::Map { members: BTreeMap::new(), count: 1, key: None },
            ),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((anchor, open)) = self.open.pop() else { return Ok(()) };
                let made = match open {
                    Open::List(items, count) => (Value::tuple(items), count),
                    Open::Map { members, count, .. } => (Value::object(members), count),
                };
                self.keep(anchor, &made);
                self.add(made)
            }
            Event::Scalar(text, style, anchor, tag) => {
                if let Some((_, Open::Map { key: key @ None, .. })) = self.open.last_mut()
                    && (&*text, style, &tag) == ("<<", ScalarStyle::Plain, &None)
                {
                    *key = Some(Key::Merge);
                    return Ok(());
                }
                let made = (scalar(&text, style, tag.as_deref())?, 1);
                self.keep(anchor, &made);
                self.add(made)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(made) => self.add(made),
                None => Stop::lost("an alias of YAML is inside of the value that it names"),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, tag: Option<&Tag>, open: Open) -> Result<(), Stop> {
        if tag.is_some() {
            return Stop::lost("a tag of YAML is not followed");
        }
        if self.open.len() == DEEPEST {
            return Stop::lost("it is nested too deep");
        }
        self.open.push((anchor, open));
        Ok(())
    }

    fn keep(&mut self, anchor: usize, made: &Counted) {
        if anchor > 0 {
            self.anchors.insert(anchor, made.clone());
        }
    }

    /// Puts a value where it belongs; one that belongs nowhere is the document.
    fn add(&mut self, (value, more): Counted) -> Result<(), Stop> {
        self.count += more;
        if self.count > MOST {
            return Stop::lost(format!("a text in YAML has more than {MOST} values"));
        }
        match self.open.last_mut() {
            None if self.document.is_some() => return Stop::lost("a text in YAML has several documents"),
            None => self.document = Some((value, more)),
            Some((_, Open::List(items, count))) => {
                items.push(value);
                *count += more;
            }
            Some((_, Open::Map { members, count, key })) => {
                *count += more;
                match (key.take(), value.what) {
                    (None, What::Null) => return Stop::lost("a key of YAML is null"),
                    (None, what) => match text(&Value::of(what)) {
                        Ok(name) => *key = Some(Key::Name(normal(name))),
                        Err(_) => return Stop::lost("a key of YAML is not a text"),
                    },
                    // The last value of a key counts, whether it is merged or not.
                    (Some(Key::Name(name)), what) => drop(members.insert(name, Value::of(what))),
                    (Some(Key::Merge), What::Object(merged)) => members.extend(merged.all.clone()),
                    (Some(Key::Merge), _) => {
                        return Stop::lost("`<<` of YAML merges something else than a map");
                    }
                }
            }
        }
        Ok(())
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, Stop> {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => return Ok(Value::text(text)),
        Some(_) => return Stop::lost("a tag of YAML is not followed"),
        None if style != ScalarStyle::Plain => return Ok(Value::text(text)),
        None => {}
    }
    let starts_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    Ok(match text {
        _ if TRUE.contains(&text) => Value::bool(true),
        _ if FALSE.contains(&text) => Value::bool(false),
        _ if NULL.contains(&text) => Value::null(),
        _ if !starts_number => Value::text(text),
        _ => return number(text),
    })
}

/// A plain scalar that starts as a number does: most addresses and durations are texts all the same.
fn number(text: &str) -> Result<Value, Stop> {
    for (prefix, base) in [("0x", 16), ("0o", 8)] {
        let digits = text.strip_prefix(prefix).filter(|digits| !digits.is_empty());
        if let Some(digits) = digits.filter(|digits| digits.chars().all(|one| one.is_digit(base))) {
            return match i128::from_str_radix(digits, base) {
                Ok(number) => Ok(Value::number(Decimal::integer(number))),
                Err(_) => Stop::lost("the number has too many digits"),
            };
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_decimal(unsigned) {
        let date = text.get(4..5) == Some("-") && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
        let special = [".inf", ".nan"].contains(&unsigned.to_ascii_lowercase().as_str());
        return match date || special {
            true => Stop::lost("a date or a special number of YAML is not read"),
            false => Ok(Value::text(text)),
        };
    }
    // `.5` and `5.` are numbers in YAML.
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    let sign = if text.starts_with('-') { "-" } else { "" };
    let written = format!("{sign}{zero}{}{}", mantissa.trim_end_matches('.'), exponent.replace('+', ""));
    match Decimal::parse(&written) {
        Some(number) => Ok(Value::number(number)),
        None => Stop::lost(format!("{text:?} is not read as a number")),
    }
}

/// Whether a text is digits with a point and an exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let some = !whole.is_empty() || !places.is_empty();
    some && figures(whole) && figures(places) && !exponent.is_empty() && figures(exponent)
}
