//! Modules are in the order in which data flows, and each imports only from those above it, at every level.
//!
//! The order of the modules in a folder is that of the `mod` lines in the file that declares them. A module may name
//! items of the files that it is inside of, and of the siblings that are declared above it or above one of those files.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::source::{Source, modules};
use super::{expect_none, files, read};

#[test]
fn modules_import_only_from_those_above() {
    let code = Source::all().iter().map(|source| (source.module.as_str(), source.code.as_str()));
    expect_none(&Tree::of(code).climbs());
}

/// Leaving a module of `lib.rs` with `super` would be hard to read.
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

/// A file that no module declares is not compiled.
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

/// A path of names, such as `["source", "aws", "Request"]`.
type Path = Vec<String>;

/// One module.
#[derive(Debug, Default)]
struct Module {
    /// The modules that it declares, from the first to the last.
    children: Vec<String>,
    /// The names that its `use` lines bind, each with the path from the root of the crate.
    bound: BTreeMap<String, Path>,
    /// Every path that it names, from the root of the crate.
    named: BTreeSet<Path>,
}

/// The modules of the crate by their paths; that of the root is empty.
struct Tree(BTreeMap<Path, Module>);

impl Tree {
    /// Reads modules: `("source/aws", code)`, and `("lib", code)` for the root.
    fn of<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Tree {
        let parsed = files.filter(|(module, _)| *module != "main").map(|(module, code)| {
            let path: Path = match module {
                "lib" => Path::new(),
                _ => module.split('/').map(str::to_owned).collect(),
            };
            let module = Module::parse(&path, code);
            (path, module)
        });
        Tree(parsed.collect())
    }

    /// Every import from a module that is declared below the importing one, or below a file that it is inside of.
    fn climbs(&self) -> Vec<String> {
        let mut climbs = BTreeSet::new();
        for (own, module) in &self.0 {
            for named in &module.named {
                let target = self.resolve(named, 0);
                let shared = own.iter().zip(&target).take_while(|(a, b)| a == b).count();
                let (Some(from), Some(to)) = (own.get(shared), target.get(shared)) else { continue };
                let place = |name: &String| {
                    let parent = &self.0.get(&own[..shared])?.children;
                    parent.iter().position(|child| child == name)
                };
                if place(from) < place(to) {
                    let (own, target) = (own.join("::"), target.join("::"));
                    climbs.insert(format!("{own} imports from {target}: `{to}` is declared below `{from}`"));
                }
            }
        }
        climbs.into_iter().collect()
    }

    /// The module that declares what a path names, also where a `use` line of another hands it on.
    fn resolve(&self, path: &[String], depth: usize) -> Path {
        let mut module = Path::new();
        for (at, name) in path.iter().enumerate() {
            module.push(name.clone());
            if self.0.contains_key(&module) {
                continue;
            }
            module.pop();
            let bound = self.0.get(&module).and_then(|module| module.bound.get(name));
            return match bound.filter(|_| depth < 8) {
                Some(origin) => self.resolve(&[origin, &path[at + 1..]].concat(), depth + 1),
                None => module,
            };
        }
        module
    }
}

impl Module {
    fn parse(own: &[String], code: &str) -> Module {
        let child = Regex::new(r"(?m)^ *(?:pub(?:\([^)]*\))? )?mod (\w+);").unwrap();
        let import = Regex::new(r"\buse\s+([^;]+);").unwrap();
        let inline = Regex::new(r"\b(?:crate|super|self)(?:::\w+)+").unwrap();
        let mut module = Module::default();
        module.children.extend(child.captures_iter(code).map(|found| found[1].to_owned()));
        for found in import.captures_iter(code) {
            for (path, name) in leaves(&found[1]) {
                let Some(path) = module.absolute(own, &path) else { continue };
                module.bound.insert(name, path.clone());
                module.named.insert(path);
            }
        }
        let inline = inline.find_iter(code).filter_map(|found| module.absolute(own, found.as_str()));
        let inline: Vec<Path> = inline.collect();
        module.named.extend(inline);
        module
    }

    /// A path from the root of the crate; `None` for one of another crate.
    fn absolute(&self, own: &[String], path: &str) -> Option<Path> {
        let names: Vec<&str> = path.split("::").collect();
        let up = names.iter().take_while(|name| **name == "super").count();
        let (base, rest) = match names[0] {
            "crate" => (&[][..], &names[1..]),
            "self" => (own, &names[1..]),
            "super" => (&own[..own.len().checked_sub(up)?], &names[up..]),
            first if self.children.iter().any(|child| child == first) => (own, &names[..]),
            _ => return None,
        };
        Some(base.iter().cloned().chain(rest.iter().map(|&name| name.to_owned())).collect())
    }
}

/// The paths of a `use` line, each with the name that it binds.
fn leaves(tree: &str) -> Vec<(String, String)> {
    let Some((prefix, list)) = tree.split_once('{') else {
        let (path, alias) = tree.trim().split_once(" as ").unwrap_or((tree.trim(), ""));
        let path = path.trim_end_matches("::self").trim_end_matches("::*");
        let last = path.rsplit("::").next().unwrap_or_default();
        return vec![(path.to_owned(), if alias.is_empty() { last } else { alias.trim() }.to_owned())];
    };
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let items = outermost(list).into_iter().map(str::trim).filter(|item| !item.is_empty());
    items.flat_map(|item| leaves(&format!("{}{item}", prefix.trim()))).collect()
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
fn climbs_are_found_at_every_level() {
    let files = [
        ("lib", "pub mod value;\npub mod source;\npub mod cli;\npub use source::read;"),
        ("value", "pub struct Value;"),
        ("source", "mod text;\nmod input;\n\npub use input::Input;\n\npub struct Chunk;"),
        ("source/text", "mod lines;\nmod mask;\n\nuse super::Chunk;\nuse crate::value::Value;"),
        ("source/text/lines", "use crate::source::Chunk;\nfn f() { super::super::input::open() }"),
        ("source/text/mask", "use super::lines::{self, Lines};\nuse crate::{value, cli::{run, args as a}};"),
        ("source/input", "use super::text::mask::Mask;\npub struct Input;"),
        ("cli", "use crate::source::{Input, text};\nuse std::fs;"),
    ];
    let mut tree = Tree::of(files.into_iter());
    let mut expected = vec![
        "source::text::lines imports from source::input: `input` is declared below `text`",
        "source::text::mask imports from cli: `cli` is declared below `source`",
    ];
    assert_eq!(tree.climbs(), expected);
    // A name that the parent hands on from a sibling is an import from the sibling.
    let handed_on = Module::parse(&["source", "text"].map(str::to_owned), "use super::{Chunk, Input as I};");
    tree.0.insert(["source", "text"].map(str::to_owned).to_vec(), handed_on);
    expected.insert(0, "source::text imports from source::input: `input` is declared below `text`");
    assert_eq!(tree.climbs(), expected);
}
