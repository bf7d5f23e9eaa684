//! An interceptor that counts and logs every attempt of a call.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_sdk_cognitoidentityprovider::config::http::{HttpRequest, HttpResponse};
use aws_sdk_cognitoidentityprovider::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use tokio::time::Instant;

use super::failure::{FailureKind, kind_of_code};
use crate::source::live::Secrets;
use crate::source::live::{Attempt, RegionCounts};

/// The members of a request that identify its target. No other is read.
const TARGETS: [&str; 4] = ["UserPoolId", "ClientId", "ProviderName", "Domain"];

/// Counts and logs the calls of one client.
#[derive(Debug)]
pub(in crate::source::aws) struct AttemptInterceptor {
    counts: Arc<RegionCounts>,
    secrets: Secrets,
    /// The number of attempts of each request that has not succeeded yet.
    tried: Arc<Mutex<BTreeMap<Vec<u8>, u32>>>,
}

/// An attempt in flight. It is dropped with the call, so that an abandoned attempt is logged too.
#[derive(Debug)]
struct PendingAttempt {
    counts: Arc<RegionCounts>,
    tried: Arc<Mutex<BTreeMap<Vec<u8>, u32>>>,
    request: Vec<u8>,
    operation: String,
    target: String,
    number: u32,
    begun: Instant,
    answer: OnceLock<Answer>,
}

#[derive(Debug)]
struct Answer {
    /// `None` if there was no answer.
    status: Option<u16>,
    outcome: String,
    request_id: Option<String>,
    ended: Instant,
}

impl Storable for PendingAttempt {
    type Storer = StoreReplace<Self>;
}

impl AttemptInterceptor {
    pub(in crate::source::aws) fn new(counts: Arc<RegionCounts>, secrets: Secrets) -> AttemptInterceptor {
        AttemptInterceptor { counts, secrets, tried: Arc::default() }
    }
}

#[dyn_dispatch_hint]
impl Intercept for AttemptInterceptor {
    fn name(&self) -> &'static str {
        "AttemptInterceptor"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.counts.requests.fetch_add(1, Relaxed);
        let (operation, body) = parts(context.request());
        let request = [operation.as_bytes(), body].concat();
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let number = tried.entry(request.clone()).or_default();
        *number += 1;
        cfg.interceptor_state().store_put(PendingAttempt {
            counts: Arc::clone(&self.counts),
            tried: Arc::clone(&self.tried),
            target: target(body),
            operation: operation.to_owned(),
            request,
            number: *number,
            begun: Instant::now(),
            answer: OnceLock::new(),
        });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(under_way) = cfg.load::<PendingAttempt>() else { return Ok(()) };
        let response = context.response();
        let failed = context.output_or_error().is_none_or(|result| result.is_err());
        _ = under_way.answer.set(answer(response, failed, &self.secrets));
        Ok(())
    }
}

impl Drop for PendingAttempt {
    fn drop(&mut self) {
        let answer = self.answer.get();
        let status = answer.and_then(|answer| answer.status);
        let outcome = answer.map_or("no answer", |a| &*a.outcome);
        let code = outcome.split_once(' ').map(|(_, code)| code);
        if status.is_some_and(|status| kind_of_code(code, status) == FailureKind::Throttled) {
            self.counts.throttled.fetch_add(1, Relaxed);
        }
        if status == Some(200) {
            self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
        }
        self.counts.log(Attempt {
            place: "",
            operation: &self.operation,
            target: &self.target,
            number: self.number,
            took: answer.map_or_else(Instant::now, |answer| answer.ended).duration_since(self.begun),
            outcome,
            request_id: answer.and_then(|answer| answer.request_id.as_deref()),
        });
    }
}

/// The operation and the body of a request.
fn parts(request: &HttpRequest) -> (&str, &[u8]) {
    let operation = request.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
    (operation.unwrap_or_default(), request.body().bytes().unwrap_or_default())
}

/// The ids that a request names: `us-east-1_AbCdEf123 4k2jexample`.
fn target(body: &[u8]) -> String {
    let members: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let names = TARGETS.iter().filter_map(|name| members.get(name)?.as_str());
    names.collect::<Vec<_>>().join(" ")
}

fn answer(response: Option<&HttpResponse>, failed: bool, secrets: &Secrets) -> Answer {
    let status = response.map(|response| response.status().as_u16());
    let outcome = match (status, failed) {
        (None, _) => "no answer".to_owned(),
        (Some(status), false) => status.to_string(),
        (Some(status), true) => match response.and_then(|response| code(response, secrets)) {
            Some(code) => format!("{status} {code}"),
            None if status == 200 => "200, which could not be read".to_owned(),
            None => status.to_string(),
        },
    };
    let request_id = response.and_then(|response| response.headers().get("x-amzn-requestid"));
    Answer {
        status,
        outcome,
        request_id: request_id.map(|id| word(&secrets.hide(id))),
        ended: Instant::now(),
    }
}

/// The code of an error, from a header or the body.
fn code(response: &HttpResponse, secrets: &Secrets) -> Option<String> {
    let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let code = header.or_else(|| {
        let body: serde_json::Value = serde_json::from_slice(response.body().bytes()?).ok()?;
        ["__type", "code"].iter().find_map(|name| body.get(name)?.as_str().map(str::to_owned))
    })?;
    let code = secrets.hide(&code);
    // It may come as `com.amazonaws#CODE:http://...`.
    let code = code.split(':').next().unwrap_or_default();
    Some(word(code.rsplit('#').next().unwrap_or_default()))
}

/// Removes characters that a name cannot have, since the text comes from outside.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.*".contains(*c)).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_the_ids_of_a_request_and_nothing_else() {
        let body =
            r#"{"UserPoolId":"us-east-1_a","ClientId":"4k2j","NextToken":"opaque","ClientSecret":"hush"}"#;
        assert_eq!(target(body.as_bytes()), "us-east-1_a 4k2j");
        assert_eq!(target(b"{}"), "");
        assert_eq!(target(b"not json"), "");
    }

    #[test]
    fn a_text_from_outside_becomes_a_word() {
        assert_eq!(word("Access\u{1b}[2JDenied\n"), "Access2JDenied");
        assert_eq!(word(&"x".repeat(500)).len(), 100);
    }
}
