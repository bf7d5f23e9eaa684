//! JSON Schemas of the files that people write, for their editors.
//!
//! The keys are those of the readers, so a key without a type here is found by a test. What hangs on several keys
//! together, or on the path that a predicate is about, is for `rules check` to say.

mod shape;
mod pool;
mod rule;
mod config;
mod pack;

use serde_json::{Value as Json, json};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Rules,
    Tests,
    Configuration,
    Waivers,
    Members,
    Packs,
}

impl File {
    pub const ALL: [File; 6] =
        [File::Rules, File::Tests, File::Configuration, File::Waivers, File::Members, File::Packs];

    /// The name of its schema.
    pub fn word(self) -> &'static str {
        match self {
            File::Rules => "rules",
            File::Tests => "tests",
            File::Configuration => "configuration",
            File::Waivers => "waivers",
            File::Members => "members",
            File::Packs => "packs",
        }
    }

    /// Its schema, by the seventh draft, which is what editors read.
    pub fn schema(self) -> Json {
        let (title, mut body) = match self {
            File::Rules => ("Rules of cognito-lint", rule::file()),
            File::Tests => ("Tests of the rules of cognito-lint", rule::tests_file()),
            File::Configuration => ("Configuration of cognito-lint", config::file()),
            File::Waivers => ("Waivers of cognito-lint", config::waivers_file()),
            File::Members => ("Members that cognito-lint adds to its schema", config::members_file()),
            File::Packs => ("Packs of cognito-lint", pack::file()),
        };
        let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": title });
        if let (Json::Object(schema), Json::Object(body)) = (&mut schema, &mut body) {
            schema.append(body);
        }
        schema
    }

    /// The text of its schema.
    pub fn text(self) -> String {
        format!("{:#}\n", self.schema())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that a reader knows and that has no type here would take any value.
    #[test]
    fn every_key_has_a_type() {
        for file in File::ALL {
            let text = file.text();
            assert!(
                !text.contains(shape::NO_TYPE),
                "{file:?}: {}",
                text.replace(shape::NO_TYPE, ">>> no type <<<")
            );
        }
    }
}
