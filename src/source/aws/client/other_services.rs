//! Single calls to other services: Organizations, EC2 and WAF. Their SDK crates would add much to the build.
//!
//! The SDK signs and sends them like its own calls. Request and answer are text.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::metadata::{Builder, ErrorMetadata, ProvideErrorMetadata};
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use aws_types::service_config::ServiceConfigKey;
use tokio::time::sleep;

use super::failure::CallFailure;
use crate::source::live::domain;

/// The number of attempts of a call. These calls are few and unpaced.
const TRIES: u32 = 5;
const BACKOFF: Duration = Duration::from_millis(200);

/// A request to a service.
#[derive(Clone, Debug)]
pub(in crate::source::aws) struct RawRequest {
    /// The service in host names and signatures, such as `ec2`.
    pub service: &'static str,
    /// The service in the AWS configuration, such as `EC2`.
    pub service_id: &'static str,
    /// The Region that serves the request.
    pub region: String,
    pub operation: &'static str,
    pub content_type: &'static str,
    /// The header `x-amz-target`, for services that require it.
    pub target: Option<String>,
    pub body: String,
}

/// Repeats a call until it succeeds, fails for good, or has had all its attempts.
pub(in crate::source::aws) async fn tries<F, Fut, T, E>(attempt: F) -> Result<T, CallFailure>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    E: ProvideErrorMetadata + Error + 'static,
{
    let mut tries = 1;
    loop {
        let mut failure = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => CallFailure::of(&error),
        };
        failure.tries = tries;
        if !failure.passing() || TRIES <= tries {
            return Err(failure);
        }
        sleep(BACKOFF * 2_u32.pow(tries)).await;
        tries += 1;
    }
}

/// Sends a request, with retries, and returns the text of the answer.
pub(in crate::source::aws) async fn ask(
    config: &SdkConfig,
    question: &RawRequest,
) -> Result<String, CallFailure> {
    tries(|| once(config, question)).await
}

/// Sends a request once.
pub(in crate::source::aws) async fn once(
    config: &SdkConfig,
    question: &RawRequest,
) -> Result<String, SdkError<ServiceError, HttpResponse>> {
    let Some(credentials) = config.credentials_provider() else {
        return Err(SdkError::construction_failure(CredentialsError::not_loaded("there are none")));
    };
    let mut layer = Layer::new("signed");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig {
        region: Some(SigningRegion::from(aws_config::Region::new(question.region.clone()))),
        name: Some(SigningName::from(question.service)),
        ..SigV4OperationSigningConfig::default()
    });
    let schemes = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
    let components = RuntimeComponentsBuilder::new("signed")
        .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(schemes)))
        .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
        .with_identity_cache(config.identity_cache())
        .with_http_client(config.http_client())
        .with_sleep_impl(config.sleep_impl())
        .with_time_source(config.time_source())
        .with_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    let plugin = StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components);
    let mut operation = Operation::builder()
        .service_name(question.service)
        .operation_name(question.operation)
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(&endpoint(config, question))
        .no_retry()
        .runtime_plugin(plugin);
    if let Some(timeouts) = config.timeout_config() {
        operation = operation.timeout_config(timeouts.clone());
    }
    let operation =
        operation.serializer(|question: RawRequest| request(&question)).deserializer(answer).build();
    operation.invoke(question.clone()).await
}

fn request(question: &RawRequest) -> Result<HttpRequest, Box<dyn Error + Send + Sync>> {
    let mut request = HttpRequest::new(SdkBody::from(question.body.clone()));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.try_insert("content-type", question.content_type)?;
    headers.try_insert("content-length", question.body.len().to_string())?;
    if let Some(target) = &question.target {
        headers.try_insert("x-amz-target", target.clone())?;
    }
    Ok(request)
}

/// The endpoint, found as the SDK's clients do: `--endpoint-url`, then the AWS configuration, then the default.
fn endpoint(config: &SdkConfig, question: &RawRequest) -> String {
    let key = ServiceConfigKey::builder().service_id(question.service_id);
    let key = key.env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok();
    // The option outranks the configuration for one service.
    let told = config.get_origin("endpoint_url").is_client_config();
    let configured = key.zip(config.service_config()).filter(|_| !told);
    let configured = configured.and_then(|(key, service)| service.load_config(key));
    configured.or_else(|| config.endpoint_url().map(str::to_owned)).unwrap_or_else(|| {
        let RawRequest { service, region, .. } = question;
        let fips = if config.use_fips().unwrap_or(false) { "-fips" } else { "" };
        format!("https://{service}{fips}.{region}.{}", domain(region))
    })
}

fn answer(response: &HttpResponse) -> Result<String, OrchestratorError<ServiceError>> {
    let body = String::from_utf8_lossy(response.body().bytes().unwrap_or_default()).into_owned();
    if response.status().is_success() {
        Ok(body)
    } else {
        Err(OrchestratorError::operation(ServiceError::of(&body)))
    }
}

/// The texts of all XML elements of a name, for elements without attributes.
pub(in crate::source::aws) fn xml_elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, after) = after.split_once(&close)?;
        rest = after;
        Some(text.trim())
    })
}

/// An error of a service, in JSON or XML.
#[derive(Debug)]
pub(in crate::source::aws) struct ServiceError(ErrorMetadata);

impl ServiceError {
    fn of(body: &str) -> ServiceError {
        let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let member = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| json[*name].as_str());
            found.map(str::to_owned)
        };
        let element = |name| xml_elements(body, name).next().map(str::to_owned);
        let code = member(["__type", "code"]).or_else(|| element("Code"));
        let code = code.map(|code| code.rsplit('#').next().unwrap_or_default().to_owned());
        let message = member(["message", "Message"]).or_else(|| element("Message"));
        let metadata = code.into_iter().fold(ErrorMetadata::builder(), Builder::code);
        ServiceError(message.into_iter().fold(metadata, Builder::message).build())
    }
}

impl ProvideErrorMetadata for ServiceError {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_from_json_and_from_xml() {
        let cases = [
            r#"{"__type": "com.amazonaws#AccessDeniedException", "Message": "no"}"#,
            "<Response><Errors><Error><Code>AccessDeniedException</Code><Message>no</Message></Error></Errors></Response>",
        ];
        for body in cases {
            let ServiceError(metadata) = ServiceError::of(body);
            assert_eq!((metadata.code(), metadata.message()), (Some("AccessDeniedException"), Some("no")));
        }
        assert_eq!(ServiceError::of("<html>").0.code(), None);
    }

    #[test]
    fn elements_keep_their_order() {
        let xml = "<a><name> x </name></a><name>y</name><names>z</names>";
        assert_eq!(xml_elements(xml, "name").collect::<Vec<_>>(), ["x", "y"]);
    }
}
