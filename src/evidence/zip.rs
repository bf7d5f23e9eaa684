//! The writer of ZIP files: deflated members in the order in which they come, without dates, attributes and comments.
//!
//! A crate for ZIP files would bring a reader of every variant along, and a pack has one. The same members are the same
//! bytes, since a file of this form has nothing else in it.

use std::io::{self, Seek, SeekFrom, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::Members;

/// The least date that the format has: 1 January 1980.
pub(super) const DATE: u16 = 0x21;
/// Version 2.0 of the format, which deflates.
const NEEDED: u16 = 20;
/// Made on Unix, with the same version.
const MADE: u16 = 3 << 8 | NEEDED;
/// A regular file that everybody may read.
const MODE: u32 = 0o100_644 << 16;
const DEFLATED: u16 = 8;

/// The length of a header in front of a member, without the name.
const LOCAL: u64 = 30;
/// The length of an entry of the directory, without the name.
pub(super) const CENTRAL: usize = 46;
/// The length of the end of the directory.
pub(super) const END: u64 = 22;

/// A member as the directory of a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) offset: u32,
}

impl Entry {
    /// The place of its first packed byte in the file.
    pub(super) fn start(&self) -> u64 {
        u64::from(self.offset) + LOCAL + self.name.len() as u64
    }

    /// The header in front of the member.
    pub(super) fn local(&self) -> Vec<u8> {
        let mut header = 0x0403_4b50_u32.to_le_bytes().to_vec();
        self.push_facts(&mut header);
        header.extend(self.name.as_bytes());
        header
    }

    /// The entry of the directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let mut header = 0x0201_4b50_u32.to_le_bytes().to_vec();
        header.extend(MADE.to_le_bytes());
        self.push_facts(&mut header);
        // No comment, the first disk, and no internal attributes.
        header.extend([0; 6]);
        header.extend(MODE.to_le_bytes());
        header.extend(self.offset.to_le_bytes());
        header.extend(self.name.as_bytes());
        header
    }

    fn push_facts(&self, header: &mut Vec<u8>) {
        let length = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        for half in [NEEDED, 0, DEFLATED, 0, DATE] {
            header.extend(half.to_le_bytes());
        }
        for word in [self.crc, self.packed, self.size] {
            header.extend(word.to_le_bytes());
        }
        for half in [length, 0] {
            header.extend(half.to_le_bytes());
        }
    }
}

/// The end of a directory.
pub(super) fn end(members: u16, size: u32, offset: u32) -> Vec<u8> {
    let mut end = 0x0605_4b50_u32.to_le_bytes().to_vec();
    end.extend([0; 4]);
    end.extend(members.to_le_bytes());
    end.extend(members.to_le_bytes());
    end.extend(size.to_le_bytes());
    end.extend(offset.to_le_bytes());
    end.extend([0; 2]);
    end
}

/// A ZIP file that is written.
pub struct Zip<W: Write + Seek> {
    out: W,
    entries: Vec<Entry>,
}

impl<W: Write + Seek> Zip<W> {
    /// `out` is empty.
    pub fn new(out: W) -> Zip<W> {
        Zip { out, entries: Vec::new() }
    }

    /// Writes the directory.
    pub fn finish(mut self) -> io::Result<W> {
        let offset = fits(self.out.stream_position()?)?;
        for entry in &self.entries {
            self.out.write_all(&entry.central())?;
        }
        let size = fits(self.out.stream_position()?)? - offset;
        let members = u16::try_from(self.entries.len()).map_err(|_| too_large())?;
        self.out.write_all(&end(members, size, offset))?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write + Seek> Members for Zip<W> {
    fn member(
        &mut self,
        name: &str,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let offset = fits(self.out.stream_position()?)?;
        let mut entry = Entry { name: name.to_owned(), crc: 0, packed: 0, size: 0, offset };
        self.out.write_all(&entry.local())?;
        (entry.crc, entry.size) = {
            let deflate = DeflateEncoder::new(&mut self.out, Compression::default());
            let mut member = Member { deflate, crc: Crc::new(), size: 0 };
            write(&mut member)?;
            member.deflate.try_finish()?;
            (member.crc.sum(), fits(member.size)?)
        };
        let end = self.out.stream_position()?;
        entry.packed = fits(end)? - offset - fits(LOCAL)? - fits(name.len() as u64)?;
        self.out.seek(SeekFrom::Start(offset.into()))?;
        self.out.write_all(&entry.local())?;
        self.out.seek(SeekFrom::Start(end))?;
        self.entries.push(entry);
        Ok(())
    }
}

struct Member<W: Write> {
    deflate: DeflateEncoder<W>,
    crc: Crc,
    size: u64,
}

impl<W: Write> Write for Member<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.deflate.write_all(bytes)?;
        self.crc.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // A flush in the middle of a member would be seen in its bytes.
        Ok(())
    }
}

/// A number of the format.
fn fits(number: u64) -> io::Result<u32> {
    u32::try_from(number).ok().filter(|number| *number < u32::MAX).ok_or_else(too_large)
}

fn too_large() -> io::Error {
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        "an evidence pack and each of its members have at most 4 GiB: write one for each account or Region",
    )
}
