//! The table of the schema: the data file in a form that is quick to read at each start.
//!
//! Reading the data file itself took 2.8 million instructions, 41 % of a check of one pool.

use memchr::{memchr2, memchr3};

use super::line::Line;
use super::{Derived, Kind, LeftOut};
use crate::value::{Text, Value};

/// The table, which is a line of facts about the file, one of the standard attributes, and one for each path. Fields
/// are separated by tabs, elements of a list by `|`, and the parts of an element by `:`.
pub(super) struct Table {
    pub model: &'static str,
    /// A JSON array.
    pub standard_attributes: &'static str,
    /// The number of paths.
    pub paths: usize,
    lines: &'static str,
}

impl Table {
    pub(super) fn open(text: &'static str) -> Table {
        let (head, rest) = text.split_once('\n').unwrap_or_default();
        let (standard_attributes, lines) = rest.split_once('\n').unwrap_or_default();
        let (model, paths) = head.split_once('\t').unwrap_or_default();
        Table { model, standard_attributes, paths: paths.parse().unwrap_or(0), lines }
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = Line> {
        let mut fields = Fields { rest: self.lines };
        std::iter::from_fn(move || (!fields.rest.is_empty()).then(|| line(&mut fields)))
    }
}

/// Goes through the fields of all lines. They are short, so that to search each part for what ends it took a tenth of a
/// check of one pool.
struct Fields {
    rest: &'static str,
}

/// A field, with its value if it has one.
struct Field {
    key: &'static str,
    value: &'static str,
    /// It is the last of its line.
    last: bool,
}

impl Fields {
    fn next(&mut self) -> Field {
        let (text, bytes) = (self.rest, self.rest.as_bytes());
        let key_end = memchr3(b'\t', b'\n', b'=', bytes).unwrap_or(bytes.len());
        let (mut end, mut value) = (key_end, "");
        if bytes.get(key_end) == Some(&b'=') {
            let start = key_end + 1;
            end = memchr2(b'\t', b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
            value = &text[start..end];
        }
        self.rest = text.get(end + 1..).unwrap_or_default();
        Field { key: &text[..key_end], value, last: bytes.get(end) != Some(&b'\t') }
    }
}

/// Reads one line.
#[expect(clippy::panic, reason = "the table is part of the program, and every test reads it")]
fn line(fields: &mut Fields) -> Line {
    let path = fields.next().key;
    let Field { key: word, mut last, .. } = fields.next();
    let kind =
        Kind::parse(word).unwrap_or_else(|| panic!("schema/cognito.json: {path} has no type `{word}`"));
    let mut line = Line { path, kind, ..Line::default() };
    while !last {
        let field = fields.next();
        let (key, value) = (field.key, field.value);
        last = field.last;
        match key {
            "values" => line.values = list(value),
            "values_since" => line.rare().values_since = value.split('|').map(pair).map(texts).collect(),
            "min" => line.min = value.parse().ok(),
            "max" => line.max = value.parse().ok(),
            "pattern" | "key_pattern" => line.pattern = Some(value),
            "numeric" => line.numeric = true,
            "always" => line.always = true,
            "filled" => line.filled = true,
            "listed" => line.listed = true,
            "required" => line.required = true,
            "secret" => line.secret = true,
            "secret_keys" => line.rare().secret_keys = list(value),
            "volatile" => line.volatile = true,
            "volatile_keys" => line.rare().volatile_keys = list(value),
            "unordered" => line.unordered = true,
            "key" => line.key = Some(value),
            "label" => line.label = Some(value),
            "empty_is_absent" => line.empty_is_absent = true,
            "empty_is_default" => line.empty_is_default = true,
            "empty_is_value" => line.empty_is_value = true,
            "open" => line.open = true,
            "zero_is_absent" => line.zero_is_absent = true,
            "identifies" => line.identifies = true,
            "own" => line.rare().own = Some(value.into()),
            "mirror" => line.mirror = Some(value),
            "mirror_within" => line.mirror_within = Some(value),
            "superseded" => line.superseded = true,
            "since" => line.since = Some(value),
            "deprecated" => line.deprecated = true,
            "operation" => line.operation = Some(value),
            "set_by" => line.set_by = Some(value),
            "left_out" => line.left_out = LeftOut::parse(value),
            "replaced" => line.replaced = true,
            "default" => line.defaults().any = Some(json(value)),
            "default_template" => line.defaults().template = Some(json(value)),
            "default_in_block" => line.defaults().in_block = Some(json(value)),
            "unknown_in_answer" => line.defaults().unknown_in_answer = Some(value.into()),
            "unknown_in_template" => line.defaults().unknown_in_template = Some(value.into()),
            "derived" => line.derived = Some(derived(value)),
            "unit" => line.rare().counted_in = Some(value),
            "planned" => line.planned = true,
            "inferred" => line.inferred = true,
            _ => panic!("schema/cognito.json: {path} has `{key}`, which is not a key of a path"),
        }
    }
    line
}

fn list(value: &'static str) -> Vec<Text> {
    value.split('|').map(Text::Borrowed).collect()
}

fn texts((first, second): (&'static str, &'static str)) -> (Text, Text) {
    (first.into(), second.into())
}

fn derived(value: &'static str) -> Derived {
    let (number, unit) = pair(value);
    Derived { number, unit }
}

fn pair(value: &'static str) -> (&'static str, &'static str) {
    value.split_once(':').unwrap_or_default()
}

/// A value of the data file.
#[expect(clippy::panic, reason = "the table is part of the program, and every test reads it")]
pub(super) fn json(value: &str) -> Value {
    match value {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match serde_json::from_str(value) {
            Ok(json) => Value::from_json(json),
            Err(error) => panic!("schema/cognito.json: {value}: {error}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    /// The table of a data file.
    fn written(file: &str) -> String {
        let file: Json = serde_json::from_str(file).expect("schema/cognito.json is JSON");
        let paths = file["paths"].as_array().expect("`paths` is an array");
        let model = file["model"].as_str().expect("`model` is a date");
        let mut table = format!("{model}\t{}\n{}\n", paths.len(), file["standard_attributes"]);
        for line in paths {
            let (path, kind) = (text(&line["path"]), text(&line["type"]));
            table.push_str(&format!("{path}\t{kind}"));
            for (key, value) in line.as_object().expect("a line is an object") {
                match (key.as_str(), value) {
                    ("path" | "type", _) | (_, Json::Bool(false)) if !key.starts_with("default") => {}
                    (_, Json::Bool(true)) if !key.starts_with("default") => {
                        table.push_str(&format!("\t{key}"));
                    }
                    (key, value) if key.starts_with("default") => table.push_str(&format!("\t{key}={value}")),
                    (key, value) => table.push_str(&format!("\t{key}={}", field(value))),
                }
            }
            table.push('\n');
        }
        table
    }

    fn field(value: &Json) -> String {
        let part = |value: &Json| text(value).to_owned();
        match value {
            Json::Array(list) => {
                assert!(!list.is_empty() && !value.to_string().contains('|'), "{value}");
                list.iter().map(part).collect::<Vec<_>>().join("|")
            }
            // `derived` has a number and its unit, `values_since` a date for each value.
            Json::Object(members) if members.contains_key("number") => {
                format!("{}:{}", text(&value["number"]), text(&value["unit"]))
            }
            Json::Object(members) => {
                let mut pairs: Vec<String> =
                    members.iter().map(|(name, value)| format!("{name}:{}", text(value))).collect();
                pairs.sort();
                pairs.join("|")
            }
            Json::Number(number) => number.to_string(),
            other => text(other).to_owned(),
        }
    }

    fn text(value: &Json) -> &str {
        let text = value.as_str().unwrap_or_else(|| panic!("{value} is not text"));
        assert!(!text.contains(['\t', '\n']), "{text}");
        text
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it writes a file of the repository when it is asked to")]
    fn tables_of_the_schema_are_those_of_the_data_file() {
        let right = written(include_str!("cognito.json"));
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema/cognito.table");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(file, &right).expect("the table can be written");
            return;
        }
        let differs = right.lines().zip(include_str!("cognito.table").lines()).find(|(a, b)| a != b);
        assert!(
            right == include_str!("cognito.table"),
            "src/schema/cognito.table is not that of cognito.json: `BLESS=1 cargo test --lib tables` writes it anew \
             {differs:?}"
        );
    }
}
