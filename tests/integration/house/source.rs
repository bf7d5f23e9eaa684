//! A source file of the program, as far as the house tests look at it.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use super::{files, read};

/// One file under `src`.
pub(super) struct Source {
    pub path: PathBuf,
    /// `rule/compile/operand` for `src/rule/compile/operand.rs`.
    pub module: String,
    pub text: String,
    /// The text without comments, without what strings hold, and without the tests at its end.
    pub code: String,
}

impl Source {
    /// Every file of the library, those that are nothing but tests left out.
    pub(super) fn all() -> &'static [Source] {
        static ALL: LazyLock<Vec<Source>> = LazyLock::new(Source::read_all);
        &ALL
    }

    fn read_all() -> Vec<Source> {
        let sources = files("src", "rs").into_iter().map(|path| {
            let module = path.with_extension("").to_string_lossy().replace('\\', "/");
            let text = read(&path);
            let code = bare(&text);
            let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            Source { path, module: module.trim_start_matches("src/").to_owned(), text, code }
        });
        let is_test = |module: &str| module.split('/').any(|part| part == "tests");
        sources.filter(|source| !is_test(&source.module)).collect()
    }

    /// The module of `lib.rs` that the file belongs to.
    pub(super) fn top(&self) -> &str {
        self.module.split('/').next().unwrap_or_default()
    }

    /// Whether the file is that module or a part of it.
    pub(super) fn is_in(&self, module: &str) -> bool {
        self.module == module || self.module.starts_with(&format!("{module}/"))
    }
}

/// The modules of `lib.rs`, from the first to the last.
pub(super) fn modules() -> Vec<String> {
    let lib = read("src/lib.rs");
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// Removes comments and the contents of string and character literals from a source text.
fn bare(text: &str) -> String {
    let literal = r##"(?s)//[^\n]*|/\*.*?\*/|r#"(.*?)"#|b?"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\[^\n']+|\\')'"##;
    Regex::new(literal)
        .unwrap()
        .replace_all(text, |found: &regex::Captures<'_>| {
            let lines = "\n".repeat(found[0].matches('\n').count());
            if found[0].starts_with('/') { lines } else { format!("\"{lines}\"") }
        })
        .into_owned()
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "a // crate::b\n/* c\n */ d \"e \\\" f\" r#\"g \" h\"# '\"' 'x <'l> i";
    assert_eq!(bare(text), "a \n\n d \"\" \"\" \"\" 'x <'l> i");
}
