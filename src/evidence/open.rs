//! Opens a pack: its members are those that it promises, with their checksums.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};

use sha2::{Digest, Sha256};

use super::documents::{Hashing, line};
use super::run::Pack;
use super::unzip::{Fault, Unzip};
use super::{REPORT, RUN, SNAPSHOT, SUMS};

/// A text of the policy has this many bytes at most.
const MOST_TEXT: u32 = 8 << 20;
/// And all of them together.
const MOST_TEXTS: usize = 64 << 20;
/// The report, which is read into memory where something differs.
const MOST_REPORT: u32 = 1 << 30;

/// A pack whose members have their checksums.
pub struct Opened<R: Read + Seek> {
    zip: Unzip<R>,
    pub pack: Pack,
    /// The text of its checksums.
    pub sums: String,
}

/// Opens a pack, and compares every member with its checksum.
pub fn open<R: Read + Seek>(file: R) -> Result<Opened<R>, Fault> {
    let mut zip = Unzip::open(file)?;
    let names: Vec<String> = zip.names().map(str::to_owned).collect();
    let (Some(last), Some(others)) = (names.last(), names.split_last().map(|(_, others)| others)) else {
        return Err(Fault("it has no members".to_owned()));
    };
    if last != SUMS {
        return Err(Fault(format!("its last member is not {SUMS}")));
    }
    let sums = zip.text(SUMS, MOST_TEXT)?;
    let promised: Vec<&str> =
        sums.lines().map(|line| line.split_once("  ").map_or(line, |(_, name)| name)).collect();
    if let Some(extra) = others.iter().find(|name| !promised.contains(&name.as_str())) {
        return Err(Fault(format!("the member {extra} is not in {SUMS}")));
    }
    if let Some(missing) = promised.iter().find(|name| others.iter().all(|other| other != *name)) {
        return Err(Fault(format!("the member {missing:?} of {SUMS} is missing")));
    }
    zip.ensure_end(SUMS)?;
    let mut found = String::new();
    for name in others {
        zip.ensure_end(name)?;
        let mut hash = Sha256::new();
        zip.unpack(name, &mut Hashing { out: &mut io::sink(), hash: &mut hash })?;
        let line = line(hash, name);
        if !sums.split_inclusive('\n').any(|promised| promised == line) {
            return Err(Fault(format!("the member {name} is not what {SUMS} says: its checksum differs")));
        }
        found.push_str(&line);
    }
    if found != sums {
        return Err(Fault(format!("{SUMS} does not list the members in their order, each once")));
    }
    let pack = pack(&mut zip, others)?;
    Ok(Opened { zip, pack, sums })
}

fn pack<R: Read + Seek>(zip: &mut Unzip<R>, names: &[String]) -> Result<Pack, Fault> {
    let (run, needed) = Pack::read(&zip.text(RUN, MOST_TEXT)?)?;
    if let Some(missing) = needed.iter().find(|name| !names.contains(name)) {
        return Err(Fault(format!("the member {missing} is missing, which {RUN} names")));
    }
    let mut texts = BTreeMap::new();
    let mut bytes = 0;
    for name in names.iter().filter(|name| name.starts_with("policy/")) {
        let text = zip.text(name, MOST_TEXT)?;
        bytes += text.len();
        if bytes > MOST_TEXTS {
            return Err(Fault(format!("the texts of its policy have more than {MOST_TEXTS} bytes")));
        }
        texts.insert(name.clone(), text);
    }
    Ok(Pack { run, texts })
}

impl<R: Read + Seek> Opened<R> {
    /// Unpacks the snapshot.
    pub fn snapshot(&mut self, out: &mut dyn Write) -> Result<(), Fault> {
        let mut lines = Lines { out, last: b'\n', is_odd: false };
        self.zip.unpack(SNAPSHOT, &mut lines)?;
        match lines.is_odd || lines.last != b'\n' {
            true => Err(Fault(format!("{SNAPSHOT} is not written as a snapshot is, line by line"))),
            false => Ok(()),
        }
    }

    /// The JSON report.
    pub fn report(&mut self) -> Result<String, Fault> {
        self.zip.text(REPORT, MOST_REPORT)
    }
}

/// Passes a text on, and looks whether each line of it is one object of JSON without anything around it.
struct Lines<'w> {
    out: &'w mut dyn Write,
    last: u8,
    is_odd: bool,
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            let begins = self.last == b'\n';
            let ends = *byte == b'\n';
            self.is_odd |= (begins && *byte != b'{') || (ends && self.last != b'}');
            self.last = *byte;
        }
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
