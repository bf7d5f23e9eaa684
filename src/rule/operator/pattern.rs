//! A regular expression of a rule.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use regex::{Regex, RegexBuilder};

/// A regular expression that is compiled once, at the latest where a value is first compared with it.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Arc<str>,
    /// `None` inside if it does not compile, which `new` has ruled out.
    compiled: Arc<OnceLock<Option<Regex>>>,
}

impl Pattern {
    /// Compiles it to at most a number of bytes, so that a mistake in it is found. One that a named predicate has is
    /// compiled once, however many rules use it.
    pub fn new(text: &str, most: usize) -> Result<Pattern, regex::Error> {
        static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
        let mut all = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        let regex = match all.get(text) {
            Some(regex) => regex.clone(),
            None => {
                let regex = RegexBuilder::new(text).size_limit(most).build()?;
                all.insert(text.to_owned(), regex.clone());
                regex
            }
        };
        let pattern = Pattern::proven(text);
        _ = pattern.compiled.set(Some(regex));
        Ok(pattern)
    }

    /// One of a built-in rule, which a test has compiled. Compiling it takes longer than judging a pool, and most runs
    /// compare no value with it.
    pub fn proven(text: &str) -> Pattern {
        Pattern { text: text.into(), compiled: Arc::default() }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.text).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
