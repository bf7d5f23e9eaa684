// A policy validation plugin for the AWS CDK: runs cognito-lint over the templates of a synthesis, and hands its findings
// to the validation report, where they have the construct that they are about.
'use strict';
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

/** Severities that fail the synthesis; the others are warnings. */
const ERRORS = ['low', 'medium', 'high', 'critical'];

class CognitoLintPlugin {
  /**
   * @param {{ program?: string, args?: string[], failOn?: string }} [options] The program (by default `cognito-lint` in
   *   PATH), more arguments of `cognito-lint check`, and the least severity that fails the synthesis (default: low).
   */
  constructor(options = {}) {
    this.name = 'cognito-lint';
    this.program = options.program ?? 'cognito-lint';
    this.args = options.args ?? [];
    this.failOn = options.failOn ?? 'low';
    if (this.failOn !== 'never' && !ERRORS.includes(this.failOn) && this.failOn !== 'info') {
      throw new Error(`failOn is ${this.failOn}, expected info, low, medium, high, critical or never`);
    }
  }

  validate(context) {
    const paths = context.templatePaths.filter(hasResources);
    if (paths.length === 0) return { success: true, violations: [] };
    const args = ['check', '--report', 'json', '--allow-empty', '--fail-on', this.failOn, ...this.args, '--', ...paths];
    const run = spawnSync(this.program, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    // A plugin that throws is silent in `cdk synth`: what went wrong is a violation instead.
    const failed = (text) => ({ success: false, violations: [didNotRun(context, text)] });
    if (run.error) return failed(`${this.program} could not be run: ${run.error.message}`);
    if (![0, 1, 3].includes(run.status)) {
      return failed(`${this.program} ended with ${run.status ?? run.signal}: ${run.stderr.trim()}`);
    }
    let report;
    try {
      report = JSON.parse(run.stdout);
    } catch (error) {
      return failed(`the report of ${this.program} could not be read: ${error.message}`);
    }
    return {
      success: run.status === 0,
      pluginVersion: report.tool.version,
      violations: [...violations(report, this.failOn), ...gaps(report, context)],
      metadata: { exitCode: String(run.status) },
    };
  }
}

/** A template without resources has nothing to check. */
function hasResources(path) {
  return Object.keys(JSON.parse(readFileSync(path, 'utf8')).Resources ?? {}).length > 0;
}

/** One violation for each rule that fails, with each resource that it fails for. */
function violations(report, failOn) {
  const rules = new Map(report.policy.rules.map((rule) => [rule.id, rule]));
  const byRule = new Map();
  for (const finding of report.findings.filter((finding) => finding.status === 'open')) {
    const violation = byRule.get(finding.rule) ?? {
      ruleName: finding.rule,
      description: `${finding.title}: ${finding.message}`,
      severity: fails(finding.severity, failOn) ? 'error' : 'warning',
      fix: finding.declaration?.fix ?? rules.get(finding.rule)?.fix,
      ruleMetadata: { severity: finding.severity },
      violatingResources: [],
    };
    violation.violatingResources.push({
      resourceLogicalId: finding.declaration?.address ?? finding.pool.address,
      templatePath: finding.location?.file ?? finding.pool.input,
      locations: [`Properties/${(finding.declaration?.name ?? finding.path).replaceAll('.', '/')}`],
    });
    byRule.set(finding.rule, violation);
  }
  return [...byRule.values()];
}

function fails(severity, failOn) {
  const order = ['info', ...ERRORS];
  return failOn !== 'never' && order.indexOf(severity) >= order.indexOf(failOn);
}

/** What is unknown or could not be read has not passed: errors where the run is incomplete, else warnings. */
function gaps(report, context) {
  const severity = report.exit_code === 3 ? 'error' : 'warning';
  const unknown = report.unknown.map((unknown) => ({
    ruleName: unknown.rule,
    description: `${unknown.path} is not known: ${unknown.reason}`,
    severity,
    violatingResources: [{ resourceLogicalId: unknown.pool.address, templatePath: unknown.pool.input, locations: [] }],
  }));
  return [...unknown, ...report.unread.map((unread) => didNotRun(context, unread.message))];
}

function didNotRun(context, description) {
  const constructPath = context.stackTemplates?.[0]?.stackConstructPath;
  const resource = constructPath ? { constructPath, locations: [] } : { locations: [] };
  return { ruleName: 'did-not-run', description, severity: 'error', violatingResources: [resource] };
}

module.exports = { CognitoLintPlugin };
