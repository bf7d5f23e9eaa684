//! Bytes that are kept until they are read again: in memory as long as they are few, then in a temporary file, which the
//! edges of the program make.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A temporary file, which its owner removes.
pub trait Scratch: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Scratch for T {}

/// Makes a temporary file.
pub type MakeScratch = fn() -> io::Result<Box<dyn Scratch>>;

/// Bytes that are kept in memory before they go to the file.
const ROOM: usize = 4 * 1024 * 1024;

/// Pieces of bytes in the order in which they were added.
pub struct Spool {
    /// `None` where everything stays in memory.
    make: Option<MakeScratch>,
    room: usize,
    file: Option<Box<dyn Scratch>>,
    /// The bytes of the file. What a write that failed left after them does not count.
    spilled: u64,
    /// The bytes after those of the file.
    kept: Vec<u8>,
}

/// The place of a piece.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    at: u64,
    size: usize,
}

impl Spool {
    pub fn new(make: Option<MakeScratch>) -> Spool {
        Spool { make, room: ROOM, file: None, spilled: 0, kept: Vec::new() }
    }

    /// Adds a piece. Where no temporary file can be written, memory holds everything: a run that has come so far is worth
    /// more than its size.
    pub fn add(&mut self, bytes: &[u8]) -> Piece {
        let piece = Piece { at: self.spilled + self.kept.len() as u64, size: bytes.len() };
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > self.room
            && let Some(make) = self.make
            && self.spill(make).is_err()
        {
            self.make = None;
        }
        piece
    }

    fn spill(&mut self, make: MakeScratch) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(make()?);
        }
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(self.spilled))?;
            file.write_all(&self.kept)?;
            self.spilled += self.kept.len() as u64;
            self.kept.clear();
        }
        Ok(())
    }

    /// Reads a piece that was added.
    pub fn read(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; piece.size];
        if let Some(at) = piece.at.checked_sub(self.spilled) {
            let start = usize::try_from(at).map_err(io::Error::other)?;
            let kept = self.kept.get(start..).and_then(|kept| kept.get(..piece.size));
            bytes.copy_from_slice(kept.ok_or(io::ErrorKind::UnexpectedEof)?);
        } else {
            let file = self.file.as_mut().ok_or(io::ErrorKind::UnexpectedEof)?;
            file.seek(SeekFrom::Start(piece.at))?;
            file.read_exact(&mut bytes)?;
        }
        Ok(bytes)
    }
}

impl Default for Spool {
    fn default() -> Self {
        Spool::new(None)
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spool")
            .field("spilled", &self.spilled)
            .field("kept", &self.kept.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file that is full after a thousand bytes.
    struct Full(Cursor<Vec<u8>>);

    impl Read for Full {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(bytes)
        }
    }

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match bytes.len().min(1000 - self.0.get_ref().len().min(1000)) {
                0 => Err(io::ErrorKind::StorageFull.into()),
                room => self.0.write(&bytes[..room]),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn pieces_are_read_wherever_they_are() {
        let never: MakeScratch = || Err(io::Error::other("there is no place for it"));
        let file: MakeScratch = || Ok(Box::new(Cursor::new(Vec::new())));
        let full: MakeScratch = || Ok(Box::new(Full(Cursor::new(Vec::new()))));
        let (mut spilled, mut whole) = (Vec::new(), 0);
        for make in [None, Some(never), Some(file), Some(full)] {
            let mut spool = Spool { room: 300, ..Spool::new(make) };
            let piece = |number: usize| vec![u8::try_from(number).unwrap(); number * 7 % 60];
            let pieces: Vec<Piece> = (0..100).map(|number| spool.add(&piece(number))).collect();
            whole = (0..100).map(|number| piece(number).len()).sum();
            for number in (0..100).rev().chain([50]) {
                assert_eq!(spool.read(pieces[number]).unwrap(), piece(number));
            }
            assert_eq!(spool.spilled + spool.kept.len() as u64, whole as u64);
            spilled.push(spool.spilled);
        }
        assert_eq!(spilled[..2], [0, 0]);
        assert!(
            spilled[2] + 300 >= whole as u64 && spilled[2] > spilled[3] && spilled[3] > 500,
            "{spilled:?}"
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_again_is_an_error() {
        let make: MakeScratch = || Ok(Box::new(Cursor::new(Vec::new())));
        let mut spool = Spool { room: 1, ..Spool::new(Some(make)) };
        let piece = spool.add(b"some bytes");
        spool.file = Some(Box::new(Cursor::new(Vec::new())));
        assert_eq!(spool.read(piece).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
