//! The web ACL of a pool, which AWS WAF knows and Cognito does not.

use super::operation::WEB_ACL;
use super::section::{Answer, Part, missed, nothing, under};
use super::signed::Question;

impl Part<'_> {
    /// The web ACL that protects the pool; an answer without one means that none does.
    pub(super) async fn web_acl(self) -> Answer {
        let arn = self.pool.arn.as_deref().ok_or_else(nothing).map_err(missed(WEB_ACL))?;
        let question = Question {
            service: "wafv2",
            service_id: "WAFV2",
            region: self.lane.region.clone(),
            operation: WEB_ACL,
            content_type: "application/x-amz-json-1.1",
            target: Some(format!("AWSWAF_20190729.{WEB_ACL}")),
            body: format!("{{\"ResourceArn\":{}}}", serde_json::Value::from(arn)),
        };
        let body = self.lane.beside(&self.lane.pacers.web_acls, &question).await.map_err(missed(WEB_ACL))?;
        under("WebACL", &body, WEB_ACL)
    }
}
