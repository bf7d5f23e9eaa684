//! The members of a pack, each made of its snapshot and its policy.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::run::Pack;
use super::{Members, REPORT, RUN, Restored, SNAPSHOT, SUMS};
use crate::evaluate::{Detail, Evaluation, Options, evaluate};
use crate::outcome::{Outcome, outcome};
use crate::report::evidence::{self as print, Facts};
use crate::report::screen::{Draws, Screen};
use crate::report::{self, Format, Report, Run, Style, iam};
use crate::source::{Delivery, live};
use crate::triage::{Decisions, RunScope, triage};
use crate::value::{Day, hex};

/// The pools of a snapshot as the policy of a pack judges them.
pub struct Judged<'a> {
    pack: &'a Pack,
    restored: &'a Restored,
    pub evaluation: Evaluation,
    pub outcome: Outcome,
}

impl<'a> Judged<'a> {
    /// Judges the deliveries of the snapshot.
    pub fn of(
        pack: &'a Pack,
        restored: &'a Restored,
        deliveries: impl Iterator<Item = Delivery> + Send,
    ) -> Judged<'a> {
        let options = Options {
            now: pack.judged(),
            full_coverage: restored.full_coverage,
            evidence: true,
            detail: Detail::ALL,
            shard: None,
        };
        let mut evaluation = evaluate(&restored.policy, deliveries, options);
        let decisions = Decisions {
            waivers: &restored.waivers,
            baseline: None,
            previous: None,
            policy: &restored.policy,
            today: Day::of(pack.judged()),
            scope: RunScope { files: &[], shard: None },
        };
        triage(&mut evaluation, decisions);
        let outcome = outcome(&evaluation, restored.terms);
        Judged { pack, restored, evaluation, outcome }
    }

    /// The answer in one line, without a period.
    pub fn answer(&self) -> String {
        report::answer(&self.report())
    }

    /// The number of verdicts of each kind on the controls, one line for each standard.
    pub fn controls(&self) -> Vec<String> {
        report::verdicts_on_controls(&self.report())
    }

    pub(super) fn pack(&self) -> &Pack {
        self.pack
    }

    fn report(&self) -> Report<'_> {
        let run = Run {
            generated: self.pack.judged(),
            digest: self.pack.digest(),
            full_coverage: self.restored.full_coverage,
            shard: None,
        };
        let (outcome, terms) = (self.outcome, self.restored.terms);
        Report {
            evaluation: &self.evaluation,
            outcome,
            terms,
            policy: &self.restored.policy,
            evidence: true,
            run,
        }
    }
}

/// Hands on every member of a pack, and returns the text of their checksums. `snapshot` reads the snapshot from its
/// start.
pub fn sums(judged: &Judged<'_>, snapshot: &mut dyn Read, to: &mut dyn Members) -> io::Result<String> {
    let mut summed = Summed { to, sums: String::new() };
    let (pack, report) = (judged.pack, judged.report());
    let selection = pack.selection();
    let facts = Facts {
        live: selection.live,
        all_regions: selection.all_regions,
        regions: &selection.regions,
        pools: &selection.pools,
        configuration: pack.run.policy.configuration.is_some(),
        waivers: judged.restored.waivers.len(),
    };
    summed.text("README.txt", Draws::Text, &mut |out| print::readme(&report, &facts, out))?;
    summed.text("controls.html", Draws::Text, &mut |out| print::controls_page(&report, &facts, out))?;
    let pages = report::files(Format::Html, &report);
    let names: Vec<String> = (1..=pages).map(page).collect();
    for (position, name) in names.iter().enumerate() {
        summed.text(name, Draws::Text, &mut |out| {
            report::write_file(Format::Html, &report, Style::PLAIN, (position, &names), out)
        })?;
    }
    for (name, format) in [(REPORT, Format::Json), ("oscal.json", Format::Oscal)] {
        summed.text(name, Draws::Json, &mut |out| report::write(format, &report, Style::PLAIN, out))?;
    }
    summed.text("controls.json", Draws::Json, &mut |out| print::controls(&report, out))?;
    summed.text("not-looked-at.json", Draws::Json, &mut |out| print::not_looked_at(&report, &facts, out))?;
    let actions = live::actions(&judged.restored.policy.sections());
    let statements = iam::reading(&actions, selection.all_regions);
    summed.text("iam-policy.json", Draws::Json, &mut |out| iam::policy(&statements, out))?;
    for (name, text) in &pack.texts {
        summed.member(name, &mut |out| out.write_all(text.as_bytes()))?;
    }
    summed.text(RUN, Draws::Json, &mut |out| {
        serde_json::to_writer_pretty(&mut *out, &pack.run)?;
        writeln!(out)
    })?;
    summed.member(SNAPSHOT, &mut |out| io::copy(snapshot, out).map(|_| ()))?;
    let Summed { to, sums } = summed;
    to.member(SUMS, &mut |out| out.write_all(sums.as_bytes()))?;
    Ok(sums)
}

/// The name of a page of the report.
fn page(number: usize) -> String {
    if number == 1 { "report.html".to_owned() } else { format!("report-{number}.html") }
}

/// Members with their checksums, in the form that `sha256sum -c` reads.
struct Summed<'a> {
    to: &'a mut dyn Members,
    sums: String,
}

type Body<'b> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'b;

impl Summed<'_> {
    /// A text that may hold texts of others.
    fn text(&mut self, name: &str, draws: Draws, write: &mut Body<'_>) -> io::Result<()> {
        self.member(name, &mut |out| {
            let mut screen = Screen::new(out, draws);
            write(&mut screen)?;
            screen.flush()
        })
    }

    fn member(&mut self, name: &str, write: &mut Body<'_>) -> io::Result<()> {
        let mut hash = Sha256::new();
        self.to.member(name, &mut |out| write(&mut Hashing { out, hash: &mut hash }))?;
        self.sums.push_str(&line(hash, name));
        Ok(())
    }
}

/// The line of a member in the file of checksums.
pub(super) fn line(hash: Sha256, name: &str) -> String {
    format!("{}  {name}\n", hex(&hash.finalize()))
}

/// A writer that takes the checksum of what passes.
pub(super) struct Hashing<'a> {
    pub out: &'a mut dyn Write,
    pub hash: &'a mut Sha256,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
