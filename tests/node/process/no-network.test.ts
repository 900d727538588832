import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = path.resolve(import.meta.dirname, '../../support/attempts.js');
// Built: what the command and its threads load.
const GUARD = pathToFileURL(path.resolve(import.meta.dirname, '../../../dist/node/process/offline.js')).href;

interface Outcome {
  port: number;
  results: Record<string, string>;
  /** The same from a worker thread. */
  thread: Record<string, string>;
  arrived: number;
}

/** Runs every attempt in a process of its own; `then` is called while its server still listens. */
async function attempts(guard: string, then: (outcome: Outcome) => Promise<void> = async () => {}) {
  const child = spawn(process.execPath, [PROGRAM, guard, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let printed = '';
  for await (const piece of child.stdout) {
    printed += piece;
    if (printed.endsWith('\n')) break;
  }
  const outcome = JSON.parse(printed) as Outcome;
  await then(outcome);
  child.stdin.end('done');
  await ended;
  return outcome;
}

it('without the guard every attempt gets through, so the attempts are real', async () => {
  const { results, thread, arrived } = await attempts('');
  const all = {
    ...results,
    ...Object.fromEntries(Object.entries(thread).map(([k, v]) => [`thread ${k}`, v])),
  };
  expect(Object.values(all).length).toBeGreaterThan(35);
  expect(Object.entries(all).filter(([, result]) => result !== 'reached')).toEqual([]);
  expect(arrived).toBeGreaterThan(15);
}, 600_000);

it('with it each is refused by a SayehError, in threads too, and nothing arrives', async () => {
  const { results, thread, arrived } = await attempts(GUARD, async ({ port }) => {
    // What the review page needs: others come in over the loopback interface.
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.text()).toBe('here');
  });
  expect(Object.keys(thread).length).toBeGreaterThan(15);
  for (const outcome of [results, thread]) {
    expect(Object.entries(outcome).filter(([, result]) => result !== 'refused')).toEqual([]);
  }
  expect(arrived).toBe(0);
}, 600_000);
