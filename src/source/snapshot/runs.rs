//! The lines of a snapshot in their order, however many there are: sorted runs that are spilled and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufReader, BufWriter, Read, Write};

use crate::source::answer::Sum;
use crate::spool::{MakeScratch, Scratch};

/// Bytes of the lines that are kept in memory.
const RUN: usize = 16 * 1024 * 1024;
/// The largest number of runs that are merged at once: each is a file that is open, and a buffer.
const MOST: usize = 48;

/// A line with what orders it before it, in bytes that compare as the parts do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    bytes: Vec<u8>,
    /// Where the line begins.
    line: usize,
}

/// Lines that were added, in any order.
pub(super) struct Runs {
    make: MakeScratch,
    /// How much is kept in memory.
    run: usize,
    kept: Vec<Record>,
    bytes: usize,
    spilled: Vec<Box<dyn Scratch>>,
    pub count: usize,
}

impl Runs {
    pub(super) fn new(make: MakeScratch) -> Runs {
        Runs { make, run: RUN, kept: Vec::new(), bytes: 0, spilled: Vec::new(), count: 0 }
    }

    /// Adds a line and the texts that order it before its own text does.
    pub(super) fn add<const N: usize>(&mut self, order: [Option<&str>; N], line: &str) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(line.len() + 160);
        for part in order {
            push_ordered(&mut bytes, part);
        }
        let start = bytes.len();
        bytes.extend_from_slice(line.as_bytes());
        self.bytes += bytes.len();
        self.count += 1;
        self.kept.push(Record { bytes, line: start });
        if self.bytes > self.run {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.kept.sort_unstable();
        let mut out = BufWriter::new((self.make)()?);
        for record in self.kept.drain(..) {
            record.write(&mut out)?;
        }
        self.bytes = 0;
        self.spilled.push(out.into_inner()?);
        if self.spilled.len() >= MOST {
            let mut out = BufWriter::new((self.make)()?);
            merge(std::mem::take(&mut self.spilled), |record| record.write(&mut out))?;
            self.spilled.push(out.into_inner()?);
        }
        Ok(())
    }

    /// Writes what `header` makes of the checksum of all lines, and the lines in order.
    pub(super) fn write(
        mut self,
        out: &mut dyn Write,
        header: impl FnOnce(Sum) -> io::Result<String>,
    ) -> io::Result<()> {
        let mut sum = Sum::default();
        if self.spilled.is_empty() {
            self.kept.sort_unstable();
            self.kept.iter().for_each(|record| sum.add(record.line()));
            writeln!(out, "{}", header(sum)?)?;
            for record in self.kept {
                out.write_all(record.line())?;
                out.write_all(b"\n")?;
            }
            return Ok(());
        }
        self.spill()?;
        let mut merged = BufWriter::new((self.make)()?);
        merge(self.spilled, |record| {
            sum.add(record.line());
            merged.write_all(record.line())?;
            merged.write_all(b"\n")
        })?;
        writeln!(out, "{}", header(sum)?)?;
        let mut merged = merged.into_inner()?;
        merged.rewind()?;
        io::copy(&mut merged, out).map(|_| ())
    }
}

/// Merges runs that are sorted.
fn merge(runs: Vec<Box<dyn Scratch>>, mut each: impl FnMut(&Record) -> io::Result<()>) -> io::Result<()> {
    let mut readers = Vec::with_capacity(runs.len());
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (number, mut run) in runs.into_iter().enumerate() {
        run.rewind()?;
        let mut reader = BufReader::with_capacity(64 * 1024, run);
        heads.extend(Record::read(&mut reader)?.map(|record| Reverse((record, number))));
        readers.push(reader);
    }
    while let Some(Reverse((record, number))) = heads.pop() {
        each(&record)?;
        heads.extend(Record::read(&mut readers[number])?.map(|record| Reverse((record, number))));
    }
    Ok(())
}

impl Record {
    fn line(&self) -> &[u8] {
        &self.bytes[self.line..]
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&(self.bytes.len() as u64).to_le_bytes())?;
        out.write_all(&(self.line as u64).to_le_bytes())?;
        out.write_all(&self.bytes)
    }

    /// The next record; `None` at the end.
    fn read(from: &mut impl Read) -> io::Result<Option<Record>> {
        let mut number = [0; 8];
        match from.read_exact(&mut number) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let size = |number| usize::try_from(u64::from_le_bytes(number)).map_err(io::Error::other);
        let mut bytes = vec![0; size(number)?];
        from.read_exact(&mut number)?;
        let line = size(number)?;
        from.read_exact(&mut bytes)?;
        Ok(Some(Record { bytes, line }))
    }
}

/// Bytes that compare as the texts do: nothing before every text, and a text before those that it begins.
fn push_ordered(bytes: &mut Vec<u8>, text: Option<&str>) {
    let Some(text) = text else { return bytes.push(0) };
    bytes.push(1);
    for byte in text.bytes() {
        match byte {
            0 => bytes.extend([0, 1]),
            byte => bytes.push(byte),
        }
    }
    bytes.extend([0, 0]);
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    type Row = ([Option<&'static str>; 2], String);

    fn rows() -> Vec<Row> {
        let names = [None, Some(""), Some("a"), Some("a\0"), Some("a\0b"), Some("ab"), Some("b")];
        let numbers = (0..400_usize).map(|number| number * 7919 % 400);
        numbers.map(|n| ([names[n % 7], names[n / 7 % 7]], format!("line {}", n % 90))).collect()
    }

    #[test]
    fn lines_are_sorted_whether_they_are_spilled_or_not() {
        let mut sorted = rows();
        sorted.sort();
        let wanted: Vec<&str> = sorted.iter().map(|(_, line)| &**line).collect();
        let in_memory: MakeScratch = || Ok(Box::new(Cursor::new(Vec::new())));
        // Nothing is spilled; a few runs; more runs than are merged at once.
        for (run, is_spilled) in [(RUN, false), (2000, true), (60, true)] {
            let mut runs = Runs { run, ..Runs::new(in_memory) };
            for (order, line) in rows() {
                runs.add(order, &line).unwrap();
            }
            assert_eq!((runs.count, !runs.spilled.is_empty()), (400, is_spilled));
            let mut out = Vec::new();
            runs.write(&mut out, |sum| Ok(format!("{} lines", sum.pools))).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("400 lines\n{}\n", wanted.join("\n")));
        }
    }

    #[test]
    fn a_failure_to_spill_is_an_error() {
        let none: MakeScratch = || Err(io::Error::other("no space is left"));
        let mut runs = Runs { run: 10, ..Runs::new(none) };
        assert!(runs.add([None], "a line that is longer than what is kept").is_err());
    }
}
