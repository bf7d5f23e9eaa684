//! The Regions of an account, for runs over all Regions.

use aws_config::SdkConfig;

use crate::source::aws::client::{CallFailure, FailureKind, RawRequest, RegionChoice, ask, xml_elements};
use crate::source::live::partition;

/// Regions with Cognito that are enabled for every account of their partition, from the endpoints of botocore
/// 1.43.11. In the partition `aws`, those are the Regions that were opened before March 20, 2019.
const EVERYWHERE: [&str; 20] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "eusc-de-east-1",
];

/// Regions with Cognito that an account has to enable (opt-in Regions), from the same list.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// A reason that a Region holds nothing to read. It is not a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::source::aws) enum EmptyRegion {
    NoCognito,
    SwitchedOff,
}

/// The Regions that are enabled for the account, with or without Cognito.
pub(in crate::source::aws) async fn enabled_regions(
    config: &SdkConfig,
    home: &str,
) -> Result<Vec<String>, CallFailure> {
    let question = RawRequest {
        service: "ec2",
        service_id: "EC2",
        region: home.to_owned(),
        operation: "DescribeRegions",
        content_type: "application/x-www-form-urlencoded",
        target: None,
        body: "Action=DescribeRegions&Version=2016-11-15".to_owned(),
    };
    let answer = ask(config, &question).await?;
    // An emulator may list Regions of other partitions, where the credentials do not work.
    let here = |region: &&str| partition(region) == partition(home);
    let regions: Vec<String> = xml_elements(&answer, "regionName").filter(here).map(str::to_owned).collect();
    if regions.is_empty() {
        return Err(CallFailure::new(FailureKind::Garbled, "it names no Region"));
    }
    Ok(regions)
}

/// The Regions with Cognito in a partition, as far as this version knows.
pub(in crate::source::aws) fn known(home: &str) -> Vec<String> {
    let all = EVERYWHERE.iter().chain(&OPT_IN);
    all.filter(|region| partition(region) == partition(home)).map(|&region| region.to_owned()).collect()
}

/// The absence that a failure proves for a Region that was not named. `None` if the network or the credentials may be
/// the cause.
pub(in crate::source::aws) fn absence(
    choice: RegionChoice,
    region: &str,
    failure: &CallFailure,
) -> Option<EmptyRegion> {
    let serves_cognito = EVERYWHERE.contains(&region) || OPT_IN.contains(&region);
    let refused = matches!(
        failure.code.as_deref(),
        Some("UnrecognizedClientException" | "InvalidClientTokenId" | "OptInRequired" | "AuthFailure")
    );
    match choice {
        RegionChoice::SwitchedOn if failure.kind == FailureKind::NoAddress && !serves_cognito => {
            Some(EmptyRegion::NoCognito)
        }
        RegionChoice::Known if refused && OPT_IN.contains(&region) => Some(EmptyRegion::SwitchedOff),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_regions_are_those_of_the_partition() {
        assert_eq!(known("us-gov-west-1"), ["us-gov-east-1", "us-gov-west-1"]);
        assert_eq!(known("eu-central-2").len(), 34);
        assert!(known("cn-north-1").is_empty());
    }

    #[test]
    fn only_what_can_mean_nothing_else_is_an_absence() {
        let refused = CallFailure {
            code: Some("UnrecognizedClientException".to_owned()),
            ..CallFailure::new(FailureKind::Credentials, "")
        };
        assert_eq!(absence(RegionChoice::Known, "af-south-1", &refused), Some(EmptyRegion::SwitchedOff));
        // It is enabled for every account, so the cause is the credentials.
        assert_eq!(absence(RegionChoice::Known, "us-east-1", &refused), None);
        assert_eq!(absence(RegionChoice::SwitchedOn, "af-south-1", &refused), None);
        assert_eq!(absence(RegionChoice::Named, "af-south-1", &refused), None);
        let nowhere = CallFailure::new(FailureKind::NoAddress, "");
        assert_eq!(absence(RegionChoice::SwitchedOn, "xx-new-1", &nowhere), Some(EmptyRegion::NoCognito));
        // It has Cognito, so the cause is the network.
        assert_eq!(absence(RegionChoice::SwitchedOn, "us-east-1", &nowhere), None);
        assert_eq!(absence(RegionChoice::Named, "xx-new-1", &nowhere), None);
    }
}
