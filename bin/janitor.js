#!/usr/bin/env node
// Starts the command line: from its sources in a clone (Node 24 strips the types), else from the bundle of an
// installed package. Plain JavaScript for any Node, because it must be able to say which one is needed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED_IN_CLONE = 24;
const NEEDED_INSTALLED = 22;

const running = Number(process.versions.node.split('.')[0]);
const sources = new URL('./janitor.ts', import.meta.url);
const bundle = new URL('../dist/janitor.js', import.meta.url);
const ownNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const dependencies = fileURLToPath(new URL('../node_modules', import.meta.url));

if (!existsSync(fileURLToPath(sources))) {
  if (running < NEEDED_INSTALLED) fail(`needs Node ${NEEDED_INSTALLED} or later to run`);
  else await import(bundle.href);
} else if (!existsSync(dependencies)) {
  fail('is a fresh clone: run "npm ci" first');
} else if (running >= NEEDED_IN_CLONE) {
  await import(sources.href);
} else if (existsSync(ownNode)) {
  await runWith(ownNode);
} else {
  fail(`needs Node ${NEEDED_IN_CLONE} to run from a clone ("npm ci" installs one beside it)`);
}

function fail(problem) {
  process.stderr.write(`janitor ${problem}; this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
}

/** Runs the same command with the Node that the clone brings along, and ends as it ends. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  // A terminal sends Ctrl-C to the child as well: it decides when to end.
  process.on('SIGINT', () => {});
  return new Promise((resolve) => {
    child.on('error', (error) => {
      fail(`could not start ${node}: ${error.message}`);
      resolve();
    });
    child.on('exit', (code, signal) => {
      process.exitCode = code === null ? 1 : code;
      if (signal !== null) process.stderr.write(`janitor was ended by ${signal}\n`);
      resolve();
    });
  });
}
