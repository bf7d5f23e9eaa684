import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';

export interface CognitoLintOptions {
  /** The program; by default `cognito-lint` in PATH. */
  readonly program?: string;
  /** More arguments of `cognito-lint check`, such as `['--rules', 'strict']`. */
  readonly args?: string[];
  /** The least severity that fails the synthesis; by default `low`. Below it, findings are warnings. */
  readonly failOn?: 'info' | 'low' | 'medium' | 'high' | 'critical' | 'never';
}

/** Checks the user pools of an app with cognito-lint when it is synthesized. */
export class CognitoLintPlugin implements IPolicyValidationPlugin {
  constructor(options?: CognitoLintOptions);
  readonly name: string;
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport;
}
