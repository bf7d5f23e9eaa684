//! What the reader of a Region says: pools, and what it did not read of those that it knows.

use std::ops::ControlFlow;

use super::super::call::Lane;
use super::super::stop::Stop;
use super::super::whole::Whole;
use super::{Reader, Target};
use crate::pool::{Origin, Section, Source};
use crate::source::{About, Chunk, Delivery, Note, Shape, Unread};

impl Reader {
    /// When the time for the run is over: what would have been read. After a signal the whole run is told to be
    /// a part.
    pub(super) async fn tell_what_is_left(&self, more_to_list: bool) {
        let stop = *self.lane.stopped.borrow();
        let Some(over @ Stop::TimeLimit(_)) = stop else { return };
        let left = self.known.len() - self.told;
        let left = (0 < left).then(|| format!("{} not read", were(left)));
        let list = more_to_list.then(|| "the list of pools was not read to its end".to_owned());
        let said: Vec<String> = left.into_iter().chain(list).collect();
        if !said.is_empty() {
            let about = About {
                account: self.lane.account.clone(),
                region: Some(self.lane.region.clone()),
                pool: None,
            };
            let unread = Unread { about, ..over.unread(self.lane.title(), &said.join(", and ")) };
            _ = self.send(Delivery::Unread(unread)).await;
        }
    }

    /// Sends an answer, and what is to be noted of it.
    pub(super) async fn tell_whole(&mut self, target: &Target, whole: Whole) -> ControlFlow<()> {
        for message in &whole.gone {
            let (target, message) = (title(&self.lane, target), message.clone());
            self.send(Delivery::Note(Note { target, message })).await?;
        }
        let delivery = self.deliver(target, whole);
        self.tell(delivery).await
    }

    /// The answer itself, unless it is about a pool of another account than the one that was asked for.
    fn deliver(&self, target: &Target, whole: Whole) -> Delivery {
        if let (Some(asked), Some(told)) = (&target.account, &whole.account)
            && asked != told
        {
            return Delivery::Unread(Unread {
                target: title(&self.lane, target),
                operation: Some("DescribeUserPool".to_owned()),
                code: None,
                message: format!("the ARN names account {asked}, and the credentials read account {told}"),
                help: Some(format!("use credentials of account {asked}")),
                at: None,
                about: About {
                    account: Some(asked.clone()),
                    region: Some(self.lane.region.clone()),
                    pool: Some(target.id.clone()),
                },
            });
        }
        let missed = whole.missed.iter();
        let missed = missed.map(|(section, missed)| {
            (*section, self.lane.reason(missed, &target.id, whole.account.as_deref()))
        });
        let not_read = |section: Section| format!("this version does not read {}", section.member());
        let unreadable = whole.unreadable.iter().map(|section| (*section, not_read(*section)));
        Delivery::Chunk(Chunk {
            origin: Origin { source: Source::Live, name: self.lane.region.as_str().into() },
            unread: missed.chain(unreadable).map(|(section, why)| (section, why.into())).collect(),
            held: whole.held,
            bytes: whole.body.into_bytes(),
            first_line: 1,
            shape: Shape::Document,
            ..Chunk::default()
        })
    }

    /// Sends what is said of a known pool.
    pub(super) async fn tell(&mut self, delivery: Delivery) -> ControlFlow<()> {
        self.send(delivery).await?;
        self.told += 1;
        ControlFlow::Continue(())
    }

    /// Breaks when nobody listens any more.
    pub(super) async fn send(&self, delivery: Delivery) -> ControlFlow<()> {
        match self.out.send(delivery).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// What to call a pool before its document is there.
pub(super) fn title(lane: &Lane, target: &Target) -> String {
    let place = if lane.several { format!(" in {}", lane.title()) } else { String::new() };
    match target.name.as_deref() {
        Some(name) if !name.is_empty() => format!("{name} ({}){place}", target.id),
        _ => format!("{}{place}", target.id),
    }
}

/// So many known pools, for what became of them.
pub(super) fn were(pools: usize) -> String {
    match pools {
        1 => "1 known pool was".to_owned(),
        _ => format!("{pools} known pools were"),
    }
}
