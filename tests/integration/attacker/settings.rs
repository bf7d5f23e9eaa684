//! The settings of a pool as the emulator of the service reads them, with the defaults of the API.

use serde_json::Value;

use super::service::Channel;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mfa {
    Off,
    Optional,
    On,
}

#[derive(Debug)]
pub struct Settings {
    pub sign_up: bool,
    pub pre_sign_up: bool,
    /// Users of an old directory are moved when they sign in.
    pub migration: bool,
    pub pre_authentication: bool,
    pub challenges: bool,
    pub tokens: bool,
    pub scopes: bool,
    pub machine_tokens: bool,
    pub acl: bool,
    pub mfa: Mfa,
    pub mfa_by_app: bool,
    pub mfa_by: [bool; 2],
    pub sends_codes_to: [bool; 2],
    /// Addresses are verified by a link, for which there is no domain.
    pub links_fail: bool,
    /// Users can sign in with the address in place of their names.
    pub alias: [bool; 2],
    pub user_name: [bool; 2],
    pub keeps: [bool; 2],
    /// In the order of their priorities; `None` without the setting.
    pub recovery: Option<Vec<Channel>>,
    pub codes: [bool; 2],
    pub passkeys: bool,
    /// The grants that anybody can register a client for.
    pub grants: Vec<String>,
    /// The grants that a token with the scope of registration can register a client for.
    pub grants_by_token: Vec<String>,
    pub custom_scopes: bool,
    pub clients: Vec<Client>,
    pub providers: Vec<Provider>,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug)]
pub struct Client {
    pub public: bool,
    pub password: bool,
    /// A password is sent to the service as it is.
    pub sends: bool,
    pub old: bool,
    pub backend: bool,
    pub custom: bool,
    pub choice: bool,
    pub exchange: bool,
    /// Its sign-in pages, with a domain.
    pub pages: bool,
    pub code: bool,
    pub implicit: bool,
    pub offers: Vec<String>,
    pub profile: bool,
    /// Tokens of its pages may have the scope of registration.
    pub registers: bool,
    /// With its secret, machines get tokens, and with a scope for machines.
    pub machine: [bool; 2],
    pub writes: Option<Vec<String>>,
    pub risk: bool,
    pub access: i64,
    pub refresh: i64,
}

#[derive(Debug)]
pub struct Provider {
    pub name: String,
    /// Everybody has an account there.
    pub everybody: bool,
    /// Everybody may get one.
    pub public: bool,
    pub mapping: Vec<String>,
}

#[derive(Debug)]
pub struct Attribute {
    pub name: String,
    pub mutable: bool,
    pub required: bool,
    pub developers: bool,
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn has(value: &Value, text: &str) -> bool {
    texts(value).iter().any(|own| own == text)
}

fn is(value: &Value) -> bool {
    value.as_bool() == Some(true)
}

fn both(value: &Value) -> [bool; 2] {
    ["email", "phone_number"].map(|name| has(value, name))
}

fn answers_risk(configuration: &Value) -> bool {
    let actions = &configuration["AccountTakeoverRiskConfiguration"]["Actions"];
    ["LowAction", "MediumAction", "HighAction"].iter().any(|level| {
        let action = actions[level]["EventAction"].as_str();
        action.is_some_and(|action| action != "NO_ACTION")
    })
}

impl Settings {
    /// The settings, where calls of which AWS documents nothing work or fail.
    pub fn of(document: &Value, gaps: bool) -> Settings {
        let pool = &document["UserPool"];
        let functions = &pool["LambdaConfig"];
        let version = functions["PreTokenGenerationConfig"]["LambdaVersion"].as_str();
        let mfa = &pool["MfaConfig"];
        let first = &pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"];
        let domains = pool["Domains"].as_array().is_some_and(|list| !list.is_empty());
        let named = pool["Domain"].is_string() || pool["CustomDomain"].is_string() || domains;
        let has_failed = |domain: &Value| domain["Status"].as_str() == Some("FAILED");
        let failed = domains && pool["Domains"].as_array().is_some_and(|list| list.iter().all(has_failed));
        let domain = named && (!failed || gaps);
        let by_link = pool["VerificationMessageTemplate"]["DefaultEmailOption"] == "CONFIRM_WITH_LINK";
        Settings {
            sign_up: !is(&pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]),
            pre_sign_up: functions["PreSignUp"].is_string(),
            migration: functions["UserMigration"].is_string(),
            pre_authentication: functions["PreAuthentication"].is_string(),
            challenges: functions["DefineAuthChallenge"].is_string(),
            tokens: functions["PreTokenGeneration"].is_string()
                || functions["PreTokenGenerationConfig"].is_object(),
            scopes: matches!(version, Some("V2_0" | "V3_0")),
            machine_tokens: version == Some("V3_0"),
            acl: pool["WebACL"].as_object().is_some_and(|acl| !acl.is_empty()),
            mfa: match pool["MfaConfiguration"].as_str() {
                Some("ON") => Mfa::On,
                Some("OPTIONAL") => Mfa::Optional,
                _ => Mfa::Off,
            },
            mfa_by_app: is(&mfa["SoftwareTokenMfaConfiguration"]["Enabled"]),
            mfa_by: [mfa["EmailMfaConfiguration"].is_object(), mfa["SmsMfaConfiguration"].is_object()],
            sends_codes_to: both(&pool["AutoVerifiedAttributes"]),
            links_fail: by_link && !named && !gaps,
            alias: both(&pool["AliasAttributes"]),
            user_name: both(&pool["UsernameAttributes"]),
            keeps: both(&pool["UserAttributeUpdateSettings"]["AttributesRequireVerificationBeforeUpdate"]),
            recovery: recovery(&pool["AccountRecoverySetting"]["RecoveryMechanisms"], gaps),
            codes: ["EMAIL_OTP", "SMS_OTP"].map(|factor| has(first, factor)),
            passkeys: has(first, "WEB_AUTHN")
                && (named || mfa["WebAuthnConfiguration"]["RelyingPartyId"].is_string()),
            grants: if domain { grants(&pool["DcrConfiguration"]) } else { Vec::new() },
            grants_by_token: if domain { grants_by_token(&pool["DcrConfiguration"]) } else { Vec::new() },
            custom_scopes: texts(&pool["DcrConfiguration"]["AllowedScopes"])
                .iter()
                .any(|scope| scope.contains('/') && !scope.starts_with("aws.")),
            clients: clients(pool, domain),
            providers: pool["IdentityProviders"].as_array().into_iter().flatten().map(Provider::of).collect(),
            attributes: pool["SchemaAttributes"]
                .as_array()
                .into_iter()
                .flatten()
                .map(Attribute::of)
                .collect(),
        }
    }

    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Whether users can change an attribute. Standard attributes that are not listed can be changed.
    pub fn is_mutable(&self, name: &str) -> bool {
        self.attribute(name).is_none_or(|attribute| attribute.mutable)
    }

    /// Whether a client may write an attribute. It writes every required one, and by default the standard ones.
    pub fn writes(&self, client: &Client, name: &str) -> bool {
        let own = self.attribute(name);
        let listed = match &client.writes {
            Some(names) => names.iter().any(|own| own == name),
            None => !name.starts_with("custom:"),
        };
        (listed || own.is_some_and(|own| own.required)) && !own.is_some_and(|own| own.developers)
    }
}

/// The API takes no empty list, and AWS documents nothing of one: it may be no setting at all.
fn recovery(mechanisms: &Value, gaps: bool) -> Option<Vec<Channel>> {
    let mut list = mechanisms.as_array().filter(|list| !list.is_empty() || !gaps)?.clone();
    list.sort_by_key(|mechanism| mechanism["Priority"].as_i64());
    let of = |mechanism: &Value| match mechanism["Name"].as_str() {
        Some("verified_email") => Some(Channel::Mail),
        Some("verified_phone_number") => Some(Channel::Phone),
        _ => None,
    };
    Some(list.iter().filter_map(of).collect())
}

fn grants(registration: &Value) -> Vec<String> {
    let on = registration.is_object() && registration["EnableStatus"].as_str() != Some("Disabled");
    match (on && is(&registration["OpenDcrEnabled"]), &registration["OpenDcrGrantTypes"]) {
        (false, _) => Vec::new(),
        (true, Value::Array(_)) => useful(&registration["OpenDcrGrantTypes"]),
        (true, _) => vec!["code".to_owned()],
    }
}

/// The API takes `implicit` and ignores it.
fn useful(grants: &Value) -> Vec<String> {
    texts(grants).into_iter().filter(|grant| grant != "implicit").collect()
}

fn grants_by_token(registration: &Value) -> Vec<String> {
    let on = registration.is_object() && registration["EnableStatus"].as_str() != Some("Disabled");
    match (on, &registration["AuthenticatedGrantTypes"]) {
        (false, _) => Vec::new(),
        (true, Value::Array(_)) => useful(&registration["AuthenticatedGrantTypes"]),
        (true, _) => ["code", "client_credentials"].map(str::to_owned).into(),
    }
}

fn clients(pool: &Value, domain: bool) -> Vec<Client> {
    let enforced = pool["UserPoolAddOns"]["AdvancedSecurityMode"].as_str() == Some("ENFORCED");
    let passwords_by_choice = {
        let first = &pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"];
        !first.is_array() || has(first, "PASSWORD")
    };
    let of = |client: &Value| {
        let flows = if client["ExplicitAuthFlows"].is_array() {
            texts(&client["ExplicitAuthFlows"])
        } else {
            ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"].map(str::to_owned).into()
        };
        let allows = |flow: &str| flows.iter().any(|own| own == flow);
        let (code, implicit) =
            (has(&client["AllowedOAuthFlows"], "code"), has(&client["AllowedOAuthFlows"], "implicit"));
        let own_risk = &client["RiskConfiguration"];
        let risk = if own_risk.is_object() { own_risk } else { &pool["RiskConfiguration"] };
        let seconds = |member: &str, unit: &str, default: i64, by_default: &str| {
            let unit = client["TokenValidityUnits"][unit].as_str().unwrap_or(by_default);
            let each = match unit {
                "seconds" => 1,
                "minutes" => 60,
                "hours" => 3600,
                _ => 86_400,
            };
            client[member].as_i64().map_or(default, |number| number * each)
        };
        Client {
            public: !client["ClientSecret"].is_string() && !client["ClientSecretArn"].is_string(),
            password: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]
                .iter()
                .any(|flow| allows(flow))
                || allows("ALLOW_USER_AUTH") && passwords_by_choice,
            sends: allows("ALLOW_USER_PASSWORD_AUTH")
                || allows("USER_PASSWORD_AUTH")
                || allows("ALLOW_USER_AUTH") && passwords_by_choice,
            old: flows.is_empty()
                || ["USER_PASSWORD_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "ADMIN_NO_SRP_AUTH"]
                    .iter()
                    .any(|flow| allows(flow)),
            backend: allows("ALLOW_ADMIN_USER_PASSWORD_AUTH") || allows("ADMIN_NO_SRP_AUTH"),
            custom: allows("ALLOW_CUSTOM_AUTH") || allows("CUSTOM_AUTH_FLOW_ONLY"),
            choice: allows("ALLOW_USER_AUTH"),
            exchange: allows("ALLOW_TOKEN_EXCHANGE_IMPERSONATION")
                || allows("ALLOW_TOKEN_EXCHANGE_DELEGATION"),
            pages: domain && is(&client["AllowedOAuthFlowsUserPoolClient"]) && (code || implicit),
            code,
            implicit,
            offers: texts(&client["SupportedIdentityProviders"]),
            profile: has(&client["AllowedOAuthScopes"], "aws.cognito.signin.user.admin"),
            registers: has(&client["AllowedOAuthScopes"], "aws.cognito/dcr/register"),
            machine: {
                let grant = has(&client["AllowedOAuthFlows"], "client_credentials");
                let open = domain && is(&client["AllowedOAuthFlowsUserPoolClient"]) && grant;
                [open, open && texts(&client["AllowedOAuthScopes"]).iter().any(|scope| scope.contains('/'))]
            },
            writes: client["WriteAttributes"].is_array().then(|| texts(&client["WriteAttributes"])),
            risk: enforced && answers_risk(risk),
            access: seconds("AccessTokenValidity", "AccessToken", 3600, "hours"),
            refresh: seconds("RefreshTokenValidity", "RefreshToken", 30 * 86_400, "days"),
        }
    };
    pool["Clients"].as_array().into_iter().flatten().map(of).collect()
}

impl Provider {
    fn of(provider: &Value) -> Provider {
        let issuer = provider["ProviderDetails"]["oidc_issuer"].as_str().unwrap_or_default();
        let kind = provider["ProviderType"].as_str().unwrap_or_default();
        Provider {
            name: provider["ProviderName"].as_str().unwrap_or_default().to_owned(),
            everybody: match kind {
                "Google" | "Facebook" | "LoginWithAmazon" | "SignInWithApple" => true,
                "OIDC" => issuer == "https://accounts.google.com",
                _ => false,
            },
            public: kind == "OIDC"
                && ["appleid.apple.com", "amazonaws.com/"].iter().any(|own| issuer.contains(own)),
            mapping: provider["AttributeMapping"]
                .as_object()
                .map(|map| map.keys().cloned().collect())
                .unwrap_or_default(),
        }
    }
}

impl Attribute {
    fn of(attribute: &Value) -> Attribute {
        Attribute {
            name: attribute["Name"].as_str().unwrap_or_default().to_owned(),
            mutable: is(&attribute["Mutable"]),
            required: is(&attribute["Required"]),
            developers: is(&attribute["DeveloperOnlyAttribute"]),
        }
    }
}
