//! Who can get a token: the answers for pools that were worked out by hand, and what must hold for every pool.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use cognito_lint::journey::{Actor, Answer, Best, Gain, Journey, Journeys, Question, Sure, run};
use cognito_lint::outcome::Outcome;
use cognito_lint::report::Style;
use cognito_lint::report::journey::{JourneyFormat, JourneyReport, write};
use cognito_lint::source::input::{Input, open};
use serde_json::{Value, json};

const POOLS: &str = "tests/cmd/journeys.in";

/// The answers: of each pool, each question with `proven`, or `proven..possible`.
const ANSWERS: &str = include_str!("journeys/answers.toml");

/// Changes of the pools of the commands, with one answer each.
const CHANGES: &str = include_str!("journeys/changes.toml");

/// The pools of the commands, by the names of their files.
pub fn pools() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(POOLS).unwrap().map(|entry| entry.unwrap().path());
    let pools = files.filter(|file| file.extension().is_some_and(|end| end == "json"));
    let read = |file: &Path| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
    };
    pools.map(|file| read(&file)).collect()
}

fn journeys(pool: &Value) -> Journeys {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pool.to_string()).unwrap();
    let mut run = run(open(vec![Input::parse(file.path())]));
    assert!(run.unread.is_empty(), "{:?}", run.unread);
    assert_eq!(run.pools.len(), 1);
    Arc::unwrap_or_clone(run.pools.remove(0).1)
}

pub fn best((sure, gain): Best) -> String {
    match gain {
        None | Some(Gain::User | Gain::Account) => sure.word().to_owned(),
        Some(gain) => format!("{} {}", sure.word(), gain.word()),
    }
}

pub fn said(answer: &Answer) -> String {
    let (proven, possible) = match answer {
        Answer::Gets { proven, possible, token, .. } => {
            let said = interval(best(*proven), best(*possible));
            if possible.1 == Some(Gain::Token) || token.possible == Sure::No {
                return said;
            }
            let of = |sure: Sure| best((sure, (sure > Sure::No).then_some(Gain::Token)));
            return format!("{said}; {}", interval(of(token.proven), of(token.possible)));
        }
        Answer::Seconds { proven, possible, .. } => (proven.to_string(), possible.to_string()),
        Answer::Names { proven, possible, .. } => (proven.join(" "), possible.join(" ")),
    };
    interval(proven, possible)
}

pub fn interval(proven: impl Into<String>, possible: impl Into<String>) -> String {
    let (proven, possible) = (proven.into(), possible.into());
    if proven == possible { proven } else { format!("{proven}..{possible}") }
}

/// The best way of somebody who is not a stranger.
pub fn way_of(found: &Journeys, actor: Actor) -> String {
    let of = |level: fn(&Journey) -> Sure| {
        let ways = found.journeys.iter().filter(|journey| journey.actor() == actor);
        let all = ways.map(|journey| (level(journey), Some(journey.gets)));
        best(all.filter(|(sure, _)| *sure > Sure::No).max().unwrap_or((Sure::No, None)))
    };
    interval(of(|journey| journey.sure.proven), of(|journey| journey.sure.possible))
}

/// The answer comes first in a pipe and last on a terminal, and no line is wider than the terminal.
#[test]
fn journeys_fit_on_every_terminal() {
    let files: Vec<Input> = ["portal.json", "exchange-without-domain.json"]
        .iter()
        .map(|name| Input::parse(Path::new(POOLS).join(name).as_path()))
        .collect();
    let run = run(open(files));
    let report = JourneyReport { run: &run, outcome: Outcome::Findings, generated: 0 };
    for width in [40, 80, 100, 140] {
        for rows in [None, Some(500)] {
            let mut out = Vec::new();
            write(JourneyFormat::Human, &report, Style { width, rows, ..Style::PLAIN }, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let is_first = text.starts_with("can a stranger get");
            assert!(is_first == rows.is_none() && text.contains("can a stranger get"), "{text}");
            let wide = |line: &&str| line.chars().count() > width && line.split_whitespace().count() > 1;
            let wide: Vec<&str> = text.lines().filter(wide).collect();
            // In a pipe, the answer and the headings are one line each.
            assert!(rows.is_none() || wide.is_empty(), "{width}: {wide:?}");
        }
    }
}

#[test]
fn the_answers_are_those_that_were_worked_out_by_hand() {
    let answers: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(ANSWERS).unwrap();
    let pools = pools();
    let mut wrong = Vec::new();
    for (pool, wanted) in &answers {
        let found = journeys(&pools[pool]);
        assert_eq!(wanted.len(), Question::ALL.len(), "{pool}");
        for (question, answer) in &found.answers {
            if wanted[question.id()] != said(answer) {
                wrong.push(format!(
                    "{pool}: {}: {} and not {}",
                    question.id(),
                    said(answer),
                    wanted[question.id()]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let without: Vec<_> = pools.keys().filter(|pool| !answers.contains_key(*pool)).collect();
    assert!(without.is_empty(), "no answers for {without:?}");
}

#[derive(serde::Deserialize)]
struct Change {
    why: String,
    pool: String,
    #[serde(default)]
    set: serde_json::Map<String, Value>,
    #[serde(default)]
    remove: Vec<String>,
    /// Set in the first client.
    #[serde(default)]
    client: serde_json::Map<String, Value>,
    /// A question, or somebody who goes ways that no question is about.
    question: String,
    answer: String,
}

pub fn merge(into: &mut serde_json::Map<String, Value>, changes: &serde_json::Map<String, Value>) {
    for (name, change) in changes {
        match (into.get_mut(name), change) {
            (Some(Value::Object(inner)), Value::Object(changes)) => merge(inner, changes),
            _ => {
                into.insert(name.clone(), change.clone());
            }
        }
    }
}

impl Change {
    fn of(&self, pools: &BTreeMap<String, Value>) -> Value {
        let mut pool = pools[&self.pool].clone();
        let members = pool["UserPool"].as_object_mut().unwrap();
        merge(members, &self.set);
        members.retain(|name, _| !self.remove.contains(name));
        if let Some(client) = members["Clients"].as_array_mut().and_then(|clients| clients.first_mut()) {
            merge(client.as_object_mut().unwrap(), &self.client);
        }
        pool
    }
}

/// The pools of the commands with each change.
pub fn changed_pools() -> Vec<Value> {
    let (changes, pools): (BTreeMap<String, Vec<Change>>, _) = (toml::from_str(CHANGES).unwrap(), pools());
    changes["change"].iter().map(|change| change.of(&pools)).collect()
}

#[test]
fn a_change_of_settings_has_the_answer_that_was_worked_out_by_hand() {
    let changes: BTreeMap<String, Vec<Change>> = toml::from_str(CHANGES).unwrap();
    let pools = pools();
    let mut wrong = Vec::new();
    for change in &changes["change"] {
        let pool = change.of(&pools);
        let question = Question::ALL.into_iter().find(|one| one.id() == change.question);
        let actor = Actor::ALL.into_iter().find(|one| one.word() == change.question);
        let journeys = journeys(&pool);
        let found = match question {
            Some(question) => said(journeys.answer(question).unwrap()),
            None => way_of(&journeys, actor.unwrap()),
        };
        if found != change.answer {
            wrong.push(format!(
                "{}: {} of {}: {found} and not {}",
                change.why, change.question, change.pool, change.answer
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The sections that can be taken out of a document.
const SECTIONS: [&str; 7] =
    ["Clients", "IdentityProviders", "MfaConfig", "WebACL", "Domains", "RiskConfiguration", "Groups"];

/// Taking a section away proves nothing that was not proven, and rules nothing out that was possible.
fn assert_wider(whole: &Journeys, less: &Journeys, what: &str) {
    for ((question, known), (_, wider)) in whole.answers.iter().zip(&less.answers) {
        let holds = match (known, wider) {
            (Answer::Gets { proven, possible, .. }, Answer::Gets { proven: less, possible: more, .. }) => {
                less <= proven && more >= possible
            }
            (
                Answer::Seconds { proven, possible, .. },
                Answer::Seconds { proven: less, possible: more, .. },
            ) => less <= proven && more >= possible,
            (Answer::Names { proven, possible, .. }, Answer::Names { proven: less, possible: more, .. }) => {
                let unread = more.iter().any(|name| name.contains("not read"));
                less.iter().all(|name| proven.contains(name))
                    && (unread || possible.iter().all(|name| more.contains(name)))
            }
            _ => false,
        };
        assert!(holds, "{what}: {}: {} became {}", question.id(), said(known), said(wider));
    }
}

fn taken_away(pool: &Value, name: &str) {
    let whole = journeys(pool);
    for section in SECTIONS {
        let mut less = pool.clone();
        if less["UserPool"].as_object_mut().unwrap().remove(section).is_some() {
            assert_wider(&whole, &journeys(&less), &format!("{name} without {section}: {pool}"));
        }
    }
}

#[test]
fn taking_a_section_away_turns_no_answer() {
    for (name, pool) in pools() {
        taken_away(&pool, &name);
    }
    let mut dice = Dice(20_261_128);
    for number in 0..150 {
        taken_away(&random_pool(&mut dice), &number.to_string());
    }
}

#[test]
fn every_way_of_an_unread_client_is_possible() {
    let mut pool = pools().remove("staff").unwrap();
    pool["UserPool"]["AdminCreateUserConfig"] = json!({"AllowAdminCreateUserOnly": false});
    pool["UserPool"].as_object_mut().unwrap().remove("Clients");
    let found = journeys(&pool);
    let Some(Answer::Gets { proven, possible, reasons, .. }) = found.answer(Question::StrangerToken) else {
        panic!("{found:?}")
    };
    assert_eq!((proven.0, possible.0), (Sure::No, Sure::Yes));
    assert!(reasons.unread.contains(&"Clients".to_owned()), "{reasons:?}");
}

/// Without sign-up and without a domain, no client lets a stranger in, whether clients were read or not.
#[test]
fn what_the_pool_alone_decides_needs_no_clients() {
    let mut pool = pools().remove("staff").unwrap();
    pool["UserPool"].as_object_mut().unwrap().remove("Clients");
    let found = journeys(&pool);
    let Some(Answer::Gets { possible, .. }) = found.answer(Question::StrangerToken) else { panic!() };
    assert_eq!(possible.0, Sure::No);
}

#[test]
fn a_hundred_clients_take_no_more_ways_than_ten() {
    let ways = |number: usize| {
        let mut pool = pools().remove("tenant-app").unwrap();
        let clients = pool["UserPool"]["Clients"].as_array_mut().unwrap();
        let first = clients[0].clone();
        for at in 1..number {
            let mut client = first.clone();
            client["ClientId"] = json!(format!("{at}exampleweb"));
            client["ClientName"] = json!(format!("web-{at}"));
            if at % 2 == 0 {
                client["ClientSecret"] = json!("EXAMPLEexampleEXAMPLEexample1234");
            }
            clients.push(client);
        }
        journeys(&pool).journeys.len()
    };
    assert_eq!(ways(100), ways(10));
}

/// Random numbers that are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % 1_000_003).unwrap() % sides
    }

    /// True once in that number of rolls.
    pub fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub fn some(&mut self, of: &[&str]) -> Vec<String> {
        of.iter().filter(|_| self.one_in(2)).map(|one| (*one).to_owned()).collect()
    }

    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

fn random_client(dice: &mut Dice, at: usize) -> Value {
    let mut client = json!({"ClientId": format!("{at}example"), "ClientName": format!("client-{at}")});
    match dice.roll(4) {
        0 => client["ClientSecret"] = json!("EXAMPLEexampleEXAMPLEexample1234"),
        1 => {
            client["ClientSecretArn"] = json!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:example");
        }
        _ => {}
    }
    if !dice.one_in(4) {
        let mut flows = dice.some(&[
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ]);
        if dice.one_in(8) {
            flows.push("ALLOW_TOKEN_EXCHANGE_IMPERSONATION".to_owned());
        }
        flows.push("ALLOW_REFRESH_TOKEN_AUTH".to_owned());
        if dice.one_in(3) {
            client["RefreshTokenRotation"] = json!({"Feature": dice.pick(&["ENABLED", "DISABLED"])});
        }
        if dice.one_in(2) {
            client["RefreshTokenValidity"] = json!(1 + dice.roll(365));
        }
        client["ExplicitAuthFlows"] = json!(flows);
    }
    if !dice.one_in(3) {
        client["AllowedOAuthFlowsUserPoolClient"] = json!(!dice.one_in(4));
        client["AllowedOAuthFlows"] = json!([dice.pick(&["code", "implicit", "client_credentials"])]);
        client["SupportedIdentityProviders"] = json!(dice.some(&["COGNITO", "Google", "CorpSaml"]));
        client["AllowedOAuthScopes"] = json!(dice.some(&["openid", "aws.cognito.signin.user.admin"]));
    }
    if dice.one_in(2) {
        let mut writes = dice.some(&["email", "phone_number", "custom:role", "custom:plan"]);
        writes.push("name".to_owned());
        client["WriteAttributes"] = json!(writes);
    }
    client
}

/// A pool whose every section was read.
pub fn random_pool(dice: &mut Dice) -> Value {
    let mfa = dice.pick(&["OFF", "OFF", "OPTIONAL", "ON"]);
    let mut pool = json!({
        "Id": "eu-west-1_Random001",
        "Name": "random",
        "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Random001",
        "MfaConfiguration": mfa,
        "MfaConfig": {"MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": {"Enabled": !dice.one_in(3)}},
        "Groups": [],
        "ResourceServers": [],
        "Domains": [],
        "WebACL": {},
        "RiskConfiguration": {},
        "AutoVerifiedAttributes": dice.some(&["email", "phone_number"]),
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": dice.one_in(3)},
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 7},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "LambdaConfig": {},
        "SchemaAttributes": [
            {"Name": "custom:role", "AttributeDataType": "String", "Mutable": !dice.one_in(3), "Required": false, "DeveloperOnlyAttribute": false},
            {"Name": "custom:plan", "AttributeDataType": "String", "Mutable": false, "Required": false, "DeveloperOnlyAttribute": dice.one_in(4)},
            {"Name": "email", "AttributeDataType": "String", "Mutable": !dice.one_in(5), "Required": dice.one_in(3), "DeveloperOnlyAttribute": false},
        ],
    });
    if !dice.one_in(3) {
        pool["Domain"] = json!("random-example");
    }
    if dice.one_in(2) {
        pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"] = json!(
            [&["PASSWORD".to_owned()] as &[String], &dice.some(&["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"])]
                .concat()
        );
    }
    if dice.one_in(2) {
        pool["UserAttributeUpdateSettings"] = json!({"AttributesRequireVerificationBeforeUpdate": ["email"]});
    }
    if dice.one_in(2) {
        let names = ["verified_email", "verified_phone_number", "admin_only"];
        let mut mechanisms = vec![json!({"Priority": 1, "Name": dice.pick(&names)})];
        if dice.one_in(2) && mechanisms[0]["Name"] != "admin_only" {
            let second = names[usize::from(mechanisms[0]["Name"] == "verified_email")];
            mechanisms.push(json!({"Priority": 2, "Name": second}));
        }
        pool["AccountRecoverySetting"] = json!({"RecoveryMechanisms": mechanisms});
    }
    if dice.one_in(4) {
        pool["UsernameAttributes"] = json!(["email"]);
    }
    if dice.one_in(3) {
        pool["MfaConfig"]["SmsMfaConfiguration"] = json!({"SmsAuthenticationMessage": "Your code is {####}"});
    }
    if dice.one_in(3) {
        pool["WebACL"] = json!({"Name": "edge"});
    }
    for trigger in ["PreSignUp", "PreAuthentication", "DefineAuthChallenge"] {
        if dice.one_in(4) {
            pool["LambdaConfig"][trigger] = json!("arn:aws:lambda:eu-west-1:111122223333:function:example");
        }
    }
    if dice.one_in(4) {
        pool["DcrConfiguration"] =
            json!({"OpenDcrEnabled": !dice.one_in(3), "AllowedScopes": dice.some(&["api/read", "openid"])});
        if dice.one_in(2) {
            pool["DcrConfiguration"]["OpenDcrGrantTypes"] = json!(dice.some(&["code", "client_credentials"]));
        }
    }
    let google = json!({"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": {"client_id": "example"}, "AttributeMapping": {"username": "sub"}});
    let saml = json!({"ProviderName": "CorpSaml", "ProviderType": "SAML", "ProviderDetails": {"MetadataURL": "https://idp.example.com/metadata"}, "AttributeMapping": {"email": "email"}});
    let mut providers: Vec<Value> = [google, saml].into_iter().filter(|_| dice.one_in(2)).collect();
    for provider in &mut providers {
        if dice.one_in(2) {
            provider["AttributeMapping"]["email"] = json!("email");
        }
    }
    pool["IdentityProviders"] = json!(providers);
    let number = dice.roll(3);
    pool["Clients"] = (0..number).map(|at| random_client(dice, at)).collect();
    json!({"UserPool": pool})
}
