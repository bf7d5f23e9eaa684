//! The fake's answers for STS, Organizations and EC2: the account of credentials, and its Regions.
//!
//! Credentials of a role have their account in the access key, so that every call shows which pools it may see.

use serde_json::{Value, json};

use super::answer::{Call, Reply, error, http, said};
use super::{ACCOUNT, Plan};

/// Services that speak XML.
const QUERY: [&str; 2] = ["sts", "ec2"];

/// Makes sense of the form that a service with XML is asked with.
pub(super) fn form(body: &[u8]) -> Value {
    let mut form = json!({});
    for pair in String::from_utf8_lossy(body).split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        form[name] = unescaped(value).into();
    }
    form
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().replace('+', " ");
    for part in parts {
        let (code, rest) = part.split_at(2.min(part.len()));
        plain.push(char::from(u8::from_str_radix(code, 16).unwrap_or(b'?')));
        plain.push_str(&rest.replace('+', " "));
    }
    plain
}

/// The account of an access key.
pub(super) fn account(key: &str) -> String {
    key.strip_prefix("ASIA").unwrap_or(ACCOUNT).to_owned()
}

/// The account that a call is about.
pub(super) fn about(operation: &str, input: &Value, caller: &str) -> String {
    match operation {
        "AssumeRole" => input["RoleArn"].as_str().unwrap_or_default().split(':').nth(4).unwrap_or_default(),
        _ => caller,
    }
    .to_owned()
}

/// The answer of another service than Cognito.
pub(super) fn answer(plan: &Plan, call: &Call) -> Reply {
    match call.operation.as_str() {
        "AssumeRole" => assume(plan, call),
        "GetCallerIdentity" => {
            let account = &call.account;
            xml(&format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/auditor</Arn>\
                 <UserId>AIDAEXAMPLE</UserId><Account>{account}</Account></GetCallerIdentityResult>\
                 </GetCallerIdentityResponse>"
            ))
        }
        "ListAccounts" if plan.members.is_empty() => error("AWSOrganizationsNotInUseException"),
        "ListAccounts" => {
            let start = call.input["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
            let end = (start + plan.page_size).min(plan.members.len());
            let mut page = json!({ "Accounts": plan.members[start.min(end)..end] });
            if end < plan.members.len() {
                page["NextToken"] = end.to_string().into();
            }
            http(200, "application/x-amz-json-1.1", page.to_string().into_bytes())
        }
        "DescribeRegions" => {
            let item = |region: &String| format!("<item><regionName>{region}</regionName></item>");
            let items: String = plan.regions.iter().map(item).collect();
            xml(&format!(
                "<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
            ))
        }
        _ => error("UnknownOperationException"),
    }
}

fn assume(plan: &Plan, call: &Call) -> Reply {
    let role = call.input["RoleArn"].as_str().unwrap_or_default();
    let wanted = plan.external_ids.iter().find(|(account, _)| *account == call.about);
    if wanted.is_some_and(|(_, id)| call.input["ExternalId"].as_str() != Some(id)) {
        let message = format!(
            "User: arn:aws:iam::{}:user/auditor is not authorized to perform: sts:AssumeRole on resource: {role}",
            call.account
        );
        return said(403, "AccessDenied", &message);
    }
    let session = call.input["RoleSessionName"].as_str().unwrap_or_default();
    xml(&format!(
        "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:{session}</AssumedRoleId>\
         <Arn>arn:aws:sts::{account}:assumed-role/x/{session}</Arn></AssumedRoleUser><Credentials>\
         <AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
         <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>",
        account = call.about
    ))
}

fn xml(body: &str) -> Reply {
    http(200, "text/xml", body.as_bytes().to_vec())
}

/// An error in the words of the service that was called.
pub(super) fn in_its_words(service: &str, reply: Reply) -> Reply {
    match reply {
        Reply::Http { status, ref body, .. } if QUERY.contains(&service) && 300 <= status => {
            let error: Value = serde_json::from_slice(body).unwrap_or_default();
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            let error = format!(
                "<Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>",
                text("__type"),
                text("message")
            );
            let body = match service {
                "ec2" => format!("<Response><Errors>{error}</Errors></Response>"),
                _ => format!("<ErrorResponse>{error}</ErrorResponse>"),
            };
            http(status, "text/xml", body.into_bytes())
        }
        reply => reply,
    }
}
