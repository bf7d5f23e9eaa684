//! The fake's answers: operations, errors, throttling and planned faults.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::sections::{self, SECTIONS};
use super::{Fault, On, Plan, Planned, Seen, accounts, events};

const JSON: &str = "application/x-amz-json-1.1";
const TARGET: &str = "AWSCognitoIdentityProviderService.";
const ORGANIZATIONS: &str = "AWSOrganizationsV20161128.";
const WAF: &str = "AWSWAF_20190729.";
const CLOUDTRAIL: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";

/// A request, as far as it matters.
pub(super) struct Request<'a> {
    pub target: &'a str,
    pub authorization: &'a str,
    pub session_token: &'a str,
    pub body: &'a [u8],
}

/// A reply on the wire.
pub(super) enum Reply {
    Http {
        status: u16,
        content_type: &'static str,
        body: Vec<u8>,
        /// Bytes that are announced and not sent.
        missing: usize,
        /// The pause before each byte of the body, which otherwise comes at once.
        drip: Option<Duration>,
        location: Option<String>,
    },
    Reset,
    Stall,
}

pub(super) struct Answers {
    /// The plan, which does not change while it runs.
    plan: Plan,
    /// The positions of the pools of each id in it.
    places: HashMap<String, Vec<usize>>,
    /// The list entries of each Region's pools, and their positions.
    entries: HashMap<String, (Vec<Value>, Vec<usize>)>,
    faults: Mutex<Vec<Planned>>,
    /// Tokens left in each Region's bucket, and when that was.
    tokens: Mutex<HashMap<String, (f64, Instant)>>,
    seen: Mutex<Vec<Seen>>,
    /// The times of the last look-ups in each Region of an account.
    look_ups: Mutex<HashMap<(String, String), Vec<Instant>>>,
}

/// A call that makes sense.
pub(super) struct Call {
    pub region: String,
    pub service: String,
    /// The account of the credentials.
    pub account: String,
    /// The account that a role is assumed in, else that of the credentials.
    pub about: String,
    pub operation: String,
    pub pool: Option<String>,
    pub input: Value,
    /// The headers with which the caller identifies itself.
    pub headers: String,
}

impl Answers {
    pub(super) fn new(plan: Plan) -> Answers {
        let mut places = HashMap::<String, Vec<usize>>::new();
        let mut entries = HashMap::<String, (Vec<Value>, Vec<usize>)>::new();
        for (place, pool) in plan.pools.iter().enumerate() {
            let id = pool["Id"].as_str().unwrap_or_default();
            places.entry(id.to_owned()).or_default().push(place);
            if let Some((region, _)) = id.split_once('_') {
                let here = entries.entry(region.to_owned()).or_default();
                here.0.push(entry(pool));
                here.1.push(place);
            }
        }
        Answers {
            faults: Mutex::new(plan.faults.clone()),
            plan,
            places,
            entries,
            tokens: Mutex::default(),
            seen: Mutex::default(),
            look_ups: Mutex::default(),
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn answer(&self, request: &Request<'_>) -> Reply {
        let call = match Call::of(request) {
            Ok(call) => call,
            Err(reply) => return reply,
        };
        let at = Instant::now();
        let reply = accounts::in_its_words(&call.service, self.reply(&call));
        let status = match &reply {
            Reply::Http { status, .. } => Some(*status),
            Reply::Reset | Reply::Stall => None,
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(Seen {
            at,
            region: call.region,
            account: call.account,
            service: call.service,
            operation: call.operation,
            pool: call.pool,
            status,
        });
        reply
    }

    fn reply(&self, call: &Call) -> Reply {
        if !self.take_token(&call.region) {
            return error("TooManyRequestsException");
        }
        match self.take_fault(call) {
            None => self.right(call, None),
            Some(Fault::Error(code)) => error(code),
            Some(Fault::Said(status, code, message)) => said(status, code, message),
            Some(Fault::Raw(status, content_type, body)) => http(status, content_type, body),
            Some(Fault::Echo(code)) => said(400, code, &call.headers),
            Some(Fault::Redirect(status, to)) => {
                let mut reply = http(status, "text/html", b"<html>moved</html>".to_vec());
                if let Reply::Http { location, .. } = &mut reply {
                    *location = Some(to);
                }
                reply
            }
            Some(Fault::Reset) => Reply::Reset,
            Some(Fault::Stall) => Reply::Stall,
            Some(Fault::Slow(wait)) => {
                thread::sleep(wait);
                self.right(call, None)
            }
            Some(fault) => self.right(call, Some(&fault)),
        }
    }

    /// The answer of a service in good health, but for what the fault does to it.
    fn right(&self, call: &Call, fault: Option<&Fault>) -> Reply {
        if call.service == "cloudtrail" {
            return self.look_up(call);
        }
        if !matches!(call.service.as_str(), "cognito-idp" | "wafv2") {
            return accounts::answer(&self.plan, call);
        }
        let mut answer = match call.operation.as_str() {
            "ListUserPools" => match self.list(call, fault) {
                Ok(answer) => answer,
                Err(reply) => return reply,
            },
            "DescribeUserPool" => {
                let places = call.pool.as_ref().and_then(|id| self.places.get(id)).into_iter().flatten();
                match places.map(|place| &self.plan.pools[*place]).find(|pool| call.may_see(pool)) {
                    Some(pool) => json!({ "UserPool": bare(pool) }),
                    None => return error("ResourceNotFoundException"),
                }
            }
            _ => match sections::answer(&self.plan.pools, call, self.plan.page_size, fault) {
                Ok(answer) => answer,
                Err(code) => return error(code),
            },
        };
        if let (Some(Fault::Members(Value::Object(more))), Some(pool)) =
            (fault, answer.get_mut("UserPool").and_then(Value::as_object_mut))
        {
            pool.extend(more.clone());
        }
        let mut body = answer.to_string().into_bytes();
        let whole = body.len();
        let mut missing = 0;
        match fault {
            Some(Fault::Cut) => {
                body.truncate(whole / 2);
                missing = whole - body.len();
            }
            Some(Fault::Half) => body.truncate(whole / 2),
            _ => {}
        }
        let content_type = match fault {
            Some(Fault::ContentType(other)) => other,
            _ => JSON,
        };
        let drip = match fault {
            Some(Fault::Drip(pause)) => Some(*pause),
            _ => None,
        };
        Reply::Http { status: 200, content_type, body, missing, drip, location: None }
    }

    fn look_up(&self, call: &Call) -> Reply {
        let mut look_ups = self.look_ups.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (call.account.clone(), call.region.clone());
        if events::is_throttled(look_ups.entry(place).or_default()) {
            return error("ThrottlingException");
        }
        let Plan { records, delay, .. } = &self.plan;
        match events::answer(records, (&call.account, &call.region), &call.input, *delay) {
            Ok(answer) => http(200, JSON, answer.to_string().into_bytes()),
            Err(code) => error(code),
        }
    }

    fn list(&self, call: &Call, fault: Option<&Fault>) -> Result<Value, Reply> {
        let size = ("MaxResults", 1..=60, self.plan.page_size);
        let Some((entries, places)) = self.entries.get(&call.region) else {
            return sections::page("UserPools", &[], &call.input, size, fault).map_err(error);
        };
        let seen: Vec<bool> = places.iter().map(|place| call.may_see(&self.plan.pools[*place])).collect();
        if seen.iter().all(|seen| *seen) {
            return sections::page("UserPools", entries, &call.input, size, fault).map_err(error);
        }
        let own = entries.iter().zip(seen).filter(|(_, seen)| *seen).map(|(entry, _)| entry.clone());
        let own: Vec<Value> = own.collect();
        sections::page("UserPools", &own, &call.input, size, fault).map_err(error)
    }

    /// Whether the Region's bucket has a token left.
    fn take_token(&self, region: &str) -> bool {
        let Some((rate, burst)) = self.plan.bucket else {
            return true;
        };
        let now = Instant::now();
        let mut buckets = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, then) = buckets.entry(region.to_owned()).or_insert((burst, now));
        *tokens = (*tokens + rate * now.duration_since(*then).as_secs_f64()).min(burst);
        *then = now;
        let enough = 1.0 <= *tokens;
        if enough {
            *tokens -= 1.0;
        }
        enough
    }

    /// The first fault that is for this call and not used up.
    fn take_fault(&self, call: &Call) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let planned = faults.iter_mut().find(|planned| 0 < planned.left && planned.on.is_for(call))?;
        if 0 < planned.pass {
            planned.pass -= 1;
            return None;
        }
        planned.left -= 1;
        Some(planned.fault.clone())
    }
}

impl On {
    fn is_for(&self, call: &Call) -> bool {
        match self {
            On::Any => true,
            On::Region(region) => call.region == *region,
            On::List => call.operation == "ListUserPools",
            On::Describe => call.operation == "DescribeUserPool",
            On::Account(account) => call.account == *account,
            On::Role(account) => call.operation == "AssumeRole" && call.about == *account,
            On::Operation(operation) => call.operation == *operation,
            On::Pool(id) => call.pool.as_deref() == Some(id),
        }
    }
}

impl Call {
    /// Makes sense of a request, or refuses it as the service would.
    fn of(request: &Request<'_>) -> Result<Call, Reply> {
        // AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/cognito-idp/aws4_request, ...
        let scope = request.authorization.split_once("Credential=");
        let scope: Vec<&str> = scope.map(|(_, scope)| scope.split('/').collect()).unwrap_or_default();
        let ("AWS4-HMAC-SHA256 ", [key, _, region, service, ..]) =
            (request.authorization.split("Credential=").next().unwrap_or_default(), &scope[..])
        else {
            return Err(error("MissingAuthenticationTokenException"));
        };
        let (operation, input) = match *service {
            "sts" | "ec2" => {
                let form = accounts::form(request.body);
                (form["Action"].as_str().unwrap_or_default().to_owned(), form)
            }
            _ => {
                let operation = [TARGET, ORGANIZATIONS, WAF, CLOUDTRAIL]
                    .iter()
                    .find_map(|prefix| request.target.strip_prefix(prefix));
                let Some(operation) = operation else {
                    return Err(error("UnknownOperationException"));
                };
                let Ok(input) = serde_json::from_slice::<Value>(request.body) else {
                    return Err(error("SerializationException"));
                };
                (operation.to_owned(), input)
            }
        };
        let account = accounts::account(key);
        let named = input["ResourceArn"].as_str().and_then(|arn| arn.rsplit('/').next());
        let pool = input["UserPoolId"].as_str().or(named);
        Ok(Call {
            service: (*service).to_owned(),
            about: accounts::about(&operation, &input, &account),
            account,
            region: (*region).to_owned(),
            operation,
            pool: pool.map(str::to_owned),
            input,
            headers: format!(
                "Authorization: {} x-amz-security-token: {}",
                request.authorization, request.session_token
            ),
        })
    }
}

impl Call {
    /// Whether the credentials are for the pool's account.
    fn may_see(&self, pool: &Value) -> bool {
        pool["Arn"].as_str().is_none_or(|arn| arn.contains(&self.account))
    }
}

/// A pool without what other calls tell of it.
fn bare(pool: &Value) -> Value {
    let mut pool = pool.clone();
    if let Some(members) = pool.as_object_mut() {
        members.retain(|name, _| !SECTIONS.contains(&name.as_str()));
    }
    pool
}

/// The list entry of a pool.
fn entry(pool: &Value) -> Value {
    let mut entry = json!({});
    for member in ["Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"] {
        if let Some(value) = pool.get(member) {
            entry[member] = value.clone();
        }
    }
    entry
}

pub(super) fn error(code: &'static str) -> Reply {
    let (status, message) = match code {
        "ResourceNotFoundException" => (400, "User pool does not exist."),
        "InvalidParameterException" => (400, "1 validation error detected."),
        "TooManyRequestsException" => (400, "Rate exceeded"),
        "NotAuthorizedException" => (400, "Access denied for this user pool"),
        "UserPoolAddOnNotEnabledException" => (400, "Threat protection is not enabled"),
        "UserPoolTaggingException" => (400, "The tags of the user pool cannot be read"),
        "OperationNotEnabledException" => (400, "This operation is not enabled"),
        "InternalErrorException" => (500, "Something went wrong"),
        "ServiceUnavailable" => (503, "Service unavailable"),
        "AccessDeniedException" => (
            400,
            "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: cognito-idp:DescribeUserPool",
        ),
        "ExpiredTokenException" => (400, "The security token included in the request is expired"),
        "UnrecognizedClientException" => (400, "The security token included in the request is invalid."),
        "InvalidSignatureException" => (400, "The request signature we calculated does not match"),
        "AWSOrganizationsNotInUseException" => (400, "Your account is not a member of an organization."),
        "AuthFailure" => (401, "AWS was not able to validate the provided access credentials"),
        "UnauthorizedOperation" => (403, "You are not authorized to perform this operation."),
        "AccessDenied" => (403, "User is not authorized to perform: sts:AssumeRole"),
        "UnknownOperationException" => (400, "the fake knows no such operation"),
        _ => (400, "Refused"),
    };
    said(status, code, message)
}

pub(super) fn said(status: u16, code: &str, message: &str) -> Reply {
    http(status, JSON, json!({ "__type": code, "message": message }).to_string().into_bytes())
}

pub(super) fn http(status: u16, content_type: &'static str, body: Vec<u8>) -> Reply {
    Reply::Http { status, content_type, body, missing: 0, drip: None, location: None }
}
