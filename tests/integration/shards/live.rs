//! Live pools in shards: every shard lists, and each pool is read by one. Live pools by account.

use std::collections::BTreeSet;

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::merge::{Merged, merge};
use cognito_lint::outcome::{FailurePolicy, outcome};
use cognito_lint::pool::PoolPattern;
use cognito_lint::report::json::v1;
use cognito_lint::report::{Format, Report, Run, Style, write};
use cognito_lint::rule::Policy;
use cognito_lint::shard::Shard;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Account, Request, Role, RoleArn, Session};

use crate::every_path::policy;
use crate::fake::{Fake, Fault, On, Plan, pool_in};
use crate::live::NO_QUOTAS;

const RULES: &str =
    "[[rule]]\nid = \"mfa-off\"\nexpect = { path = \"MfaConfiguration\", not-equals = \"OFF\" }\n";

fn request(fake: &Fake, shard: Option<Shard>) -> Request {
    Request {
        regions: ["us-east-1", "eu-west-1", "ap-south-1"].map(str::to_owned).into(),
        endpoint_url: Some(fake.url()),
        quotas: NO_QUOTAS,
        credentials: Some(("AKIDEXAMPLE".to_owned(), "secret".to_owned())),
        shard,
        ..Request::default()
    }
}

fn written(format: Format, policy: &Policy, evaluation: &Evaluation, shard: Option<Shard>) -> String {
    let terms = FailurePolicy::default();
    let run = Run { generated: 1000, digest: "0123", shard, ..Run::default() };
    let outcome = outcome(evaluation, terms);
    let report = Report { evaluation, outcome, terms, policy, evidence: true, run };
    let mut out = Vec::new();
    write(format, &report, Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn judged(policy: &Policy, request: Request) -> Evaluation {
    let (detail, shard) = (Detail::Places, request.shard);
    let options = Options { now: 0, full_coverage: false, evidence: true, detail, shard };
    evaluate(policy, read(request), options)
}

/// Shows the first line that differs: the whole of two reports would be unreadable.
#[track_caller]
fn same(one: &str, other: &str) {
    let differing = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    assert_eq!(differing, None);
    assert_eq!(one.len(), other.len());
}

fn plan() -> Plan {
    let ids: Vec<String> = (0..40).map(|i| format!("{}_p{i}", ["us-east-1", "eu-west-1"][i % 2])).collect();
    Plan::new()
        .pools(ids.iter().map(String::as_str))
        .page_size(7)
        .fault(On::Pool("us-east-1_p4"), Fault::Error("InvalidParameterException"))
        .fault(On::Region("ap-south-1"), Fault::Error("AccessDeniedException"))
}

#[test]
fn each_pool_is_read_by_one_shard_and_listed_by_all() {
    let policy = policy(RULES);
    let whole = judged(&policy, request(&Fake::start(plan()), None));
    let (expected, human) =
        (written(Format::Json, &policy, &whole, None), written(Format::Human, &policy, &whole, None));
    assert_eq!((whole.tally.pools, whole.unread.len()), (39, 2));
    for count in 1..=4 {
        let fake = Fake::start(plan());
        let shards = (1..=count).map(|index| {
            let shard = Shard::new(index, count);
            let part = judged(&policy, request(&fake, shard));
            let report = written(Format::Json, &policy, &part, shard);
            (format!("{index}.json"), v1::read(&report).unwrap())
        });
        let merged: Merged = merge(shards.collect()).unwrap();
        let seen = fake.requests();
        let calls = |operation: &str| seen.iter().filter(|seen| seen.operation == operation).count();
        assert_eq!(calls("DescribeUserPool"), 40, "{count} shards");
        // Three pages in each of two Regions, and one denial.
        assert_eq!(calls("ListUserPools"), 7 * count as usize);
        same(&written(Format::Json, &merged.policy, &merged.evaluation, None), &expected);
        same(&written(Format::Human, &merged.policy, &merged.evaluation, None), &human);
    }
}

#[test]
fn a_pool_that_is_asked_for_by_id_is_read_by_its_shard_alone() {
    let policy = policy(RULES);
    let fake = Fake::start(plan());
    let pools = ["us-east-1_p0", "eu-west-1_p1", "eu-west-1_p3"];
    let mut read = 0;
    for index in 1..=5 {
        let pools = pools.iter().map(|id| PoolPattern::parse(id).unwrap()).collect();
        let part = judged(&policy, Request { pools, ..request(&fake, Shard::new(index, 5)) });
        assert_eq!((part.seen.len(), part.unread.len()), (3, 0), "{:?}", part.unread);
        read += part.tally.pools;
    }
    assert_eq!((read, fake.requests().len()), (3, 3));
}

/// The report of a whole run over one account, as it is read back. It may not list the Region `ap-south-1`.
fn account(account: &str, ids: &[&str]) -> (String, v1::Recorded) {
    let policy = policy(RULES);
    let denied = (On::Region("ap-south-1"), Fault::Error("AccessDeniedException"));
    let plan = ids.iter().fold(Plan::new(), |plan, id| plan.pool(pool_in(account, id)));
    let fake = Fake::start(plan.fault(denied.0, denied.1));
    let arn = RoleArn::parse(&format!("arn:aws:iam::{account}:role/cognito-lint")).unwrap();
    let role = Some(Role { arn, session: Session::default() });
    let accounts = vec![Account { role, ..Account::default() }];
    let evaluation = judged(&policy, Request { accounts, ..request(&fake, None) });
    let report = written(Format::Json, &policy, &evaluation, None);
    (format!("{account}.json"), v1::read(&report).unwrap())
}

#[test]
fn runs_over_single_accounts_come_to_one_report() {
    let shop = || account("111122223333", &["us-east-1_a", "eu-west-1_b"]);
    let payments = || account("444455556666", &["us-east-1_c"]);
    let alone = merge(vec![shop()]).unwrap().evaluation;
    let merged = merge(vec![shop(), payments()]).unwrap().evaluation;
    assert_eq!((alone.tally.pools, merged.tally.pools), (2, 3));
    assert_eq!((alone.findings.len(), merged.findings.len()), (2, 3));
    let accounts: BTreeSet<&str> = merged.listed.iter().map(|place| &*place.account).collect();
    assert_eq!((accounts.len(), merged.listed.len()), (2, 4));
    // A Region that one of the accounts could not read is unread in the whole, too.
    assert!(!alone.unread.is_empty() && !merged.unread.is_empty());

    let told = |reports: Vec<(String, v1::Recorded)>| {
        let misfits = merge(reports).unwrap_err();
        misfits.into_iter().map(|misfit| misfit.message).collect::<Vec<_>>()
    };
    let again = account("111122223333", &["us-east-1_d"]);
    assert_eq!(
        told(vec![shop(), payments(), ("again.json".to_owned(), again.1)]),
        [
            "account 111122223333 in eu-west-1 is in both 111122223333.json and again.json",
            "account 111122223333 in us-east-1 is in both 111122223333.json and again.json"
        ]
    );
    // The same pool in a run that did not list its Region to the end.
    let mut part = shop();
    part.1.evaluation.listed.clear();
    let pool = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a";
    let said = told(vec![shop(), part]);
    assert!(said.iter().any(|one| one.starts_with(&format!("the pool {pool} is in both"))), "{said:?}");
    // Reports of shards are not those of accounts.
    let mut shard = shop();
    shard.1.shard = Shard::new(1, 2);
    assert_eq!(
        told(vec![payments(), shard]),
        ["444455556666.json is of a whole run, and cannot be merged with the reports of shards"]
    );
}
