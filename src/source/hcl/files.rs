//! The files of a configuration, which the edges of the program read. Paths have `/` between their parts and start at
//! a directory that nothing outside of is read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A function of a path.
pub(super) type Reader<T> = Box<dyn Fn(&str) -> T + Send + Sync>;

/// How files are read.
pub struct Files {
    /// The names of the files in a directory.
    pub list: Reader<Vec<String>>,
    /// The content of a file; `None` where there is none that can be read.
    pub read: Reader<Option<Vec<u8>>>,
    /// The name of a file as a person would write it.
    pub shown: Reader<String>,
}

/// A configuration to read: the directory of a root module.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub files: Arc<Files>,
    /// The path of the directory.
    pub root: String,
    /// The files of it that were named, where pools of others are not asked for.
    pub only: Vec<String>,
    pub given: Arc<Given>,
}

/// Values that are given for variables, in the order of the command line.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub variables: Vec<Assignment>,
    pub workspace: Option<String>,
}

impl Given {
    /// The same with other texts for some of the files, by their names.
    #[must_use]
    pub fn amended(&self, texts: &BTreeMap<String, String>) -> Given {
        let amended = self.variables.iter().map(|one| match one {
            Assignment::File { name, text } => {
                let text = texts.get(name).unwrap_or(text).clone();
                Assignment::File { name: name.clone(), text }
            }
            Assignment::Variable { .. } => one.clone(),
        });
        Given { variables: amended.collect(), workspace: self.workspace.clone() }
    }
}

/// A value of a variable, or a file of such.
#[derive(Clone, Debug)]
pub enum Assignment {
    /// `--var name=value`.
    Variable { name: String, value: String },
    /// The name and the text of a file.
    File { name: String, text: String },
}

impl Configuration {
    /// The same with values for its variables.
    #[must_use]
    pub fn with(&self, given: &Arc<Given>) -> Configuration {
        Configuration { given: Arc::clone(given), ..self.clone() }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Files")
    }
}

impl Files {
    /// Files that are in memory.
    pub fn of(texts: BTreeMap<String, Vec<u8>>) -> Files {
        let texts = Arc::new(texts);
        let listed = Arc::clone(&texts);
        let list = move |directory: &str| {
            let inside = |path: &String| {
                let (around, name) = path.rsplit_once('/').unwrap_or(("", path));
                (around == directory).then(|| name.to_owned())
            };
            listed.keys().filter_map(inside).collect()
        };
        Files {
            list: Box::new(list),
            read: Box::new(move |path| texts.get(path).cloned()),
            shown: Box::new(str::to_owned),
        }
    }
}

/// The path that another leads to from a directory; `None` where it leads outside.
pub(super) fn join(directory: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_do_not_lead_outside() {
        assert_eq!(join("infra/prod", "../modules/pool").as_deref(), Some("infra/modules/pool"));
        assert_eq!(join("", "./a//b").as_deref(), Some("a/b"));
        assert_eq!(join("infra", "..").as_deref(), Some(""));
        for outside in ["../../x", "/etc/hostname", "~/x", "..\\x"] {
            assert_eq!(join("infra", outside), None, "{outside}");
        }
    }
}
