//! The members of an answer of `DescribeUserPool` that decide what else is read of the pool.

use serde::Deserialize;

use super::reader::{Doubt, Reader, Skipped};
use crate::value::json_error;

/// An answer, as far as it is looked at before its pool is read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Described {
    pub user_pool: Option<DescribedParts>,
    /// An error with the status of an answer, in JSON.
    #[serde(rename = "__type")]
    pub error: Option<serde_json::Value>,
}

/// Members of the pool.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribedParts {
    pub id: Option<String>,
    pub arn: Option<String>,
    pub domain: Option<String>,
    pub custom_domain: Option<String>,
    user_pool_add_ons: Option<AddOns>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AddOns {
    advanced_security_mode: Option<String>,
}

impl DescribedParts {
    /// Whether threat protection is on.
    pub fn is_protected(&self) -> bool {
        let mode =
            self.user_pool_add_ons.as_ref().and_then(|add_ons| add_ons.advanced_security_mode.as_deref());
        matches!(mode, Some("AUDIT" | "ENFORCED"))
    }
}

/// Reads an answer to its end. The error says why that cannot be done.
pub fn described(body: &[u8]) -> Result<(&str, Described), String> {
    let text = simdutf8::basic::from_utf8(body).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut skipped = Skipped::default();
    let mut reader = Reader::new(text, &mut skipped);
    let read = Described::deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
    let read = read.or_else(|Doubt| serde_json::from_str(text)).map_err(|error| json_error(&error))?;
    Ok((text, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end() {
        let pool = r#"{"UserPool":{"Name":"n","Id":"us-east-1_a","New":[{}],"UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT"},
            "Domain":"","Arn":null},"ResponseMetadata":{}}"#;
        let (text, found) = described(pool.as_bytes()).unwrap();
        let parts = found.user_pool.unwrap();
        assert_eq!(
            (text, parts.id.as_deref(), parts.domain.as_deref()),
            (pool, Some("us-east-1_a"), Some(""))
        );
        assert!(parts.arn.is_none() && parts.is_protected() && found.error.is_none());
        for end in 0..pool.len() {
            assert!(described(&pool.as_bytes()[..end]).is_err(), "{}", &pool[..end]);
        }
        let error = described(br#"{"__type":"InternalErrorException","UserPool":null}"#).unwrap().1;
        assert_eq!(
            (error.error.unwrap().to_string().as_str(), error.user_pool.is_none()),
            ("\"InternalErrorException\"", true)
        );
        for (body, why) in [
            (&b"\xff"[..], "it is not UTF-8"),
            (b"[]", "invalid"),
            (br#"{"UserPool":{"Id":1}}"#, "invalid"),
            (b"", "it ends"),
        ] {
            let said = described(body).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}
