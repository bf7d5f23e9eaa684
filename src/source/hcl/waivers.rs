//! The waivers in the comments of a configuration's files.

use std::sync::Arc;

use super::directory::is_json;
use super::parse;
use super::scope::Program;
use crate::diagnostic::SourceFile;
use crate::source::inline::{self, InlineWaiver};

/// The waivers of all files that were read.
pub(super) fn waivers(program: &Program<'_>) -> Vec<Arc<InlineWaiver>> {
    let mut waivers = Vec::new();
    for file in program.texts.borrow().iter() {
        let (name, text) = (&file.text.name, &file.text.text);
        if !inline::may_have(text) {
            continue;
        }
        let source_file = SourceFile::new(name, &**text);
        if is_json(name) {
            let comments = parse::json_comments(text).into_iter();
            let read = comments.filter_map(|(at, object)| inline::in_json(&source_file, at, object));
            waivers.extend(read.map(Arc::new));
        } else if let Some(outline) = parse::outline(text) {
            waivers.extend(inline::in_comments(&source_file, &outline).into_iter().map(Arc::new));
        }
    }
    waivers
}
