//! Reads a pool with the requested sections.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::section::SectionReader;
use super::splice::with_sections;
use crate::pool::Section;
use crate::source::aws::client::{CallFailure, FailedCall, FailureKind, RegionClient};

/// After this many consecutive pools without an answer about a section, the section is not requested any more.
pub(in crate::source::aws) const OUTAGE: usize = 10;

/// A pool, and the sections that could not be read.
#[derive(Debug)]
pub(in crate::source::aws) struct LivePool {
    pub body: String,
    /// The account in the pool's ARN.
    pub account: Option<String>,
    pub held: Vec<Section>,
    pub missed: Vec<(Section, FailedCall)>,
    /// Notes about elements that were deleted after they had been listed.
    pub gone: Vec<String>,
    /// Sections that this version cannot read.
    pub unreadable: Vec<Section>,
}

impl LivePool {
    /// The failure that the credentials do not work, after which no call of the run will.
    pub(in crate::source::aws) fn expired(&self) -> Option<(&'static str, CallFailure)> {
        let expired = self.missed.iter().find(|(_, missed)| missed.failure.kind == FailureKind::Credentials);
        expired.map(|(_, missed)| (missed.operation, missed.failure.clone()))
    }
}

/// Reads a pool. A section that fails does not affect the others.
pub(in crate::source::aws) async fn read_pool(
    client: &RegionClient,
    sections: &BTreeSet<Section>,
    id: &str,
) -> Result<LivePool, CallFailure> {
    let pool = client.describe(id).await?;
    let gone = Mutex::default();
    let part = SectionReader { api: client, id, pool: &pool, gone: &gone };
    let (mut texts, mut held, mut missed) = (Vec::new(), Vec::new(), Vec::new());
    let unreadable = sections.iter().copied().filter(|section| !section.is_readable()).collect();
    // The settings of each client are read with the clients.
    let own_call =
        |section: &Section| *section != Section::UserPool && !Section::OF_CLIENTS.contains(section);
    for section in sections.iter().copied().filter(own_call).filter(|section| section.is_readable()) {
        if let Some(failure) = given_up(client, section, &missed) {
            missed.push((section, failure));
            continue;
        }
        let answer = match section {
            Section::Clients => {
                let of_clients = Section::OF_CLIENTS.into_iter().filter(|section| section.is_readable());
                let mut asked = Vec::new();
                for section in of_clients.filter(|section| sections.contains(section)) {
                    match given_up(client, section, &missed) {
                        Some(failure) => missed.push((section, failure)),
                        None => asked.push(section),
                    }
                }
                part.clients(&asked).await.map(|(text, parts)| {
                    for (section, failure) in parts {
                        let outage = failure.as_ref().is_some_and(|missed| missed.failure.outage());
                        client.outages.note(section, outage);
                        match failure {
                            Some(failure) => missed.push((section, failure)),
                            None => held.push(section),
                        }
                    }
                    Some(text)
                })
            }
            _ => part.read(section).await,
        };
        client.outages.note(section, answer.as_ref().is_err_and(|missed| missed.failure.outage()));
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
    Ok(LivePool { body, account: pool.account, held, missed, gone, unreadable })
}

/// The reason not to request a section: earlier calls have failed.
fn given_up(client: &RegionClient, section: Section, missed: &[(Section, FailedCall)]) -> Option<FailedCall> {
    let operation = section.operations().first().copied().unwrap_or_default();
    let expired = missed.iter().find(|(_, missed)| missed.failure.kind == FailureKind::Credentials);
    if let Some((_, expired)) = expired {
        let said =
            format!("it was not asked for, since the credentials did not work for {}", expired.operation);
        return Some(FailedCall { operation, failure: CallFailure::new(FailureKind::Other, said) });
    }
    let said = format!("it was not answered for {OUTAGE} pools in a row, so it is not asked for any more");
    (OUTAGE <= client.outages.of(section))
        .then(|| FailedCall { operation, failure: CallFailure::new(FailureKind::Other, said) })
}
