//! The JSON Schemas for editors: they are those of the code, accept whatever the program accepts, and refuse what they
//! can see.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cognito_lint::config;
use cognito_lint::diagnostic::SourceFile;
use cognito_lint::editor::File;
use cognito_lint::rule::{assemble, case, pack, written};
use cognito_lint::schema::overlay;
use serde_json::Value as Json;

const COMMITTED: &str = "docs/schema";

/// `BLESS=1` writes what the code generates.
fn blessed(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == text, "{} is not up to date: BLESS=1 writes it", path.display());
}

#[test]
fn committed_schemas_are_those_of_the_code() {
    for file in File::ALL {
        blessed(&Path::new(COMMITTED).join(format!("{}.json", file.word())), &file.text());
    }
}

fn json(toml: toml::Value) -> Json {
    match toml {
        toml::Value::Datetime(date) => Json::String(date.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
        toml::Value::String(text) => Json::String(text),
        toml::Value::Integer(n) => n.into(),
        toml::Value::Float(n) => n.into(),
        toml::Value::Boolean(b) => Json::Bool(b),
    }
}

/// The `.toml` files below a folder down to a depth, sorted.
fn files(folder: &str, depth: usize) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(folder)
        .max_depth(depth)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect()
}

fn validator(file: File) -> jsonschema::Validator {
    jsonschema::validator_for(&file.schema()).unwrap()
}

/// Why a schema refuses a text; nothing for one that it accepts.
fn refusals(validator: &jsonschema::Validator, text: &str) -> Option<Vec<String>> {
    let instance = json(toml::Value::Table(text.parse().ok()?));
    Some(
        validator
            .iter_errors(&instance)
            .map(|error| format!("{} ({})", error, error.instance_path()))
            .collect(),
    )
}

/// The kind of file that the program reads in a text without a mistake.
fn accepted(text: &str) -> Option<File> {
    let script = SourceFile::new("file.toml", text);
    let mut mistakes = Vec::new();
    if written::has_tests_alone(&script) {
        written::apart(&script, &mut mistakes);
        return mistakes.is_empty().then_some(File::Tests);
    }
    let rules = written::read(&script, &mut mistakes);
    if mistakes.is_empty() {
        for rule in &rules {
            assemble::alone(rule, &mut mistakes);
            case::cases(rule, &mut mistakes);
        }
        return mistakes.is_empty().then_some(File::Rules);
    }
    if overlay(&script).is_ok() {
        return Some(File::Members);
    }
    if pack::read("file", &script).is_ok() {
        return Some(File::Packs);
    }
    if config::read_waivers(&script, false).mistakes.is_empty() {
        return Some(File::Waivers);
    }
    let whole = config::read(&script).is_ok_and(|config| config.waivers.mistakes.is_empty());
    whole.then_some(File::Configuration)
}

/// An editor must not underline what is right.
#[test]
fn what_the_program_accepts_is_valid() {
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    let validators = File::ALL.map(|file| (file, validator(file)));
    for folder in ["rules", "examples", "tests"] {
        for path in files(folder, usize::MAX) {
            let text = std::fs::read_to_string(&path).unwrap();
            let Some(file) = accepted(&text) else { continue };
            seen.insert(file.word());
            let (_, validator) = validators.iter().find(|(own, _)| *own == file).unwrap();
            for refusal in refusals(validator, &text).unwrap_or_default() {
                complaints.push(format!("{}: {refusal}", path.display()));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(seen.len(), File::ALL.len(), "only {seen:?}");
}

/// The faulty files whose mistake hangs on the path, on other files, or on several keys together are listed.
#[test]
fn mistakes_that_a_schema_can_see_are_seen() {
    for (folder, file) in [("faulty-rules", File::Rules), ("config", File::Configuration)] {
        let mut unseen = String::new();
        let validator = validator(file);
        for path in files(&format!("tests/integration/{folder}"), 1) {
            let text = std::fs::read_to_string(&path).unwrap();
            if refusals(&validator, &text).is_some_and(|refusals| refusals.is_empty()) {
                unseen.push_str(&format!("{}\n", path.file_name().unwrap().to_string_lossy()));
            }
        }
        blessed(&Path::new("tests/integration/editor").join(format!("unseen-{}.txt", file.word())), &unseen);
    }
}
