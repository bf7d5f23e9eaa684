//! Values for rules that several would satisfy, or that only a person can know. The first that does is taken.

use std::sync::Arc;

use crate::source::{Parameter, Term};
use crate::value::{Text, Value};

/// Settings that are made together, by their paths from the top of the pool.
pub(super) type Candidate = Vec<(Vec<Text>, Term)>;

/// Settings that belong together, by their paths.
pub(super) type Choice = &'static [(&'static str, Chosen)];

/// A value of a choice.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen {
    /// It is not set: a rule that looks at it asks for the settings beside it.
    Asked,
    Flag(bool),
    Number(i64),
    Word(&'static str),
    Words(&'static [&'static str]),
    /// Name, what it is, and an example.
    Parameter(&'static str, &'static str, &'static str),
    /// A list with a parameter in it.
    OneOf(&'static str, &'static str, &'static str),
    /// Ways to recover an account, the first first.
    Recovery(&'static [&'static str]),
    /// Events of a kind at a level, which go to a log group or a stream that a parameter names.
    Logs(&'static [(&'static str, &'static str)]),
}

use Chosen::{Asked, Flag, Logs, Number, OneOf, Parameter as Of, Recovery, Word, Words};

const HIGH_ACTION: &str = "RiskConfiguration.AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction";
const HIGH_NOTIFY: &str = "RiskConfiguration.AccountTakeoverRiskConfiguration.Actions.HighAction.Notify";
const PLUS: (&str, Chosen) = ("UserPoolTier", Word("PLUS"));

pub(super) const CHOICES: &[Choice] = &[
    &[
        ("MfaConfiguration", Word("OPTIONAL")),
        ("MfaConfig.SoftwareTokenMfaConfiguration.Enabled", Flag(true)),
    ],
    &[("MfaConfiguration", Word("ON")), ("MfaConfig.SoftwareTokenMfaConfiguration.Enabled", Flag(true))],
    &[("UserPoolAddOns.AdvancedSecurityMode", Word("AUDIT")), PLUS],
    &[("UserPoolAddOns.AdvancedSecurityMode", Word("ENFORCED")), PLUS],
    &[
        ("UserPoolAddOns.AdvancedSecurityMode", Word("ENFORCED")),
        ("UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode", Word("ENFORCED")),
        PLUS,
    ],
    &[("UsernameConfiguration.CaseSensitive", Flag(false))],
    &[("AutoVerifiedAttributes", Words(&["email"]))],
    &[("AccountRecoverySetting.RecoveryMechanisms", Recovery(&["verified_email"]))],
    &[("AccountRecoverySetting.RecoveryMechanisms", Recovery(&["verified_email", "verified_phone_number"]))],
    &[("AccountRecoverySetting.RecoveryMechanisms", Recovery(&["verified_phone_number"]))],
    &[("AccountRecoverySetting.RecoveryMechanisms", Recovery(&["admin_only"]))],
    &[("UserPoolTags.owner", Of("tag_owner", "The value of the tag owner", "identity-team"))],
    &[
        ("Policies.SignInPolicy.AllowedFirstAuthFactors", Words(&["PASSWORD", "WEB_AUTHN"])),
        ("MfaConfig.WebAuthnConfiguration.UserVerification", Word("required")),
    ],
    &[
        ("Policies.SignInPolicy.AllowedFirstAuthFactors", Words(&["PASSWORD", "WEB_AUTHN"])),
        ("MfaConfig.WebAuthnConfiguration.UserVerification", Word("required")),
        ("Clients.ExplicitAuthFlows", Words(&["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])),
    ],
    &[("Clients.ExplicitAuthFlows", Words(&["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]))],
    &[
        ("Clients.RefreshTokenRotation.Feature", Word("ENABLED")),
        ("Clients.RefreshTokenRotation.RetryGracePeriodSeconds", Number(10)),
    ],
    &[
        ("EmailConfiguration.EmailSendingAccount", Word("DEVELOPER")),
        (
            "EmailConfiguration.SourceArn",
            Of(
                "sender_identity_arn",
                "The ARN of the verified identity of Amazon SES that sends messages",
                "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
            ),
        ),
        (
            "EmailConfiguration.From",
            Of("sender_address", "The address that messages come from", "no-reply@example.com"),
        ),
    ],
    &[(HIGH_ACTION, Word("BLOCK")), (HIGH_NOTIFY, Flag(false))],
    &[("RiskConfiguration.CompromisedCredentialsRiskConfiguration.Actions.EventAction", Word("BLOCK"))],
    &[("LogDelivery.LogConfigurations", Logs(&[("userNotification", "ERROR")]))],
    &[("LogDelivery.LogConfigurations", Logs(&[("userAuthEvents", "INFO")])), PLUS],
    &[
        ("LogDelivery.LogConfigurations", Logs(&[("userNotification", "ERROR"), ("userAuthEvents", "INFO")])),
        PLUS,
    ],
    &[(
        "WebACL.ARN",
        Of(
            "web_acl_arn",
            "The ARN of the web ACL of AWS WAF that protects the pool",
            "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/sign-in/a1b2c3d4",
        ),
    )],
    &[("Domains.ManagedLoginVersion", Number(2))],
    &[
        ("CustomDomain", Asked),
        ("Domains.Domain", Of("domain_name", "The domain of the sign-in pages", "auth.example.com")),
        (
            "Domains.CustomDomainConfig.CertificateArn",
            Of(
                "certificate_arn",
                "The ARN of the certificate of the domain, in us-east-1",
                "arn:aws:acm:us-east-1:111122223333:certificate/a1b2c3d4",
            ),
        ),
    ],
    &[(
        "Clients.LogoutURLs",
        OneOf(
            "logout_url",
            "The address of the application that people get to after they signed out",
            "https://app.example.com/",
        ),
    )],
    &[("DeviceConfiguration.ChallengeRequiredOnNewDevice", Flag(true))],
    &[("IssuerConfiguration.Type", Word("UPDATED"))],
    &[("Clients.ReadAttributes", Words(&["email", "email_verified"]))],
    &[(
        "KeyConfiguration.KmsKeyArn",
        Of(
            "kms_key_arn",
            "The ARN of the key of AWS KMS that encrypts the pool",
            "arn:aws:kms:eu-west-1:111122223333:key/a1b2c3d4-5678-90ab-cdef-example11111",
        ),
    )],
];

/// The address that a client sends people back to.
pub(super) fn callback() -> Parameter {
    parameter(
        "callback_url",
        "The address of the application that people return to after they signed in",
        "https://app.example.com/callback",
    )
}

/// The domain of the sign-in pages, which nobody else may have in the Region.
pub(super) fn domain() -> Parameter {
    parameter(
        "domain_name",
        "The first part of the domain of the sign-in pages, which nobody else has in the Region",
        "example-sign-in",
    )
}

/// The place where events are kept.
fn log_group() -> Parameter {
    parameter(
        "log_group_arn",
        "The ARN of the log group of CloudWatch Logs that keeps the events of the pool",
        "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/sign-in",
    )
}

fn parameter(name: &str, about: &str, example: &str) -> Parameter {
    Parameter { name: name.to_owned(), about: about.to_owned(), example: example.to_owned() }
}

/// The settings of a choice.
pub(super) fn candidate(choice: Choice) -> Candidate {
    let split = |path: &'static str| path.split('.').map(Text::from).collect::<Vec<Text>>();
    choice.iter().filter_map(|(path, chosen)| Some((split(path), term(*chosen)?))).collect()
}

fn term(chosen: Chosen) -> Option<Term> {
    let text = |text: &'static str| Term::Value(Value::String(text.into()));
    let structure = |members: Vec<(&'static str, Term)>| {
        Term::Structure(members.into_iter().map(|(name, term)| (name.into(), term)).collect())
    };
    Some(match chosen {
        Asked => return None,
        Flag(flag) => Term::Value(Value::Bool(flag)),
        Number(number) => Term::Value(Value::Int(number)),
        Word(word) => text(word),
        Words(words) => Term::List(words.iter().map(|word| text(word)).collect()),
        Of(name, about, example) => Term::Parameter(Arc::new(parameter(name, about, example))),
        OneOf(name, about, example) => {
            Term::List(vec![Term::Parameter(Arc::new(parameter(name, about, example)))])
        }
        Recovery(names) => {
            let priorities = (1..).map(|priority| Term::Value(Value::Int(priority)));
            let mechanisms = names.iter().zip(priorities);
            let one = |(name, priority): (&&'static str, Term)| {
                structure(vec![("Name", text(name)), ("Priority", priority)])
            };
            Term::List(mechanisms.map(one).collect())
        }
        Logs(events) => {
            let one = |(source, level): &(&'static str, &'static str)| {
                let group = structure(vec![("LogGroupArn", Term::Parameter(Arc::new(log_group())))]);
                structure(vec![
                    ("EventSource", text(source)),
                    ("LogLevel", text(level)),
                    ("CloudWatchLogsConfiguration", group),
                ])
            };
            Term::List(events.iter().map(one).collect())
        }
    })
}
