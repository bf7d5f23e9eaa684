//! The reader of the ZIP files that this program writes, and of no others.
//!
//! Every byte of the file is accounted for: members follow each other without a gap, their headers are those that the
//! directory gives, and nothing comes before, between or after them. So no reader sees another file than this one does.
//! Sizes are bounded before anything is unpacked.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::zip::{CENTRAL, END, Entry, end};

/// More members than this are refused.
const MOST_MEMBERS: u16 = 10_000;
/// More unpacked bytes of all members than this are refused.
const MOST_BYTES: u64 = 16 << 30;
const LONGEST_NAME: usize = 200;

/// The reason that a file is not a pack, or not one that is whole: one sentence without a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault(format!("it could not be read: {error}"))
    }
}

/// A ZIP file whose directory was read.
pub struct Unzip<R: Read + Seek> {
    file: R,
    entries: Vec<Entry>,
}

impl<R: Read + Seek> Unzip<R> {
    pub fn open(mut file: R) -> Result<Unzip<R>, Fault> {
        let length = file.seek(SeekFrom::End(0))?;
        let entries = directory(&mut file, length)?;
        let mut names = BTreeSet::new();
        let (mut offset, mut bytes) = (0_u64, 0_u64);
        for entry in &entries {
            if !is_plain(&entry.name) {
                return Err(Fault(format!("a member is called {:?}, which no pack has", entry.name)));
            }
            if !names.insert(entry.name.to_ascii_lowercase()) {
                return Err(Fault(format!("the member {} is there twice", entry.name)));
            }
            if u64::from(entry.offset) != offset {
                return Err(Fault(format!("there are other bytes in front of the member {}", entry.name)));
            }
            let header = entry.local();
            let mut found = vec![0; header.len()];
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(&mut found).map_err(|_| cut())?;
            if found != header {
                return Err(Fault(format!(
                    "the header of the member {} differs from the directory of the file",
                    entry.name
                )));
            }
            offset += header.len() as u64 + u64::from(entry.packed);
            bytes += u64::from(entry.size);
        }
        if bytes > MOST_BYTES {
            return Err(Fault(format!(
                "its members would have {bytes} bytes, and {MOST_BYTES} are the most"
            )));
        }
        let size: u64 = entries.iter().map(|entry| (CENTRAL + entry.name.len()) as u64).sum();
        if offset + size + END != length {
            return Err(Fault("it has bytes that belong to no member".to_owned()));
        }
        Ok(Unzip { file, entries })
    }

    /// The names of the members, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.name)
    }

    /// Unpacks a member, and no more bytes than its size.
    pub fn unpack(&mut self, name: &str, out: &mut dyn Write) -> Result<(), Fault> {
        let entry = self.entry(name)?;
        self.file.seek(SeekFrom::Start(entry.start()))?;
        inflate(&entry, &mut (&mut self.file).take(entry.packed.into()), out)
    }

    fn entry(&self, name: &str) -> Result<Entry, Fault> {
        let found = self.entries.iter().find(|entry| entry.name == name).cloned();
        found.ok_or_else(|| Fault(format!("the member {name} is missing")))
    }

    /// Refuses a member with other bits than zeros after its end. Its last byte may have up to seven bits that mean
    /// nothing: the highest one that is set is such a bit if the member is the same without it.
    pub fn ensure_end(&mut self, name: &str) -> Result<(), Fault> {
        let entry = self.entry(name)?;
        let before = u64::from(entry.packed.saturating_sub(1));
        let mut last = [0];
        self.file.seek(SeekFrom::Start(entry.start() + before))?;
        self.file.read_exact(&mut last).map_err(|_| cut())?;
        let Some(highest) = last[0].checked_ilog2() else { return Ok(()) };
        let without = [last[0] ^ 1 << highest];
        self.file.seek(SeekFrom::Start(entry.start()))?;
        let mut packed = (&mut self.file).take(before).chain(&without[..]);
        match inflate(&entry, &mut packed, &mut io::sink()) {
            Ok(()) => Err(Fault(format!("the member {name} has bits after its end"))),
            Err(_) => Ok(()),
        }
    }

    /// Unpacks a member into memory, if it has at most `most` bytes.
    pub fn text(&mut self, name: &str, most: u32) -> Result<String, Fault> {
        let size = self.entries.iter().find(|entry| entry.name == name).map_or(0, |entry| entry.size);
        if size > most {
            return Err(Fault(format!("the member {name} has {size} bytes, and {most} are the most")));
        }
        let mut bytes = Vec::new();
        self.unpack(name, &mut bytes)?;
        String::from_utf8(bytes).map_err(|_| Fault(format!("the member {name} is not UTF-8 text")))
    }
}

/// The entries of the directory, which must be at the end of the file, and exactly as they are written.
fn directory<R: Read + Seek>(file: &mut R, length: u64) -> Result<Vec<Entry>, Fault> {
    let not_a_pack = || Fault("it does not end as an evidence pack does".to_owned());
    let mut tail = [0; 22];
    file.seek(SeekFrom::Start(length.checked_sub(END).ok_or_else(not_a_pack)?))?;
    file.read_exact(&mut tail)?;
    let members = u16::from_le_bytes([tail[10], tail[11]]);
    let (size, offset) = (word(&tail[12..16]), word(&tail[16..20]));
    if tail[..] != end(members, size, offset) || u64::from(offset) + u64::from(size) + END != length {
        return Err(not_a_pack());
    }
    if members > MOST_MEMBERS || u64::from(size) > u64::from(members) * (CENTRAL + LONGEST_NAME) as u64 {
        return Err(Fault(format!(
            "it has more members than {MOST_MEMBERS}, or longer names than a pack has"
        )));
    }
    let mut bytes = vec![0; size as usize];
    file.seek(SeekFrom::Start(offset.into()))?;
    file.read_exact(&mut bytes)?;
    let mut rest = &bytes[..];
    let mut entries = Vec::new();
    for _ in 0..members {
        let (fixed, more) = rest.split_at_checked(CENTRAL).ok_or_else(cut)?;
        let (name, more) =
            more.split_at_checked(u16::from_le_bytes([fixed[28], fixed[29]]).into()).ok_or_else(cut)?;
        let entry = Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            crc: word(&fixed[16..20]),
            packed: word(&fixed[20..24]),
            size: word(&fixed[24..28]),
            offset: word(&fixed[42..46]),
        };
        if entry.central() != [fixed, name].concat() {
            return Err(Fault("its directory is not written as that of an evidence pack is".to_owned()));
        }
        entries.push(entry);
        rest = more;
    }
    if rest.is_empty() { Ok(entries) } else { Err(cut()) }
}

fn word(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn cut() -> Fault {
    Fault("it was truncated, or edited".to_owned())
}

/// Whether a name is one that a pack has: a relative path of plain parts.
pub(super) fn is_plain(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= LONGEST_NAME && name.split('/').all(is_part)
}

fn inflate(entry: &Entry, packed: &mut dyn Read, out: &mut dyn Write) -> Result<(), Fault> {
    let differs = || Fault(format!("the member {} is damaged: it cannot be unpacked", entry.name));
    let mut inflate = Decompress::new(false);
    let mut crc = Crc::new();
    let (mut input, mut output) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let (mut held, mut left) = (0, u64::from(entry.size));
    loop {
        if held == 0 {
            held = packed.read(&mut input)?;
        }
        let (took, made) = (inflate.total_in(), inflate.total_out());
        let status =
            inflate.decompress(&input[..held], &mut output, FlushDecompress::None).map_err(|_| differs())?;
        let took = usize::try_from(inflate.total_in() - took).unwrap_or(held);
        let made = usize::try_from(inflate.total_out() - made).unwrap_or(output.len());
        left = left.checked_sub(made as u64).ok_or_else(differs)?;
        crc.update(&output[..made]);
        out.write_all(&output[..made])?;
        input.copy_within(took..held, 0);
        held -= took;
        match status {
            Status::StreamEnd => break,
            _ if took == 0 && made == 0 => return Err(differs()),
            _ => {}
        }
    }
    let whole = inflate.total_in() == u64::from(entry.packed) && left == 0 && crc.sum() == entry.crc;
    if whole { Ok(()) } else { Err(differs()) }
}
