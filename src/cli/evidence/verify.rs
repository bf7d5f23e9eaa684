//! `evidence verify`: the verdicts of a pack are those of its pools and its policy, and its documents are unchanged.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::Copied;
use crate::cli::args::VerifyArgs;
use crate::cli::streams::Stream;
use crate::cli::{Failure, load, output, printed};
use crate::evidence::{self, Difference, Differences, Fault, Judged, Nowhere, Pack, Restored, SUMS, Signed};
use crate::file_name;
use crate::outcome::Outcome;
use crate::report::screen::Draws;
use crate::report::{count, sanitized};
use crate::rule::digest;

/// More differences are counted.
const LISTED: usize = 20;

pub(super) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let name = file_name::of(&args.file).into_owned();
    let tampered = |Fault(why): Fault| {
        let help = "get the file again: it changes if it is sent as text or packed again";
        Failure::Other(miette::miette!(help = help, "{name} is not an evidence pack that is whole: {why}"))
    };
    let file = File::open(&args.file).map_err(|error| {
        let help = "name the file that `cognito-lint evidence -o FILE` wrote";
        Failure::Other(miette::miette!(help = help, "{name} cannot be opened: {error}"))
    })?;
    let mut opened = evidence::open(io::BufReader::new(file)).map_err(tampered)?;
    let pack = opened.pack.clone();
    let restored = restored(&pack).map_err(tampered)?;
    let mut unpacked = Ok(());
    let snapshot = Copied::of(|file| {
        unpacked = opened.snapshot(file);
        Ok(())
    });
    unpacked.map_err(tampered)?;
    let snapshot = snapshot.map_err(output::no_scratch)?;
    let judged = Judged::of(&pack, &restored, snapshot.deliveries());
    let again = snapshot.open().and_then(|mut file| evidence::sums(&judged, &mut file, &mut Nowhere));
    let again = again.map_err(output::no_scratch)?;
    // A report is read into memory only where something differs.
    let compared = match opened.sums == again {
        true => Differences::none(&judged),
        false => evidence::differences(&opened.report().map_err(tampered)?, &judged).map_err(tampered)?,
    };
    let attested = args.attest.as_deref().map(|file| attested(file, &args.file, &judged, &snapshot));
    let attested = attested.transpose()?;
    let found = Found {
        attested,
        documents: changed(&opened.sums, &again),
        not_of_program: pack.not_of_program(),
        differences: compared.all,
        verdicts: compared.verdicts,
    };
    let mut out = Stream::Stdout.screen(Draws::Text);
    let written = found.print(&name, &pack, &judged, &mut out).and_then(|()| out.flush());
    printed(written, ExitCode::from(found.exit_code(&pack)))
}

/// Whether a statement is the one that the pack gives, and whether it is signed.
fn attested(
    file: &Path,
    pack: &Path,
    judged: &Judged<'_>,
    snapshot: &Copied,
) -> Result<(bool, Signed), Failure> {
    let text = load::read(file).map_err(Failure::Other)?;
    let shown = file_name::of(file).into_owned();
    let strange =
        |Fault(why): Fault| Failure::Other(miette::miette!("{shown} is not a statement of a pack: {why}"));
    let given = evidence::read_statement(text.text().to_owned()).map_err(strange)?;
    let mut own = Vec::new();
    let written = File::open(pack).and_then(|mut pack| {
        let sum = evidence::sha256(&mut pack)?;
        evidence::statement(judged, &mut io::BufReader::new(snapshot.open()?), &sum, &mut own)
    });
    written.map_err(output::no_scratch)?;
    let same = given.says(&String::from_utf8_lossy(&own)).map_err(strange)?;
    Ok((same, given.signed))
}

/// The policy of a pack, where it is the one that the pack names.
fn restored(pack: &Pack) -> Result<Restored, Fault> {
    let restored = pack.restored().map_err(|mistakes| {
        let first = mistakes.first().map_or("", |mistake| mistake.message.as_str());
        Fault(format!("its policy cannot be read: {first}"))
    })?;
    if digest(&restored.policy) != pack.digest() {
        return Err(Fault("its policy does not match the digest in it".to_owned()));
    }
    match pack.unneeded(&restored) {
        Some(name) => Err(Fault(format!("the member {name} is not a part of its policy"))),
        None => Ok(restored),
    }
}

/// The members whose checksums are others now.
fn changed(sums: &str, again: &str) -> Vec<String> {
    let differs = |line: &&str| !again.lines().any(|other| other == *line);
    let name = |line: &str| line.split_once("  ").map_or(line, |(_, name)| name).to_owned();
    let mut changed: Vec<String> = sums.lines().filter(differs).map(name).collect();
    let only = |line: &&str| !sums.lines().any(|other| name(other) == name(line));
    changed.extend(again.lines().filter(only).map(name));
    // The members may be the same in another order.
    if changed.is_empty() && sums != again {
        changed.push(SUMS.to_owned());
    }
    changed
}

/// The result of a comparison.
struct Found<'a> {
    differences: Vec<Difference>,
    /// All verdicts of judging again.
    verdicts: usize,
    /// Members that writing them again does not give.
    documents: Vec<String>,
    /// Texts that pass for those of the program.
    not_of_program: Vec<&'a str>,
    /// Whether the statement that was given is that of the pack, and whether it is signed.
    attested: Option<(bool, Signed)>,
}

impl Found<'_> {
    fn is_of_another_pack(&self) -> bool {
        self.attested.is_some_and(|(same, _)| !same)
    }

    fn exit_code(&self, pack: &Pack) -> u8 {
        let same = self.differences.is_empty() && !self.is_of_another_pack();
        match (same, pack.is_of_this_version()) {
            (true, true) if self.documents.is_empty() && self.not_of_program.is_empty() => 0,
            (true, false) => Outcome::Incomplete.exit_code(),
            (true, true) | (false, _) => Outcome::Findings.exit_code(),
        }
    }

    fn print(&self, name: &str, pack: &Pack, judged: &Judged<'_>, out: &mut dyn Write) -> io::Result<()> {
        let name = sanitized(name);
        let pools = count(judged.evaluation.tally.pools, "pool");
        let verdicts = count(self.verdicts, "verdict");
        let (own, other) = (env!("CARGO_PKG_VERSION"), sanitized(pack.tool()));
        match (self.exit_code(pack), self.differences.len()) {
            (0, _) => writeln!(
                out,
                "{name} is verified: judging its snapshot again gives the same {verdicts} on {pools} and the same \
                 documents"
            )?,
            (3, _) => writeln!(
                out,
                "{name} has the verdicts that judging again gives ({verdicts} on {pools}), but its documents were \
                 written by version {other}, and this is {own}: nothing says whether they were changed"
            )?,
            (_, 0) if self.is_of_another_pack() => {
                writeln!(out, "{name} does not match the statement")?;
            }
            (_, 0) => writeln!(
                out,
                "{name} was changed: its verdicts are confirmed, but other parts differ from what this program \
                 writes"
            )?,
            (_, n) => writeln!(
                out,
                "{name} has other verdicts than judging again gives: {} of {verdicts} on {pools}",
                count(n, "difference")
            )?,
        }
        self.print_details(pack, out)?;
        if let Some((true, signed)) = self.attested {
            let by = match signed {
                Signed::Bare => "the statement says the same; it is not signed",
                Signed::Unsigned => {
                    "the statement says the same, but its envelope has no signature: nobody signed it"
                }
                Signed::Signed => {
                    "the statement says the same; check its signature with the tool that signed it"
                }
            };
            writeln!(out, "{by}")?;
        }
        writeln!(out, "policy digest {}, judged as of {}", sanitized(pack.digest()), pack.time())
    }

    /// The differences, one a line.
    fn print_details(&self, pack: &Pack, out: &mut dyn Write) -> io::Result<()> {
        let (own, other) = (env!("CARGO_PKG_VERSION"), sanitized(pack.tool()));
        for Difference { about, words: [written, again] } in self.differences.iter().take(LISTED) {
            let word = |word: &Option<String>| {
                word.as_ref().map_or("nothing".to_owned(), |word| sanitized(word).into_owned())
            };
            writeln!(
                out,
                "  {}: the pack says {}, judged again {}",
                sanitized(about),
                word(written),
                word(again)
            )?;
        }
        if self.differences.len() > LISTED {
            writeln!(out, "  and {} more", self.differences.len() - LISTED)?;
        }
        if pack.is_of_this_version() {
            for name in &self.documents {
                writeln!(out, "  {name} differs from the result of its snapshot and policy")?;
            }
            for name in &self.not_of_program {
                writeln!(out, "  {name} differs from the text of version {own}")?;
            }
        } else if self.exit_code(pack) != 3 {
            writeln!(
                out,
                "  version {other} wrote it, and this is {own}: use that version to compare everything"
            )?;
        }
        Ok(())
    }
}
