//! How long files and functions may be, and what every file opens with.

use regex::Regex;

use super::source::Source;
use super::{expect_none, files, read};

/// Lines of a file, the tests at its end included. A file is one noun: a shorter limit would split nouns.
const FILE: usize = 400;
/// Functions of a file, and types of one with more than `LONG` lines: beyond that, it is more than one noun.
const FUNCTIONS: usize = 25;
const LONG: usize = 300;
const TYPES: usize = 8;
const MAIN: usize = 40;
const FUNCTION: usize = 60;

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    for file in files("src", "rs") {
        let lines = read(&file).lines().count();
        let name = file.to_string_lossy();
        let most = if name == "src/main.rs" { MAIN } else { FILE };
        if lines > most {
            complaints.push(format!("{name} has {lines} lines, and {most} is the most"));
        }
    }
    expect_none(&complaints);
}

#[test]
fn a_file_is_one_noun() {
    let function = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?(?:const |async )*fn ").unwrap();
    let noun = Regex::new(r"(?m)^(?:pub(?:\([^)]*\))? )?(?:struct|enum|trait) ").unwrap();
    let mut complaints = Vec::new();
    for source in Source::all() {
        let (functions, types) =
            (function.find_iter(&source.code).count(), noun.find_iter(&source.code).count());
        let path = source.path.display();
        if functions > FUNCTIONS {
            complaints.push(format!("{path} has {functions} functions, and {FUNCTIONS} are the most"));
        }
        if types > TYPES && source.text.lines().count() > LONG {
            complaints.push(format!(
                "{path} has {types} types, and {TYPES} are the most in more than {LONG} lines"
            ));
        }
    }
    expect_none(&complaints);
}

#[test]
fn functions_are_short() {
    let function = Regex::new(r"^\s*(?:pub(?:\([^)]*\))? )?(?:const |async )*fn ").unwrap();
    let mut complaints = Vec::new();
    for source in Source::all() {
        let lines: Vec<&str> = source.code.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let opens = function.is_match(line) && !line.trim_end().ends_with([';', '}']);
            let end = format!("{}}}", " ".repeat(indent));
            let Some(length) = lines[start..].iter().position(|line| *line == end).filter(|_| opens) else {
                continue;
            };
            if length + 1 > FUNCTION {
                let (path, length) = (source.path.display(), length + 1);
                complaints.push(format!(
                    "{path}:{}: a function of {length} lines, and {FUNCTION} is the most",
                    start + 1
                ));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut complaints = Vec::new();
    for directory in
        ["src", "tests", "examples", "benches"].into_iter().filter(|d| super::root().join(d).exists())
    {
        for file in files(directory, "rs") {
            if !read(&file).starts_with("//! ") {
                complaints.push(format!("{} does not open with `//!`", file.display()));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn every_type_and_function_of_the_library_is_said_to_be_something() {
    let mut complaints = Vec::new();
    for source in Source::all() {
        let mut before = "";
        for (number, line) in source.text.lines().enumerate() {
            let starts = [
                "pub struct ",
                "pub enum ",
                "pub trait ",
                "pub type ",
                "pub const ",
                "pub static ",
                "pub fn ",
            ];
            // Items in an `impl` belong to a type that has a comment.
            if starts.iter().any(|start| line.starts_with(start)) && !before.starts_with("///") {
                complaints.push(format!(
                    "{}:{}: no comment says what this is",
                    source.path.display(),
                    number + 1
                ));
            }
            if !line.starts_with("#[") {
                before = line;
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn no_module_is_named_for_nothing() {
    let vague = ["utils", "util", "common", "helpers", "helper", "misc", "shared"];
    let mut complaints = Vec::new();
    for file in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if vague.contains(&stem) {
            complaints.push(format!("{}: name what is in it", file.display()));
        }
    }
    expect_none(&complaints);
}
