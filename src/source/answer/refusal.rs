//! Objects that are not a user pool: what they are, by their members, and what to run instead.

use super::bare::Bare;
use super::member::is_same_word;
use super::read_state::Refusal;
use super::several::{first_object, is_pool_id};
use super::snapshot::MARK;
use crate::pool::Section;
use crate::schema::{NodeId, schema};
use crate::source::text::members;

const DESCRIBE: &str = "run `aws cognito-idp describe-user-pool --user-pool-id ID`; `cognito-lint snapshot` saves pools \
                        with their clients and all other sections";
const THEMSELVES: &str = "read the pools themselves: `aws cognito-idp describe-user-pool --user-pool-id ID`, or `cognito-lint \
                    check` without inputs for live pools";
const ALONE: &str = "give it as an input of its own: `cognito-lint check FILE`";
const SHOW: &str = "make the JSON of a plan: `terraform plan -out=plan.tfplan && terraform show -json plan.tfplan > \
                    plan.json`";
const AMPLIFY: &str =
    "check the template below `amplify/backend/auth/NAME/build`, or the live pool after `amplify push`";

const INSIDE: &str = "put app clients into a list `Clients` of the pool, and other parts under their names in `cognito-lint \
                    schema`; `cognito-lint snapshot` saves pools with all their sections";

/// Answers of other operations, by the member that holds what was asked for.
const ANSWERS: [(&str, &str); 16] = [
    ("UserPoolClient", "DescribeUserPoolClient"),
    ("UserPoolClients", "ListUserPoolClients"),
    ("IdentityProvider", "DescribeIdentityProvider"),
    ("Providers", "ListIdentityProviders"),
    ("DomainDescription", "DescribeUserPoolDomain"),
    ("LogDeliveryConfiguration", "GetLogDeliveryConfiguration"),
    ("ResourceServer", "DescribeResourceServer"),
    ("Group", "GetGroup"),
    ("Users", "ListUsers"),
    ("UICustomization", "GetUICustomization"),
    ("ManagedLoginBranding", "DescribeManagedLoginBranding"),
    ("UserImportJob", "DescribeUserImportJob"),
    ("UserImportJobs", "ListUserImportJobs"),
    ("UserPoolReplicas", "ListUserPoolReplicas"),
    ("ClientSecrets", "ListUserPoolClientSecrets"),
    ("IdentityPoolId", "DescribeIdentityPool"),
];

/// Output of other programs, recognized by members that are all there, with advice. The first match is used.
const OTHERS: [(&[&str], &str, &str); 20] = [
    (
        &["UserPools"],
        "this is an answer of ListUserPools, which does not say how a pool is configured",
        DESCRIBE,
    ),
    (&["@level"], "this is a line of the log of `terraform plan -json`, not the plan", SHOW),
    (&["resource_changes"], "this is a Terraform plan, which is read from a file of its own", ALONE),
    (&["planned_values"], "this is a Terraform plan, which is read from a file of its own", ALONE),
    (&["terraform_version"], "this is a Terraform state, which is read from a file of its own", ALONE),
    (&["Resources"], "this is a CloudFormation template, which is read from a file of its own", ALONE),
    (&["eventSource", "eventName"], CLOUDTRAIL, THEMSELVES),
    (&["CloudTrailEvent"], CLOUDTRAIL, THEMSELVES),
    (&["Records"], "these are records of events, as CloudTrail writes them, not user pools", THEMSELVES),
    (
        &["detail-type"],
        "this is an event of EventBridge, which does not say how a pool is configured",
        THEMSELVES,
    ),
    (
        &["finding_info"],
        "this is a finding in OCSF, as Prowler and AWS Security Hub write it, not a user pool",
        THEMSELVES,
    ),
    (&["CheckID"], "this is a finding of Prowler, not a user pool", THEMSELVES),
    (&["Findings"], "these are findings of AWS Security Hub, not user pools", THEMSELVES),
    (&["ProductArn"], "this is a finding of AWS Security Hub, not a user pool", THEMSELVES),
    (&["columns", "rows"], STEAMPIPE, THEMSELVES),
    (&["mfa_configuration"], STEAMPIPE, THEMSELVES),
    (&["deployment"], "this is a stack that Pulumi exported, which is not read", THEMSELVES),
    (&["steps", "config"], "this is a preview of Pulumi, which is not read", THEMSELVES),
    (
        &["encrypted_data", "encryption_version"],
        "this is a plan or a state that OpenTofu encrypted",
        "run `tofu show -json > state.json`, which has the key; `tofu show -json plan.tfplan > plan.json` shows a plan",
    ),
    (
        &["cognitoConfig"],
        "this is the input of an Amplify category, not the template that Amplify makes",
        AMPLIFY,
    ),
];

const CLOUDTRAIL: &str =
    "this is an event of CloudTrail, which says what was called and not how a pool is configured";
const STEAMPIPE: &str =
    "this is a result of Steampipe, whose columns are not the members of an answer of the API";

/// Sections of a pool document that an answer of another operation has at its top.
const SECTIONS: [(&str, &str); 4] = [
    ("RiskConfiguration", "DescribeRiskConfiguration"),
    ("ResourceServers", "ListResourceServers"),
    ("Groups", "ListGroups"),
    ("SessionConfiguration", "GetUserPoolSessionConfiguration"),
];

/// Says what an object is that is not a pool.
pub(super) fn refusal(bare: &Bare, foreign: &[(String, serde_json::Value)]) -> Refusal {
    let has = |name: &str| foreign.iter().any(|(foreign, _)| foreign == name);
    let told = |message: String, help| Refusal { message, help: Some(help) };
    let other = |operation: &str| format!("this is an answer of {operation}, not of DescribeUserPool");
    if let Some((_, what, help)) = OTHERS.iter().find(|(names, ..)| names.iter().all(|name| has(name))) {
        return told((*what).to_owned(), help);
    }
    if let Some((_, operation)) = ANSWERS.iter().find(|(member, _)| has(member)) {
        return told(other(operation), DESCRIBE);
    }
    if bare.has("Id") && bare.has("Name") {
        let message = "this is an item of ListUserPools, which does not say how a pool is configured";
        return told(message.to_owned(), DESCRIBE);
    }
    if bare.has("MfaConfiguration") || has("SmsMfaConfiguration") || has("SoftwareTokenMfaConfiguration") {
        return told(other("GetUserPoolMfaConfig"), DESCRIBE);
    }
    if let Some((_, operation)) = SECTIONS.iter().find(|(section, _)| bare.has(section)) {
        return told(other(operation), DESCRIBE);
    }
    let message = match foreign.first() {
        Some((name, _)) => {
            format!("this object is not a user pool: it has `{name}`, and neither `UserPool` nor `Id`")
        }
        None => "this object is not a user pool: it has neither `UserPool` nor `Id`".to_owned(),
    };
    Refusal { message, help: None }
}

/// What is wrong with the members beside a pool.
pub(super) fn beside(bare: &Bare, foreign: &[(String, serde_json::Value)]) -> Option<Refusal> {
    let message = |name: &str| format!("`{name}` is beside the pool, not in it, and would be ignored");
    if let Some(name) = bare.first() {
        return Some(Refusal { message: message(name), help: None });
    }
    let (name, _) = foreign.iter().find(|(name, _)| is_of_pool(name))?;
    Some(Refusal { message: message(name), help: Some(INSIDE) })
}

/// Answers that are of no part of a pool's document.
const OF_NO_PART: [&str; 5] =
    ["Users", "UICustomization", "UserImportJob", "UserImportJobs", "IdentityPoolId"];

/// Whether a member that is beside a pool is of a part of it: an answer of another operation, or a section in other
/// letters.
fn is_of_pool(name: &str) -> bool {
    let answers = ANSWERS.iter().map(|(member, _)| *member).filter(|member| !OF_NO_PART.contains(member));
    let sections = Section::ATTACHED.into_iter().map(Section::member);
    answers.chain(sections).chain(["UserPool"]).any(|member| is_same_word(member, name))
}

/// Members at the top of what can be read, beside those of a pool.
const READ: [&str; 12] = [
    MARK,
    "UserPool",
    "data",
    "format_version",
    "TemplateBody",
    "ResourceDescription",
    "ResourceDescriptions",
    "ConfigurationItem",
    "configurationItem",
    "configurationItems",
    "baseConfigurationItems",
    "Results",
];

/// Whether a text is of something that can be read, or that is known by name. Any other JSON is not meant for this
/// program.
pub(in crate::source) fn is_recognized(text: &str) -> bool {
    let Some(object) = first_object(text) else { return true };
    members(object).iter().any(|(name, value)| {
        let name = name.as_ref();
        schema().node(NodeId::ROOT).position(name.as_bytes(), 0).is_some()
            || READ.contains(&name)
            || ANSWERS.iter().any(|(member, _)| *member == name)
            || OTHERS.iter().any(|(names, ..)| names.contains(&name))
            || (is_pool_id(name) && value.get().starts_with('{'))
    })
}
