//! Entries that the quick reader reads.

use super::*;
use crate::source::answer::reader::Skipped;
use crate::source::snapshot::line;

/// `serde_json` reads what the quick reader refuses, so that a run shows only by its time that a text was read twice.
#[test]
fn ordinary_texts_are_read_once() {
    let answer =
        r#"{"UserPool":{"Id":"eu-west-1_a","Name":"a","MfaConfiguration":"OFF","CreationDate":1.5}}"#;
    let chunk = Chunk { bytes: answer.into(), shape: Shape::Lines, ..Chunk::default() };
    let pool = pools(&chunk, &Projection::everything()).pools.remove(0);
    let recorded = line(&pool);
    assert!(recorded.contains(snapshot::MARK), "{recorded}");
    let bare = r#"{"Id":"eu-west-1_a","Name":"a","Policies":{"PasswordPolicy":{"MinimumLength":8}}}"#;
    for (text, in_snapshot) in [(answer, false), (&recorded, true), (bare, false)] {
        let (mut skipped, projection) = (Skipped::default(), Projection::everything());
        let mut read_state = ReadState { in_snapshot, ..ReadState::default() };
        let entry = Entry { projection: &projection, read_state: &mut read_state, depth: 0 };
        let read = entry.deserialize(&mut Reader::new(text, &mut skipped));
        assert!(read.is_ok(), "{text}");
    }
}
