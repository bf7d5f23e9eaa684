//! Modules stand in the order in which data flows, and each imports only from those above it.

use std::collections::BTreeSet;

use regex::Regex;

use super::source::{Source, modules};
use super::{expect_none, files, read};

#[test]
fn modules_import_only_from_those_above() {
    let order = modules();
    let place = |name: &str| order.iter().position(|module| module == name);
    let mut complaints = Vec::new();
    for source in Source::all() {
        let Some(own) = place(source.top()) else { continue };
        for name in imports(&source.code) {
            match place(&name) {
                Some(other) if other <= own => {}
                Some(_) => complaints.push(format!(
                    "{} imports from `{name}`, which stands below `{}` in lib.rs",
                    source.path.display(),
                    source.top()
                )),
                None => complaints
                    .push(format!("{} names `crate::{name}`, which is no module", source.path.display())),
            }
        }
    }
    expect_none(&complaints);
}

/// Going up with `super` ends at the module of `lib.rs`, so that imports of other modules can be seen.
#[test]
fn super_stays_inside_the_module() {
    let chain = Regex::new(r"(?:super::)+").unwrap();
    let too_high = |source: &Source| {
        let depth = source.module.split('/').count();
        chain.find_iter(&source.code).any(|found| found.as_str().matches("super").count() >= depth)
    };
    let complaints: Vec<String> = Source::all()
        .iter()
        .filter(|source| too_high(source))
        .map(|source| format!("{} leaves its module with `super`: write `crate::`", source.path.display()))
        .collect();
    expect_none(&complaints);
}

#[test]
fn every_module_of_the_list_has_its_file() {
    let tops: BTreeSet<String> = Source::all().iter().map(|source| source.top().to_owned()).collect();
    let mut listed: BTreeSet<String> = modules().into_iter().collect();
    listed.extend(["lib".to_owned(), "main".to_owned()]);
    assert_eq!(tops, listed);
}

/// A file that no module declares is compiled by nobody.
#[test]
fn every_file_is_a_module() {
    let mut complaints = Vec::new();
    for file in files("src", "rs") {
        let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let directory = file.parent().unwrap();
        let parent = match directory.ends_with("src") {
            true if matches!(name, "lib" | "main") => continue,
            true => directory.join("lib.rs"),
            false => directory.with_extension("rs"),
        };
        if !read(&parent).lines().any(|line| line.ends_with(&format!("mod {name};"))) {
            complaints.push(format!("{}: {} does not declare it", file.display(), parent.display()));
        }
    }
    expect_none(&complaints);
}

/// The modules that a file names after `crate::`, one by one or in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let pattern = Regex::new(r"\bcrate::(?:(\w+)|\{([^;]*?)\};)").unwrap();
    let inner = Regex::new(r"^\w+").unwrap();
    let mut names = BTreeSet::new();
    for found in pattern.captures_iter(code) {
        if let Some(name) = found.get(1) {
            names.insert(name.as_str().to_owned());
        }
        for item in found.get(2).map_or(Vec::new(), |list| outermost(list.as_str())) {
            names.extend(inner.find(item.trim()).map(|name| name.as_str().to_owned()));
        }
    }
    names
}

/// The items of a list in braces, not those of the lists inside it.
fn outermost(list: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[start..]);
    items
}

#[test]
fn imports_are_found_in_braces_too() {
    let code =
        "use crate::{value::{Map, Value}, pool, rule::Rule as R};\nlet x = crate::mistake::nearest(a);";
    let names: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(names, ["mistake", "pool", "rule", "value"]);
}
