//! A text inside a page: compressed, in Base64, with the SHA-256 of the text.

use std::io::{self, BufWriter, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use crate::report::json::v1::Unreadable;
use crate::value::hex;

/// The start of the element that holds the report. The template writes it, and nothing else can: `<` is escaped in
/// every text of a page.
const ELEMENT: &str = "<script type=\"application/octet-stream\" id=\"report\" data-sha256=\"";

/// The mark of every page of ours.
const GENERATOR: &str = "<meta name=\"generator\" content=\"cognito-lint\">";

/// A text that is larger than this, when it is unpacked, is not a report of ours.
const LARGEST: u64 = 2 << 30;

/// A text that is ready for a page.
pub(super) struct Packed {
    /// 64 hexadecimal digits.
    pub(super) sha256: String,
    pub(super) data: String,
}

/// Packs what is written.
pub(super) fn pack(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Packed> {
    let both = Both { hash: Sha256::new(), zlib: ZlibEncoder::new(Vec::new(), Compression::default()) };
    // JSON is written in pieces of a few bytes.
    let mut buffered = BufWriter::with_capacity(1 << 16, both);
    write(&mut buffered)?;
    let both = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(Packed { sha256: hex(&both.hash.finalize()), data: STANDARD.encode(both.zlib.finish()?) })
}

/// The digest as the policy of a page names a script or a style.
pub(in crate::report) fn source_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// Hashes what it compresses.
struct Both {
    hash: Sha256,
    zlib: ZlibEncoder<Vec<u8>>,
}

impl Write for Both {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.zlib.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zlib.flush()
    }
}

/// The JSON report that is embedded in a page; `None` for a text that is not HTML.
pub(in crate::report) fn embedded(text: &str) -> Option<Result<String, Unreadable>> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_page = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    is_page.then(|| {
        let rest = text.split_once(ELEMENT).map(|(_, rest)| rest);
        let parts = rest.and_then(|rest| rest.split_once("\">"));
        let Some((sha256, rest)) = parts else { return Err(without_report(text)) };
        match rest.split_once("</script>") {
            Some((data, _)) => unpack(data, sha256),
            None => Err(unreadable("the page ends in the middle of its embedded report")),
        }
    })
}

/// The reason that a page has no report in it, and the way to one.
fn without_report(text: &str) -> Unreadable {
    let of_several = ["<script type=\"application/octet-stream\" id=\"part\"", "<section id=\"pages\""];
    let (message, help) = if of_several.iter().any(|element| text.contains(element)) {
        let help = "get the JSON report of the run, which has every page: `--report json=FILE`";
        ("this is one page of a report of several pages, which cannot be read back", help)
    } else if text.contains(GENERATOR) {
        let help = "only the page of `check`, `baseline`, `merge` and `report` holds a report";
        ("this page of cognito-lint does not hold a report", help)
    } else {
        return unreadable("this is HTML, but not a report of cognito-lint");
    };
    Unreadable { message: message.to_owned(), help: help.to_owned() }
}

fn unpack(data: &str, sha256: &str) -> Result<String, Unreadable> {
    let damaged = || unreadable("the report that is embedded in the page is damaged");
    let compressed = STANDARD.decode(data.trim()).map_err(|_| damaged())?;
    let mut text = String::new();
    let read = ZlibDecoder::new(&compressed[..]).take(LARGEST).read_to_string(&mut text);
    read.map_err(|_| damaged())?;
    if hex(&Sha256::digest(text.as_bytes())) != sha256 {
        return Err(unreadable("the report that is embedded in the page does not match its SHA-256"));
    }
    Ok(text)
}

fn unreadable(message: &str) -> Unreadable {
    let help = "get the page again, or get the JSON report: `--report json=FILE`".to_owned();
    Unreadable { message: message.to_owned(), help }
}
