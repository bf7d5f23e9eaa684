//! Sections whose calls the SDK does not have: they are signed like its own, and their answers are read as text.

use serde_json::{Value, json};

use super::page::ItemPage;
use super::section::{SectionAnswer, SectionReader, is_about, missed, nothing, under};
use super::splice::list;
use crate::pool::WEB_ACL;
use crate::source::aws::client::{CallFailure, Pacer, RawRequest, is_answer, member};

impl SectionReader<'_> {
    /// The session configuration of the pool or of a client.
    pub(super) async fn session_configuration(self, client: Option<&str>, pacer: &Pacer) -> SectionAnswer {
        let pacers = &self.api.pacers;
        let (operation, category) = match client {
            None => ("GetUserPoolSessionConfiguration", &pacers.sessions),
            Some(_) => ("GetUserPoolClientSessionConfiguration", &pacers.client_sessions),
        };
        let mut input = json!({ "UserPoolId": self.id });
        if let Some(client) = client {
            input["ClientId"] = client.into();
        }
        self.slot(pacer).await;
        let question = self.question(operation, &input);
        let answer = self.api.raw_request(category, &question).await.and_then(|body| {
            is_answer(&body)?;
            let asked = [("UserPoolId", Some(self.id)), ("ClientId", client)];
            for (name, asked) in asked.into_iter().filter_map(|(name, asked)| Some((name, asked?))) {
                is_about(text(&body, name)?.as_deref().or(Some(asked)), asked)?;
            }
            Ok(body)
        });
        answer.map(Some).map_err(missed(operation))
    }

    /// The recoveries that were asked for, each with the preview that the list lacks.
    pub(super) async fn recoveries(self) -> SectionAnswer {
        let category = &self.api.pacers.recoveries;
        let operation = "ListPointInTimeRecoveries";
        let ids = self.pages(|token| async move {
            let mut input = json!({ "UserPoolId": self.id });
            if let Some(token) = token {
                input["NextToken"] = token.into();
            }
            let body = self.api.raw_request(category, &self.question(operation, &input)).await?;
            let answer: Value = serde_json::from_str(&body).unwrap_or_default();
            let items = answer["Restorations"].as_array().into_iter().flatten();
            let ids = items.map(|item| item["RestoreId"].as_str());
            ItemPage::of(&body, "Restorations", ids, answer["NextToken"].as_str())
        });
        let ids = ids.await.map_err(missed(operation))?;
        let (pacer, operation) = (self.pacer(), "DescribePointInTimeRecovery");
        let mut recoveries = Vec::new();
        for (id, _) in &ids {
            let input = json!({ "UserPoolId": self.id, "RestoreId": id });
            self.slot(&pacer).await;
            let answer = self.api.raw_request(category, &self.question(operation, &input)).await;
            let gone = format!("the recovery `{id}`");
            let Some(body) = self.unless_gone(answer, operation, &gone)? else { continue };
            let told = under("Restoration", &body, operation)?;
            let told = told.ok_or_else(nothing).map_err(missed(operation))?;
            let about = text(&told, "RestoreId").and_then(|about| is_about(about.as_deref(), id));
            about.map_err(missed(operation))?;
            recoveries.push(told);
        }
        Ok(Some(list(&recoveries)))
    }

    /// The web ACL of the pool. An answer without one means that the pool has none.
    pub(super) async fn web_acl(self) -> SectionAnswer {
        let arn = self.pool.arn.as_deref().ok_or_else(nothing).map_err(missed(WEB_ACL))?;
        let question = RawRequest {
            service: "wafv2",
            service_id: "WAFV2",
            target: Some(format!("AWSWAF_20190729.{WEB_ACL}")),
            ..self.question(WEB_ACL, &json!({ "ResourceArn": arn }))
        };
        let body =
            self.api.raw_request(&self.api.pacers.web_acls, &question).await.map_err(missed(WEB_ACL))?;
        under("WebACL", &body, WEB_ACL)
    }

    /// A request to Cognito.
    fn question(self, operation: &'static str, input: &Value) -> RawRequest {
        RawRequest {
            service: "cognito-idp",
            service_id: "Cognito Identity Provider",
            region: self.api.region.clone(),
            operation,
            content_type: "application/x-amz-json-1.1",
            target: Some(format!("AWSCognitoIdentityProviderService.{operation}")),
            body: input.to_string(),
        }
    }
}

/// A member of an answer that is a text.
fn text(body: &str, name: &str) -> Result<Option<String>, CallFailure> {
    Ok(member(body, name)?.and_then(|text| serde_json::from_str(text).ok()))
}
