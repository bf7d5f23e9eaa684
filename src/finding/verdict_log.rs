//! Every verdict of a run, by pool. There is one for each rule and pool, so they are kept as bytes in a spool, and read
//! from there by each report that shows them.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Evidence, PoolRef, Subject, Verdict};
use crate::spool::{MakeScratch, Piece, Spool};

/// Verdicts in the order in which they are read. Copies share the bytes.
#[derive(Clone, Debug, Default)]
pub struct VerdictLog {
    parts: Vec<Part>,
    spool: Arc<Mutex<Spool>>,
}

/// Verdicts on one pool.
#[derive(Clone, Debug)]
struct Part {
    pool: Arc<PoolRef>,
    verdicts: usize,
    piece: Piece,
    /// A log that is joined of several has the spools of all.
    spool: Arc<Mutex<Spool>>,
}

/// All verdicts on one pool, which are still to be read.
#[derive(Clone, Copy, Debug)]
pub struct OfPool<'a> {
    pool: &'a Arc<PoolRef>,
    parts: &'a [Part],
}

impl VerdictLog {
    /// A log that takes as much memory as its pools do: the verdicts go to a temporary file.
    pub fn spilled(make: MakeScratch) -> VerdictLog {
        VerdictLog { parts: Vec::new(), spool: Arc::new(Mutex::new(Spool::new(Some(make)))) }
    }

    /// An empty log with the spool of this one.
    #[must_use]
    pub fn branch(&self) -> VerdictLog {
        VerdictLog { parts: Vec::new(), spool: Arc::clone(&self.spool) }
    }

    /// Adds verdicts on one pool.
    pub fn add(&mut self, pool: &Arc<PoolRef>, verdicts: &[Evidence]) {
        if verdicts.is_empty() {
            return;
        }
        let mut bytes = Vec::with_capacity(verdicts.len() * 128);
        for Evidence { rule, pool: _, subject, verdict, reason } in verdicts {
            let label = subject.as_ref().and_then(|subject| subject.label.as_ref());
            bytes.extend([*verdict as u8, u8::from(subject.is_some()) + u8::from(label.is_some())]);
            let of_subject = [subject.as_ref().map(|subject| &*subject.key), label.map(String::as_str)];
            for text in [&**rule, &**reason].into_iter().chain(of_subject.into_iter().flatten()) {
                bytes.extend((text.len() as u64).to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        let piece = self.spool.lock().unwrap_or_else(PoisonError::into_inner).add(&bytes);
        let (pool, spool) = (Arc::clone(pool), Arc::clone(&self.spool));
        self.parts.push(Part { pool, verdicts: verdicts.len(), piece, spool });
    }

    /// Adds the verdicts of another log.
    pub fn join(&mut self, other: VerdictLog) {
        self.parts.extend(other.parts);
    }

    /// Brings the pools into order. Verdicts on one pool that were added apart are in order when they are read.
    pub fn sort(&mut self) {
        self.parts.sort_by(|a, b| a.pool.cmp(&b.pool));
    }

    /// Adds the verdicts on one pool of another log, which stay where they are.
    pub fn share(&mut self, of: OfPool<'_>) {
        self.parts.extend_from_slice(of.parts);
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The number of verdicts.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.verdicts).sum()
    }

    /// The pools, each with its verdicts.
    pub fn pools(&self) -> impl Iterator<Item = OfPool<'_>> {
        let groups = self.parts.chunk_by(|a, b| a.pool == b.pool);
        groups.filter_map(|parts| Some(OfPool { pool: &parts.first()?.pool, parts }))
    }

    /// Reads all verdicts, those on one pool at a time.
    pub fn verdicts(&self) -> impl Iterator<Item = io::Result<Evidence>> {
        self.pools().flat_map(|of| {
            let (verdicts, failed) = match of.read() {
                Ok(verdicts) => (verdicts, None),
                Err(error) => (Vec::new(), Some(Err(error))),
            };
            verdicts.into_iter().map(Ok).chain(failed)
        })
    }
}

impl<'a> OfPool<'a> {
    pub fn pool(&self) -> &'a PoolRef {
        self.pool
    }

    /// Reads the verdicts.
    pub fn read(&self) -> io::Result<Vec<Evidence>> {
        let mut all = Vec::new();
        for part in self.parts {
            let bytes = part.spool.lock().unwrap_or_else(PoisonError::into_inner).read(part.piece)?;
            let mut rest = &*bytes;
            while !rest.is_empty() {
                all.push(verdict(&mut rest, self.pool).ok_or(io::ErrorKind::InvalidData)?);
            }
        }
        if self.parts.len() > 1 {
            all.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
        }
        Ok(all)
    }
}

impl Extend<Evidence> for VerdictLog {
    fn extend<I: IntoIterator<Item = Evidence>>(&mut self, verdicts: I) {
        let mut of_pool: Vec<Evidence> = Vec::new();
        for one in verdicts {
            if let Some(first) = of_pool.first().filter(|first| first.pool != one.pool) {
                self.add(&Arc::clone(&first.pool), &of_pool);
                of_pool.clear();
            }
            of_pool.push(one);
        }
        if let Some(first) = of_pool.first() {
            self.add(&first.pool, &of_pool);
        }
    }
}

impl FromIterator<Evidence> for VerdictLog {
    fn from_iter<I: IntoIterator<Item = Evidence>>(verdicts: I) -> Self {
        let mut log = VerdictLog::default();
        log.extend(verdicts);
        log
    }
}

/// Takes the next verdict. The texts of its subject are the last ones: a key and a label, or a key, or none.
fn verdict(rest: &mut &[u8], pool: &Arc<PoolRef>) -> Option<Evidence> {
    let (number, texts) = (*rest.split_off_first()?, *rest.split_off_first()?);
    let verdict = Verdict::ALL.into_iter().find(|verdict| *verdict as u8 == number)?;
    let (rule, reason) = (text(rest)?.into(), text(rest)?.into());
    let subject = match texts {
        0 => None,
        1 => Some(Box::new(Subject { key: text(rest)?.to_owned(), label: None })),
        _ => Some(Box::new(Subject { key: text(rest)?.to_owned(), label: Some(text(rest)?.to_owned()) })),
    };
    Some(Evidence { rule, pool: Arc::clone(pool), subject, verdict, reason })
}

/// Takes the next text, which has its length before it.
fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let size = u64::from_le_bytes(rest.split_off(..8)?.try_into().ok()?);
    let bytes = rest.split_off(..usize::try_from(size).ok()?)?;
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn pool(number: usize) -> Arc<PoolRef> {
        Arc::new(PoolRef { offset: number, ..PoolRef::default() })
    }

    /// Verdicts on ten pools, those on one pool apart from each other, and some that only their reasons tell apart.
    fn verdicts() -> Vec<Evidence> {
        let subject = |number: usize| {
            let label = (number % 3 > 1).then(|| "a label\u{e9}".to_owned());
            (!number.is_multiple_of(3)).then(|| Box::new(Subject { key: format!("{}", number % 2), label }))
        };
        let one = |number: usize| Evidence {
            rule: ["mfa-off", "", "tls-old"][number % 3].into(),
            pool: pool(number * 7919 % 10),
            subject: subject(number / 3),
            verdict: Verdict::ALL[number % 4],
            reason: if number.is_multiple_of(5) { "".into() } else { format!("reason {number}").into() },
        };
        (0..200).map(one).collect()
    }

    fn texts(verdicts: impl IntoIterator<Item = Evidence>) -> Vec<String> {
        verdicts.into_iter().map(|one| format!("{one:?}")).collect()
    }

    #[test]
    fn verdicts_come_back_in_the_order_of_pool_rule_and_subject() {
        let mut wanted = verdicts();
        wanted.sort_by(|a, b| (&a.pool, &a.rule, &a.subject).cmp(&(&b.pool, &b.rule, &b.subject)));
        let make: MakeScratch = || Ok(Box::new(Cursor::new(Vec::new())));
        for empty in [VerdictLog::default(), VerdictLog::spilled(make)] {
            let (mut log, mut other) = (empty.branch(), VerdictLog::default());
            for (number, verdict) in verdicts().into_iter().enumerate() {
                let to = if number < 150 { &mut log } else { &mut other };
                to.extend([verdict]);
            }
            log.join(other);
            log.sort();
            assert_eq!(log.len(), 200);
            for _ in 0..2 {
                assert_eq!(texts(log.verdicts().map(Result::unwrap)), texts(wanted.clone()));
            }
            let mut some = VerdictLog::default();
            log.pools().filter(|of| of.pool().offset < 3).for_each(|of| some.share(of));
            let wanted = wanted.iter().filter(|one| one.pool.offset < 3).cloned();
            assert_eq!(texts(some.verdicts().map(Result::unwrap)), texts(wanted));
        }
    }

    #[test]
    fn verdicts_that_were_never_sorted_are_as_they_were_given() {
        let log: VerdictLog = verdicts().into_iter().collect();
        assert_eq!(texts(log.verdicts().map(Result::unwrap)), texts(verdicts()));
        assert!(VerdictLog::from_iter([]).is_empty());
    }

    #[test]
    fn a_file_that_lost_its_verdicts_is_an_error() {
        let make: MakeScratch = || Ok(Box::new(Lost));
        let mut log = VerdictLog::spilled(make);
        let large = Evidence { reason: "long".repeat(2_000_000).into(), ..verdicts().remove(1) };
        log.extend([large, verdicts().remove(2)]);
        let found: Vec<io::Result<Evidence>> = log.verdicts().collect();
        assert!(matches!(&found[..], [Err(_), Ok(_)]), "{found:?}");
    }

    /// A file that forgets what is written.
    struct Lost;

    impl io::Read for Lost {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    impl io::Write for Lost {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl io::Seek for Lost {
        fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
}
