//! The rules and packs that are part of the program, one file each under `rules/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, File, include_dir};
use memchr::memmem;

use super::pack::{self, Pack};
use super::policy::ParamOverride;
use crate::diagnostic::{SourceDiagnostic, SourceFile};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

const PACKS: &str = "packs";

/// The index of each file, one a line, so that the program need not parse it.
const INDEXES: &str = include_str!("builtin/indexes.txt");

/// The files of a directory of packs, or of all areas of rules.
fn files(are_packs: bool) -> impl Iterator<Item = &'static File<'static>> {
    let wanted = move |dir: &&Dir<'_>| (dir.path().as_os_str() == PACKS) == are_packs;
    FILES.dirs().filter(wanted).flat_map(Dir::files)
}

/// The file of a rule or pack of this name. Only bytes are compared: `include_dir` compares paths part by part, and a map
/// of all rules takes longer to make than every look-up of a run.
fn file(name: &str, is_pack: bool) -> Option<&'static File<'static>> {
    let end = format!("/{name}.toml");
    files(is_pack).find(|file| bytes(file).ends_with(end.as_bytes()))
}

fn bytes(file: &'static File<'static>) -> &'static [u8] {
    file.path().as_os_str().as_encoded_bytes()
}

/// The path of a file under `rules/`, and its text.
fn read(file: &'static File<'static>) -> Option<(&'static str, &'static str)> {
    Some((file.path().to_str()?, file.contents_utf8()?))
}

/// The names of files without their endings, sorted.
fn names(are_packs: bool) -> Vec<&'static str> {
    let name = |file: &'static File<'_>| file.path().file_name()?.to_str()?.strip_suffix(".toml");
    let mut names: Vec<_> = files(are_packs).filter_map(name).collect();
    names.sort_unstable();
    names
}

/// A text of the program with its index.
fn indexed(path: &str, text: &str) -> SourceFile {
    static BY_PATH: LazyLock<BTreeMap<&'static str, &'static str>> =
        LazyLock::new(|| INDEXES.lines().filter_map(|line| line.split_once(' ')).collect());
    let mut file = SourceFile::new(format!("builtin:{path}"), text);
    file.index = BY_PATH.get(path).copied();
    file
}

/// Ids of all built-in rules, sorted.
pub fn ids() -> Vec<&'static str> {
    names(false)
}

/// Whether there is a built-in rule of this id.
pub fn is_rule(id: &str) -> bool {
    file(id, false).is_some()
}

/// The text of a built-in rule without its tests, which come last in its file: they are most of the text, and running
/// the rule does not need them.
pub fn rule(id: &str) -> Option<SourceFile> {
    let (path, text) = read(file(id, false)?)?;
    Some(indexed(path, &text[..memmem::find(text.as_bytes(), b"[[rule.test]]").unwrap_or(text.len())]))
}

/// The text of a built-in rule.
pub fn rule_with_tests(id: &str) -> Option<SourceFile> {
    let (path, text) = read(file(id, false)?)?;
    Some(SourceFile::new(format!("builtin:{path}"), text))
}

/// The text of the named predicates.
pub fn predicates() -> Option<SourceFile> {
    let path = "predicates.toml";
    let mut files = FILES.files();
    let file = files.find(|file| file.path().as_os_str() == path)?;
    Some(indexed(path, file.contents_utf8()?))
}

/// Names of all packs, sorted.
pub fn packs() -> Vec<&'static str> {
    names(true)
}

/// Reads a pack; `None` when there is no pack of that name.
pub fn pack(name: &str) -> Option<Result<Pack, Vec<SourceDiagnostic>>> {
    let (path, text) = read(file(name, true)?)?;
    Some(pack::read(name, &indexed(path, text)))
}

/// A control that a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlOf {
    /// The name of the pack.
    pub pack: &'static str,
    pub control: String,
    /// The rule proves it, with the rules that are named beside it; else it helps.
    pub satisfies: bool,
    /// The bounds of the control, as TOML: `minimum = 8`.
    pub params: Vec<String>,
}

/// The controls of each built-in rule, from the packs.
pub fn controls() -> &'static BTreeMap<String, Vec<ControlOf>> {
    static CONTROLS: LazyLock<BTreeMap<String, Vec<ControlOf>>> = LazyLock::new(|| {
        let mut controls = BTreeMap::<String, Vec<ControlOf>>::new();
        for name in packs() {
            let Some(Ok(pack)) = pack(name) else { continue };
            for control in &pack.controls {
                for (satisfies, rules) in [(true, &control.satisfied_by), (false, &control.supported_by)] {
                    for change in rules {
                        let param = |param: &ParamOverride| {
                            format!("{} = {}", param.name.0, param.value.toml.to_value().to_json())
                        };
                        let params = change.params.iter().map(param).collect();
                        let of = ControlOf { pack: name, control: control.id.clone(), satisfies, params };
                        controls.entry(change.rule.0.clone()).or_default().push(of);
                    }
                }
            }
        }
        controls
    });
    &CONTROLS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::written;
    use crate::spanned::index_of;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it writes a file of the repository when it is asked to")]
    fn indexes_of_built_in_files_are_those_of_their_texts() {
        let mut scripts: Vec<SourceFile> = ids().into_iter().filter_map(rule).collect();
        scripts.extend(predicates());
        for name in packs() {
            let text = FILES.get_file(format!("{PACKS}/{name}.toml")).and_then(File::contents_utf8).unwrap();
            scripts.push(indexed(&format!("{PACKS}/{name}.toml"), text));
        }
        let line = |source_file: &SourceFile| {
            let path = source_file.name().trim_start_matches("builtin:");
            format!("{path} {}\n", index_of(source_file.text()).trim_end())
        };
        let mut lines: Vec<String> = scripts.iter().map(line).collect();
        lines.sort();
        let right = lines.concat();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rule/builtin/indexes.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(file, right).unwrap();
            return;
        }
        let stale = lines.iter().filter(|line| !INDEXES.contains(line.as_str()));
        let stale: Vec<_> = stale.filter_map(|line| line.split(' ').next()).collect();
        assert!(
            right == INDEXES,
            "src/rule/builtin/indexes.txt is not that of rules/: `BLESS=1 cargo test --lib indexes` writes it anew \
             {stale:?}"
        );
    }

    #[test]
    fn a_rule_without_its_tests_is_the_same_rule() {
        for id in ids() {
            let read = |source_file: Option<SourceFile>| {
                let mut mistakes = Vec::new();
                let mut rules = written::read(&source_file.unwrap(), &mut mistakes);
                assert!(mistakes.is_empty(), "{id}: {mistakes:?}");
                assert_eq!(rules.len(), 1, "{id}");
                rules.remove(0)
            };
            let (alone, mut tested) = (read(rule(id)), read(rule_with_tests(id)));
            assert!(alone.tests.is_empty(), "{id}");
            assert!(!tested.tests.is_empty(), "{id}");
            tested.tests.clear();
            tested.source_file = alone.source_file.clone();
            assert_eq!(
                format!("{alone:?}"),
                format!("{tested:?}"),
                "{id}: its tests are not last in its file"
            );
        }
    }
}
