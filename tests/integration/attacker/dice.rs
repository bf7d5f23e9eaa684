//! Random pools of every kind of setting that journeys lead by.

use serde_json::{Value, json};

use crate::journeys::{Dice, random_pool};

/// A random pool that the API could answer.
pub fn pool(dice: &mut Dice, number: usize) -> Value {
    let mut document = random_pool(dice);
    let id = format!("eu-west-1_Random{number:05}");
    let pool = &mut document["UserPool"];
    pool["Arn"] = json!(format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{id}"));
    pool["Id"] = json!(id);
    factors(dice, pool);
    functions(dice, pool);
    if dice.one_in(3) {
        pool["UserAttributeUpdateSettings"] = json!({
            "AttributesRequireVerificationBeforeUpdate": dice.some(&["email", "phone_number"]),
        });
    }
    if dice.one_in(6) {
        pool["UsernameAttributes"] = json!(["phone_number"]);
    } else if dice.one_in(10) {
        pool["UsernameAttributes"] = json!(["email", "phone_number"]);
    }
    if dice.one_in(6) {
        let attribute = json!({
            "Name": "phone_number", "AttributeDataType": "String", "Mutable": !dice.one_in(3),
            "Required": dice.one_in(2), "DeveloperOnlyAttribute": false,
        });
        pool["SchemaAttributes"].as_array_mut().unwrap().push(attribute);
    }
    if dice.one_in(8) {
        let provider = json!({
            "ProviderName": "Workforce", "ProviderType": "OIDC", "AttributeMapping": {"email": "email"},
            "ProviderDetails": {
                "client_id": "example",
                "oidc_issuer": dice.pick(&[
                    "https://accounts.google.com",
                    "https://idp.example.com",
                    "https://appleid.apple.com",
                    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another01",
                ]),
            },
        });
        pool["IdentityProviders"].as_array_mut().unwrap().push(provider);
    }
    for provider in pool["IdentityProviders"].as_array_mut().unwrap() {
        // An answer about a provider has more than a list tells of it.
        if provider["ProviderDetails"].is_null() {
            provider["ProviderDetails"] = json!({"client_id": "example"});
        }
        if dice.one_in(3) {
            let mark = dice.pick(&["email_verified", "phone_number_verified"]);
            provider["AttributeMapping"][mark] = json!("verified");
        }
        if dice.one_in(6) {
            provider["AttributeMapping"]["phone_number"] = json!("phone");
        }
    }
    if dice.one_in(3) {
        let subject = json!({
            "Name": "sub", "AttributeDataType": "String", "Mutable": false, "Required": true,
            "DeveloperOnlyAttribute": false,
        });
        pool["SchemaAttributes"].as_array_mut().unwrap().push(subject);
    }
    if pool["UsernameAttributes"].is_null() && dice.one_in(3) {
        pool["AliasAttributes"] = json!(dice.some(&["email", "phone_number", "preferred_username"]));
    }
    for client in pool["Clients"].as_array_mut().unwrap() {
        // An answer about a client has more than a list tells of it.
        client["EnablePropagateAdditionalUserContextData"] = json!(false);
        further(dice, client);
    }
    addresses(dice, pool);
    document
}

/// The methods of MFA and passkeys. The API refuses to ask for MFA without a method of it.
fn factors(dice: &mut Dice, pool: &mut Value) {
    if dice.one_in(4) {
        pool["MfaConfig"]["EmailMfaConfiguration"] = json!({"Message": "Your code is {####}"});
    }
    if dice.one_in(3) {
        pool["MfaConfig"]["WebAuthnConfiguration"] = json!({"RelyingPartyId": "auth.example.com"});
    }
    let mfa = &mut pool["MfaConfig"];
    let is_off = mfa["MfaConfiguration"] == "OFF";
    if is_off {
        mfa["SoftwareTokenMfaConfiguration"] = json!({"Enabled": false});
        for message in ["SmsMfaConfiguration", "EmailMfaConfiguration"] {
            mfa.as_object_mut().unwrap().remove(message);
        }
        return;
    }
    let has_message = mfa["SmsMfaConfiguration"].is_object() || mfa["EmailMfaConfiguration"].is_object();
    if mfa["SoftwareTokenMfaConfiguration"]["Enabled"] == false && !has_message {
        mfa["SmsMfaConfiguration"] = json!({"SmsAuthenticationMessage": "Your code is {####}"});
    }
}

/// Domains under each of their names, the registration of clients there, and the first mechanism of recovery.
fn addresses(dice: &mut Dice, pool: &mut Value) {
    if pool["Domain"].is_string() && dice.one_in(3) {
        pool.as_object_mut().unwrap().remove("Domain");
        if dice.one_in(2) {
            pool["CustomDomain"] = json!("auth.example.com");
        } else {
            pool["Domains"] = json!([{"Domain": "random-example"}]);
        }
    }
    if pool["Domains"].as_array().is_some_and(|list| !list.is_empty()) && dice.one_in(2) {
        pool["Domains"][0]["Status"] = json!(dice.pick(&["FAILED", "ACTIVE"]));
        if dice.one_in(3) {
            pool["Domains"]
                .as_array_mut()
                .unwrap()
                .push(json!({"Domain": "second-example", "Status": "ACTIVE"}));
        }
    }
    if dice.one_in(8) {
        pool["VerificationMessageTemplate"] = json!({"DefaultEmailOption": "CONFIRM_WITH_LINK"});
    }
    if pool["DcrConfiguration"].is_object() {
        if dice.one_in(3) {
            pool["DcrConfiguration"]["EnableStatus"] = json!(dice.pick(&["Enabled", "Disabled"]));
        }
        if dice.one_in(6) {
            pool["DcrConfiguration"]["OpenDcrGrantTypes"] = json!(["implicit"]);
        }
        if dice.one_in(3) {
            let grants = dice.some(&["code", "client_credentials", "implicit"]);
            pool["DcrConfiguration"]["AuthenticatedGrantTypes"] = json!(grants);
        }
        if dice.one_in(4) {
            pool["DcrConfiguration"]["AllowedScopes"] = json!(["aws.cognito/dcr/register"]);
        }
        if dice.one_in(2) {
            let scopes = dice.some(&["api/read", "aws.cognito.signin.user.admin"]);
            pool["DcrConfiguration"]["AllowedScopes"] = json!(scopes);
        }
    }
    let mechanisms = &mut pool["AccountRecoverySetting"]["RecoveryMechanisms"];
    if mechanisms.as_array().is_some_and(|list| list.len() == 1) && dice.one_in(4) {
        mechanisms[0]["Priority"] = json!(2);
    } else if mechanisms.is_array() && dice.one_in(12) {
        *mechanisms = json!([]);
    } else if mechanisms.is_null() {
        pool.as_object_mut().unwrap().remove("AccountRecoverySetting");
    }
    if pool["Policies"]["SignInPolicy"].is_object() && dice.one_in(8) {
        pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"] =
            json!([dice.pick(&["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"])]);
    }
}

fn functions(dice: &mut Dice, pool: &mut Value) {
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:example";
    if dice.one_in(6) {
        let version = dice.pick(&["V1_0", "V2_0", "V3_0"]);
        pool["LambdaConfig"]["PreTokenGenerationConfig"] =
            json!({"LambdaVersion": version, "LambdaArn": function});
    } else if dice.one_in(8) {
        pool["LambdaConfig"]["PreTokenGeneration"] = json!(function);
    }
    if dice.one_in(4) {
        pool["LambdaConfig"]["UserMigration"] = json!(function);
    }
    if dice.one_in(4) {
        pool["UserPoolAddOns"] =
            json!({"AdvancedSecurityMode": dice.pick(&["OFF", "AUDIT", "ENFORCED", "ENFORCED"])});
        pool["RiskConfiguration"] = risk(dice);
    }
}

fn risk(dice: &mut Dice) -> Value {
    let level = dice.pick(&["LowAction", "MediumAction", "HighAction"]);
    let action = dice.pick(&["NO_ACTION", "BLOCK", "MFA_REQUIRED", "MFA_IF_CONFIGURED"]);
    json!({"AccountTakeoverRiskConfiguration": {"Actions": {level: {"Notify": false, "EventAction": action}}}})
}

fn further(dice: &mut Dice, client: &mut Value) {
    if dice.one_in(12) {
        let flow = dice.pick(&["USER_PASSWORD_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "ADMIN_NO_SRP_AUTH"]);
        client["ExplicitAuthFlows"] = json!([flow]);
    }
    if dice.one_in(12) {
        client["ExplicitAuthFlows"] = json!(["ALLOW_TOKEN_EXCHANGE_DELEGATION"]);
    } else if dice.one_in(16) {
        client["ExplicitAuthFlows"] = json!([]);
    }
    if dice.one_in(6) && client["AllowedOAuthFlows"].is_array() {
        client["AllowedOAuthFlows"] = json!(["code", "implicit"]);
    }
    if dice.one_in(4) && client["AllowedOAuthScopes"].is_array() {
        client["AllowedOAuthScopes"].as_array_mut().unwrap().push(json!("aws.cognito/dcr/register"));
    }
    if dice.one_in(4) && client["AllowedOAuthScopes"].is_array() {
        client["AllowedOAuthScopes"].as_array_mut().unwrap().push(json!("api/read"));
    }
    if dice.one_in(5) && client["SupportedIdentityProviders"].is_array() {
        client["SupportedIdentityProviders"].as_array_mut().unwrap().push(json!("Workforce"));
    }
    if dice.one_in(4) {
        client["AccessTokenValidity"] = json!(1 + dice.roll(24));
        client["TokenValidityUnits"] = json!({"AccessToken": dice.pick(&["hours", "minutes"])});
        if client["TokenValidityUnits"]["AccessToken"] == "minutes" {
            client["AccessTokenValidity"] = json!(5 + dice.roll(60));
        }
    }
    if dice.one_in(6) {
        client["EnableTokenRevocation"] = json!(dice.one_in(2));
    }
    if dice.one_in(3) {
        client["RiskConfiguration"] = risk(dice);
    }
}
