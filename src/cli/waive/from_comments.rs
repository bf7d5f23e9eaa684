//! `waive --from-comments`: the suppressions of other programs near user pools, as waivers for review.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use super::DAYS;
use crate::cli::args::WaiveArgs;
use crate::cli::streams::Stream;
use crate::cli::{Failure, check, decisions, load, terminal};
use crate::evaluate::{Detail, Evaluation, InlineFound};
use crate::finding::{Finding, PoolRef, Status};
use crate::outcome::Outcome;
use crate::report::screen::Draws;
use crate::report::waiver::{Draft, write};
use crate::source::Peer;
use crate::spanned::quoted;
use crate::triage::peer;
use crate::value::Day;

pub(super) fn run(args: &WaiveArgs) -> Result<ExitCode, Failure> {
    let loaded = load::load(&args.check.policy)?;
    let own_rules = !args.check.policy.rules.is_empty();
    let decided = decisions::load(&args.check.decisions, &[], &loaded, own_rules)?;
    let judged = check::judged(&args.check, &loaded, &decided, Detail::Places)?;
    let evaluation = &judged.evaluation;
    let mut listing = Listing {
        args,
        evaluation,
        chosen: loaded.policy.rules.iter().map(|rule| &*rule.id).collect(),
        today: decided.today,
        out: Vec::new(),
        count: 0,
        is_complete: true,
    };
    for found in evaluation.peers.iter().filter(|found| !found.pools.is_empty()) {
        if let Some(peer) = &found.waiver.peer {
            listing.suppression(found, peer)?;
        }
    }
    let Listing { out, count, mut is_complete, .. } = listing;
    for unread in &evaluation.unread {
        terminal::print_line(&format!("{}: not read: {}", unread.target, unread.message));
        is_complete = false;
    }
    if count == 0 {
        terminal::print_line("no comment that suppresses checks of another program is near a user pool");
    }
    Stream::Stdout.screen(Draws::Text).write_all(&out)?;
    let is_whole = is_complete && evaluation.interrupted.is_none();
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(Outcome::Incomplete.exit_code()) })
}

struct Listing<'a> {
    args: &'a WaiveArgs,
    evaluation: &'a Evaluation,
    /// The ids of the chosen rules.
    chosen: BTreeSet<&'a str>,
    today: Day,
    out: Vec<u8>,
    /// Suppressions that were listed.
    count: usize,
    is_complete: bool,
}

impl Listing<'_> {
    /// Writes a suppression as a comment, and the waivers that it most likely stands for.
    fn suppression(&mut self, found: &InlineFound, peer: &Peer) -> io::Result<()> {
        let waiver = &found.waiver;
        let (line, column) = waiver.source_file.line_column(waiver.at.start);
        let ids: Vec<&str> = waiver.rules.iter().map(|(id, _)| &**id).collect();
        let named: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
        let checks = if named.is_empty() { "every check".to_owned() } else { named.join(", ") };
        let reason = match &*peer.reason {
            "" => String::new(),
            reason => format!(": {}", quoted(reason)),
        };
        if self.count > 0 {
            writeln!(self.out)?;
        }
        self.count += 1;
        let place = quoted(&format!("{}:{line}:{column}", waiver.source_file.name()));
        writeln!(self.out, "# {}: {checks} of {}{reason}", place.trim_matches('"'), peer.program)?;
        if let Some(last) = peer.until.filter(|last| self.today > *last) {
            return writeln!(self.out, "# It ran out on {last}.");
        }
        let rules: BTreeSet<&str> =
            ids.iter().flat_map(|id| peer::meant(peer.program, id)).copied().collect();
        for pool in &found.pools {
            if rules.is_empty() {
                self.guess(found, peer, pool)?;
            }
            for rule in &rules {
                self.rule(rule, peer, pool)?;
            }
        }
        Ok(())
    }

    /// Writes waivers of the rules that fail at the code and have a word in common with what is suppressed, else names
    /// the rules that fail there.
    fn guess(&mut self, found: &InlineFound, peer: &Peer, pool: &Arc<PoolRef>) -> io::Result<()> {
        let failing = self.evaluation.findings.iter().filter(|one| one.pool == *pool && is_at(one, found));
        let failing: BTreeSet<&str> = failing.map(|one| &*one.rule.id).collect();
        let title = quoted(&pool.identity.title());
        let title = title.trim_matches('"');
        let ids: Vec<&str> = found.waiver.rules.iter().map(|(id, _)| &**id).collect();
        let by_words = |text: &str| -> Vec<&str> {
            failing.iter().copied().filter(|rule| peer::share_a_word(rule, text)).collect()
        };
        let likely = Some(by_words(&ids.join(" "))).filter(|likely| !likely.is_empty());
        let likely = likely.unwrap_or_else(|| by_words(&peer.reason));
        if !likely.is_empty() {
            return likely.iter().try_for_each(|rule| self.rule(rule, peer, pool));
        }
        if failing.is_empty() {
            return writeln!(self.out, "# No chosen rule fails there in {title}.");
        }
        let failing: Vec<&str> = failing.into_iter().collect();
        writeln!(
            self.out,
            "# The rule that it means is not known. These fail there in {title}: {}",
            failing.join(", ")
        )
    }

    /// Writes waivers of the findings of a rule in a pool.
    fn rule(&mut self, rule: &str, peer: &Peer, pool: &Arc<PoolRef>) -> io::Result<()> {
        let title = quoted(&pool.identity.title());
        let title = title.trim_matches('"');
        let of_rule = |one: &&Finding| *one.rule.id == *rule && one.pool == *pool;
        let all: Vec<&Finding> = self.evaluation.findings.iter().filter(of_rule).collect();
        let undecided = self.evaluation.undecided.iter();
        for one in undecided.filter(|one| *one.rule.id == *rule && one.pool == *pool) {
            self.is_complete = false;
            writeln!(self.out, "# {rule} is not decided in {title}: {}", quoted(&one.reason))?;
        }
        if !self.chosen.contains(rule) {
            return writeln!(self.out, "# Most likely {rule}, which is not among the chosen rules.");
        }
        if all.is_empty() {
            return writeln!(self.out, "# Most likely {rule}, which finds nothing in {title}.");
        }
        let identity = &pool.identity;
        let name = identity.name.as_deref().or(identity.address.as_deref()).unwrap_or_default();
        let usual = self.today.after(DAYS);
        let expires = self.args.expires.unwrap_or_else(|| peer.until.map_or(usual, |last| last.min(usual)));
        let draft = Draft {
            rule,
            pool: name,
            owner: self.args.owner.as_deref().unwrap_or_default(),
            reason: self.args.reason.as_deref().unwrap_or(&peer.reason),
            expires,
        };
        for finding in all {
            if !finding.rule.waivable {
                return writeln!(self.out, "# Most likely {rule}, which cannot be waived.");
            }
            if let Status::Waived(waiver) = &finding.standing.status {
                let place = quoted(&waiver.place);
                writeln!(self.out, "# Most likely {rule}, which {} waives.", place.trim_matches('"'))?;
                continue;
            }
            let mut values = Vec::new();
            for (_, actual, _) in finding.places() {
                if !values.contains(&actual) {
                    write(&draft, Some((finding, actual)), &mut self.out)?;
                    values.push(actual);
                }
            }
        }
        Ok(())
    }
}

/// Whether a finding is at the code that a suppression is for.
fn is_at(finding: &Finding, found: &InlineFound) -> bool {
    let (source_file, code) = (&found.waiver.source_file, &found.waiver.beside);
    let lines = source_file.line_column(code.start).0..=source_file.line_column(code.end).0;
    let origin = finding.origin.as_deref();
    let mut places = finding.location.iter().chain(origin);
    places.any(|place| *place.file == *source_file.name() && lines.contains(&place.line))
}
