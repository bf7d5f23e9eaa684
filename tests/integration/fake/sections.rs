//! The fake's answers about the sections of a pool, which are in its document.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::Fault;
use super::answer::Call;

/// Members of a pool's document that DescribeUserPool does not tell.
pub(super) const SECTIONS: [&str; 13] = [
    "MfaConfig",
    "Clients",
    "RiskConfiguration",
    "LogDelivery",
    "IdentityProviders",
    "ResourceServers",
    "Groups",
    "Domains",
    "WebACL",
    "SessionConfiguration",
    "Replicas",
    "Terms",
    "PointInTimeRecoveries",
];

/// The answer of an operation about one pool, or the code of an error.
pub(super) fn answer(
    pools: &[Value],
    call: &Call,
    page_size: usize,
    fault: Option<&Fault>,
) -> Result<Value, &'static str> {
    let input = &call.input;
    if call.operation == "DescribeUserPoolDomain" {
        let domains = pools.iter().flat_map(|pool| items(pool, "Domains"));
        let found = domains.into_iter().find(|domain| domain["Domain"] == input["Domain"]);
        return Ok(json!({ "DomainDescription": found.unwrap_or_else(|| json!({})) }));
    }
    let pool = pools.iter().find(|pool| pool["Id"].as_str() == call.pool.as_deref());
    let pool = pool.ok_or("ResourceNotFoundException")?;
    let paged = |name, section, few: &[&str], parameter, sizes| {
        let items: Vec<Value> = items(pool, section).iter().map(|item| only(item, few)).collect();
        page(name, &items, input, (parameter, sizes, page_size), fault)
    };
    let one = |section, key: &str, name: &str| {
        let found = items(pool, section).into_iter().find(|item| item[key] == input[key]);
        found.map(|item| json!({ name: item })).ok_or("ResourceNotFoundException")
    };
    match call.operation.as_str() {
        "GetUserPoolMfaConfig" => Ok(section(pool, "MfaConfig", json!({ "MfaConfiguration": "OFF" }))),
        "ListUserPoolClients" => {
            let few = ["ClientId", "ClientName", "UserPoolId"];
            paged("UserPoolClients", "Clients", &few, "MaxResults", 1..=60)
        }
        "DescribeUserPoolClient" => {
            let mut client = one("Clients", "ClientId", "UserPoolClient")?;
            for apart in ["RiskConfiguration", "SessionConfiguration", "ClientSecrets"] {
                client["UserPoolClient"].as_object_mut().map(|client| client.remove(apart));
            }
            Ok(client)
        }
        "ListUserPoolClientSecrets" => {
            let client = one("Clients", "ClientId", "it")?;
            Ok(json!({ "ClientSecrets": section(&client["it"], "ClientSecrets", json!([])) }))
        }
        "GetUserPoolClientSessionConfiguration" => {
            let client = one("Clients", "ClientId", "it")?;
            let none = json!({ "UserPoolId": call.pool, "ClientId": input["ClientId"], "SSOSession": { "MaxValidityMinutes": 60 } });
            Ok(section(&client["it"], "SessionConfiguration", none))
        }
        "GetUserPoolSessionConfiguration" => {
            let none = json!({ "UserPoolId": call.pool, "UserSessionTracking": "DISABLED", "TokenSession": { "MaxPerUser": 20 } });
            Ok(section(pool, "SessionConfiguration", none))
        }
        "ListUserPoolReplicas" => Ok(json!({ "UserPoolReplicas": items(pool, "Replicas") })),
        "ListTerms" => paged("Terms", "Terms", &[], "MaxResults", 1..=60),
        "ListPointInTimeRecoveries" => {
            let few = ["RestoreId", "RestoreStatus", "RestoreTimestamp"];
            let all = ("MaxResults", 0..=60, page_size);
            let items: Vec<Value> =
                items(pool, "PointInTimeRecoveries").iter().map(|item| only(item, &few)).collect();
            let sized = json!({ "MaxResults": 60, "NextToken": input["NextToken"] });
            page("Restorations", &items, &sized, all, fault)
        }
        "DescribePointInTimeRecovery" => one("PointInTimeRecoveries", "RestoreId", "Restoration"),
        "DescribeRiskConfiguration" => match pool["UserPoolAddOns"]["AdvancedSecurityMode"].as_str() {
            None | Some("OFF") => Err("UserPoolAddOnNotEnabledException"),
            Some(_) if input["ClientId"].is_string() => {
                let client = one("Clients", "ClientId", "it")?;
                Ok(json!({ "RiskConfiguration": section(&client["it"], "RiskConfiguration", Value::Null) }))
            }
            Some(_) => Ok(json!({ "RiskConfiguration": section(pool, "RiskConfiguration", json!({})) })),
        },
        "GetLogDeliveryConfiguration" => {
            let none = json!({ "UserPoolId": call.pool, "LogConfigurations": [] });
            Ok(json!({ "LogDeliveryConfiguration": section(pool, "LogDelivery", none) }))
        }
        "GetWebACLForResource" => {
            let held = pool.get("WebACL").cloned();
            Ok(held.map_or_else(|| json!({}), |web_acl| json!({ "WebACL": web_acl })))
        }
        "ListIdentityProviders" => {
            let few = ["ProviderName", "ProviderType"];
            paged("Providers", "IdentityProviders", &few, "MaxResults", 0..=60)
        }
        "DescribeIdentityProvider" => one("IdentityProviders", "ProviderName", "IdentityProvider"),
        "ListResourceServers" => paged("ResourceServers", "ResourceServers", &[], "MaxResults", 1..=50),
        "ListGroups" => paged("Groups", "Groups", &[], "Limit", 0..=60),
        _ => Err("UnknownOperationException"),
    }
}

/// One page of a list. The size is a parameter's name, what it may be, and how many the fake gives at most.
pub(super) fn page(
    name: &str,
    items: &[Value],
    input: &Value,
    (parameter, sizes, most): (&str, RangeInclusive<usize>, usize),
    fault: Option<&Fault>,
) -> Result<Value, &'static str> {
    let asked = input[parameter].as_u64().and_then(|asked| usize::try_from(asked).ok()).unwrap_or(0);
    let empty = input["NextToken"].as_str().and_then(|token| token.strip_prefix("empty-")?.parse().ok());
    if let Some(Fault::Tokens(most)) = fault
        && empty.unwrap_or(0) < *most
        && (empty.is_some() || input["NextToken"].is_null())
    {
        return Ok(json!({ name: [], "NextToken": format!("empty-{}", empty.unwrap_or(0) + 1) }));
    }
    let start = match input["NextToken"].as_str() {
        None => Some(0),
        Some(_) if empty.is_some() => Some(0),
        Some(token) => token.strip_prefix("page-").and_then(|offset| offset.parse().ok()),
    };
    let Some(start) = start.filter(|_| sizes.contains(&asked)) else {
        return Err("InvalidParameterException");
    };
    let size = most.min(asked).max(1);
    let end = (start + size).min(items.len());
    let first = match fault {
        Some(Fault::Overlap) => start.saturating_sub(size),
        _ => start,
    };
    let (mut shown, mut next) = (items.get(first..end).unwrap_or_default().to_vec(), end);
    match (fault, name) {
        (Some(Fault::EmptyPage), _) => {
            shown.clear();
            next = start;
        }
        (Some(Fault::Stranger), "UserPools") => shown.push(json!({ "Id": "us-east-1_gone", "Name": "gone" })),
        (Some(Fault::Stranger), "UserPoolClients") => shown.push(json!({ "ClientId": "gone" })),
        (Some(Fault::Stranger), "Providers") => shown.push(json!({ "ProviderName": "gone" })),
        _ => {}
    }
    let mut answer = json!({ name: shown });
    if let Some(Fault::RepeatToken) = fault {
        answer["NextToken"] = "page-0".into();
    } else if next < items.len() {
        answer["NextToken"] = format!("page-{next}").into();
    }
    Ok(answer)
}

fn section(of: &Value, name: &str, otherwise: Value) -> Value {
    of.get(name).cloned().unwrap_or(otherwise)
}

fn items(pool: &Value, section: &str) -> Vec<Value> {
    pool.get(section).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The list entry of an item. Everything if no names are given.
fn only(item: &Value, names: &[&str]) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut().filter(|_| !names.is_empty()) {
        members.retain(|name, _| names.contains(&name.as_str()));
    }
    item
}
