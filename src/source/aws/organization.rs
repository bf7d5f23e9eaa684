//! The accounts of an organization.

use aws_config::SdkConfig;
use serde_json::{Value, json};

use super::failure::{Failure, Kind};
use super::mend::partition;
use super::signed::{Question, ask};

/// More pages than the largest organization fills, at 20 accounts on each.
const PAGES: usize = 5000;

/// An account as Organizations tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub id: String,
    pub name: Option<String>,
    /// `ACTIVE`, or why nothing can be done in the account.
    pub state: String,
}

/// Lists accounts to the last page. What was listed before a page failed comes along.
pub(super) async fn list(config: &SdkConfig, home: &str) -> (Vec<Listed>, Option<Failure>) {
    let mut accounts = Vec::new();
    let mut tokens: Vec<String> = Vec::new();
    loop {
        let page = match page(config, home, tokens.last()).await {
            Ok(page) => page,
            Err(failure) => return (accounts, Some(failure)),
        };
        let Some(listed) = page["Accounts"].as_array() else {
            return (accounts, Some(Failure::new(Kind::Garbled, "it holds no list of accounts")));
        };
        for account in listed {
            match read(account) {
                Some(account) => accounts.push(account),
                None => {
                    return (accounts, Some(Failure::new(Kind::Garbled, "an account has no id or state")));
                }
            }
        }
        let Some(next) = page["NextToken"].as_str().filter(|token| !token.is_empty()) else {
            return (accounts, None);
        };
        if PAGES <= tokens.len() || tokens.iter().any(|token| token == next) {
            let said = "the service repeated a page token, so the list of accounts has no end";
            return (accounts, Some(Failure::new(Kind::Other, said)));
        }
        tokens.push(next.to_owned());
    }
}

async fn page(config: &SdkConfig, home: &str, token: Option<&String>) -> Result<Value, Failure> {
    let body = match token {
        Some(token) => json!({ "NextToken": token }),
        None => json!({}),
    };
    let question = Question {
        service: "organizations",
        service_id: "Organizations",
        region: region(home).to_owned(),
        operation: "ListAccounts",
        content_type: "application/x-amz-json-1.1",
        target: Some("AWSOrganizationsV20161128.ListAccounts".to_owned()),
        body: body.to_string(),
    };
    let answer = ask(config, &question).await?;
    serde_json::from_str(&answer).map_err(|error| Failure::new(Kind::Garbled, error.to_string()))
}

/// `State` took the place of `Status` in 2026.
fn read(account: &Value) -> Option<Listed> {
    let text = |name: &str| account[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Some(Listed { id: text("Id")?, name: text("Name"), state: text("State").or_else(|| text("Status"))? })
}

/// Organizations answers in one Region of each partition.
fn region(home: &str) -> &str {
    match partition(home) {
        "aws" => "us-east-1",
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => home,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_outranks_the_status() {
        let account = json!({ "Id": "111122223333", "Name": "", "Status": "ACTIVE", "State": "CLOSED" });
        let listed = Listed { id: "111122223333".to_owned(), name: None, state: "CLOSED".to_owned() };
        assert_eq!(read(&account), Some(listed));
        assert_eq!(read(&json!({ "Id": "111122223333" })), None);
    }
}
