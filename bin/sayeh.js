#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  // Before all else, since what it starts takes as long to start as the rest.
  await import(new URL('early-job.js', main).href);
  await import(main.href);
} else {
  console.error('Sayeh is not built yet: run `npm run build` in its folder first.');
  process.exitCode = 1;
}
