import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaFormat } from '../../src/core/media-type.ts';
import { makeSeeds, type Seed } from '../support/mutants/seeds.ts';
import { divide, mutantNumber, seedOf, tryMutant } from '../support/mutants/trial.ts';

/** Of each format; `bench/mutants.ts` tries as many as it is told to. */
const MUTANTS = 200;
const SEED = 20_260_101;

let folder: string;
let seeds: Seed[];
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-mutants-'));
  seeds = await makeSeeds(folder);
}, 600_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const FORMATS: MediaFormat[] = [
  ...(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const),
  ...(['mp4', 'mov', 'matroska', 'avi', 'mpegts'] as const),
];

test.each(FORMATS)(
  '%s: damaged files crash and hang nothing, and come out clean or not at all',
  async (format) => {
    const own = seeds.filter((seed) => seed.format === format);
    const divided = await Promise.all(own.map(divide));
    const outcomes = new Set<string>();
    for (let n = 0; n < MUTANTS; n++) {
      const { outcome, fault } = await tryMutant(folder, mutantNumber(n, SEED, divided));
      if (fault) throw new Error(`mutant ${n} of ${seedOf(n, own).name}: ${fault}`);
      outcomes.add(outcome);
    }
    // Damage of the right measure: some is refused, and some let through.
    expect(outcomes).toContain('clean');
    expect(outcomes).toContain('corrupt');
  },
  600_000,
);
