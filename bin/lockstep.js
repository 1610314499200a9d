#!/usr/bin/env node
// Starts the program with the Node that the project brings, whichever Node this is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const binaries = new URL('../node_modules/.bin/', import.meta.url);
const own = fileURLToPath(new URL(process.platform === 'win32' ? 'node.cmd' : 'node', binaries));
const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

const { status, signal } = spawnSync(
  existsSync(own) ? own : process.execPath,
  ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)],
  { stdio: 'inherit', shell: process.platform === 'win32' },
);
if (signal !== null) process.kill(process.pid, signal);
process.exitCode = status ?? 70;
