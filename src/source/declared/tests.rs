//! The engine on resources made by hand.

use std::sync::{Arc, LazyLock};

use serde_json::{Value as Json, json};

use super::graph::{Client, Meaning, Member, Owner, Resource, Standing, Term};
use super::mapping::{Form, Mappings};
use super::{Assembled, Holder, Remark, assemble};
use crate::pool::{Lifecycle, Origin, Section};
use crate::source::text::ValueStep;
use crate::value::Value;

const TEXT: &str = r#"{
"pool": {
    "at": "",
    "arguments": {
        "name": "Name", "mfa": "MfaConfiguration", "policy": "Policies.PasswordPolicy",
        "policy.length": "Policies.PasswordPolicy.MinimumLength", "sms": "SmsConfiguration",
        "sms.arn": "SmsConfiguration.SnsCallerArn", "sms.external": "SmsConfiguration.ExternalId", "message": "EmailVerificationMessage",
        "template": "VerificationMessageTemplate", "template.message": "VerificationMessageTemplate.EmailMessage",
        "schema": "SchemaAttributes", "schema.name": "SchemaAttributes.Name",
        "schema.required": "SchemaAttributes.Required"
    },
    "left_out": {"SchemaAttributes.Required": false},
    "zero_is_unset": ["policy.length"],
    "other": []
},
"client": {
    "at": "Clients[]", "link": "pool",
    "arguments": {"name": "ClientName", "scopes": "AllowedOAuthScopes"},
    "named": {"ClientSecret": "secret"},
    "other": []
},
"risk": {
    "at": "RiskConfiguration", "link": "pool",
    "arguments": {"exceptions": "RiskExceptionConfiguration"}, "other": []
},
"domain": {
    "at": "Domains[]", "link": "pool",
    "arguments": {"name": "Domain", "certificate": "CustomDomainConfig.CertificateArn"}, "other": []
}
}"#;

fn mappings(form: Form) -> &'static Mappings {
    static BLOCKS: LazyLock<Mappings> = LazyLock::new(|| Mappings::read("test", TEXT, Form::Blocks));
    static TEMPLATE: LazyLock<Mappings> = LazyLock::new(|| Mappings::read("test", TEXT, Form::Template));
    if form == Form::Template { &TEMPLATE } else { &BLOCKS }
}

/// A term of JSON, each value at the place that its text has in a count of values; `"?why"` is unknown, `"later"` is
/// known later, `"unsaid"` is what the file may say under another name, and null is not set.
fn term(json: &Json, count: &mut usize) -> Term {
    *count += 1;
    let at = Some(*count..*count + 1);
    let what = match json {
        Json::Null => Meaning::Absent,
        Json::String(text) => match (text.as_str(), text.strip_prefix('?')) {
            (_, Some(why)) => Meaning::unknown(why),
            ("later", _) => Meaning::later("later"),
            ("unsaid", _) => Meaning::Unsaid("unsaid".into()),
            (text, None) => Meaning::text(text),
        },
        Json::Array(items) => Meaning::List(items.iter().map(|item| term(item, count)).collect()),
        Json::Object(members) => {
            let member = |(key, value): (&String, &Json)| Member {
                key: key.as_str().into(),
                key_at: 0..0,
                value: term(value, count),
            };
            Meaning::Map(members.iter().map(member).collect(), None)
        }
        other => Meaning::plain(other.to_string()),
    };
    Term { at, what }
}

fn resource(form: Form, kind: &str, owner: Owner, arguments: &Json) -> Resource {
    let mapping = mappings(form).get(kind).unwrap();
    Resource {
        mapping,
        coverage: mappings(form).coverage(),
        holder: Holder {
            address: format!("{kind}.{}", arguments["name"].as_str().unwrap_or("x")),
            construct: None,
            at: 0..1,
            whole: 0..100,
            text: None,
            calls: Vec::new(),
            origins: Vec::new(),
            mapping: Some(mapping),
        },
        arguments: term(arguments, &mut 0),
        lifecycle: Lifecycle::Created,
        standing: Standing::Stays,
        owner,
        client: Client::Whole,
        region: None,
        source: if form == Form::Template { "template" } else { "plan" },
    }
}

fn pool(arguments: &Json) -> Resource {
    resource(Form::Blocks, "pool", Owner::Own, arguments)
}

fn part(kind: &str, owner: Owner, arguments: &Json) -> Resource {
    resource(Form::Blocks, kind, owner, arguments)
}

fn elsewhere() -> Owner {
    Owner::Elsewhere { key: "data.pool".to_owned(), id: None }
}

fn engine(resources: &[Resource]) -> Vec<Assembled> {
    assemble(resources, &Origin::default())
}

fn at<'a>(assembled: &'a Assembled, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let first = assembled.pool.document.get(steps.next()?)?;
    steps.try_fold(first, |value, step| match step.parse::<usize>() {
        Ok(index) => value.as_list()?.get(index),
        Err(_) => value.get(step),
    })
}

#[test]
fn types_are_those_of_the_api_whatever_the_language_writes() {
    let made = engine(&[pool(&json!({
        "name": "customers", "policy": {"length": "12"}, "schema": [{"name": "plan", "required": null}, null],
    }))]);
    assert_eq!(at(&made[0], "Policies.PasswordPolicy.MinimumLength"), Some(&Value::Int(12)));
    assert_eq!(at(&made[0], "SchemaAttributes.0.Name"), Some(&Value::String("custom:plan".into())));
    assert_eq!(at(&made[0], "SchemaAttributes.0.Required"), Some(&Value::Bool(false)), "it is left out");
    assert_eq!(at(&made[0], "SchemaAttributes.1"), Some(&Value::Null), "those after it keep their places");
    let zero = engine(&[pool(&json!({"policy": {"length": 0}}))]);
    assert_eq!(at(&zero[0], "Policies.PasswordPolicy.MinimumLength"), None);
    let way = ["Policies", "PasswordPolicy", "MinimumLength"].map(|name| ValueStep::Member(name.into()));
    assert_eq!(zero[0].places.values.get(way.as_slice()), Some(&(3..4)), "it is shown where it could be set");
}

#[test]
fn a_strange_name_is_refused_in_a_template_and_newer_in_a_plan() {
    let arguments = json!({"name": "a", "mfaa": "ON"});
    let template = engine(&[resource(Form::Template, "pool", Owner::Own, &arguments)]);
    assert!(matches!(at(&template[0], "MfaConfiguration"), Some(Value::Unknown(_))), "it may be meant");
    let remark = |meant| Remark::Strange { path: "mfaa".to_owned(), meant, at: 0..0 };
    assert_eq!(template[0].remarks, [(0, remark(Some("mfa")))]);
    let plan = engine(&[pool(&arguments)]);
    assert_eq!(at(&plan[0], "MfaConfiguration"), None);
    assert_eq!(plan[0].remarks, [(0, remark(None))]);
}

#[test]
fn parts_of_one_unknown_pool_make_one_partial_pool() {
    let client = part("client", elsewhere(), &json!({"name": "web"}));
    let domain = part("domain", elsewhere(), &json!({"name": "login"}));
    let other = Owner::Elsewhere { key: "other".to_owned(), id: Some("eu-west-1_Ex4mpl3".to_owned()) };
    let made = engine(&[domain, client, part("client", other, &json!({"name": "app"}))]);
    assert_eq!(made.len(), 2);
    assert!(made.iter().all(|one| one.pool.partial && one.at.is_none()));
    assert_eq!(made[0].pool.address.as_deref(), Some("domain.login"), "it goes by the first");
    assert_eq!(at(&made[0], "Clients.0.ClientName"), Some(&Value::String("web".into())));
    assert_eq!(at(&made[0], "Domains.0.Domain"), Some(&Value::String("login".into())));
    assert_eq!(at(&made[1], "Id"), Some(&Value::String("eu-west-1_Ex4mpl3".into())));
    assert!(!made[1].pool.held.contains(&Section::Domains));
}

#[test]
fn a_part_of_one_of_several_pools_is_left_open_in_each() {
    let open = Owner::Open(vec![0, 1], Arc::from("it may be either's"));
    let made = engine(&[
        pool(&json!({"name": "a"})),
        pool(&json!({"name": "b"})),
        part("client", open, &json!({"name": "web"})),
    ]);
    for one in &made {
        assert_eq!(at(one, "Clients.0"), Some(&Value::Unknown("it may be either's".into())));
        let possible =
            one.pool.possible_element(Section::Clients, 0).and_then(|client| client.get("ClientName"));
        assert_eq!(possible, Some(&Value::String("web".into())), "whichever pool it is of");
    }
}

#[test]
fn what_will_not_be_there_leaves_its_section_known() {
    let gone =
        Resource { standing: Standing::Gone, ..part("client", Owner::Pool(0), &json!({"name": "web"})) };
    let made = engine(&[pool(&json!({"name": "a"})), gone]);
    assert!(made[0].pool.held.contains(&Section::Clients));
    assert_eq!(at(&made[0], "Clients"), None);
}

#[test]
fn a_risk_configuration_finds_its_client_whatever_their_order() {
    let risk = Resource {
        client: Client::Of(2),
        ..part("risk", Owner::Pool(0), &json!({"exceptions": {"SkippedIPRangeList": ["10.0.0.0/8"]}}))
    };
    let client = part("client", Owner::Pool(0), &json!({"name": "web"}));
    let made = engine(&[pool(&json!({"name": "a"})), risk, client]);
    let range = at(&made[0], "Clients.0.RiskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList.0");
    assert_eq!(range, Some(&Value::String("10.0.0.0/8".into())));
    assert_eq!(at(&made[0], "RiskConfiguration"), None);
    let any = Resource {
        client: Client::Any("which is not known".into()),
        ..part("risk", Owner::Pool(0), &json!({}))
    };
    let made = engine(&[pool(&json!({"name": "a"})), any]);
    let unread: Vec<Section> = made[0].pool.unread.iter().map(|(section, _)| *section).collect();
    assert_eq!(unread, [Section::RiskConfiguration, Section::ClientRisk]);
}

#[test]
fn what_the_file_says_under_the_other_name_is_said() {
    let unsaid = json!({"name": "a", "message": "unsaid", "template": {"message": "Use {####}"}});
    let made = engine(&[pool(&unsaid)]);
    assert_eq!(at(&made[0], "EmailVerificationMessage"), Some(&Value::String("Use {####}".into())));
    let made = engine(&[pool(&json!({"name": "a", "message": "unsaid"}))]);
    assert_eq!(at(&made[0], "EmailVerificationMessage"), Some(&Value::Unknown("unsaid".into())));
}

#[test]
fn sms_is_a_factor_where_it_can_be_sent_and_is_asked_for() {
    let arn = "arn:aws:iam::111122223333:role/sms";
    let sms = |mfa: &str| engine(&[pool(&json!({"mfa": mfa, "sms": {"arn": arn}}))]);
    let factor = "MfaConfig.SmsMfaConfiguration";
    assert!(matches!(at(&sms("ON")[0], factor), Some(Value::Map(_))));
    assert_eq!(at(&sms("OFF")[0], factor), None);
    assert!(matches!(at(&sms("?why")[0], factor), Some(Value::Unknown(_))), "MFA may be off");
    let open = engine(&[pool(&json!({"mfa": "ON", "sms": "?why"}))]);
    assert!(matches!(at(&open[0], factor), Some(Value::Unknown(_))), "it may not be sent");
}

#[test]
fn a_client_has_the_secret_that_is_asked_for() {
    let client = |secret: &Json| {
        let pool = pool(&json!({"name": "a"}));
        engine(&[pool, part("client", Owner::Pool(0), &json!({"name": "web", "secret": secret}))])
    };
    let secret = |made: &[Assembled]| at(&made[0], "Clients.0.ClientSecret").cloned();
    assert_eq!(secret(&client(&json!(true))), Some(Value::Secret));
    assert_eq!(secret(&client(&json!(false))), None);
    assert_eq!(secret(&client(&json!("?why"))), Some(Value::Unknown("why".into())));
}

#[test]
fn the_pool_names_its_domains() {
    let domain = |arguments: &Json| {
        let mut one = part("domain", Owner::Pool(0), arguments);
        one.client = Client::Whole;
        engine(&[pool(&json!({"name": "a"})), one])
    };
    let made = domain(&json!({"name": "login"}));
    assert_eq!(at(&made[0], "Domain"), Some(&Value::String("login".into())));
    assert_eq!(at(&made[0], "CustomDomain"), None, "the file holds all of them");
    let made = domain(&json!({"name": "id.example.com", "certificate": "later"}));
    assert_eq!(at(&made[0], "CustomDomain"), Some(&Value::String("id.example.com".into())));
    let made = domain(&json!({"name": "login", "certificate": "?why"}));
    for member in ["Domain", "CustomDomain"] {
        assert_eq!(at(&made[0], member), Some(&Value::Unknown("why".into())), "it may be either");
    }
    let made = engine(&[pool(&json!({"name": "a"}))]);
    let why = "the plan declares no domain of this pool, which may be elsewhere";
    assert_eq!(at(&made[0], "Domain"), Some(&Value::Unknown(why.into())));
}

#[test]
fn a_mapping_knows_its_secrets_and_its_arguments() {
    let client = mappings(Form::Blocks).get("client").unwrap();
    assert_eq!(client.secret(), Some("secret"), "it requests a secret, and is not one");
    assert!(!client.names_secret("name"));
    let pool = mappings(Form::Blocks).get("pool").unwrap();
    assert_eq!(pool.argument("Policies.PasswordPolicy.MinimumLength"), Some("policy.length"));
    assert_eq!(pool.shown("Name"), Some("name"));
    assert_eq!(pool.shown("Policies.PasswordPolicy"), None, "it is deeper in the pool");
    assert!(pool.names_secret("external"));
}
