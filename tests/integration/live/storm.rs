//! Random faults from fixed seeds: whatever happens, a run ends, loses no pool, and says nothing that is not so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::finding::Verdict;
use cognito_lint::outcome::{FailurePolicy, outcome};
use cognito_lint::rule::Policy;
use cognito_lint::source::Note;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::Request;
use serde_json::{Value, json};

use super::request;
use super::sections::full;
use crate::every_path::policy;
use crate::fake::{Fake, Fault, On, Plan, Seen};

const SEEDS: u64 = 200;
/// Most of a run is waiting for answers that never come.
const AT_A_TIME: usize = 32;
/// Far more than the slowest of the runs takes, on a machine with other things to do.
const BOUND: Duration = Duration::from_mins(2);

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const POOLS: [&str; 7] = [
    "us-east-1_p0",
    "us-east-1_p1",
    "us-east-1_p2",
    "us-east-1_p3",
    "us-east-1_p4",
    "eu-west-1_p5",
    "eu-west-1_p6",
];

const OPERATIONS: [&str; 12] = [
    "ListUserPools",
    "DescribeUserPool",
    "GetUserPoolMfaConfig",
    "ListUserPoolClients",
    "DescribeUserPoolClient",
    "DescribeRiskConfiguration",
    "GetLogDeliveryConfiguration",
    "ListIdentityProviders",
    "DescribeIdentityProvider",
    "ListResourceServers",
    "ListGroups",
    "DescribeUserPoolDomain",
];

/// The error codes in the service model of these operations, and those that any AWS service may send.
const CODES: [&str; 27] = [
    "InternalErrorException",
    "InvalidParameterException",
    "NotAuthorizedException",
    "OperationNotEnabledException",
    "ResourceNotFoundException",
    "TooManyRequestsException",
    "UserPoolAddOnNotEnabledException",
    "UserPoolTaggingException",
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InternalFailure",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "LimitExceededException",
    "MissingAuthenticationTokenException",
    "OptInRequired",
    "RequestExpired",
    "RequestLimitExceeded",
    "SerializationException",
    "ServiceUnavailable",
    "SomethingNewException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationException",
    "TokenRefreshRequired",
];

/// Rules, each with the operations that bring what it looks at.
const RULES: [(&str, &str, &[&str]); 14] = [
    ("pool", "expect = { path = 'DeletionProtection', equals = 'ACTIVE' }", &[]),
    ("mfa", "expect = { path = 'MfaConfig.MfaConfiguration', equals = 'ON' }", &["GetUserPoolMfaConfig"]),
    ("client", "each = 'Clients'\nexpect = { path = 'EnableTokenRevocation', equals = true }", CLIENTS),
    ("clients", "expect = { path = 'Clients', length-at-most = 2 }", CLIENTS),
    (
        "client-risk",
        "each = 'Clients'\nexpect = { path = 'RiskConfiguration.ClientId', present = true }",
        &["ListUserPoolClients", "DescribeUserPoolClient", "DescribeRiskConfiguration"],
    ),
    (
        "risk",
        "expect = { path = 'RiskConfiguration.AccountTakeoverRiskConfiguration', present = true }",
        &["DescribeRiskConfiguration"],
    ),
    (
        "log",
        "expect = { path = 'LogDelivery.LogConfigurations', length-at-least = 1 }",
        &["GetLogDeliveryConfiguration"],
    ),
    (
        "provider",
        "each = 'IdentityProviders'\nexpect = { path = 'IdpIdentifiers', length-at-least = 1 }",
        IDPS,
    ),
    ("providers", "expect = { path = 'IdentityProviders', length-at-most = 1 }", IDPS),
    (
        "server",
        "each = 'ResourceServers'\nexpect = { path = 'Scopes', length-at-least = 1 }",
        &["ListResourceServers"],
    ),
    ("servers", "expect = { path = 'ResourceServers', length-at-most = 2 }", &["ListResourceServers"]),
    ("group", "each = 'Groups'\nexpect = { path = 'RoleArn', present = false }", &["ListGroups"]),
    ("groups", "expect = { path = 'Groups', length-at-most = 2 }", &["ListGroups"]),
    (
        "domain",
        "each = 'Domains'\nexpect = { path = 'Status', equals = 'ACTIVE' }",
        &["DescribeUserPoolDomain"],
    ),
];
const CLIENTS: &[&str] = &["ListUserPoolClients", "DescribeUserPoolClient"];
const IDPS: &[&str] = &["ListIdentityProviders", "DescribeIdentityProvider"];

const CONFIGURED: &[&str] = &["DescribeRiskConfiguration", "GetLogDeliveryConfiguration"];

/// Splitmix64, which is enough to be different every time and the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// The faults of one seed.
#[derive(Debug)]
struct Storm {
    pools: Vec<&'static str>,
    page_size: usize,
    concurrency: usize,
    faults: Vec<(usize, On, Fault)>,
}

impl Storm {
    fn of(seed: u64) -> Storm {
        let random = &mut Random(seed);
        let pools = POOLS.into_iter().filter(|_| random.below(3) == 0).collect();
        let faults = (0..random.below(5)).map(|_| {
            let on = match random.below(12) {
                0 => On::Any,
                1 => On::Region(random.one(&REGIONS)),
                2 | 3 => On::Pool(random.one(&POOLS)),
                _ => On::Operation(random.one(&OPERATIONS)),
            };
            (random.one(&[1, 1, 2, 3, 8, usize::MAX]), on, fault(random))
        });
        let faults = faults.collect();
        Storm { pools, page_size: 1 + random.below(3), concurrency: 1 + random.below(4), faults }
    }

    fn plan(&self) -> Plan {
        let plan = self.pools.iter().fold(Plan::new(), |plan, id| plan.pool(document(id)));
        let faults = self.faults.iter().cloned();
        faults.fold(plan.page_size(self.page_size), |plan, (times, on, fault)| {
            plan.fault_times(times, on, fault)
        })
    }

    /// Whether the service may say that what an operation asks for is not there, and must be believed.
    fn denies(&self, operations: &[&str]) -> bool {
        self.faults.iter().any(|(_, on, fault)| {
            let says_so = match fault {
                Fault::Error(code) => *code == "ResourceNotFoundException",
                // An empty object is how these tell that nothing was ever configured.
                Fault::Raw(200, _, body) => {
                    body == b"{}" && operations.iter().any(|one| CONFIGURED.contains(one))
                }
                _ => false,
            };
            says_so
                && match on {
                    On::Operation(on) => operations.contains(on),
                    _ => true,
                }
        })
    }
}

fn fault(random: &mut Random) -> Fault {
    let html = |status| Fault::Raw(status, "text/html", b"<html><body>Oops</body></html>".to_vec());
    let json =
        |status, body: &str| Fault::Raw(status, "application/x-amz-json-1.1", body.as_bytes().to_vec());
    match random.below(28) {
        0 => Fault::Reset,
        1 => Fault::Cut,
        2 => Fault::Half,
        3 => Fault::Stall,
        4 => Fault::Slow(Duration::from_millis(30)),
        5 => Fault::Slow(Duration::from_secs(1)),
        6 => Fault::Drip(Duration::ZERO),
        7 => Fault::Drip(Duration::from_millis(20)),
        8 => Fault::ContentType("text/html"),
        9 => html(random.one(&[200, 400, 403, 429, 500, 503])),
        10 => json(random.one(&[200, 400, 500]), "{}"),
        11 => json(200, r#"{"__type":"InternalErrorException","message":"Something went wrong"}"#),
        12 => json(random.one(&[200, 204, 400, 403, 429, 502]), ""),
        13 => Fault::Redirect(random.one(&[301, 302, 307, 308]), "http://127.0.0.1:9/".to_owned()),
        14 => Fault::RepeatToken,
        15 => Fault::Overlap,
        16 => Fault::EmptyPage,
        17 => Fault::Stranger,
        _ => Fault::Error(random.one(&CODES)),
    }
}

/// The pool of this id, which differs from the others in what the rules say of it.
fn document(id: &str) -> Value {
    let number = POOLS.iter().position(|pool| *pool == id).unwrap();
    let mut pool = full(id);
    let odd = number % 2 == 1;
    pool["DeletionProtection"] = json!(if odd { "ACTIVE" } else { "INACTIVE" });
    pool["MfaConfig"]["MfaConfiguration"] = json!(if number % 3 == 0 { "OPTIONAL" } else { "ON" });
    pool["Domain"] = json!(format!("login{number}"));
    pool["CustomDomain"] = json!(format!("login{number}.example.com"));
    pool["Domains"] = json!([
        { "Domain": pool["Domain"], "UserPoolId": id, "Status": "ACTIVE" },
        { "Domain": pool["CustomDomain"], "UserPoolId": id, "Status": if odd { "ACTIVE" } else { "FAILED" } },
    ]);
    let mut add = |section: &str, item: Value| pool[section].as_array_mut().unwrap().push(item);
    add(
        "IdentityProviders",
        json!({ "ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": { "client_id": "example" } }),
    );
    add(
        "ResourceServers",
        json!({ "Identifier": "web", "Name": "Web", "Scopes": [{ "ScopeName": "read" }] }),
    );
    add("Groups", json!({ "GroupName": "users" }));
    if odd {
        add("Clients", json!({ "ClientId": "cli", "EnableTokenRevocation": true }));
        add("ResourceServers", json!({ "Identifier": "cli", "Name": "Command line" }));
        add("Groups", json!({ "GroupName": "guests" }));
    }
    if number == 2 {
        pool["UserPoolAddOns"] = json!({ "AdvancedSecurityMode": "OFF" });
    }
    pool
}

fn rules() -> Policy {
    let rules: Vec<String> =
        RULES.iter().map(|(id, rule, _)| format!("[[rule]]\nid = '{id}'\n{rule}\n")).collect();
    policy(&rules.concat())
}

fn run(fake: &Fake, policy: &Policy, concurrency: usize, attempt_timeout: Duration) -> Evaluation {
    let request = Request {
        regions: REGIONS.map(str::to_owned).to_vec(),
        sections: policy.sections(),
        concurrency,
        attempt_timeout,
        operation_timeout: attempt_timeout * 8,
        quotas: super::quotas(1e6),
        ..request(fake)
    };
    let options =
        Options { now: 0, full_coverage: false, evidence: true, detail: Detail::Places, shard: None };
    evaluate(policy, read(request), options)
}

/// Verdicts by pool and rule, then by subject.
type Verdicts = BTreeMap<(String, String), BTreeMap<Option<String>, Verdict>>;

/// The broken invariants.
fn complaints(storm: &Storm, faultless: &Verdicts, evaluation: &Evaluation, seen: &[Seen]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut verdicts = Verdicts::new();
    for one in evaluation.evidence.verdicts().map(Result::unwrap) {
        let key = (one.pool.identity.id.as_deref().unwrap_or_default().to_owned(), one.rule.to_string());
        let operations = RULES.iter().find(|(id, ..)| **id == *one.rule).unwrap().2;
        if one.verdict == Verdict::Unknown
            && !operations.iter().any(|operation| one.reason.contains(operation))
        {
            complaints.push(format!("{key:?} is unknown because of something else: {}", one.reason));
        }
        let subject = one.subject.as_ref().map(|subject| subject.key.clone());
        if verdicts.entry(key.clone()).or_default().insert(subject, one.verdict).is_some() {
            complaints.push(format!("{key:?} was judged twice"));
        }
    }
    for ((pool, rule), found) in &verdicts {
        let Some(right) = faultless.get(&(pool.clone(), rule.clone())) else {
            complaints.push(format!("{pool} is not one of the pools"));
            continue;
        };
        let operations = RULES.iter().find(|(id, ..)| id == rule).unwrap().2;
        let unknown = found.values().any(|verdict| *verdict == Verdict::Unknown);
        let wrong = found
            .iter()
            .any(|(subject, verdict)| *verdict != Verdict::Unknown && right.get(subject) != Some(verdict));
        let told = evaluation.notes.iter().any(|note| note.target.contains(pool));
        let told = told || operations.iter().any(|operation| CONFIGURED.contains(operation));
        let believed = told && storm.denies(operations);
        if (wrong || (!unknown && found.len() != right.len())) && !believed {
            complaints.push(format!("{pool} {rule} gives {found:?}, and {right:?} is right"));
        }
    }
    for region in REGIONS {
        let here = storm.pools.iter().copied().filter(|pool| pool.starts_with(region)).collect();
        complaints.extend(lost(here, region, storm, evaluation, &verdicts, seen));
    }
    let tally = &evaluation.tally;
    let code = match () {
        () if !evaluation.unread.is_empty() || tally.unknown > 0 || tally.pools == 0 => 3,
        () => u8::from(tally.fail > 0),
    };
    if outcome(evaluation, FailurePolicy::default()).exit_code() != code {
        complaints.push(format!("the exit code is not {code}"));
    }
    complaints
}

/// Pools of a Region of which nothing was said.
fn lost(
    here: BTreeSet<&str>,
    region: &str,
    storm: &Storm,
    evaluation: &Evaluation,
    verdicts: &Verdicts,
    seen: &[Seen],
) -> Vec<String> {
    let mut complaints = Vec::new();
    let of_region: Vec<_> =
        evaluation.unread.iter().filter(|unread| unread.target.ends_with(region)).collect();
    let counted: usize = of_region.iter().filter_map(|unread| known_pools(&unread.message)).sum();
    let (mut silent, mut asked) = (0, 0);
    for pool in here {
        let judged = verdicts.keys().filter(|(judged, _)| judged == pool).count();
        let unread = evaluation.unread.iter().filter(|unread| unread.target.contains(pool)).count();
        let gone = |note: &&Note| note.target.contains(pool) && note.message.starts_with("the pool ");
        let gone = evaluation.notes.iter().filter(gone).count();
        if usize::from(judged > 0) + unread + gone > 1 || ![0, RULES.len()].contains(&judged) {
            complaints.push(format!("{pool}: {judged} rules, {unread} times unread, {gone} times gone"));
        }
        if gone > 0 && !storm.denies(&["DescribeUserPool"]) {
            complaints.push(format!("{pool} was never said to be gone"));
        }
        if judged + unread + gone == 0 {
            silent += 1;
            let about = |seen: &&Seen| seen.pool.as_deref() == Some(pool);
            asked += usize::from(seen.iter().any(|seen| about(&seen)));
        }
    }
    if silent > 0 && of_region.is_empty() {
        complaints.push(format!("{silent} pools of {region} are neither judged nor unread"));
    }
    if counted < asked || counted > silent {
        complaints.push(format!(
            "{silent} pools of {region} were lost, {asked} of them were requested, and {counted} are reported"
        ));
    }
    complaints
}

/// The number in "3 known pools were not read".
fn known_pools(message: &str) -> Option<usize> {
    let (before, _) = message.split_once(" known pool")?;
    before.rsplit(' ').next()?.parse().ok()
}

#[test]
fn no_storm_loses_a_pool_or_turns_a_verdict() {
    let policy = Arc::new(rules());
    let calm = Fake::start(POOLS.iter().fold(Plan::new(), |plan, id| plan.pool(document(id))));
    let evaluation = run(&calm, &policy, 4, Duration::from_secs(30));
    assert_eq!((evaluation.tally.pools, evaluation.tally.unknown), (POOLS.len(), 0), "{evaluation:#?}");
    let mut faultless = Verdicts::new();
    for one in evaluation.evidence.verdicts().map(Result::unwrap) {
        let key = (one.pool.identity.id.as_deref().unwrap().to_owned(), one.rule.to_string());
        let subject = one.subject.as_ref().map(|subject| subject.key.clone());
        faultless.entry(key).or_default().insert(subject, one.verdict);
    }
    let (faultless, next) = (Arc::new(faultless), Arc::new(AtomicU64::new(0)));
    let running = Arc::new(Mutex::new(BTreeSet::new()));
    let (sender, results) = channel();
    for _ in 0..AT_A_TIME {
        let (policy, faultless, next) = (Arc::clone(&policy), Arc::clone(&faultless), Arc::clone(&next));
        let (running, sender) = (Arc::clone(&running), sender.clone());
        std::thread::spawn(move || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if SEEDS <= seed {
                    return;
                }
                running.lock().unwrap_or_else(PoisonError::into_inner).insert(seed);
                let storm = Storm::of(seed);
                let fake = Fake::start(storm.plan());
                let evaluation = run(&fake, &policy, storm.concurrency, Duration::from_millis(300));
                let complaints = complaints(&storm, &faultless, &evaluation, &fake.requests());
                running.lock().unwrap_or_else(PoisonError::into_inner).remove(&seed);
                if sender.send((seed, storm, complaints, evaluation)).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    let (mut bad, mut decided, mut incomplete) = (String::new(), 0, 0);
    for _ in 0..SEEDS {
        let Ok((seed, storm, complaints, evaluation)) = results.recv_timeout(BOUND) else {
            let seeds = running.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let storms: Vec<_> = seeds.into_iter().map(|seed| (seed, Storm::of(seed))).collect();
            panic!("no end, or a crash: {storms:#?}\n{bad}");
        };
        decided += evaluation.tally.pass + evaluation.tally.fail;
        incomplete += usize::from(!evaluation.unread.is_empty() || evaluation.tally.unknown > 0);
        if !complaints.is_empty() {
            let (unread, notes) = (&evaluation.unread, &evaluation.notes);
            bad += &format!("\nseed {seed}: {storm:?}\n{}\n{unread:?}\n{notes:?}\n", complaints.join("\n"));
        }
    }
    assert!(bad.is_empty(), "{bad}");
    assert!(decided > 1000 && incomplete > 50, "{decided} verdicts, {incomplete} runs with gaps");
}
