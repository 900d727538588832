import { beforeAll, expect, test } from 'vitest';
import { CORPUS, FORMATS, type Seed, seedsBelow } from './corpus.ts';
import { type Execution, executionOf, type Sources } from './execution.ts';
import { fuzz } from './fuzz.ts';
import { BUDGETS, type Result } from './pool.ts';

/** Damaged files; `npm run fuzz` takes as many as there is time for. */
const COUNT = 1500;
const SEED = 20_260_101;
/** How long something takes is for `npm run fuzz` to judge: here other tests may have the processor. */
const PATIENT = Object.fromEntries(
  Object.entries(BUDGETS).map(([depth, { megabytes }]) => [
    depth,
    { ms: Number.POSITIVE_INFINITY, megabytes },
  ]),
) as typeof BUDGETS;

let corpus: Seed[];
let sources: Sources;
beforeAll(async () => {
  corpus = await seedsBelow(CORPUS);
  sources = { corpus, samples: [] };
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('damaged files crash and hang nothing, say nothing they should not, and come out clean or not at all', async () => {
  const outcomes = new Map<string, Set<string>>();
  const commands = new Set<string>();
  const findings = await fuzz({
    seed: SEED,
    indices: upTo(COUNT),
    sources,
    budgets: PATIENT,
    onDone(execution, result) {
      outcomes.set(
        execution.format,
        (outcomes.get(execution.format) ?? new Set()).add(result.outcomes.strip),
      );
      for (const [command, outcome] of Object.entries(result.outcomes))
        commands.add(`${command}: ${outcome}`);
    },
  });
  expect(
    findings.map(({ execution: { index, name, done }, faults }) => ({ index, name, done, faults })),
  ).toEqual([]);
  // Damage of the right measure: in every format some is refused, and some let through.
  for (const format of FORMATS)
    expect([...(outcomes.get(format) ?? [])], format).toEqual(expect.arrayContaining(['done', 'corrupt']));
  for (const command of ['decode', 'protect']) expect(commands).toContain(`${command}: done`);
}, 1_800_000);

test('the same number gives the same file, and the corpus holds every format', async () => {
  expect(new Set(corpus.map(({ format }) => format))).toEqual(new Set(FORMATS));
  for (const index of upTo(120))
    expect(executionOf(7, index, sources)).toEqual(executionOf(7, index, sources));
  expect(executionOf(7, 0, sources).bytes).not.toEqual(executionOf(8, 0, sources).bytes);
});

test('what goes wrong in a process is told, and another takes its place', async () => {
  const seen: [Execution, Result][] = [];
  const nothing = { ms: -1, megabytes: -1 };
  const findings = await fuzz({
    seed: SEED,
    indices: [0, 1, 2],
    sources,
    processes: 1,
    budgets: { strip: nothing, decode: nothing, protect: nothing },
    onDone: (...done) => seen.push(done),
  });
  expect(seen).toHaveLength(3);
  expect(findings.map(({ execution, again }) => [execution.index, again])).toEqual([
    [0, true],
    [1, true],
    [2, true],
  ]);
  for (const { faults } of findings) expect(faults.join()).toMatch(/ms of processor time.*MiB/);
}, 600_000);
