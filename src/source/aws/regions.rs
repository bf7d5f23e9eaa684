//! The Regions of an account, where every Region is asked for.

use aws_config::SdkConfig;

use super::failure::{Failure, Kind};
use super::mend::partition;
use super::signed::{Question, ask, elements};
use crate::source::{About, Unread};

/// Regions that serve user pools and that every account of their partition has, from the endpoints of botocore
/// 1.43.11. Of the partition `aws`, those are the Regions that were there before March 20, 2019.
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

/// Regions that serve user pools and that an account has to switch on, from the same list.
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

/// How it came that a Region is read, which decides what its silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Somebody named it.
    Named,
    /// The account has it, which says nothing about Cognito.
    SwitchedOn,
    /// It serves Cognito, which says nothing about the account.
    Known,
}

/// Why there is nothing to be read in a Region, which is no failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Absence {
    NoCognito,
    SwitchedOff,
}

/// The Regions that the account has, also those of which this version does not know whether they serve Cognito.
pub(super) async fn switched_on(config: &SdkConfig, home: &str) -> Result<Vec<String>, Failure> {
    let question = Question {
        service: "ec2",
        service_id: "EC2",
        region: home.to_owned(),
        operation: "DescribeRegions",
        content_type: "application/x-www-form-urlencoded",
        target: None,
        body: "Action=DescribeRegions&Version=2016-11-15".to_owned(),
    };
    let answer = ask(config, &question).await?;
    // An emulator may name Regions of other partitions, for which the credentials are none.
    let here = |region: &&str| partition(region) == partition(home);
    let regions: Vec<String> = elements(&answer, "regionName").filter(here).map(str::to_owned).collect();
    if regions.is_empty() {
        return Err(Failure::new(Kind::Garbled, "it names no Region"));
    }
    Ok(regions)
}

/// The Regions of a partition that serve user pools, as far as this version knows.
pub(super) fn known(home: &str) -> Vec<String> {
    let all = EVERYWHERE.iter().chain(&OPT_IN);
    all.filter(|region| partition(region) == partition(home)).map(|&region| region.to_owned()).collect()
}

/// Whether a failure says no more than that there is nothing to read in a Region that nobody named. Where it may
/// as well be the network or the credentials, it stays a failure.
pub(super) fn absence(chosen: Chosen, region: &str, failure: &Failure) -> Option<Absence> {
    let serves_cognito = EVERYWHERE.contains(&region) || OPT_IN.contains(&region);
    let refused = matches!(
        failure.code.as_deref(),
        Some("UnrecognizedClientException" | "InvalidClientTokenId" | "OptInRequired" | "AuthFailure")
    );
    match chosen {
        Chosen::SwitchedOn if failure.kind == Kind::NoAddress && !serves_cognito => Some(Absence::NoCognito),
        Chosen::Known if refused && OPT_IN.contains(&region) => Some(Absence::SwitchedOff),
        _ => None,
    }
}

/// What is wrong with the spelling of a Region, which becomes part of a host's name.
pub(super) fn strange(region: &str) -> Option<Unread> {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fine = region.bytes().all(label) && !region.starts_with('-') && !region.ends_with('-');
    (!fine).then(|| Unread {
        target: region.to_owned(),
        operation: None,
        code: None,
        message: "this is no Region's name".to_owned(),
        help: Some("write it as in `us-east-1`".to_owned()),
        at: None,
        about: About::default(),
    })
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
        let refused = Failure {
            code: Some("UnrecognizedClientException".to_owned()),
            ..Failure::new(Kind::Credentials, "")
        };
        assert_eq!(absence(Chosen::Known, "af-south-1", &refused), Some(Absence::SwitchedOff));
        // Every account has it, so the credentials are at fault.
        assert_eq!(absence(Chosen::Known, "us-east-1", &refused), None);
        assert_eq!(absence(Chosen::SwitchedOn, "af-south-1", &refused), None);
        assert_eq!(absence(Chosen::Named, "af-south-1", &refused), None);
        let nowhere = Failure::new(Kind::NoAddress, "");
        assert_eq!(absence(Chosen::SwitchedOn, "xx-new-1", &nowhere), Some(Absence::NoCognito));
        // Cognito is there, so the network is at fault.
        assert_eq!(absence(Chosen::SwitchedOn, "us-east-1", &nowhere), None);
        assert_eq!(absence(Chosen::Named, "xx-new-1", &nowhere), None);
    }
}
