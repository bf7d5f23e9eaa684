#!/usr/bin/env node
// Runs the program of the package for this platform, which npm installs as an optional dependency.
'use strict';
const { spawnSync } = require('node:child_process');

const name = `@cognito-lint/${process.platform}-${process.arch}`;
const file = process.platform === 'win32' ? 'cognito-lint.exe' : 'cognito-lint';
let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(`cognito-lint: the package ${name} is not installed. Either there is no program for this platform, or npm was told to leave optional dependencies out (--omit=optional).`);
  process.exit(2);
}
// SIGINT and SIGTERM reach the program, which reports what it has; this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
const done = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (done.error) {
  console.error(`cognito-lint: ${done.error.message}`);
  process.exit(2);
}
process.exit(done.status ?? 128 + require('node:os').constants.signals[done.signal]);
