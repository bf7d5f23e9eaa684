// Apps for the test of the plugin; APP chooses one.
'use strict';
const { App, Stack, Stage, CfnOutput, CfnParameter, Validations } = require('aws-cdk-lib');
const cognito = require('aws-cdk-lib/aws-cognito');
const { CognitoLintPlugin } = require(process.env.PLUGIN);

const options = { program: process.env.PROGRAM, args: ['--no-config', '--rules', 'pool'] };
const app = new App();
Validations.of(app).addPlugins(new CognitoLintPlugin(options));

const bad = (scope) => new cognito.UserPool(new Stack(scope, 'Bad'), 'Pool', { mfa: cognito.Mfa.OFF });
function good(scope) {
  const pool = new cognito.UserPool(new Stack(scope, 'Good'), 'Pool', {
    deletionProtection: true,
    mfa: cognito.Mfa.REQUIRED,
    mfaSecondFactor: { sms: false, otp: true },
    passwordPolicy: { minLength: 14 },
    signInCaseSensitive: false,
    selfSignUpEnabled: false,
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    autoVerify: { email: true },
    keepOriginal: { email: true },
    standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
    featurePlan: cognito.FeaturePlan.PLUS,
  });
  pool.node.defaultChild.addPropertyOverride('Policies.PasswordPolicy.PasswordHistorySize', 4);
  pool.node.defaultChild.addPropertyOverride('UserPoolTags', { owner: 'identity' });
}

switch (process.env.APP) {
  case 'bad':
    bad(app);
    break;
  case 'good':
    good(app);
    new CfnOutput(new Stack(app, 'Empty'), 'Out', { value: 'x' });
    break;
  case 'stage':
    bad(new Stage(app, 'Prod'));
    break;
  case 'acknowledged':
    Validations.of(bad(app)).acknowledge({ id: 'cognito-lint::mfa-off', reason: 'users of a test' });
    break;
  case 'unknown': {
    const stack = new Stack(app, 'Unknown');
    new cognito.CfnUserPool(stack, 'Pool', { mfaConfiguration: new CfnParameter(stack, 'Mfa').valueAsString });
    break;
  }
}
app.synth();
