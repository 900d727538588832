import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exposures, type LabelledFace, plantMisses, stillOpen } from '../../bench/plant.ts';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { analyse } from '../../src/pipeline/analyse.ts';
import { render } from '../../src/pipeline/render.ts';
import { hasShared, SHARED, sharedNote } from '../support/shared.ts';

const WIDER = path.join(SHARED, 'data/wider');
/** `npm run bench -- check` asks all: docs/checks.md holds the figures. */
const EVERY = 40;

describe.skipIf(!hasShared)(
  `misses planted in plans are found again${sharedNote}`,
  { timeout: 600_000 },
  () => {
    let folder: string;
    let detectors: Detectors;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-planted-'));
      detectors = new Detectors('centerface');
    });
    afterAll(async () => {
      await detectors.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('in labelled photographs: nearly every face of 24 pixels and more', async () => {
      const { images } = JSON.parse(await readFile(path.join(WIDER, 'gt.json'), 'utf8')) as {
        images: { file: string; faces: number[][] }[];
      };
      let opened = 0;
      let open = 0;
      for (const { file, faces } of images.filter((_, i) => i % EVERY === 0)) {
        const input = path.join(WIDER, file);
        const labels = faces
          .map(([x, y, width, height, , , , invalid], person): LabelledFace & { invalid: number } => ({
            frame: 0,
            person,
            box: { x, y, width, height },
            invalid,
          }))
          .filter(({ invalid }) => !invalid);
        const planted = plantMisses(await analyse(input, { detectors }), labels);
        if (planted.opened.length === 0) continue;
        const output = path.join(folder, `photo${path.extname(input)}`);
        const { plan } = await render(input, planted.plan, output, { detectors, overwrite: true });
        opened += planted.opened.length;
        const left = stillOpen(plan, planted.opened);
        open += left.open;
        expect(left.listed, file).toBe(left.open); // what is not covered is pointed out
      }
      expect(opened).toBeGreaterThan(15);
      expect(1 - open / opened).toBeGreaterThanOrEqual(0.9);
    });

    it('in a real film: two of the five people at a meeting', async () => {
      const input = path.join(SHARED, 'data/video/meeting_5faces_1280x720.mp4');
      const plan = await analyse(input, { detectors });
      // Where two of them sit at first who stay; the second turns to the side for a second.
      const gone = [
        [378, 263],
        [1054, 398],
      ].map(([x, y]) => {
        const track = plan.tracks.find(({ from, boxes: [[left, top, width, height]] }) => {
          return from === 0 && x > left && x < left + width && y > top && y < top + height;
        });
        expect(track).toMatchObject({ standing: 'sure' });
        expect(track?.boxes).toHaveLength(plan.film.frames);
        return track as (typeof plan.tracks)[number];
      });
      const faces = gone.flatMap(({ boxes, id }) =>
        boxes.map((box, frame): LabelledFace => ({ frame, person: id, box: boxOf(box) })),
      );
      const planted = { ...plan, tracks: plan.tracks.filter((track) => !gone.includes(track)) };
      const shares = exposures(planted, faces);
      const opened = faces.filter((_, i) => shares[i] >= 0.5);
      expect(opened.length).toBeGreaterThan(0.6 * faces.length);
      const output = path.join(folder, 'meeting.mp4');
      const result = await render(input, planted, output, { detectors });
      const left = stillOpen(result.plan, opened);
      expect(left.open / opened.length).toBeLessThanOrEqual(0.1);
      expect(left.listed).toBe(left.open);
      expect(result.check.recovered).toBeGreaterThanOrEqual(2);
    });
  },
);
