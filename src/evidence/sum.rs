//! Checksums as texts.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::value::hex;

/// The SHA-256 of what is read, to its end.
pub fn sha256(from: &mut dyn Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 64 << 10];
    loop {
        match from.read(&mut block)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&block[..length]),
        }
    }
}
