//! Many accounts: roles, an organization, every Region, and what is said of those that cannot be read.

use std::collections::BTreeMap;
use std::time::Duration;

use cognito_lint::pool::PoolPattern;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Account, ExternalId, Organization, Request, Role, RoleArn, Session};
use serde_json::Value;

use super::{Delivered, document, request};
use crate::fake::{ACCOUNT, Fake, Fault, On, Plan, pool, pool_in};

const ONE: &str = "444455556666";
const TWO: &str = "777788889999";
const THREE: &str = "222233334444";

fn role(account: &str) -> Account {
    let arn = RoleArn::parse(&format!("arn:aws:iam::{account}:role/auditor")).unwrap();
    Account { role: Some(Role { arn, session: Session::default() }), ..Account::default() }
}

fn named(account: &str, name: &str) -> Account {
    Account { name: Some(name.to_owned()), ..role(account) }
}

fn with(fake: &Fake, accounts: impl IntoIterator<Item = Account>) -> Request {
    Request { accounts: accounts.into_iter().collect(), ..request(fake) }
}

fn organization(fake: &Fake) -> Request {
    let organization = Organization { role_name: "auditor".to_owned(), ..Organization::default() };
    Request { organization: Some(organization), ..request(fake) }
}

fn go(request: Request) -> Delivered {
    Delivered::of(read(request))
}

/// Account and id of each pool, sorted.
fn pools(all: &Delivered) -> Vec<(String, String)> {
    let one = |document: Value| {
        let text = |name: &str| document["UserPool"][name].as_str().unwrap().to_owned();
        (text("Arn").split(':').nth(4).unwrap().to_owned(), text("Id"))
    };
    let mut pools: Vec<_> = all.chunks.iter().map(|chunk| one(document(chunk))).collect();
    pools.sort();
    pools
}

fn are(pools: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pools: Vec<_> = pools.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    pools.sort();
    pools
}

/// How often each operation was called, by service.
fn calls(fake: &Fake) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for seen in fake.requests() {
        *calls.entry(format!("{}:{}", seen.service, seen.operation)).or_insert(0) += 1;
    }
    calls
}

fn three_accounts() -> Plan {
    Plan::new()
        .pool(pool("us-east-1_own"))
        .pool(pool_in(ONE, "us-east-1_one"))
        .pool(pool_in(ONE, "eu-west-1_one"))
        .pool(pool_in(TWO, "us-east-1_two"))
}

#[test]
fn every_role_is_assumed_once_and_sees_its_own_account() {
    let fake = Fake::start(three_accounts());
    let all = go(Request {
        regions: vec!["us-east-1".to_owned(), "eu-west-1".to_owned()],
        ..with(&fake, [role(ONE), role(TWO)])
    });
    assert_eq!(all.unread, []);
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one"), (ONE, "eu-west-1_one"), (TWO, "us-east-1_two")]));
    let calls = calls(&fake);
    assert_eq!((calls["sts:AssumeRole"], calls["cognito-idp:ListUserPools"]), (2, 4));
    assert!(!calls.contains_key("sts:GetCallerIdentity"), "{calls:?}");
}

#[test]
fn an_account_has_regions_of_its_own() {
    let fake = Fake::start(three_accounts());
    let elsewhere = Account { regions: vec!["eu-west-1".to_owned()], ..role(ONE) };
    let all = go(with(&fake, [elsewhere, role(TWO)]));
    assert_eq!(pools(&all), are(&[(ONE, "eu-west-1_one"), (TWO, "us-east-1_two")]));
}

#[test]
fn a_role_that_cannot_be_assumed_leaves_the_others() {
    let plan = three_accounts().external_id(ONE, "orange-42");
    let fake = Fake::start(plan);
    let mut wrong = named(ONE, "payments");
    if let Some(role) = &mut wrong.role {
        role.session.external_id = Some(ExternalId::parse("apple-17").unwrap());
    }
    let all = go(with(&fake, [wrong, role(TWO)]));
    assert_eq!(pools(&all), are(&[(TWO, "us-east-1_two")]));
    let unread = all.only();
    assert_eq!(unread.target, format!("account {ONE} (payments)"));
    assert_eq!(
        (unread.operation.as_deref(), unread.code.as_deref()),
        (Some("AssumeRole"), Some("AccessDenied"))
    );
    assert!(unread.message.starts_with(&format!("the role arn:aws:iam::{ONE}:role/auditor could not")));
    let help = unread.help.as_deref().unwrap();
    assert!(help.contains("trust policy") && help.contains("external id") && help.contains("sts:AssumeRole"));
    let said = format!("{all:?}");
    assert!(!said.contains("orange") && !said.contains("apple"), "{said}");
    // A denial is final.
    assert_eq!(calls(&fake)["sts:AssumeRole"], 2);
}

#[test]
fn an_external_id_opens_the_role() {
    let fake = Fake::start(three_accounts().external_id(ONE, "orange+42/=@:,."));
    let mut account = role(ONE);
    if let Some(role) = &mut account.role {
        role.session.external_id = Some(ExternalId::parse("orange+42/=@:,.").unwrap());
    }
    let all = go(with(&fake, [account]));
    assert_eq!(all.ids(), ["us-east-1_one"]);
}

#[test]
fn an_external_id_that_sts_quotes_is_not_told() {
    let quoted =
        Fault::Said(400, "ValidationError", "Value 'apple-17' at 'externalId' failed to satisfy constraint");
    let fake = Fake::start(Plan::new().fault(On::Operation("AssumeRole"), quoted));
    let mut account = role(ONE);
    if let Some(role) = &mut account.role {
        role.session.external_id = Some(ExternalId::parse("apple-17").unwrap());
    }
    let all = go(with(&fake, [account]));
    assert!(all.only().message.contains("Value '***' at"), "{all:?}");
}

#[test]
fn a_throttle_of_sts_is_waited_for() {
    let plan = three_accounts().fault_times(3, On::Operation("AssumeRole"), Fault::Error("Throttling"));
    let fake = Fake::start(plan);
    assert_eq!(go(with(&fake, [role(ONE)])).ids(), ["us-east-1_one"]);
    assert_eq!(calls(&fake)["sts:AssumeRole"], 4);
}

#[test]
fn credentials_of_one_account_that_run_out_leave_the_others() {
    let plan = three_accounts().fault(On::Account(ONE), Fault::Error("ExpiredTokenException"));
    let fake = Fake::start(plan);
    let all = go(with(&fake, [role(ONE), role(TWO)]));
    assert_eq!(pools(&all), are(&[(TWO, "us-east-1_two")]));
    assert!(all.only().target.contains(ONE), "{all:?}");
}

#[test]
fn lines_name_account_and_region() {
    let denied = Fault::Error("AccessDeniedException");
    let plan = three_accounts().fault(On::Pool("us-east-1_one"), denied.clone());
    let fake = Fake::start(plan.fault(On::Region("eu-west-1"), denied));
    let all = go(Request {
        regions: vec!["us-east-1".to_owned(), "eu-west-1".to_owned()],
        ..with(&fake, [named(ONE, "payments"), role(TWO)])
    });
    let targets: Vec<&str> = all.unread.iter().map(|unread| unread.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "444455556666/eu-west-1 (payments)",
            "777788889999/eu-west-1",
            "one (us-east-1_one) in 444455556666/us-east-1 (payments)",
        ]
    );
}

#[test]
fn the_accounts_of_an_organization_are_read_and_its_own_without_a_role() {
    let plan = three_accounts()
        .member(ACCOUNT, "management", "ACTIVE")
        .member(ONE, "payments", "ACTIVE")
        .member(THREE, "old", "SUSPENDED")
        .member(TWO, "shop", "ACTIVE");
    let fake = Fake::start(plan.page_size(2));
    let all = go(organization(&fake));
    assert_eq!(all.unread, []);
    assert_eq!(all.ids(), ["us-east-1_one", "us-east-1_own", "us-east-1_two"].map(str::to_owned));
    let notes: Vec<&str> = all.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(notes, ["what is not active was not read: account 222233334444 (old) is SUSPENDED"]);
    let calls = calls(&fake);
    assert_eq!((calls["organizations:ListAccounts"], calls["sts:AssumeRole"]), (2, 2));
}

#[test]
fn accounts_of_an_organization_can_be_chosen_and_left_out() {
    let plan = || {
        three_accounts().member(ACCOUNT, "a", "ACTIVE").member(ONE, "b", "ACTIVE").member(TWO, "c", "ACTIVE")
    };
    let fake = Fake::start(plan());
    let mut request = organization(&fake);
    if let Some(organization) = &mut request.organization {
        organization.exclude = vec![ACCOUNT.to_owned(), THREE.to_owned()];
    }
    let all = go(request);
    assert_eq!(all.ids(), ["us-east-1_one", "us-east-1_two"].map(str::to_owned));
    assert_eq!(all.notes[0].message, "it is excluded and not in the organization");
    let fake = Fake::start(plan());
    let mut request = organization(&fake);
    if let Some(organization) = &mut request.organization {
        organization.accounts = vec![TWO.to_owned(), THREE.to_owned()];
    }
    let all = go(request);
    assert_eq!(all.ids(), ["us-east-1_two"]);
    assert_eq!(all.only().message, "it is not in the organization");
}

#[test]
fn an_account_of_the_configuration_comes_before_the_organization() {
    let fake = Fake::start(three_accounts().member(ONE, "payments", "ACTIVE").member(TWO, "shop", "ACTIVE"));
    let own = Account { regions: vec!["eu-west-1".to_owned()], ..role(ONE) };
    let all = go(Request { accounts: vec![own], ..organization(&fake) });
    assert_eq!(pools(&all), are(&[(ONE, "eu-west-1_one"), (TWO, "us-east-1_two")]));
}

#[test]
fn an_organization_that_is_listed_in_part_is_read_in_part() {
    let plan = three_accounts().member(ONE, "payments", "ACTIVE").member(TWO, "shop", "ACTIVE").page_size(1);
    let throttled = Fault::Error("TooManyRequestsException");
    let fake = Fake::start(plan.fault_times(2, On::Operation("ListAccounts"), throttled));
    assert_eq!(go(organization(&fake)).ids().len(), 2, "a throttle is waited for");
    let plan = three_accounts().member(ONE, "payments", "ACTIVE").member(TWO, "shop", "ACTIVE").page_size(1);
    let denied = Fault::Said(400, "AccessDeniedException", "no");
    let fake = Fake::start(plan.fault_after(1, On::Operation("ListAccounts"), denied));
    let all = go(organization(&fake));
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one")]));
    let unread = all.only();
    assert!(unread.message.ends_with("; the 1 accounts before that are read"), "{unread:?}");
    assert!(unread.help.as_deref().is_some_and(|help| help.contains("organizations:ListAccounts")));
}

#[test]
fn an_account_without_an_organization_says_so() {
    let fake = Fake::start(Plan::new());
    let all = go(organization(&fake));
    assert_eq!(all.only().code.as_deref(), Some("AWSOrganizationsNotInUseException"));
    assert!(all.only().help.as_deref().is_some_and(|help| help.contains("[[account]]")));
}

#[test]
fn the_same_account_is_read_once() {
    let fake = Fake::start(three_accounts());
    let all = go(with(&fake, [Account::default(), named(ACCOUNT, "own"), role(ONE)]));
    assert_eq!(all.ids(), ["us-east-1_one", "us-east-1_own"].map(str::to_owned));
    assert_eq!(all.notes[0].message, "it is account 111122223333 too, and was read once");
}

#[test]
fn a_pool_is_looked_for_in_the_accounts_where_it_can_be() {
    let wanted = |texts: &[&str]| texts.iter().map(|text| PoolPattern::parse(text).unwrap()).collect();
    let run = |texts: &[&str]| {
        let fake = Fake::start(three_accounts());
        let all = go(Request { pools: wanted(texts), ..with(&fake, [role(ONE), role(TWO)]) });
        (all, calls(&fake))
    };
    let (all, made) = run(&["arn:aws:cognito-idp:us-east-1:444455556666:userpool/us-east-1_one"]);
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one")]));
    assert_eq!((made["cognito-idp:DescribeUserPool"], made.get("cognito-idp:ListUserPools")), (1, None));
    let (all, made) = run(&["us-east-1_two"]);
    assert_eq!((pools(&all), all.unread.len()), (are(&[(TWO, "us-east-1_two")]), 0));
    assert_eq!((made["cognito-idp:DescribeUserPool"], made["cognito-idp:ListUserPools"]), (1, 2));
    let (all, _) = run(&["us-east-1_gone"]);
    assert_eq!(all.only().message, "no pool matches `us-east-1_gone` in us-east-1");
    let (all, _) = run(&["arn:aws:cognito-idp:us-east-1:222233334444:userpool/us-east-1_x"]);
    assert_eq!(all.only().message, "the pool is in account 222233334444, which is not read");
    let (all, _) = run(&["t*", "us-east-1_one"]);
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one"), (TWO, "us-east-1_two")]));
}

#[test]
fn every_region_that_is_switched_on_is_read() {
    let fake = Fake::start(three_accounts().regions(["us-east-1", "eu-west-1"]));
    let everywhere =
        || Request { regions: Vec::new(), all_regions: true, ..with(&fake, [role(ONE), role(TWO)]) };
    let all = go(everywhere());
    assert_eq!(all.unread, []);
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one"), (ONE, "eu-west-1_one"), (TWO, "us-east-1_two")]));
    let asked: Vec<_> =
        fake.requests().into_iter().filter(|seen| seen.operation == "DescribeRegions").collect();
    let accounts: Vec<&str> = asked.iter().map(|seen| seen.account.as_str()).collect();
    assert!(accounts.len() == 2 && accounts.contains(&ONE) && accounts.contains(&TWO), "{accounts:?}");
}

#[test]
fn where_the_regions_are_not_told_those_with_cognito_are_tried() {
    let plan =
        three_accounts().fault(On::Operation("DescribeRegions"), Fault::Error("UnauthorizedOperation"));
    // It has to be switched on, and is not.
    let plan = plan.fault(On::Region("af-south-1"), Fault::Error("UnrecognizedClientException"));
    let fake = Fake::start(plan);
    // Dozens of Regions are asked at once, and a machine that is busy answers late.
    let patience = Duration::from_secs(10);
    let all = go(Request {
        regions: Vec::new(),
        all_regions: true,
        attempt_timeout: patience,
        operation_timeout: patience * 3,
        ..with(&fake, [role(ONE), role(TWO)])
    });
    assert_eq!(all.unread, []);
    assert_eq!(pools(&all), are(&[(ONE, "us-east-1_one"), (ONE, "eu-west-1_one"), (TWO, "us-east-1_two")]));
    let notes: Vec<String> =
        all.notes.iter().map(|note| format!("{}: {}", note.target, note.message)).collect();
    assert_eq!(
        notes[0],
        "af-south-1: not read: the Region is not switched on for 444455556666, 777788889999"
    );
    assert!(notes[1].starts_with("account 444455556666, account 777788889999: which Regions"), "{notes:?}");
    assert!(notes[1].contains("UnauthorizedOperation") && notes[1].contains("`ec2:DescribeRegions`"));
}

#[test]
fn a_region_that_was_named_is_a_failure() {
    let switched_off = Fault::Error("UnrecognizedClientException");
    let fake = Fake::start(three_accounts().fault(On::Region("af-south-1"), switched_off));
    let named = ["us-east-1", "af-south-1"].map(str::to_owned).to_vec();
    let all = go(Request { regions: named, ..with(&fake, [role(ONE)]) });
    assert_eq!((all.ids(), all.notes.len()), (vec!["us-east-1_one".to_owned()], 0));
    assert_eq!(all.only().code.as_deref(), Some("UnrecognizedClientException"));
}

#[test]
fn credentials_that_do_not_work_are_not_taken_for_regions_that_are_off() {
    let refused = Fault::Error("UnrecognizedClientException");
    let plan = three_accounts().fault(On::Operation("DescribeRegions"), Fault::Error("AuthFailure"));
    let fake = Fake::start(plan.fault(On::List, refused));
    let all = go(Request { regions: Vec::new(), all_regions: true, ..with(&fake, [role(ONE)]) });
    assert_eq!(all.only().code.as_deref(), Some("AuthFailure"));
}

#[test]
fn many_accounts_are_read_some_at_a_time() {
    let ids: Vec<String> = (0..60).map(|i| format!("{i:012}")).collect();
    let plan = ids.iter().fold(Plan::new(), |plan, id| plan.member(id, "x", "ACTIVE"));
    let plan = ids.iter().fold(plan, |plan, id| plan.pool(pool_in(id, &format!("us-east-1_p{id}"))));
    let fake = Fake::start(plan.page_size(20));
    let all = go(Request { region_concurrency: 3, ..organization(&fake) });
    assert_eq!((all.unread.len(), all.chunks.len()), (0, 60));
}
