//! A fake Cognito on the loopback interface: awsJson 1.1 over HTTP/1.1, with the faults that a test asks for.
//!
//! It needs nothing of the tests, so `examples/demo.rs` runs it too.
#![allow(dead_code, reason = "each of its users needs a part of it")]

// With paths, since the demo takes this file in from another folder.
#[path = "fake/accounts.rs"]
mod accounts;
#[path = "fake/answer.rs"]
mod answer;
#[path = "fake/events.rs"]
mod events;
#[path = "fake/sections.rs"]
mod sections;
#[path = "fake/server.rs"]
mod server;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use server::Fake;

/// The account that every pool is in.
pub const ACCOUNT: &str = "111122223333";

/// The pools of the fake, and its faults.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `UserPool` objects as DescribeUserPool gives them, with the sections that other calls answer hung into
    /// them; the id tells the Region.
    pools: Vec<Value>,
    /// Items on a page of a list at most, whatever a request allows.
    page_size: usize,
    faults: Vec<Planned>,
    /// Accounts of the organization, as `ListAccounts` gives them.
    members: Vec<Value>,
    /// Accounts whose roles ask for an external id.
    external_ids: Vec<(String, String)>,
    /// The Regions that every account has.
    regions: Vec<String>,
    /// Calls a second and burst that each Region allows before it throttles.
    bucket: Option<(f64, f64)>,
    /// Records of `CloudTrail`.
    records: Vec<Value>,
    /// Seconds until a record is there.
    delay: i64,
}

#[derive(Clone, Debug)]
struct Planned {
    on: On,
    fault: Fault,
    /// How many calls it still lets pass.
    pass: usize,
    /// How often it still happens.
    left: usize,
}

/// Which calls a fault is for.
#[derive(Clone, Debug)]
pub enum On {
    Any,
    /// Every call to a Region.
    Region(&'static str),
    List,
    Describe,
    /// Every call with credentials of an account's role.
    Account(&'static str),
    /// Every call that assumes a role in an account.
    Role(&'static str),
    /// Every call about the pool of this id.
    Pool(&'static str),
    Operation(&'static str),
}

/// A fault.
#[derive(Clone, Debug)]
pub enum Fault {
    /// An error of the service, by its code.
    Error(&'static str),
    /// An error with a `__type` and message of its own and a status.
    Said(u16, &'static str, &'static str),
    /// An answer of another kind: status, content type, body.
    Raw(u16, &'static str, Vec<u8>),
    /// The right answer under another content type.
    ContentType(&'static str),
    /// The connection is reset before an answer.
    Reset,
    /// The body ends before its announced length.
    Cut,
    /// The body is half of the right one, and announced so.
    Half,
    /// No answer ever.
    Stall,
    /// The right answer after a while.
    Slow(Duration),
    /// The right answer byte by byte, with a pause before each.
    Drip(Duration),
    /// An error by its code, whose message repeats the headers that only the two sides should know.
    Echo(&'static str),
    /// A redirect of this status to that address.
    Redirect(u16, String),
    /// Each page of the list names the same token.
    RepeatToken,
    /// As many pages of the list have nothing on them, each with a token of its own; then the list begins.
    Tokens(usize),
    /// The list names again what it named on the page before.
    Overlap,
    /// A page of the list has nothing on it, and names a token.
    EmptyPage,
    /// The list names something that is not there.
    Stranger,
    /// Members that no model knows, in the pool's object.
    Members(Value),
}

/// A call that came in.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    pub region: String,
    /// The account of the credentials.
    pub account: String,
    pub service: String,
    pub operation: String,
    /// The pool's id, where the call is about one.
    pub pool: Option<String>,
    pub status: Option<u16>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            pools: Vec::new(),
            page_size: 60,
            faults: Vec::new(),
            members: Vec::new(),
            external_ids: Vec::new(),
            regions: vec!["eu-west-1".to_owned(), "us-east-1".to_owned()],
            bucket: None,
            records: Vec::new(),
            delay: 120,
        }
    }
}

impl Plan {
    /// No pools, no faults.
    pub fn new() -> Plan {
        Plan::default()
    }

    /// Holds a pool: a `UserPool` object, or a whole answer of DescribeUserPool.
    #[must_use]
    pub fn pool(mut self, mut document: Value) -> Plan {
        let inner = document.get_mut("UserPool").map(Value::take);
        self.pools.push(inner.unwrap_or(document));
        self
    }

    /// Holds pools with these ids, all alike.
    #[must_use]
    pub fn pools<'a>(self, ids: impl IntoIterator<Item = &'a str>) -> Plan {
        ids.into_iter().fold(self, |plan, id| plan.pool(pool(id)))
    }

    /// Has records of `CloudTrail`.
    #[must_use]
    pub fn records(mut self, records: impl IntoIterator<Item = Value>) -> Plan {
        self.records.extend(records);
        self
    }

    /// Has an account in the organization.
    #[must_use]
    pub fn member(mut self, id: &str, name: &str, state: &str) -> Plan {
        self.members.push(json!({ "Id": id, "Name": name, "Status": state, "State": state }));
        self
    }

    /// Asks for an external id in an account.
    #[must_use]
    pub fn external_id(mut self, account: &str, id: &str) -> Plan {
        self.external_ids.push((account.to_owned(), id.to_owned()));
        self
    }

    /// Has these Regions switched on, in every account.
    #[must_use]
    pub fn regions<'a>(mut self, regions: impl IntoIterator<Item = &'a str>) -> Plan {
        self.regions = regions.into_iter().map(str::to_owned).collect();
        self
    }

    /// Sets the number of pools on a page.
    #[must_use]
    pub fn page_size(mut self, pools: usize) -> Plan {
        self.page_size = pools;
        self
    }

    /// Throttles what comes faster.
    #[must_use]
    pub fn bucket(mut self, rate: f64, burst: f64) -> Plan {
        self.bucket = Some((rate, burst));
        self
    }

    /// Misbehaves always.
    #[must_use]
    pub fn fault(self, on: On, fault: Fault) -> Plan {
        self.fault_times(usize::MAX, on, fault)
    }

    /// Has a fault a number of times, then no more.
    #[must_use]
    pub fn fault_times(mut self, times: usize, on: On, fault: Fault) -> Plan {
        self.faults.push(Planned { on, fault, pass: 0, left: times });
        self
    }

    /// Always has a fault, after a number of calls.
    #[must_use]
    pub fn fault_after(mut self, calls: usize, on: On, fault: Fault) -> Plan {
        self.faults.push(Planned { on, fault, pass: calls, left: usize::MAX });
        self
    }
}

/// A pool of another account.
pub fn pool_in(account: &str, id: &str) -> Value {
    let mut pool = pool(id);
    pool["Arn"] = pool["Arn"].as_str().unwrap_or_default().replace(ACCOUNT, account).into();
    pool
}

/// A pool as CreateUserPool makes it from nothing but a name. The name is the id's last part.
pub fn pool(id: &str) -> Value {
    let (region, name) = id.split_once('_').unwrap_or(("us-east-1", id));
    json!({
        "Id": id,
        "Name": name,
        "Arn": format!("arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{id}"),
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 8,
                "RequireUppercase": true,
                "RequireLowercase": true,
                "RequireNumbers": true,
                "RequireSymbols": true,
                "TemporaryPasswordValidityDays": 7,
            },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] },
        },
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "LastModifiedDate": 1_763_000_000.123,
        "CreationDate": 1_763_000_000.123,
        "SchemaAttributes": [],
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 0,
        "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7 },
        "UserPoolTier": "ESSENTIALS",
    })
}
