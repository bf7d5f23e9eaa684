//! The name of a file as text that loses no byte.
//!
//! On Unix a name is made of any bytes. A byte that is not UTF-8 becomes a character of a private area, so the text
//! leads back to the file, and a report can write the byte in its own notation.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// The character of the byte 0. The bytes that can be invalid UTF-8 begin at 0x80.
const FIRST: u32 = 0x0010_fe00;

/// The name of a file as text.
pub fn of(path: &Path) -> Cow<'_, str> {
    match path.to_str() {
        Some(name) if !name.chars().any(|c| byte(c).is_some()) => Cow::Borrowed(name),
        _ => escaped(path),
    }
}

/// The file of such a name.
pub fn path(name: &str) -> Cow<'_, Path> {
    if name.chars().any(|c| byte(c).is_some()) {
        Cow::Owned(unescaped(name))
    } else {
        Cow::Borrowed(Path::new(name))
    }
}

/// The name in a form that its spellings share: `./src`, `src/` and `src//.` are `src`. Links and `..` stay as they are,
/// because only the file system could resolve them.
pub fn plain(name: &str) -> Cow<'_, str> {
    let is_idle = |part: &str| part.is_empty() || part == ".";
    let (root, below) = name.strip_prefix('/').map_or(("", name), |below| ("/", below));
    if name.is_empty() || !below.split('/').any(is_idle) {
        return Cow::Borrowed(name);
    }
    let parts: Vec<&str> = below.split('/').filter(|part| !is_idle(part)).collect();
    match (root, &parts[..]) {
        ("", []) => Cow::Borrowed("."),
        _ => Cow::Owned(format!("{root}{}", parts.join("/"))),
    }
}

/// The order of two names, or of places such as `main.tf:12:3`: numbers in them go by their values.
pub fn order(one: &str, other: &str) -> Ordering {
    fn number(text: &str) -> Option<(&str, &str)> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        (end > 0).then(|| text.split_at(end))
    }
    let (mut left, mut right) = (one, other);
    loop {
        if let (Some((a, rest_of_a)), Some((b, rest_of_b))) = (number(left), number(right)) {
            let [a, b] = [a, b].map(|digits| digits.trim_start_matches('0'));
            let ordered = a.len().cmp(&b.len()).then_with(|| a.cmp(b));
            if ordered.is_ne() {
                return ordered;
            }
            (left, right) = (rest_of_a, rest_of_b);
            continue;
        }
        let (mut of_left, mut of_right) = (left.chars(), right.chars());
        match (of_left.next(), of_right.next()) {
            (Some(a), Some(b)) if a == b => (left, right) = (of_left.as_str(), of_right.as_str()),
            // Two names that differ in leading zeros only are not the same.
            (None, None) => return one.cmp(other),
            (a, b) => return a.cmp(&b),
        }
    }
}

/// The byte that a character of a name is for.
pub fn byte(c: char) -> Option<u8> {
    let byte = u8::try_from(u32::from(c).checked_sub(FIRST)?).ok()?;
    (byte >= 0x80).then_some(byte)
}

#[cfg(unix)]
fn escaped(path: &Path) -> Cow<'_, str> {
    use std::os::unix::ffi::OsStrExt;
    let mut name = String::new();
    let push = |bytes: &[u8], name: &mut String| {
        name.extend(bytes.iter().filter_map(|byte| char::from_u32(FIRST + u32::from(*byte))));
    };
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            // A character of the private area itself would be read as a byte.
            match byte(c) {
                Some(_) => push(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut name),
                None => name.push(c),
            }
        }
        push(chunk.invalid(), &mut name);
    }
    Cow::Owned(name)
}

#[cfg(unix)]
fn unescaped(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::new();
    for c in name.chars() {
        match byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn escaped(path: &Path) -> Cow<'_, str> {
    path.to_string_lossy()
}

#[cfg(not(unix))]
fn unescaped(name: &str) -> PathBuf {
    PathBuf::from(name)
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use crate::file_name::{of, order, path, plain};

    #[test]
    fn numbers_in_names_are_in_order() {
        let ordered = [
            "",
            "a",
            "main.tf:7:38",
            "main.tf:07:38",
            "main.tf:74:24",
            "main.tf:74:24a",
            "main2.tf",
            "main10.tf",
            "x",
        ];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                // Leading zeros decide where nothing else does.
                let tied = one.contains("7:38") && other.contains("7:38");
                let wanted = if tied { one.cmp(other) } else { at.cmp(&other_at) };
                assert_eq!(order(one, other), wanted, "{one} {other}");
            }
        }
    }

    #[test]
    fn every_name_leads_back_to_its_file() {
        let names: [&[u8]; 7] = [
            b"pool.json",
            "p\u{e4}.json".as_bytes(),
            b"a\xffb",
            b"\xc3",
            b"\xe2\x82/x",
            b"",
            "\u{10feff}".as_bytes(),
        ];
        for bytes in names {
            let file = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(path(&of(file)), file, "{bytes:?}");
        }
        assert_eq!(of(Path::new(OsStr::from_bytes(b"a\xffb"))), "a\u{10feff}b");
    }

    #[test]
    fn the_spellings_of_a_name_share_a_form() {
        for (plainly, spellings) in [
            ("src", &["src", "./src", "src/", ".//src/./", "src//"][..]),
            ("a/b.json", &["a/b.json", "./a//b.json", "a/./b.json"]),
            (".", &[".", "./", "././"]),
            ("", &[""]),
            ("/", &["/", "//", "/."]),
            ("/srv/infra", &["/srv/infra", "/srv//infra/"]),
            ("../infra", &["../infra", "./../infra/"]),
            ("-", &["-"]),
        ] {
            for spelling in spellings {
                assert_eq!(plain(spelling), plainly, "{spelling}");
            }
        }
    }
}
