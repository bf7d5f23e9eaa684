// The examples that the page offers: a title, a text, and rules that fit it.
const RULE = `[[rule]]
id       = "minimum-length-low"
title    = "Passwords may be shorter than {minimum} characters"
severity = "high"
params   = { minimum = 14 }
expect   = { path = "Policies.PasswordPolicy.MinimumLength", at-least = { param = "minimum" } }
`;

export const examples = [
  {
    title: 'An answer of describe-user-pool',
    rules: RULE,
    text: `{
  "UserPool": {
    "Id": "eu-west-1_Sh0pCust0",
    "Name": "shop-customers",
    "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Sh0pCust0",
    "Policies": {
      "PasswordPolicy": {
        "MinimumLength": 8,
        "RequireUppercase": true,
        "RequireLowercase": true,
        "RequireNumbers": true,
        "RequireSymbols": false,
        "TemporaryPasswordValidityDays": 7
      }
    },
    "DeletionProtection": "INACTIVE",
    "MfaConfiguration": "OPTIONAL",
    "AutoVerifiedAttributes": ["email"],
    "UserPoolTier": "ESSENTIALS"
  }
}
`,
  },
  {
    title: 'A Terraform configuration',
    text: `variable "mfa" {
  default = "OFF"
}

resource "aws_cognito_user_pool" "customers" {
  name                = "customers"
  mfa_configuration   = var.mfa
  deletion_protection = "ACTIVE"

  password_policy {
    minimum_length = 8
  }
}

resource "aws_cognito_user_pool_client" "web" {
  name                                 = "web"
  user_pool_id                         = aws_cognito_user_pool.customers.id
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["implicit"]
  allowed_oauth_scopes                 = ["openid"]
  callback_urls                        = ["http://app.example.com/back"]
  supported_identity_providers         = ["COGNITO"]
}
`,
  },
  {
    title: 'A CloudFormation template',
    text: `Parameters:
  Stage:
    Type: String
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: customers
      DeletionProtection: !If [IsProd, ACTIVE, INACTIVE]
      MfaConfiguration: "OFF"
      Policies:
        PasswordPolicy:
          MinimumLength: 14
`,
  },
  {
    title: 'Rules with mistakes',
    choice: '',
    rules: `[[rule]]
id     = "password-short"
expect = { path = "Policies.PasswordPolicy.MinimumLenght", at-least = 12 }

[[rule]]
id     = "deletable"
expect = { path = "DeletionProtection", equals = "ON" }
`,
    text: `{ "UserPool": { "Id": "eu-west-1_Sh0pCust0", "Name": "shop-customers" } }
`,
  },
];
