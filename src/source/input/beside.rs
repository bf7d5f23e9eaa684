//! The templates of one directory, or of one command line: stacks that are deployed together export and import what they
//! share, and run nested ones.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::file_name;
use crate::source::cloudformation::{Neighbor, may_share};
use crate::source::text::from_utf16;

/// Files of more bytes are not looked into: CloudFormation takes templates of up to 1 MB.
const MOST: u64 = 2 * 1024 * 1024;

/// The files that are read together.
#[derive(Debug, Default)]
pub(super) struct Beside {
    paths: Vec<PathBuf>,
    /// Those that share something with others, read once they are asked for.
    texts: OnceLock<Arc<[Neighbor]>>,
}

impl Beside {
    pub(super) fn of(paths: Vec<PathBuf>) -> Beside {
        Beside { paths, texts: OnceLock::new() }
    }

    /// Those of texts that are in memory.
    pub(super) fn of_texts(texts: &[(String, Vec<u8>)]) -> Beside {
        let shares =
            |(name, text): &(String, Vec<u8>)| Some(Neighbor::new(name.as_str(), shared(text.clone())?));
        let neighbors: Arc<[Neighbor]> = texts.iter().filter_map(shares).collect();
        let paths = texts.iter().map(|(name, _)| PathBuf::from(name)).collect();
        Beside { paths, texts: OnceLock::from(neighbors) }
    }

    /// The templates beside one, where it shares something with others.
    pub(super) fn of_template(&self, text: &[u8]) -> Arc<[Neighbor]> {
        if self.paths.len() < 2 || !may_share(text) {
            return Arc::default();
        }
        self.all()
    }

    /// All templates that share something with others.
    pub(super) fn all(&self) -> Arc<[Neighbor]> {
        Arc::clone(self.texts.get_or_init(|| {
            let text = |path: &PathBuf| {
                std::fs::metadata(path).ok().filter(|file| file.len() <= MOST)?;
                Some(Neighbor::new(&*file_name::of(path), shared(std::fs::read(path).ok()?)?))
            };
            self.paths.iter().filter_map(text).collect()
        }))
    }
}

/// The text of a template that may be deployed with others, as it is read by itself.
fn shared(bytes: Vec<u8>) -> Option<String> {
    let bytes = from_utf16(&bytes).unwrap_or(bytes);
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    std::str::from_utf8(text).ok().filter(|text| may_share(text.as_bytes())).map(str::to_owned)
}
