import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ALIKE,
  ALIKE_SMOOTH,
  AS_IT_IS,
  attack,
  describeAll,
  galleryOf,
  type Means,
  type Row,
} from '../../bench/recognise/attack.ts';
import { improbable } from '../../bench/recognise/chance.ts';
import { isCovered, maskOf, Sayeh, WAYS } from '../../bench/recognise/covered.ts';
import { bySayeh, type Covering, nothing, REAL } from '../../bench/recognise/coverings.ts';
import { publicFigures } from '../../bench/recognise/people.ts';
import { Recogniser } from '../../bench/recognise/recogniser.ts';
import { type Targets, targetsOf } from '../../bench/recognise/targets.ts';
import { DECONVOLUTION } from '../../bench/recognise/undo.ts';
import { hasShared, sharedNote } from '../support/shared.ts';

// The small form of `npm run bench -- recognise`: see docs/recognition.md.

const PEOPLE = 20;
/** Guesses reach as many right names no more often than once in ten thousand trials. */
const TOO_MANY = improbable(PEOPLE, 1 / PEOPLE, 1e-4);
/** Half a minute on a machine of its own, many on one that is shared. */
const LONG = 1_200_000;

describe.skipIf(!hasShared)(`a face recogniser against Sayeh${sharedNote}`, () => {
  let work: string;
  let recogniser: Recogniser;
  let sayeh: Sayeh;
  let targets: Targets;
  let means: Means;

  beforeAll(async () => {
    work = await mkdtemp(path.join(os.tmpdir(), 'sayeh-recognition-'));
    recogniser = await Recogniser.start();
    sayeh = await Sayeh.start(work);
    targets = await targetsOf(publicFigures(PEOPLE), sayeh, recogniser);
    const known = await describeAll(recogniser, targets.known, ({ original: picture, square }) => ({
      picture,
      square,
    }));
    means = {
      ...{ recogniser, gallery: galleryOf(known), sizes: [PEOPLE] },
      ...{ undoings: [DECONVOLUTION], wide: false },
    };
  }, LONG);
  afterAll(async () => {
    await recogniser?.dispose();
    await sayeh?.close();
    await rm(work, { recursive: true, force: true });
  });

  /** Right names by attack. */
  async function rightNames(covering: Covering): Promise<Record<string, number>> {
    const rows: Row[] = await attack(covering, targets, means);
    for (const { scores } of rows) expect(scores).toMatchObject([{ gallery: PEOPLE, of: PEOPLE }]);
    return Object.fromEntries(rows.map(({ attack, scores }) => [attack, scores[0].first]));
  }

  test(
    'names people who are not covered, or covered by a blur or mosaic of the face itself',
    async () => {
      expect(targets.unfound).toBe(0);
      expect((await rightNames(nothing))[AS_IT_IS]).toBeGreaterThanOrEqual(0.8 * PEOPLE);
      const [blur, mosaic] = REAL;
      const throughBlur = await rightNames(blur);
      expect(throughBlur[AS_IT_IS]).toBeGreaterThanOrEqual(TOO_MANY);
      expect(throughBlur[DECONVOLUTION.name]).toBeGreaterThanOrEqual(TOO_MANY);
      expect((await rightNames(mosaic))[ALIKE_SMOOTH]).toBeGreaterThanOrEqual(TOO_MANY);
    },
    LONG,
  );

  test.each(WAYS)(
    'is at chance with $style, $cover: as it is, deconvolved, and against known faces covered alike',
    async (way) => {
      const { cover } = way;
      for (const { plan, square } of targets.published)
        expect(isCovered(maskOf(plan, cover), square)).toBe(true);
      const right = await rightNames(bySayeh(sayeh, way));
      expect(Object.keys(right)).toEqual([AS_IT_IS, DECONVOLUTION.name, ALIKE, ALIKE_SMOOTH]);
      for (const [attack, count] of Object.entries(right)) expect(count, attack).toBeLessThan(TOO_MANY);
    },
    LONG,
  );
});
