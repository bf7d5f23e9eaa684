//! Names of secrets that the schema does not have: those of newer members, and keys of maps.

/// The ends of such names, without case and punctuation.
const ENDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "secretvalue",
    "secretkey",
    "privatekey",
    "signingkey",
    "apikey",
    "accesskey",
    "credential",
    "credentials",
];

/// The beginnings of names that say something about a secret, such as `GenerateSecret`.
const ABOUT: [&str; 8] = ["generate", "has", "require", "enable", "allow", "rotate", "use", "prevent"];

/// Whether a name reads like that of a secret.
pub(super) fn reads_like_a_secret(name: &str) -> bool {
    // Most names end otherwise, and need no copy.
    let last = name.bytes().rev().find(u8::is_ascii_alphanumeric).map(|last| last.to_ascii_lowercase());
    if !last.is_some_and(|last| b"detyls".contains(&last)) {
        return false;
    }
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    ENDS.iter().any(|end| plain.ends_with(end)) && !ABOUT.iter().any(|start| plain.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    #[test]
    fn a_name_of_a_secret_is_recognized_in_any_spelling() {
        for name in
            ["Password", "api_secret", "privateKey", "private-key", "apiKey", "AccessKey", "dbCredentials"]
        {
            assert!(schema().names_secret(name), "{name}");
        }
        for name in ["PasswordHistorySize", "GenerateSecret", "SecretArn", "token_url", "keyId", "Secretary"]
        {
            assert!(!schema().names_secret(name), "{name}");
        }
    }

    #[test]
    fn a_member_that_the_schema_has_is_a_secret_where_the_schema_says_so() {
        let is_read = |name: &str| reads_like_a_secret(name) && !schema().secret_names.contains(name);
        let known = schema().nodes.iter().filter(|node| is_read(&node.name));
        for node in known {
            assert!(!schema().names_secret(&node.name), "{}", node.path);
        }
    }
}
