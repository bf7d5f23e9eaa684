//! Lists the accounts of an organization.

use aws_config::SdkConfig;
use serde_json::{Value, json};

use crate::source::aws::client::{CallFailure, FailureKind, RawRequest, ask};
use crate::source::live::organizations_region;

/// A limit beyond the largest organization, at 20 accounts on each page.
const PAGES: usize = 5000;

/// An account in the answer of Organizations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source::aws) struct OrganizationAccount {
    pub id: String,
    pub name: Option<String>,
    /// `ACTIVE`, or the reason that the account cannot be read.
    pub state: String,
}

/// Lists accounts to the last page. Returns those that were listed before a page failed, too.
pub(in crate::source::aws) async fn list(
    config: &SdkConfig,
    home: &str,
) -> (Vec<OrganizationAccount>, Option<CallFailure>) {
    let mut accounts = Vec::new();
    let mut tokens: Vec<String> = Vec::new();
    loop {
        let page = match page(config, home, tokens.last()).await {
            Ok(page) => page,
            Err(failure) => return (accounts, Some(failure)),
        };
        let Some(listed) = page["Accounts"].as_array() else {
            return (accounts, Some(CallFailure::new(FailureKind::Garbled, "it holds no list of accounts")));
        };
        for account in listed {
            match read(account) {
                Some(account) => accounts.push(account),
                None => {
                    return (
                        accounts,
                        Some(CallFailure::new(FailureKind::Garbled, "an account has no id or state")),
                    );
                }
            }
        }
        let Some(next) = page["NextToken"].as_str().filter(|token| !token.is_empty()) else {
            return (accounts, None);
        };
        if PAGES <= tokens.len() || tokens.iter().any(|token| token == next) {
            return (accounts, Some(CallFailure::endless(tokens.len(), PAGES)));
        }
        tokens.push(next.to_owned());
    }
}

async fn page(config: &SdkConfig, home: &str, token: Option<&String>) -> Result<Value, CallFailure> {
    let body = match token {
        Some(token) => json!({ "NextToken": token }),
        None => json!({}),
    };
    let question = RawRequest {
        service: "organizations",
        service_id: "Organizations",
        region: organizations_region(home).to_owned(),
        operation: "ListAccounts",
        content_type: "application/x-amz-json-1.1",
        target: Some("AWSOrganizationsV20161128.ListAccounts".to_owned()),
        body: body.to_string(),
    };
    let answer = ask(config, &question).await?;
    serde_json::from_str(&answer).map_err(|error| CallFailure::new(FailureKind::Garbled, error.to_string()))
}

/// `State` replaced `Status` in 2026.
fn read(account: &Value) -> Option<OrganizationAccount> {
    let text = |name: &str| account[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Some(OrganizationAccount {
        id: text("Id")?,
        name: text("Name"),
        state: text("State").or_else(|| text("Status"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_outranks_the_status() {
        let account = json!({ "Id": "111122223333", "Name": "", "Status": "ACTIVE", "State": "CLOSED" });
        let listed =
            OrganizationAccount { id: "111122223333".to_owned(), name: None, state: "CLOSED".to_owned() };
        assert_eq!(read(&account), Some(listed));
        assert_eq!(read(&json!({ "Id": "111122223333" })), None);
    }
}
