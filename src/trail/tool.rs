//! The tool that made a call, by the user agent of its record.

use serde_json::Value as Json;

use super::caller::INTERNAL;
use super::json::text;

/// Characters of a user agent that this version does not know.
const LONGEST: usize = 60;

/// The tool that made a call: `Terraform 1.9.5`, `CloudFormation (CDK)`, `AWS CLI 2.36.28 (update-user-pool)`. A user
/// agent is free text of the caller.
pub(super) fn tool(record: &Json) -> String {
    let agent = text(record, &["userAgent"]).unwrap_or_default();
    let agent = agent.strip_prefix('[').and_then(|agent| agent.strip_suffix(']')).unwrap_or(agent).trim();
    let invoked = text(record, &["userIdentity", "invokedBy"]).filter(|service| *service != INTERNAL);
    if let Some(service) = invoked.or_else(|| agent.ends_with(".amazonaws.com").then_some(agent)) {
        return of_service(service, record);
    }
    if text(record, &["sessionCredentialFromConsole"]) == Some("true") || is_console(agent) {
        return "the console".to_owned();
    }
    if let Some(version) = version(agent, "Terraform/") {
        return format!("Terraform {version}");
    }
    if let Some(version) = version(agent, "OpenTofu/") {
        return format!("OpenTofu {version}");
    }
    if let Some(version) = agent.strip_prefix("aws-cli/").map(word) {
        let command = agent.split_once("md/command#").map(|(_, rest)| word(rest));
        let command = command.map(|command| command.split_once('.').map_or(command, |(_, command)| command));
        return match command {
            Some(command) => format!("AWS CLI {version} ({command})"),
            None => format!("AWS CLI {version}"),
        };
    }
    sdk(agent).unwrap_or_else(|| shortened(agent))
}

fn of_service(service: &str, record: &Json) -> String {
    match service {
        "cloudformation.amazonaws.com" => {
            let role = text(record, &["userIdentity", "arn"]).unwrap_or_default();
            let is_cdk = role.contains("/cdk-") && role.contains("-cfn-exec-role-");
            let name = if is_cdk { "CloudFormation (CDK)" } else { "CloudFormation" };
            name.to_owned()
        }
        "console.amazonaws.com" => "the console".to_owned(),
        other => other.to_owned(),
    }
}

fn is_console(agent: &str) -> bool {
    agent == INTERNAL || agent.starts_with("Mozilla/") || agent.starts_with("S3Console/")
}

/// A library, by the first word of a user agent.
fn sdk(agent: &str) -> Option<String> {
    let (name, version) = word(agent).split_once('/')?;
    let known = name == "Boto3" || name == "Botocore" || name.starts_with("aws-sdk-");
    known.then(|| format!("{name} {version}"))
}

/// The version after a name and a slash.
fn version<'a>(agent: &'a str, name: &str) -> Option<&'a str> {
    agent.split_once(name).map(|(_, rest)| word(rest))
}

/// The first word.
fn word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn shortened(agent: &str) -> String {
    match agent.char_indices().nth(LONGEST) {
        _ if agent.is_empty() => "a tool that the record does not name".to_owned(),
        Some((end, _)) => format!("{}...", &agent[..end]),
        None => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn user_agents_have_their_tools() {
        let terraform =
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/6.0.0";
        let all = [
            (terraform, "Terraform 1.9.5"),
            (
                "aws-cli/2.36.28 md/awscrt#0.36.2 md/command#cognito-idp.update-user-pool",
                "AWS CLI 2.36.28 (update-user-pool)",
            ),
            ("aws-cli/1.40.0", "AWS CLI 1.40.0"),
            ("AWS Internal", "the console"),
            ("console.amazonaws.com", "the console"),
            ("Mozilla/5.0 (X11; Linux x86_64)", "the console"),
            ("cloudformation.amazonaws.com", "CloudFormation"),
            ("Boto3/1.43.11 md/Botocore#1.43.11", "Boto3 1.43.11"),
            ("[Boto3/1.43.11 ]", "Boto3 1.43.11"),
            ("aws-sdk-go-v2/1.36.0 os/linux", "aws-sdk-go-v2 1.36.0"),
            ("curl/8.0", "curl/8.0"),
            ("", "a tool that the record does not name"),
        ];
        for (agent, expected) in all {
            assert_eq!(tool(&json!({ "userAgent": agent })), expected, "{agent}");
        }
        let long = "x".repeat(100);
        assert_eq!(tool(&json!({ "userAgent": long })), format!("{}...", "x".repeat(60)));
    }

    #[test]
    fn the_role_of_cdk_is_recognized() {
        let arn = "arn:aws:sts::111122223333:assumed-role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1/AWSCloudFormation";
        let identity = json!({"arn": arn, "invokedBy": "cloudformation.amazonaws.com"});
        let record = json!({"userAgent": "cloudformation.amazonaws.com", "userIdentity": identity});
        assert_eq!(tool(&record), "CloudFormation (CDK)");
    }
}
