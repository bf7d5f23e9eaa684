//! Converts the AWS CLI's `--output yaml` to JSON. Every value stays on its line, so that places are the same in
//! both.

use super::node::{Node, Scalar, What};
use super::yaml;
use crate::schema::{NodeId, schema};

/// The members at the top of answers that hold pools.
const TOPS: [&str; 8] = [
    "UserPool",
    "UserPools",
    "TemplateBody",
    "ResourceDescription",
    "ResourceDescriptions",
    "ConfigurationItem",
    "configurationItems",
    "baseConfigurationItems",
];

/// The JSON of an answer in YAML; `None` for any other text.
pub(in crate::source) fn as_json(text: &str) -> Option<String> {
    let start = text.trim_start();
    // This alone recognizes most templates.
    let template = text.starts_with("Resources:") || text.contains("\nResources:");
    if template || start.starts_with(['{', '[']) || start.is_empty() {
        return None;
    }
    let (root, others) = yaml::read(text).ok()?;
    let answer = is_answer(&root) || root.items().first().is_some_and(is_answer);
    if others || !answer {
        return None;
    }
    let mut printer = Printer { text, json: String::new(), line: 1, seen: 0, below: 0 };
    printer.value(&root);
    Some(printer.json)
}

/// Whether a map is an answer with pools, or a pool itself.
fn is_answer(node: &Node) -> bool {
    let is_member = |name: &str| schema().node(NodeId::ROOT).position(name.as_bytes(), 0).is_some();
    let known = node.entries().iter().filter(|entry| is_member(&entry.key)).count();
    let named = node.get("Id").is_some() || node.get("Name").is_some();
    TOPS.iter().any(|top| node.get(top).is_some()) || (named && known > 2)
}

struct Printer<'t> {
    text: &'t str,
    json: String,
    /// The line of `json` that is written now, from 1.
    line: usize,
    /// How much of `text` was counted, and how many line ends there are in it.
    seen: usize,
    below: usize,
}

impl Printer<'_> {
    /// Advances to the line on which a part of the text starts. The content of an alias is written where the alias
    /// is.
    fn go_to(&mut self, at: usize) {
        if at > self.seen {
            self.below += self.text[self.seen..at].matches('\n').count();
            self.seen = at;
        }
        while self.line <= self.below {
            self.json.push('\n');
            self.line += 1;
        }
    }

    fn string(&mut self, text: &str) {
        self.json.push_str(&serde_json::Value::from(text).to_string());
    }

    fn value(&mut self, node: &Node) {
        match &node.what {
            What::Map(entries) => {
                self.json.push('{');
                for (position, entry) in entries.iter().enumerate() {
                    if position > 0 {
                        self.json.push(',');
                    }
                    self.go_to(entry.key_at.start);
                    self.string(&entry.key);
                    self.json.push_str(": ");
                    self.value(&entry.value);
                }
                self.json.push('}');
            }
            What::List(items) => {
                self.json.push('[');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        self.json.push(',');
                    }
                    self.go_to(item.at.start);
                    self.value(item);
                }
                self.json.push(']');
            }
            What::Scalar(scalar) => self.scalar(scalar),
        }
    }

    fn scalar(&mut self, scalar: &Scalar) {
        let number = || serde_json::from_str::<serde_json::Number>(&scalar.text).is_ok();
        match &*scalar.text {
            _ if scalar.is_null() => self.json.push_str("null"),
            text @ ("true" | "false") if scalar.plain => self.json.push_str(text),
            text if scalar.plain && number() => self.json.push_str(text),
            text => self.string(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_stays_on_its_line() {
        let yaml = "# é\nUserPool:\n  Id: eu-west-1_a\n  Name: 'é: x'\n  MfaConfiguration: ON\n  Policies:\n    PasswordPolicy:\n      MinimumLength: 8\n      RequireSymbols: true\n  AliasAttributes:\n  - email\n\n  - 'true'\n  LambdaConfig: {}\n  Arn: null\n";
        let json = as_json(yaml).unwrap();
        let line = |text: &str, word: &str| text.lines().position(|line| line.contains(word)).unwrap();
        for word in ["eu-west-1_a", "é: x", "ON", "MinimumLength", "email", "true'", "LambdaConfig", "Arn"] {
            let said = word.trim_end_matches('\'');
            assert!(json.lines().nth(line(yaml, word)).unwrap().contains(said), "{word}: {json}");
        }
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"], 8);
        assert_eq!(value["UserPool"]["AliasAttributes"], serde_json::json!(["email", "true"]));
        assert_eq!(value["UserPool"]["Arn"], serde_json::Value::Null);
    }

    #[test]
    fn what_is_not_an_answer_stays_what_it_is() {
        for text in ["", "{\"UserPool\": {}}", "Resources: {}", "name: x", "- a\n- b", "UserPool: [", "x"] {
            assert_eq!(as_json(text), None, "{text}");
        }
    }
}
