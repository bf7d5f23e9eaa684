//! The resources of a list that say something of pools. The others are left out while the list is read, for a large
//! plan has a hundred of them to one of these.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::arguments::mapping;

/// Something of a list that has the type of a resource.
pub(super) trait Typed {
    fn kind(&self) -> &str;
}

/// The resources of a list that are looked at.
pub(super) struct Listed<T> {
    kept: Vec<T>,
    /// How many resources the list has.
    count: usize,
}

/// Whether a type is of Cognito user pools, or can hold a template, and is not read as a resource of its own.
pub(super) fn is_foreign(kind: &str) -> bool {
    let family = kind.contains("_cognito_") && !kind.contains("identity_pool");
    mapping(kind).is_none() && (family || is_stack(kind) || is_instance(kind) || is_cloud_control(kind))
}

pub(in crate::source) fn is_stack(kind: &str) -> bool {
    ["aws_cloudformation_stack", "aws_cloudformation_stack_set", "awscc_cloudformation_stack"].contains(&kind)
}

/// Whether a type gives a stack set other parameters in some accounts and Regions.
pub(in crate::source) fn is_instance(kind: &str) -> bool {
    ["aws_cloudformation_stack_set_instance", "aws_cloudformation_stack_instances"].contains(&kind)
}

pub(super) fn is_cloud_control(kind: &str) -> bool {
    kind == "aws_cloudcontrolapi_resource"
}

impl<T> Listed<T> {
    /// Whether the list has no resource at all.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Listed<T> {
        Listed { kept: Vec::new(), count: 0 }
    }
}

impl<'l, T> IntoIterator for &'l Listed<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.iter()
    }
}

impl<'de, T: Deserialize<'de> + Typed> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Listed<T>, D::Error> {
        deserializer.deserialize_seq(Resources(PhantomData))
    }
}

struct Resources<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Typed> Visitor<'de> for Resources<T> {
    type Value = Listed<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed<T>, A::Error> {
        let mut listed = Listed::default();
        while let Some(resource) = list.next_element::<T>()? {
            listed.count += 1;
            let kind = resource.kind();
            if kind.is_empty() {
                // Terraform writes no such file, so it was damaged.
                return Err(serde::de::Error::custom(
                    "a resource has an empty type, so nothing of it is known",
                ));
            }
            if mapping(kind).is_some() || is_foreign(kind) {
                listed.kept.push(resource);
            }
        }
        Ok(listed)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Named<'t> {
        #[serde(borrow)]
        kind: Cow<'t, str>,
    }

    impl Typed for Named<'_> {
        fn kind(&self) -> &str {
            &self.kind
        }
    }

    #[test]
    fn resources_without_pools_are_left_out_and_counted() {
        let kinds = ["aws_iam_role", "aws_cognito_user_pool", "aws_cloudformation_stack", "aws_cognito_new"];
        let list = kinds.map(|kind| format!("{{\"kind\":\"{kind}\"}}")).join(",");
        let text = format!("[{list}]");
        let listed: Listed<Named<'_>> = serde_json::from_str(&text).unwrap();
        let kept: Vec<&str> = listed.into_iter().map(Typed::kind).collect();
        assert_eq!(kept, kinds[1..]);
        let other: Listed<Named<'_>> = serde_json::from_str(r#"[{"kind":"aws_iam_role"}]"#).unwrap();
        assert!(!other.is_empty() && other.into_iter().next().is_none());
        assert!(serde_json::from_str::<Listed<Named<'_>>>("{}").is_err());
    }
}
