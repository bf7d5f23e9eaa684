//! Every default of the schema is beside a sentence of the references of the API, the CDK or Terraform, in own words, or
//! says that none was found.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The source of a default that the documentation does not name.
const NOT_VERIFIED: &str = "not verified";

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
        let names_a_member = source.split_once('.').is_some_and(|(shape, member)| {
            let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
            plain(shape) && plain(member)
        });
        let elsewhere = [("CDK ", ""), ("Terraform ", "aws_cognito_")].iter().any(|(reference, start)| {
            let name = source.strip_prefix(reference).filter(|name| name.starts_with(start));
            name.and_then(|name| name.split_once('.')).is_some_and(|(of, property)| {
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
                [of, property].iter().all(|name| !name.is_empty() && name.chars().all(plain))
            })
        });
        if source != NOT_VERIFIED && !names_a_member && !elsewhere {
            wrong.push(format!("{path}: `{source}` is not a member of the API, a property of the CDK or Terraform, nor `{NOT_VERIFIED}`"));
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
