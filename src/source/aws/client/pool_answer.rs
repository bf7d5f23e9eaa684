//! The answer of `DescribeUserPool`: its text, and those of its members that decide what else is read.
//!
//! The SDK would make a value of every member, of which nobody reads most: that took 225 thousand instructions of the 820
//! thousand of a call.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::BoxError;
use aws_sdk_cognitoidentityprovider::operation::describe_user_pool::DescribeUserPoolOutput;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};

use crate::source::answer::{Described, described};

/// An interceptor that reads the answer in the place of the SDK, if its status says that it is one.
#[derive(Clone, Debug, Default)]
pub(super) struct PoolAnswer(Arc<Mutex<Option<(String, Described)>>>);

impl PoolAnswer {
    /// The text of the answer that came, and what it says.
    pub(super) fn take(&self) -> (String, Described) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

#[dyn_dispatch_hint]
impl Intercept for PoolAnswer {
    fn name(&self) -> &'static str {
        "PoolAnswer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().status().is_success() {
            cfg.interceptor_state().store_put(SharedResponseDeserializer::new(self.clone()));
        }
        Ok(())
    }
}

impl DeserializeResponse for PoolAnswer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let body = response.body().bytes().unwrap_or_default();
        let (text, found) = described(body).map_err(OrchestratorError::other)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((text.to_owned(), found));
        Ok(Output::erase(DescribeUserPoolOutput::builder().build()))
    }
}
