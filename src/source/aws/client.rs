//! Calls to the service: clients, pace, retries, failures, cancellation and raw answers.

mod advice;
mod cancel;
mod failure;
mod answer;
mod bounded;
mod pace;
mod other_services;
mod attempts;
mod pool_answer;
mod region_client;

pub(super) use advice::renew;
pub(super) use answer::{elements, is_answer, member};
pub(super) use attempts::AttemptInterceptor;
pub(super) use bounded::BoundedClient;
pub(super) use cancel::{
    CancelReason, CancelSignal, DRAIN_TIMEOUT, cancelled, cancelled_and_drained, crashed, until,
};
pub(super) use failure::{CallFailure, FailedCall, FailureKind, chain};
pub(super) use other_services::{RawRequest, ask, tries, xml_elements};
pub(super) use pace::{Pacer, Pacers};
pub(super) use region_client::{DescribedPool, Outages, RegionChoice, RegionClient};
