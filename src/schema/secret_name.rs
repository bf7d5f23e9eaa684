//! Names of secrets that the schema does not have: those of newer members, and keys of maps.

/// The ends of such names, without case and punctuation.
const ENDS: [&str; 28] = [
    "accesskey",
    "apikey",
    "assertion",
    "authorization",
    "bearer",
    "connectionstring",
    "cookie",
    "credential",
    "credentials",
    "encryptionkey",
    "hmac",
    "jwt",
    "masterkey",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pem",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "secrets",
    "secretstring",
    "secretvalue",
    "sharedkey",
    "signingkey",
    "token",
];

/// The beginnings of names that say something about a secret, such as `GenerateSecret`.
const ABOUT: [&str; 8] = ["generate", "has", "require", "enable", "allow", "rotate", "use", "prevent"];

/// Whether a name reads like that of a secret, or of a version of one, such as `ClientSecretV2`.
pub(super) fn reads_like_a_secret(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let unnumbered = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let unnumbered = unnumbered.strip_suffix('v').filter(|_| unnumbered != plain).unwrap_or(unnumbered);
    ENDS.iter().any(|end| unnumbered.ends_with(end))
        && !ABOUT.iter().any(|start| begins_with_word(name, start))
}

/// Whether two names differ in case and punctuation alone.
pub(super) fn is_spelling_of(name: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    letters(name) == letters(other)
}

/// Whether a word is the first of a name, and not the begin of a longer word as `use` is of `UserPassword`.
fn begins_with_word(name: &str, word: &str) -> bool {
    let start = name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    start && name[word.len()..].starts_with(|next: char| !next.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    #[test]
    fn a_name_of_a_secret_is_recognized_in_any_spelling() {
        let secrets = "Password api_secret privateKey private-key apiKey AccessKey dbCredentials UserPassword \
                       AuthToken BearerToken oauthToken api-token jwt Authorization Cookie SharedKey \
                       hmac pwd pem client_assertion SecretString ClientSecretV2 ConnectionString password2";
        for name in secrets.split_whitespace() {
            assert!(schema().names_secret(name), "{name}");
        }
        let others = "PasswordHistorySize GenerateSecret SecretArn token_url keyId Secretary use_secret \
                      EnableTokenRevocation AccessToken access_token authorize_scopes attributes_request_method";
        for name in others.split_whitespace() {
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
