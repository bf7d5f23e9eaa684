//! The templates of one directory, or of one command line: stacks that are deployed together export and import what they
//! share, and run nested ones.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use memchr::memmem::find;

/// Files of more bytes are not looked into: CloudFormation takes templates of up to 1 MB.
const MOST: u64 = 2 * 1024 * 1024;

/// Templates with their names.
type Texts = Arc<[(Arc<str>, Arc<str>)]>;

/// The files that are read together.
#[derive(Debug, Default)]
pub(super) struct Beside {
    paths: Vec<PathBuf>,
    /// Those that share something with others, read once they are asked for.
    texts: OnceLock<Texts>,
}

impl Beside {
    pub(super) fn of(paths: Vec<PathBuf>) -> Beside {
        Beside { paths, texts: OnceLock::new() }
    }

    /// The templates beside one, where it shares something with others.
    pub(super) fn of_template(&self, text: &[u8]) -> Texts {
        if self.paths.len() < 2 || !shares(text) {
            return Arc::default();
        }
        Arc::clone(self.texts.get_or_init(|| {
            let text = |path: &PathBuf| {
                std::fs::metadata(path).ok().filter(|file| file.len() <= MOST)?;
                let text = std::fs::read_to_string(path).ok().filter(|text| shares(text.as_bytes()))?;
                Some((Arc::from(path.to_string_lossy().as_ref()), Arc::from(text)))
            };
            self.paths.iter().filter_map(text).collect()
        }))
    }
}

/// Whether a text may be that of a template which is of one deployment with others: it has a part of a pool and shares
/// something, or runs others.
fn shares(text: &[u8]) -> bool {
    let has = |word: &&str| find(text, word.as_bytes()).is_some();
    let runs = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"].iter().any(has);
    runs || (has(&"AWS::Cognito::UserPool") && ["ImportValue", "Export", "Parameters"].iter().any(has))
}
