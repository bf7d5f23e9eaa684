//! The rules and packs that are part of the program, one file each under `rules/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::pack::{self, Pack};
use super::policy::ParamOverride;
use crate::diagnostic::{SourceDiagnostic, SourceFile};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

const PACKS: &str = "packs";

/// Ids of all built-in rules, sorted.
pub fn ids() -> Vec<&'static str> {
    let areas = FILES.dirs().filter(|area| area.path() != PACKS);
    let mut ids: Vec<_> =
        areas.flat_map(|area| area.files().filter_map(|file| file.path().file_stem()?.to_str())).collect();
    ids.sort_unstable();
    ids
}

/// The text of a built-in rule without its tests, which come last in its file: they are most of the text, and running
/// the rule does not need them.
pub fn rule(id: &str) -> Option<SourceFile> {
    let source_file = rule_with_tests(id)?;
    let end = source_file.text().find("[[rule.test]]").unwrap_or(source_file.text().len());
    Some(SourceFile::new(source_file.name(), &source_file.text()[..end]))
}

/// The text of a built-in rule.
pub fn rule_with_tests(id: &str) -> Option<SourceFile> {
    let areas = FILES.dirs().filter(|area| area.path() != PACKS);
    areas.flat_map(Dir::files).find(|file| file.path().file_stem().is_some_and(|stem| stem == id)).and_then(
        |file| {
            let name = format!("builtin:{}", file.path().display());
            Some(SourceFile::new(name, file.contents_utf8()?))
        },
    )
}

/// The text of the named predicates.
pub fn predicates() -> Option<SourceFile> {
    let file = FILES.get_file("predicates.toml")?;
    Some(SourceFile::new("builtin:predicates.toml", file.contents_utf8()?))
}

/// Names of all packs, sorted.
pub fn packs() -> Vec<&'static str> {
    let files = FILES.get_dir(PACKS).into_iter().flat_map(Dir::files);
    let mut names: Vec<_> = files.filter_map(|file| file.path().file_stem()?.to_str()).collect();
    names.sort_unstable();
    names
}

/// Reads a pack; `None` when there is no pack of that name.
pub fn pack(name: &str) -> Option<Result<Pack, Vec<SourceDiagnostic>>> {
    let file = FILES.get_file(format!("{PACKS}/{name}.toml"))?;
    let source_file = SourceFile::new(format!("builtin:{PACKS}/{name}.toml"), file.contents_utf8()?);
    Some(pack::read(name, &source_file))
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
