//! Reads a pool with those of its sections that are wanted.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::call::Lane;
use super::compose::with_sections;
use super::failure::{Failure, Kind};
use super::operation::{is_readable, operations};
use super::section::{Missed, Part};
use crate::pool::Section;

/// So many pools in a row for which the service does not answer about a section end the asking for it.
pub(super) const OUTAGE: usize = 10;

/// A pool, and what could not be read of it.
#[derive(Debug)]
pub(super) struct Whole {
    pub body: String,
    /// The account in the pool's ARN.
    pub account: Option<String>,
    pub held: Vec<Section>,
    pub missed: Vec<(Section, Missed)>,
    /// What was listed and is not there any more.
    pub gone: Vec<String>,
    /// Sections that this version does not read.
    pub unreadable: Vec<Section>,
}

impl Whole {
    /// The failure after which no call of this run will do better.
    pub(super) fn expired(&self) -> Option<(&'static str, Failure)> {
        let expired = self.missed.iter().find(|(_, missed)| missed.failure.kind == Kind::Credentials);
        expired.map(|(_, missed)| (missed.operation, missed.failure.clone()))
    }
}

/// Reads a pool. A section that fails leaves the others.
pub(super) async fn read(lane: &Lane, sections: &BTreeSet<Section>, id: &str) -> Result<Whole, Failure> {
    let pool = lane.describe(id).await?;
    let gone = Mutex::default();
    let part = Part { lane, id, pool: &pool, gone: &gone };
    let (mut texts, mut held, mut missed) = (Vec::new(), Vec::new(), Vec::new());
    let unreadable = sections.iter().copied().filter(|section| !is_readable(*section)).collect();
    // What clients have of their own comes with the clients.
    let own_call = |section: &Section| !matches!(section, Section::UserPool | Section::ClientRisk);
    for section in sections.iter().copied().filter(own_call).filter(|section| is_readable(*section)) {
        if let Some(failure) = given_up(lane, section, &missed) {
            missed.push((section, failure));
            continue;
        }
        let answer = match section {
            Section::Clients if sections.contains(&Section::ClientRisk) => {
                let given_up = given_up(lane, Section::ClientRisk, &missed);
                part.clients(given_up.is_none()).await.map(|(text, risk)| {
                    let outage = risk.as_ref().is_some_and(|missed| missed.failure.outage());
                    if given_up.is_none() {
                        lane.outages.note(Section::ClientRisk, outage);
                    }
                    match given_up.or(risk) {
                        Some(risk) => missed.push((Section::ClientRisk, risk)),
                        None => held.push(Section::ClientRisk),
                    }
                    Some(text)
                })
            }
            _ => part.read(section).await,
        };
        lane.outages.note(section, answer.as_ref().is_err_and(|missed| missed.failure.outage()));
        match answer {
            Ok(text) => {
                held.push(section);
                texts.extend(text.map(|text| (section.member(), text)));
            }
            Err(miss) => missed.push((section, miss)),
        }
    }
    let body = with_sections(pool.body, &texts)?;
    let gone = gone.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Whole { body, account: pool.account, held, missed, gone, unreadable })
}

/// Why there is no use in asking for a section.
fn given_up(lane: &Lane, section: Section, missed: &[(Section, Missed)]) -> Option<Missed> {
    let operation = operations(section).first().copied().unwrap_or_default();
    let expired = missed.iter().find(|(_, missed)| missed.failure.kind == Kind::Credentials);
    if let Some((_, expired)) = expired {
        let said =
            format!("it was not asked for, since the credentials did not work for {}", expired.operation);
        return Some(Missed { operation, failure: Failure::new(Kind::Other, said) });
    }
    let said = format!("it was not answered for {OUTAGE} pools in a row, so it is not asked for any more");
    (OUTAGE <= lane.outages.of(section))
        .then(|| Missed { operation, failure: Failure::new(Kind::Other, said) })
}
