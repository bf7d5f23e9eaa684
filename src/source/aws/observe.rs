//! Watches every attempt of a call on its way: counts it, and tells how it ended.

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

use super::failure::{Kind, kind_of_code};
use super::progress::{Attempt, Counts};
use super::secrets::Secrets;

/// The members of a request that say what it is about. No other is looked at.
const TARGETS: [&str; 4] = ["UserPoolId", "ClientId", "ProviderName", "Domain"];

/// Watches the calls of one client.
#[derive(Debug)]
pub(super) struct Observer {
    counts: Arc<Counts>,
    secrets: Secrets,
    /// Attempts so far of calls that have not succeeded, by the whole request.
    tried: Arc<Mutex<BTreeMap<Vec<u8>, u32>>>,
}

/// An attempt that is under way. It goes with the call, so that one that is given up is told too.
#[derive(Debug)]
struct UnderWay {
    counts: Arc<Counts>,
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
    /// `None` where there was none.
    status: Option<u16>,
    outcome: String,
    request_id: Option<String>,
    ended: Instant,
}

impl Storable for UnderWay {
    type Storer = StoreReplace<Self>;
}

impl Observer {
    pub(super) fn new(counts: Arc<Counts>, secrets: Secrets) -> Observer {
        Observer { counts, secrets, tried: Arc::default() }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Observer {
    fn name(&self) -> &'static str {
        "Observer"
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
        cfg.interceptor_state().store_put(UnderWay {
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
        let Some(under_way) = cfg.load::<UnderWay>() else { return Ok(()) };
        let response = context.response();
        let failed = context.output_or_error().is_none_or(|result| result.is_err());
        _ = under_way.answer.set(answer(response, failed, &self.secrets));
        Ok(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let answer = self.answer.get();
        let status = answer.and_then(|answer| answer.status);
        let outcome = answer.map_or("no answer", |a| &*a.outcome);
        let code = outcome.split_once(' ').map(|(_, code)| code);
        if status.is_some_and(|status| kind_of_code(code, status) == Kind::Throttled) {
            self.counts.throttled.fetch_add(1, Relaxed);
        }
        if status == Some(200) {
            self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
        }
        self.counts.tell(Attempt {
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

/// What a request is about: `us-east-1_AbCdEf123 4k2jexample`.
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

/// The error's code: in a header, or in the body.
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

/// Only what a name can have, since it comes from outside.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.*".contains(*c)).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_what_a_request_is_about_and_nothing_else() {
        let body =
            r#"{"UserPoolId":"us-east-1_a","ClientId":"4k2j","NextToken":"opaque","ClientSecret":"hush"}"#;
        assert_eq!(target(body.as_bytes()), "us-east-1_a 4k2j");
        assert_eq!(target(b"{}"), "");
        assert_eq!(target(b"not json"), "");
    }

    #[test]
    fn what_comes_from_outside_is_made_a_word() {
        assert_eq!(word("Access\u{1b}[2JDenied\n"), "Access2JDenied");
        assert_eq!(word(&"x".repeat(500)).len(), 100);
    }
}
