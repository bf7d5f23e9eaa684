//! A pool that calls change. It follows what is known of the service; where nothing is known, each history has a
//! service of its own.

use std::collections::BTreeSet;

use cognito_lint::pool::ReadWindow;
use serde_json::{Value, json};

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// How far a clock is ahead or behind, in milliseconds: AWS refuses calls of one that is further off.
    fn clock(&mut self) -> i64 {
        if self.coin() { 0 } else { self.roll(600_000) as i64 - 300_000 }
    }

    fn coin(&mut self) -> bool {
        self.roll(2) == 0
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

/// The calls of a pool, and the records of them that can be read.
pub struct History {
    pub recorded: Value,
    pub current: Value,
    /// When they were read, by the clocks of the machines that read them.
    pub recorded_read: ReadWindow,
    pub current_read: ReadWindow,
    pub live: bool,
    /// The records hold every call, and the last call was well before the current pool was read.
    pub settled: bool,
    /// Those that can be read.
    pub records: Vec<Value>,
    /// The pool after each call since the recorded pool was read.
    after: Vec<(String, Value)>,
    /// The events whose records cannot be read.
    missing: BTreeSet<String>,
    /// The event of which two records say different things.
    pub disputed: Option<String>,
    /// The section that the recorded pool lacks.
    pub lacks: Option<String>,
}

impl History {
    /// The event of the last call that changed a path.
    pub fn cause(&self, path: &str) -> Option<&str> {
        (0..self.after.len()).rev().find(|at| self.changed(*at, path)).map(|at| self.after[at].0.as_str())
    }

    /// Whether the call of an event gave a path its current value.
    pub fn has_made(&self, event: &str, path: &str) -> bool {
        let of_event = |at: &usize| self.after[*at].0 == event && self.changed(*at, path);
        let is_current = |at: usize| value(&self.after[at].1, path) == value(&self.current, path);
        (0..self.after.len()).filter(of_event).any(is_current)
    }

    fn changed(&self, at: usize, path: &str) -> bool {
        let before = if at == 0 { &self.recorded } else { &self.after[at - 1].1 };
        value(before, path) != value(&self.after[at].1, path)
    }

    pub fn is_missing(&self, event: Option<&str>) -> bool {
        event.is_none_or(|event| self.missing.contains(event))
    }
}

/// The value at a path of a change. Of a whole element only its presence counts.
fn value(document: &Value, path: &str) -> Option<Value> {
    let mut at = document;
    for step in path.split('.') {
        let (name, key) =
            step.split_once('[').map_or((step, None), |(name, key)| (name, key.strip_suffix(']')));
        at = at.get(name)?;
        if let Some(key) = key {
            let is = |item: &&Value| {
                ["ClientId", "GroupName", "Name"]
                    .iter()
                    .any(|name| item.get(name).and_then(Value::as_str) == Some(key))
            };
            at = at.as_array()?.iter().find(is)?;
        }
    }
    if path.ends_with(']') { Some(Value::Bool(true)) } else { Some(at.clone()) }
}

const POOL: &str = "us-east-1_aaa";

/// 2026-11-19T02:00:00Z: when the recorded pools began to be read.
const TAKEN: i64 = 1_795_053_600_000;

fn lambda(name: &str) -> Value {
    json!(format!("arn:aws:lambda:us-east-1:111122223333:function:{name}"))
}

fn pool() -> Value {
    json!({
        "Id": POOL,
        "Name": "shop",
        "Arn": "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_aaa",
        "UserPoolTier": "ESSENTIALS",
        "Policies": {"PasswordPolicy": {
            "MinimumLength": 12, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
            "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
        }},
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreSignUp": lambda("gate")},
        "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "ON",
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
        "UserPoolTags": {"owner": "shop"},
        "MfaConfig": {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}},
        "RiskConfiguration": {"UserPoolId": POOL, "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}},
        "Clients": [client("web", 30)],
        "Groups": [{"GroupName": "staff", "UserPoolId": POOL, "Description": "one"}],
        "LastModifiedDate": "2026-11-01T08:00:00Z",
    })
}

fn client(id: &str, days: usize) -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": id, "ClientName": id, "RefreshTokenValidity": days,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": true, "AuthSessionValidity": 3,
    })
}

/// The service of one history: it decides what nobody has measured.
struct Service {
    pool: Value,
    time: i64,
    keeps_protection: bool,
    keeps_tags: bool,
    events: usize,
    records: Vec<(i64, String, Value)>,
    after: Vec<(i64, String, Value)>,
}

/// Minutes, in milliseconds.
const MINUTE: i64 = 60_000;

/// How the times of a history differ from one to the next.
struct Terms {
    live: bool,
    /// The most seconds between two calls while pools are read: reading takes seconds, or hours.
    pace: usize,
    /// By how much the clocks of the two machines are ahead, in milliseconds.
    clocks: (i64, i64),
    /// Which end of a window is not known.
    unknown: usize,
}

/// Makes a history.
pub fn made(dice: &mut Dice) -> History {
    let terms = Terms {
        live: dice.coin(),
        pace: if dice.coin() { 60 } else { 3600 },
        clocks: (dice.clock(), dice.clock()),
        unknown: dice.roll(10),
    };
    let mut service = Service {
        pool: pool(),
        time: TAKEN,
        keeps_protection: dice.coin(),
        keeps_tags: dice.coin(),
        events: 0,
        records: Vec::new(),
        after: Vec::new(),
    };
    service.noise("InitiateAuth", "us-east-1", TAKEN - 60 * MINUTE);
    let (recorded, first, recorded_read) = service.read(dice, terms.pace);
    for _ in 0..=dice.roll(8) {
        let longest = if dice.coin() { 1 } else { 7200 };
        service.pass(dice, longest);
        service.call(dice);
    }
    let (last_call, calls) = (service.time, service.after.len());
    let longest = if dice.coin() { 240 } else { 90_000 };
    service.pass(dice, longest);
    let (current, last, current_read) = service.read(dice, terms.pace);
    let windows = (by_clock(recorded_read, terms.clocks.0), by_clock(current_read, terms.clocks.1));
    let missing = service.lose(dice, &terms, (recorded_read, windows.1));
    let Service { records, after, .. } = service;
    let mut records: Vec<Value> = records.into_iter().map(|(_, _, record)| record).collect();
    let disputed = dispute(&mut records, dice);
    for i in (1..records.len()).rev() {
        records.swap(i, dice.roll(i + 1));
    }
    let mut history = History {
        recorded,
        current,
        recorded_read: windows.0,
        current_read: windows.1,
        live: terms.live,
        settled: missing.is_empty()
            && disputed.is_none()
            && last_call < current_read.0 - 20 * MINUTE
            && after.len() == calls,
        records,
        after: after[first..last].iter().map(|(_, event, pool)| (event.clone(), pool.clone())).collect(),
        missing,
        disputed,
        lacks: None,
    };
    history.forget(&terms, dice);
    history
}

/// A window by a clock that is ahead.
fn by_clock((from, until): (i64, i64), ahead: i64) -> ReadWindow {
    ReadWindow { from: Some(from + ahead), until: Some(until + ahead) }
}

/// A second event of the same id, in some histories. One event is there twice in most.
fn dispute(records: &mut Vec<Value>, dice: &mut Dice) -> Option<String> {
    if records.is_empty() {
        return None;
    }
    let mut again = records[dice.roll(records.len())].clone();
    let is_other = dice.roll(5) == 0;
    if is_other {
        match dice.roll(3) {
            0 => again["userIdentity"]["userName"] = json!("somebody else"),
            1 => again["requestParameters"] = json!({"userPoolId": POOL, "deletionProtection": "ACTIVE"}),
            _ => again["eventTime"] = json!(moment(TAKEN + 1000 * dice.roll(100_000) as i64)),
        }
    }
    let event = again["eventID"].as_str().unwrap().to_owned();
    let differs = !records.contains(&again);
    records.push(again);
    differs.then_some(event)
}

impl History {
    /// Takes away what an older snapshot does not say: when it was read, and a section.
    fn forget(&mut self, terms: &Terms, dice: &mut Dice) {
        match terms.unknown {
            0 => self.recorded_read.from = None,
            1 if !self.live => self.current_read.from = None,
            2 => {
                let section = dice.one(&["Clients", "Groups", "RiskConfiguration", "MfaConfig"]);
                self.recorded.as_object_mut().unwrap().remove(section);
                self.lacks = Some(section.to_owned());
            }
            _ => return,
        }
        self.settled = false;
    }
}

impl Service {
    /// Reads the pool in a run that takes a while: calls come before the pool is read, and after it. Gives the number of
    /// calls so far, and from when until when the run took.
    fn read(&mut self, dice: &mut Dice, pace: usize) -> (Value, usize, (i64, i64)) {
        let from = self.time + 10;
        let mut found = (Value::Null, 0);
        for is_read in [false, true] {
            if is_read {
                self.time += 500;
                found = (self.pool.clone(), self.after.len());
            }
            for _ in 0..dice.roll(3) {
                self.pass(dice, pace);
                self.call(dice);
            }
        }
        self.time += 10 + dice.roll(1000) as i64;
        (found.0, found.1, (from, self.time))
    }

    /// Loses the records that cannot be read. `windows` are when the recorded pool was read, and by its own clock when
    /// the current one was.
    fn lose(
        &mut self,
        dice: &mut Dice,
        terms: &Terms,
        (recorded, current): ((i64, i64), ReadWindow),
    ) -> BTreeSet<String> {
        let until = current.until.unwrap();
        let begins_late = !terms.live && dice.roll(4) == 0;
        let begin = if begins_late { recorded.0 + 1000 * dice.roll(10_000) as i64 } else { i64::MIN };
        // Files may end before the pool is read, too. Where they do not, a later record shows it.
        let ends_early = !terms.live && dice.roll(4) == 0;
        let end = match (terms.live, ends_early) {
            (true, _) => until,
            (false, true) => until - 1000 * dice.roll(10_000) as i64,
            (false, false) => i64::MAX,
        };
        if !terms.live && !ends_early {
            self.noise("InitiateAuth", "us-east-1", self.time + 60 * MINUTE);
        }
        let mut missing = BTreeSet::new();
        self.records.retain(|(time, event, _)| {
            let late = terms.live && *time > self.time - 5 * MINUTE && dice.coin();
            let is_there = !late && (begin..=end).contains(time);
            if !is_there {
                missing.insert(event.clone());
            }
            is_there
        });
        missing
    }

    /// Lets time pass; often none, so that calls share a second.
    fn pass(&mut self, dice: &mut Dice, most: usize) {
        if dice.roll(6) > 0 {
            self.time += 1000 * (1 + dice.roll(most) as i64);
        } else {
            self.time += 10;
        }
    }

    fn noise(&mut self, name: &str, region: &str, time: i64) {
        let event = format!("noise-{}", self.events);
        self.events += 1;
        let request = json!({"userPoolId": POOL, "deletionProtection": "INACTIVE"});
        let record = record((name, &event, region), time, &request, &Value::Null);
        self.records.push((time, event, record));
    }

    fn call(&mut self, dice: &mut Dice) {
        if dice.roll(8) == 0 {
            self.noise("UpdateUserPool", "eu-west-1", self.time);
        }
        let before = self.pool.clone();
        let (name, request, answer) = match dice.roll(9) {
            0..=3 => self.update_pool(dice),
            4 => self.set_mfa(dice),
            5 => self.set_risk(dice),
            6 => self.tag(dice),
            7 => self.change_client(dice),
            _ => self.change_group(dice),
        };
        let event = format!("event-{}", self.events);
        self.events += 1;
        let mut record = record((name, &event, "us-east-1"), self.time, &request, &answer);
        if dice.roll(12) == 0 {
            conceal(&mut record, dice);
        }
        if dice.roll(8) == 0 {
            self.pool = before;
            record["errorCode"] = json!("InvalidParameterException");
            record["responseElements"] = Value::Null;
        } else if name == "UpdateUserPool" {
            self.pool["LastModifiedDate"] = json!(moment(self.time));
        }
        self.records.push((self.time, event.clone(), record));
        self.after.push((self.time, event, self.pool.clone()));
    }

    /// An update with some members, as the command line sends it, or with all of them, as the console does.
    fn update_pool(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let mut request = json!({"userPoolId": POOL});
        let whole = dice.roll(3) == 0;
        let pool = &mut self.pool;
        if whole || dice.coin() {
            let value = dice.one(&["ACTIVE", "INACTIVE"]);
            request["deletionProtection"] = json!(value);
            pool["DeletionProtection"] = json!(value);
        } else if !self.keeps_protection {
            pool["DeletionProtection"] = json!("INACTIVE");
        }
        pool.as_object_mut().unwrap().remove("LambdaConfig");
        if whole || dice.coin() {
            let mut triggers = json!({});
            let mut sent = json!({});
            for (name, small) in [("PreSignUp", "preSignUp"), ("PostConfirmation", "postConfirmation")] {
                if dice.coin() {
                    let arn = lambda(dice.one(&["gate", "other"]));
                    sent[small] = arn.clone();
                    triggers[name] = arn;
                }
            }
            if !triggers.as_object().unwrap().is_empty() {
                pool["LambdaConfig"] = triggers;
            }
            request["lambdaConfig"] = sent;
        }
        let verified = if whole || dice.coin() {
            Some([json!(["email"]), json!([])][dice.roll(2)].clone())
        } else {
            None
        };
        pool["AutoVerifiedAttributes"] = verified.clone().unwrap_or(json!([]));
        request
            .as_object_mut()
            .unwrap()
            .extend(verified.map(|list| ("autoVerifiedAttributes".to_owned(), list)));
        if whole || dice.roll(4) == 0 {
            let mode = dice.one(&["ON", "OPTIONAL", "OFF"]);
            request["mfaConfiguration"] = json!(mode);
            set_mode(pool, mode);
        }
        if whole || dice.coin() {
            let length = 8 + dice.roll(3);
            let mut policy = pool["Policies"]["PasswordPolicy"].clone();
            policy["MinimumLength"] = json!(length);
            pool["Policies"]["PasswordPolicy"] = policy.clone();
            request["policies"] = json!({"passwordPolicy": small(&policy)});
        }
        if whole || dice.coin() {
            let only = dice.coin();
            request["adminCreateUserConfig"] =
                json!({"allowAdminCreateUserOnly": only, "unusedAccountValidityDays": 0});
            pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] = json!(only);
        } else {
            pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] = json!(false);
        }
        if whole {
            let owner = dice.one(&["shop", "web"]);
            request["userPoolTags"] = json!({"owner": owner});
            pool["UserPoolTags"] = json!({"owner": owner});
        } else if !self.keeps_tags {
            pool["UserPoolTags"] = json!({});
        }
        ("UpdateUserPool", request, Value::Null)
    }

    fn set_mfa(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let mut request = json!({"userPoolId": POOL});
        let mode = if dice.roll(4) > 0 { Some(dice.one(&["ON", "OPTIONAL", "OFF"])) } else { None };
        let token = dice.coin();
        set_mode(&mut self.pool, mode.unwrap_or("OFF"));
        self.pool["MfaConfig"]["SoftwareTokenMfaConfiguration"]["Enabled"] = json!(token);
        request
            .as_object_mut()
            .unwrap()
            .extend(mode.map(|mode| ("mfaConfiguration".to_owned(), json!(mode))));
        if token || dice.coin() {
            request["softwareTokenMfaConfiguration"] = json!({"enabled": token});
        }
        ("SetUserPoolMfaConfig", request, Value::Null)
    }

    fn set_risk(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let action = dice.one(&["BLOCK", "NO_ACTION"]);
        let of_client = dice.roll(3) == 0;
        let mut request = json!({
            "userPoolId": POOL,
            "compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": action}},
        });
        if of_client {
            request["clientId"] = json!("web");
        } else {
            self.pool["RiskConfiguration"]["CompromisedCredentialsRiskConfiguration"]["Actions"]["EventAction"] =
                json!(action);
        }
        ("SetRiskConfiguration", request, Value::Null)
    }

    fn tag(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let arn = self.pool["Arn"].clone();
        let key = dice.one(&["owner", "cost"]);
        if dice.coin() {
            let value = dice.one(&["shop", "web"]);
            self.pool["UserPoolTags"][key] = json!(value);
            return ("TagResource", json!({"resourceArn": arn, "tags": {key: value}}), Value::Null);
        }
        self.pool["UserPoolTags"].as_object_mut().unwrap().remove(key);
        ("UntagResource", json!({"resourceArn": arn, "tagKeys": [key]}), Value::Null)
    }

    fn change_client(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let id = dice.one(&["web", "app"]);
        let clients = self.pool["Clients"].as_array_mut().unwrap();
        let at = clients.iter().position(|client| client["ClientId"] == id);
        let days = 1 + dice.roll(3);
        let date = json!(moment(self.time));
        let Some(at) = at else {
            let mut made = client(id, days);
            made["LastModifiedDate"] = date;
            clients.push(made.clone());
            let request = json!({"userPoolId": POOL, "clientName": id, "generateSecret": false});
            return ("CreateUserPoolClient", request, json!({"userPoolClient": small(&made)}));
        };
        if dice.roll(3) == 0 {
            clients.remove(at);
            return ("DeleteUserPoolClient", json!({"userPoolId": POOL, "clientId": id}), Value::Null);
        }
        let mut request = json!({"userPoolId": POOL, "clientId": id, "refreshTokenValidity": days});
        let client = &mut clients[at];
        client["RefreshTokenValidity"] = json!(days);
        let errors = if dice.coin() { "ENABLED" } else { "LEGACY" };
        if errors == "ENABLED" || dice.coin() {
            request["preventUserExistenceErrors"] = json!(errors);
        }
        client["PreventUserExistenceErrors"] = json!(errors);
        client["LastModifiedDate"] = date;
        ("UpdateUserPoolClient", request, json!({"userPoolClient": small(client)}))
    }

    fn change_group(&mut self, dice: &mut Dice) -> (&'static str, Value, Value) {
        let groups = self.pool["Groups"].as_array_mut().unwrap();
        let at = groups.iter().position(|group| group["GroupName"] == "staff");
        let text = dice.one(&["one", "two", "three"]);
        let key = json!({"userPoolId": POOL, "groupName": "staff"});
        let Some(at) = at else {
            groups.push(json!({"GroupName": "staff", "UserPoolId": POOL, "Description": text}));
            let request = json!({"userPoolId": POOL, "groupName": "staff", "description": text});
            return ("CreateGroup", request, Value::Null);
        };
        match dice.roll(3) {
            0 => {
                groups.remove(at);
                ("DeleteGroup", key, Value::Null)
            }
            // A description that is left out stays.
            1 => ("UpdateGroup", key, Value::Null),
            _ => {
                groups[at]["Description"] = json!(text);
                let request = json!({"userPoolId": POOL, "groupName": "staff", "description": text});
                ("UpdateGroup", request, Value::Null)
            }
        }
    }
}

fn set_mode(pool: &mut Value, mode: &str) {
    pool["MfaConfiguration"] = json!(mode);
    pool["MfaConfig"]["MfaConfiguration"] = json!(mode);
}

/// Members with a small first letter, as records spell them.
fn small(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let name = |name: &str| name[..1].to_ascii_lowercase() + &name[1..];
    Value::Object(members.iter().map(|(own, value)| (name(own), small(value))).collect())
}

fn record((name, event, region): (&str, &str, &str), time: i64, request: &Value, answer: &Value) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": event, "accountId": "111122223333"},
        "eventTime": moment(time),
        "eventSource": "cognito-idp.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.36.28",
        "requestParameters": request,
        "responseElements": answer,
        "eventID": event,
        "readOnly": false,
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    })
}

/// Whole seconds.
fn moment(time: i64) -> String {
    cognito_lint::value::Value::Time(time - time.rem_euclid(1000)).to_string()
}

/// Hides a part of a record, as `CloudTrail` hides secrets and leaves out large requests.
fn conceal(record: &mut Value, dice: &mut Dice) {
    let hidden = json!("HIDDEN_DUE_TO_SECURITY_REASONS");
    match dice.roll(4) {
        0 => {
            record["requestParameters"] = json!({"userPoolId": POOL, "omitted": true, "reason": "too large"});
        }
        1 => {
            let members = record["requestParameters"].as_object_mut().into_iter().flatten();
            members.filter(|(_, value)| value.is_object()).for_each(|(_, value)| *value = hidden.clone());
        }
        2 => {
            record.as_object_mut().unwrap().shift_remove("recipientAccountId");
            record["userIdentity"].as_object_mut().unwrap().shift_remove("accountId");
        }
        _ => {
            let members = record["responseElements"].as_object_mut().into_iter().flatten();
            members.for_each(|(_, value)| *value = hidden.clone());
        }
    }
}
