import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, iou } from '../../src/core/geometry/box.ts';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import { coverRegion } from '../../src/core/plan/cover-region.ts';
import type { Plan, PlanTrack } from '../../src/core/plan/plan.ts';
import { covers, rasterise } from '../../src/core/redact/mask.ts';
import { WORDS } from '../../src/review/page/words/index.ts';
import { browserNote, hasBrowser, launchBrowser } from '../support/browser.ts';
import { sayeh } from '../support/cli.ts';
import { endReviewProcess, type ReviewProcess, startReviewProcess } from '../support/review-process.ts';
import { hasShared, SHARED, sharedNote } from '../support/shared.ts';
import { openPage, planOf, pointer, soon } from './opened-page.ts';

const run = promisify(execFile);
const LEAKBENCH = path.join(SHARED, 'leakbench/leakbench.mjs');
const WIDER = path.join(SHARED, 'data/wider');
/** Four labelled people who march among many more. */
const PHOTO = '10_People_Marching_People_Marching_2_307.jpg';
const SIZE = { width: 640, height: 360 };

/** Places by a face that hold none of it, in sizes of the face from its corner: below, on either side, above. */
const SIDES = [
  [0, 1.5],
  [-1.6, 0.2],
  [1.6, 0.2],
  [0, -1.4],
] as const;
const beside = ({ x, y, width, height }: Box, [right, down]: (typeof SIDES)[number]): Box => ({
  x: x + right * width,
  y: y + down * height,
  width,
  height: 0.8 * height,
});
const isInside = ({ x, y, width, height }: Box) =>
  x > 0 && y > 0 && x + width < SIZE.width && y + height < SIZE.height;

/** Where every labelled face of a clip is: per frame and person x, y, width, height, and 1 where it does not count. */
interface Truth {
  frames: [number, number, number, number, number][][];
}
/** How much of a clip's faces leakbench sees in what was written. */
interface Leaks {
  faceFrames: number;
  exposedFaceFrames: number;
}

describe.skipIf(!hasBrowser || !hasShared)(
  `a review measured by what it shows of labelled people${browserNote}${sharedNote}`,
  { timeout: 1_200_000 },
  () => {
    let folder: string;
    let clip: string;
    let truth: Truth;
    let browser: Browser;
    let server: ReviewProcess | undefined;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-leak-story-'));
      const { images } = JSON.parse(await readFile(path.join(WIDER, 'gt.json'), 'utf8'));
      const labels = path.join(folder, 'labels');
      const one = images.filter(({ file }: { file: string }) => file.endsWith(PHOTO));
      await writeFile(labels, JSON.stringify({ images: one }));
      const size = `${SIZE.width}x${SIZE.height}`;
      await leakbench(
        'clips',
        '--gt',
        labels,
        '--images',
        WIDER,
        '--out',
        folder,
        '--size',
        size,
        '--fps',
        '15',
      );
      clip = path.join(folder, PHOTO.replace('.jpg', '.mp4'));
      truth = JSON.parse(await readFile(clip.replace('.mp4', '.json'), 'utf8'));
      browser = await launchBrowser();
    }, 400_000);
    afterAll(async () => {
      await browser?.close();
      if (server) await endReviewProcess(server);
      await rm(folder, { recursive: true, force: true });
    });

    const leakbench = (...args: string[]) =>
      run(process.execPath, [LEAKBENCH, ...args], { maxBuffer: 1 << 26 });

    /** What leakbench says of one person, or place, in some frames of the written file. */
    async function leaksOf(
      written: string,
      boxes: (frame: number) => Truth['frames'][number][number] | undefined,
    ) {
      const file = path.join(folder, 'one.json');
      const frames = truth.frames.map((_, frame) => {
        const box = boxes(frame);
        return box ? [box] : [];
      });
      await writeFile(file, JSON.stringify({ ...truth, frames }));
      const { stdout } = await leakbench(
        'video',
        '--truth',
        file,
        '--in',
        clip,
        '--redacted',
        written,
        '--json',
      );
      return JSON.parse(stdout) as Leaks;
    }

    const faceOf = (person: number, frame: number): Box => {
      const [x, y, width, height] = truth.frames[frame][person];
      return { x, y, width, height };
    };

    /**
     * The person that a track is of: in every frame whose box is a labelled face's, it is this one's, and in most
     * frames it is. Undefined where the labels do not say so.
     */
    function personOf({ from, boxes }: PlanTrack): number | undefined {
      const found = boxes.flatMap((box, i) => {
        const alike = truth.frames[from + i].map((_, person) => iou(faceOf(person, from + i), boxOf(box)));
        const best = alike.indexOf(Math.max(...alike));
        return alike[best] >= 0.3 ? [best] : [];
      });
      return new Set(found).size === 1 && found.length > 0.7 * boxes.length ? found[0] : undefined;
    }

    /** The track that shows one person, and nobody else, in the most frames. */
    function whoToKeep({ tracks }: Plan): { track: PlanTrack; person: number } {
      const seen = tracks.flatMap((track) => {
        const person = personOf(track);
        if (person === undefined) return [];
        const frames = track.boxes.filter((_, i) => isInside(faceOf(person, track.from + i))).length;
        return [{ track, person, frames }];
      });
      const [most] = seen.sort((a, b) => b.frames - a.frames);
      return most;
    }

    /** Whether covers of others leave the most of a person's face free: seven tenths of it. */
    function isFree({ film, tracks }: Plan, person: number, frame: number): boolean {
      const regions = tracks
        .filter(
          ({ decision, from, boxes }) => decision === 'cover' && frame >= from && frame < from + boxes.length,
        )
        .map((track) => coverRegion(track, frame, 'head'));
      const mask = rasterise(regions, film.width, film.height);
      const { x, y, width, height } = faceOf(person, frame);
      let [inside, covered] = [0, 0];
      for (let py = Math.max(0, Math.floor(y)); py < Math.min(film.height, y + height); py++) {
        for (let px = Math.max(0, Math.floor(x)); px < Math.min(film.width, x + width); px++) {
          inside++;
          if (covers(mask, px, py)) covered++;
        }
      }
      return covered < 0.3 * inside;
    }

    /** A frame that shows the face and a place beside it, the nearest to the track's middle. */
    function whereToDraw({ from, boxes }: PlanTrack, person: number) {
      const middle = from + boxes.length / 2;
      const places = boxes.flatMap((_, i) => {
        const face = faceOf(person, from + i);
        const side = SIDES.find((one) => isInside(beside(face, one)));
        return side && isInside(face) ? [{ frame: from + i, face, side }] : [];
      });
      const [nearest] = places.sort((a, b) => Math.abs(a.frame - middle) - Math.abs(b.frame - middle));
      return nearest;
    }

    it('shows whom the editor keeps and covers all others, and what was drawn', async () => {
      const { en } = WORDS;
      const out = path.join(folder, 'out');
      await mkdir(out);
      const planFile = path.join(folder, 'plan.json');
      expect((await sayeh('plan', clip, '-o', planFile)).code).toBe(0);
      server = await startReviewProcess(clip, '--plan', planFile, '-o', `${out}/`);
      const { page, wrong } = await openPage(browser, server);
      const before = await planOf(page);
      const { track, person } = whoToKeep(before);
      const visible = () => page.locator('.visible .number').textContent();
      const goTo = async (frame: number) => {
        await page.keyboard.press('Home');
        for (let i = 0; i < frame; i++) await page.keyboard.press('ArrowRight');
        const label = `, ${en.view.frame(String(frame + 1), String(before.film.frames))}.`;
        await soon(() => page.locator('canvas[role=img]').getAttribute('aria-label')).toContain(label);
      };

      // The first place to look at.
      if (before.risks.length > 0) {
        await page.keyboard.press('n');
        await page.locator('.risk [aria-current=true]').waitFor();
        await page.keyboard.press('x');
        await soon(async () => (await planOf(page)).risks.filter(({ seen }) => seen).length).toBe(1);
        // The next place comes by itself; keys pressed before would be followed by that jump.
        if (before.risks.length > 1) {
          const next = String(before.risks[1].at + 1);
          await soon(() => page.locator('.timeline canvas').getAttribute('aria-valuenow')).toBe(next);
        }
      }

      // Something beside the one who is kept: drawn, and followed through the shot.
      const { frame: shown, face, side } = whereToDraw(track, person);
      await goTo(shown);
      const badge = beside(face, side);
      await page.keyboard.press('e');
      // The picture makes room for what is chosen, so its place is looked up anew each time.
      let at = await pointer(page, SIZE);
      await page.mouse.move(...at(badge.x, badge.y));
      await page.mouse.down();
      await page.mouse.move(...at(badge.x + badge.width, badge.y + badge.height), { steps: 4 });
      await page.mouse.up();
      await soon(async () => (await planOf(page)).tracks.length).toBe(before.tracks.length + 1);
      const drawn = (await planOf(page)).tracks.find(({ standing }) => standing === 'drawn')!;

      // One is kept. The next key keeps somebody else by mistake, and is undone.
      await page.keyboard.press('v');
      await page.keyboard.press('Escape');
      await page.locator('.selection .name').waitFor({ state: 'detached' });
      at = await pointer(page, SIZE);
      await page.mouse.click(...at(face.x + face.width / 2, face.y + face.height / 2));
      await page.keyboard.press('k');
      await soon(visible).toBe('1');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('k');
      await soon(visible).toBe('2');
      await page.keyboard.press('u');
      await soon(visible).toBe('1');
      const after = await planOf(page);
      const kept = after.tracks.filter(({ decision }) => decision === 'keep');
      expect(kept.map(({ id }) => id)).toEqual([track.id]);

      await page.keyboard.press('r');
      await page.keyboard.press('Enter');
      await page.locator('.run .good').waitFor({ timeout: 600_000 });
      await page.getByRole('button', { name: en.finish.showReport }).click();
      await page.frameLocator('iframe.report').locator('h1').first().waitFor();
      expect(wrong).toEqual([]);

      // What the written file shows, by a program that knows nothing of plans.
      const [written] = (await readdir(out)).filter((name) => name.endsWith('.mp4'));
      const file = path.join(out, written);
      const inTrack = ({ from, boxes }: PlanTrack, frame: number) =>
        frame >= from && frame < from + boxes.length;
      const figures: Record<string, Leaks> = {
        // Where others stand close by, their covers lie over the one who is kept.
        kept: await leaksOf(file, (frame) =>
          inTrack(track, frame) && isFree(after, person, frame) ? truth.frames[frame][person] : undefined,
        ),
      };
      for (const other of truth.frames[0].keys()) {
        if (other !== person)
          figures[`other ${other}`] = await leaksOf(file, (frame) => truth.frames[frame][other]);
      }
      figures.drawn = await leaksOf(file, (frame) => {
        if (!inTrack(drawn, frame)) return undefined;
        const { x, y, width, height } = beside(faceOf(person, frame), side);
        return [x, y, width, height, 0];
      });
      for (const [who, { faceFrames, exposedFaceFrames }] of Object.entries(figures)) {
        const share = exposedFaceFrames / faceFrames;
        if (who === 'kept') expect(share, who).toBeGreaterThan(0.9);
        else expect(exposedFaceFrames, who).toBe(0);
      }
    });
  },
);
