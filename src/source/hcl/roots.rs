//! The root modules among directories: those that no other calls.

use std::collections::{BTreeMap, BTreeSet};

use super::call::local_source;
use super::directory::{is_json, order};
use super::files::{Configuration, Files, join};
use super::parse;

/// Directories with configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    /// Root modules that are asked for, themselves or through modules that they call.
    pub roots: Vec<String>,
    /// The number of files of all other root modules, and of those that only these call.
    pub others: usize,
}

/// Whether a text is asked for.
type Mentions = fn(&[u8]) -> bool;

/// A directory, as far as the roots need it.
struct Looked {
    mentions: bool,
    /// The directories that it calls.
    calls: BTreeSet<String>,
    files: usize,
}

/// Finds the root modules among directories that have a file with a text that is asked for.
pub fn roots(files: &Files, directories: &[String], mentions: Mentions) -> Roots {
    let looked: BTreeMap<&str, Looked> =
        directories.iter().map(|directory| (directory.as_str(), look(files, directory, mentions))).collect();
    let mut called: BTreeSet<&str> = BTreeSet::new();
    for (directory, one) in &looked {
        called.extend(one.calls.iter().map(String::as_str).filter(|call| call != directory));
    }
    let mut roots = Roots::default();
    let mut reached = BTreeSet::new();
    let mut all: Vec<&str> = looked.keys().copied().filter(|one| !called.contains(one)).collect();
    // Modules that call each other have no root: the first of them is as good as any.
    let mut covered = BTreeSet::new();
    for root in &all {
        reach((files, mentions), &looked, root, &mut covered);
    }
    for directory in looked.keys() {
        if !covered.contains(*directory) {
            all.push(directory);
            reach((files, mentions), &looked, directory, &mut covered);
        }
    }
    all.sort_unstable();
    for root in all {
        let mut own = BTreeSet::new();
        if reach((files, mentions), &looked, root, &mut own) {
            roots.roots.push(root.to_owned());
            reached.extend(own);
        }
    }
    let others = looked.iter().filter(|(directory, _)| !reached.contains(**directory));
    roots.others = others.map(|(_, one)| one.files).sum();
    roots
}

/// Whether a configuration has a file with a text that is asked for, in its root module or in one that it calls.
pub fn has_text(configuration: &Configuration, mentions: Mentions) -> bool {
    let own = &mut BTreeSet::new();
    reach((&configuration.files, mentions), &BTreeMap::new(), &configuration.root, own)
}

/// Whether a directory, or one that it calls, is asked for.
fn reach(
    (files, mentions): (&Files, Mentions),
    looked: &BTreeMap<&str, Looked>,
    root: &str,
    own: &mut BTreeSet<String>,
) -> bool {
    let mut found = false;
    let mut rest = vec![root.to_owned()];
    while let Some(directory) = rest.pop() {
        if !own.insert(directory.clone()) {
            continue;
        }
        match looked.get(directory.as_str()) {
            Some(one) => {
                found |= one.mentions;
                rest.extend(one.calls.iter().cloned());
            }
            None => {
                // A module outside of what is scanned.
                let one = look(files, &directory, mentions);
                found |= one.mentions;
                rest.extend(one.calls);
            }
        }
    }
    found
}

fn look(files: &Files, directory: &str, mentions: Mentions) -> Looked {
    let names = (files.list)(directory);
    let mut looked = Looked { mentions: false, calls: BTreeSet::new(), files: 0 };
    for name in order(&names) {
        looked.files += 1;
        let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
        let Some(bytes) = (files.read)(&path) else { continue };
        looked.mentions |= mentions(&bytes);
        let calls = memchr::memmem::find(&bytes, b"module").is_some()
            && memchr::memmem::find(&bytes, b"source").is_some();
        let Some(text) = std::str::from_utf8(&bytes).ok().filter(|_| calls) else { continue };
        let body = match is_json(name) {
            true => parse::json_body(0, text, false),
            false => parse::body(0, text),
        };
        let Ok(body) = body else { continue };
        for block in body.blocks("module") {
            looked.calls.extend(local_source(block).and_then(|source| join(directory, source)));
        }
    }
    looked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::hcl::remarks::mentions;

    fn found(texts: &[(&str, &str)]) -> Roots {
        let files = texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let mut directories: Vec<String> = texts
            .iter()
            .map(|(path, _)| path.rsplit_once('/').map_or("", |(around, _)| around).to_owned())
            .collect();
        directories.dedup();
        roots(&Files::of(files), &directories, mentions)
    }

    #[test]
    fn called_directories_are_no_roots() {
        let pool = "resource \"aws_cognito_user_pool\" \"p\" {}";
        let call = "module \"m\" {\n  source = \"../modules/m\"\n}";
        let one = found(&[("a/main.tf", call), ("b/main.tf", ""), ("modules/m/main.tf", pool)]);
        assert_eq!(one, Roots { roots: vec!["a".to_owned()], others: 1 });
        let alone = found(&[("b/main.tf", ""), ("modules/m/main.tf", pool)]);
        assert_eq!(alone.roots, ["modules/m"]);
    }

    #[test]
    fn modules_that_call_each_other_are_not_passed_over() {
        let call = |other: &str| format!("module \"m\" {{\n  source = \"../{other}\"\n}} # cognito");
        let all = found(&[("a/main.tf", &call("b")), ("b/main.tf", &call("a"))]);
        assert_eq!(all.roots, ["a"]);
    }
}
