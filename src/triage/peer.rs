//! The built-in rules that checks of other programs mean.

/// Checks of user pools that other programs make, each with the rules for the same bad state. An id begins with the text.
const CHECKS: [(&str, &str, &[&str]); 8] = [
    ("cdk-nag", "AwsSolutions-COG1", &["password-too-short", "password-character-classes-missing"]),
    ("cdk-nag", "AwsSolutions-COG2", &["mfa-off", "mfa-optional"]),
    ("cdk-nag", "AwsSolutions-COG3", &["threat-protection-off", "threat-protection-audit-only"]),
    // It asks for the tier that has threat protection.
    ("cdk-nag", "AwsSolutions-COG8", &["threat-protection-off"]),
    ("cfn_nag", "F78", &["mfa-off"]),
    ("cfn-guard", "COGNITO_USER_POOL_MFA_CONFIGURATION_RULE", &["mfa-off"]),
    ("KICS", "ec28bf61", &["mfa-off", "mfa-without-factor"]),
    ("KICS", "74a18d1a", &["mfa-off", "mfa-without-factor"]),
];

/// The rules that a check of a program means; none where that is not known.
pub fn meant(program: &str, id: &str) -> &'static [&'static str] {
    let own = |(of, check, _): &&(&str, &str, _)| *of == program && id.starts_with(check);
    CHECKS.iter().find(own).map_or(&[], |(.., rules)| rules)
}

/// Words of ids that say nothing of their subject.
const COMMON: [&str; 22] = [
    "aws", "cognito", "user", "users", "pool", "pools", "userpool", "client", "off", "missing", "short",
    "long", "lived", "only", "with", "without", "open", "default", "unset", "that", "from", "must",
];

/// Whether a rule's id has a word in common with a text, beside those that many ids have.
pub fn share_a_word(rule: &str, text: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.filter(|word| word.len() > 2 && !COMMON.contains(&&**word)).collect()
    };
    let own = words(rule);
    words(text).iter().any(|word| own.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::builtin;

    #[test]
    fn checks_mean_rules_that_exist() {
        for (program, id, rules) in CHECKS {
            assert_eq!(meant(program, id), rules);
            assert!(rules.iter().all(|rule| builtin::is_rule(rule)), "{program} {id}");
        }
        assert!(meant("Checkov", "F78").is_empty());
    }

    #[test]
    fn rules_share_words_with_what_is_suppressed() {
        for (rule, text, shares) in [
            ("mfa-off", "customers choose MFA", true),
            ("mfa-off", "AVD-AWS-0001", false),
            ("deletion-protection-inactive", "aws-cognito-deletion_protection", true),
            ("client-secret-missing", "the client is missing", false),
        ] {
            assert_eq!(share_a_word(rule, text), shares, "{rule}: {text}");
        }
    }
}
