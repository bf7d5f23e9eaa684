//! Every default of the schema is beside a sentence of the references of the API, the CDK or Terraform, in own words; or
//! it says that none was found, and the reason why the default is right all the same. A sentence of the API has a quote,
//! which `.ci/defaults.sh` looks for in the service model.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The source of a default that the documentation does not name.
const NOT_VERIFIED: &str = "not verified";

/// The source of a default that is the form of a pool document: a list of an answer that has nothing in it is empty.
const DOCUMENT: &str = "the pool document";

const KINDS: [&str; 3] = ["default", "default_template", "default_in_block"];

fn read(file: &str) -> Json {
    serde_json::from_str(&std::fs::read_to_string(format!("src/schema/{file}")).unwrap()).unwrap()
}

/// The defaults of the schema, by their paths.
fn defaults() -> BTreeMap<String, Vec<Json>> {
    let schema = read("cognito.json");
    let all = schema["paths"].as_array().unwrap().iter().map(|line| {
        let defaults = KINDS.iter().filter_map(|kind| line.get(*kind).cloned()).collect();
        (line["path"].as_str().unwrap().to_owned(), defaults)
    });
    all.filter(|(_, defaults): &(_, Vec<Json>)| !defaults.is_empty()).collect()
}

/// Words of which a sentence about a default has one.
fn words(default: &Json) -> Vec<Vec<String>> {
    let one = |text: String| vec![vec![text]];
    match default {
        Json::String(text) => one(text.clone()),
        Json::Array(items) if items.is_empty() => none(),
        // The attributes that every pool has.
        Json::Array(items) if items.len() > 5 => one("standard attributes".to_owned()),
        Json::Array(items) => items.iter().map(|item| vec![item.as_str().unwrap().to_owned()]).collect(),
        Json::Object(members) if members.is_empty() => none(),
        other => one(other.to_string()),
    }
}

fn none() -> Vec<Vec<String>> {
    vec![["none", "nothing", "empty"].map(str::to_owned).to_vec()]
}

/// Whether a sentence has a word, and not as a part of another.
fn has(sentence: &str, word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    sentence.match_indices(word).any(|(at, _)| {
        !inside(sentence[..at].chars().next_back()) && !inside(sentence[at + word.len()..].chars().next())
    })
}

/// The kind of the source of a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    /// A member of a shape, or of what an operation says.
    Api,
    /// A property of a construct of the CDK, or an argument of Terraform.
    Elsewhere,
    Document,
    None,
}

fn reference(source: &str) -> Option<Reference> {
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let both = |name: &str| name.split_once('.').is_some_and(|(of, member)| plain(of) && plain(member));
    let starts = |start: &str, name: &str| {
        source.strip_prefix(start).is_some_and(|rest| rest.starts_with(name) && both(rest))
    };
    match source {
        NOT_VERIFIED => Some(Reference::None),
        DOCUMENT => Some(Reference::Document),
        _ if starts("CDK ", "") || starts("Terraform ", "aws_cognito_") => Some(Reference::Elsewhere),
        _ => both(source).then_some(Reference::Api),
    }
}

#[test]
fn every_default_has_its_sentence() {
    let (defaults, sentences) = (defaults(), read("defaults.json"));
    let sentences = sentences.as_array().unwrap();
    let text = |entry: &Json, key: &str| entry[key].as_str().unwrap().to_owned();
    let paths: Vec<String> = sentences.iter().map(|entry| text(entry, "path")).collect();
    for path in defaults.keys() {
        assert_eq!(paths.iter().filter(|one| *one == path).count(), 1, "{path} has no sentence, or several");
    }
    assert_eq!(paths.len(), defaults.len(), "a sentence is about a path without a default");
    let mut wrong = Vec::new();
    for entry in sentences {
        let (path, says, source) = (text(entry, "path"), text(entry, "says"), text(entry, "source"));
        for default in &defaults[&path] {
            for words in words(default) {
                if !words.iter().any(|word| has(&says, word)) {
                    wrong.push(format!("{path} is {default}, and its sentence says: {says}"));
                }
            }
        }
        let kind = reference(&source);
        if kind.is_none() {
            wrong.push(format!("{path}: `{source}` is not a member of the API, a property of the CDK or Terraform, `{DOCUMENT}` nor `{NOT_VERIFIED}`"));
        }
        for (key, wanted) in
            [("quote", kind == Some(Reference::Api)), ("reason", kind == Some(Reference::None))]
        {
            let given = entry[key].as_str().is_some_and(|text| !text.is_empty());
            if given != wanted {
                wrong.push(format!(
                    "{path}: `{key}` is {} there",
                    if given { "not wanted" } else { "missing" }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A sentence that names another value than the schema does is found.
#[test]
fn a_value_is_a_word_of_its_sentence() {
    assert!(has("It defaults to 7.", "7") && !has("It defaults to 17.", "7"));
    assert!(has("It is OFF unless", "OFF") && !has("It is COGNITO_OFF unless", "OFF"));
}
