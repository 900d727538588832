import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { covers, rasterise } from '../../src/core/redact/mask.ts';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { analyse } from '../../src/pipeline/analyse.ts';
import { ffmpeg } from '../support/clips.ts';
import { hasShared, SHARED, sharedNote } from '../support/shared.ts';

/** Whole films: seconds on a machine of its own, minutes on one that is shared. */
const LONG = { timeout: 900_000 };
const VIDEO = path.join(SHARED, 'data/video');
type Track = Plan['tracks'][number];

/** An upright ellipse: centre and half axes in source pixels. */
interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

/** How much of an ellipse, as far as it lies in the picture, is under the masks that rendering would use, 0 to 1. */
function shareCovered(plan: Plan, frame: number, { x, y, rx, ry }: Ellipse, tracks = plan.tracks): number {
  const { width, height } = plan.film;
  const regions = tracks
    .filter(({ from, boxes }) => frame >= from && frame < from + boxes.length)
    .map(({ from, boxes }) => ({ box: boxOf(boxes[frame - from]), cover: 'head' as const }));
  const mask = rasterise(regions, width, height);
  let inside = 0;
  let covered = 0;
  for (let py = Math.max(0, Math.ceil(y - ry)); py < Math.min(height, y + ry); py++) {
    for (let px = Math.max(0, Math.ceil(x - rx)); px < Math.min(width, x + rx); px++) {
      if (((px + 0.5 - x) / rx) ** 2 + ((py + 0.5 - y) / ry) ** 2 > 1) continue;
      inside++;
      if (covers(mask, px, py)) covered++;
    }
  }
  return covered / inside;
}

/** Where a face's centre is between frames at which a person noted it. */
function between(noted: readonly (readonly [x: number, y: number])[], step: number, frame: number) {
  const i = Math.min(Math.floor(frame / step), noted.length - 2);
  const t = frame / step - i;
  const [[ax, ay], [bx, by]] = [noted[i], noted[i + 1]];
  return { x: ax + (bx - ax) * t, y: ay + (by - ay) * t };
}

const sure = (plan: Plan) => plan.tracks.filter(({ standing }) => standing === 'sure');
const holds = ({ from, boxes }: Track, frame: number, x: number, y: number) => {
  if (frame < from || frame >= from + boxes.length) return false;
  const [left, top, width, height] = boxes[frame - from];
  return x >= left && x <= left + width && y >= top && y <= top + height;
};

describe.skipIf(!hasShared)(`faces in real films stay covered${sharedNote}`, LONG, () => {
  let folder: string;
  let detectors: Detectors;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-clips-'));
    detectors = new Detectors('centerface');
  });
  afterAll(async () => {
    await detectors.close();
    await rm(folder, { recursive: true, force: true });
  });
  const planOf = (name: string) => analyse(path.join(VIDEO, name), { detectors });

  it('a child that jumps, turns and rolls through five shots, in every frame that a tracking benchmark labels', async () => {
    const film = path.join(folder, 'labelled.mp4');
    const labelled = path.join(VIDEO, 'gt/DragonBaby');
    await ffmpeg(
      ...['-framerate', '30', '-i', path.join(labelled, 'img/%04d.jpg')],
      ...['-c:v', 'libx264', '-crf', '16', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', film],
    );
    const plan = await analyse(film, { detectors });
    const labels = (await readFile(path.join(labelled, 'groundtruth_rect.txt'), 'utf8'))
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(',').map(Number));
    expect(plan.film.frames).toBe(labels.length);
    for (const [frame, [x, y, width, height]] of labels.entries()) {
      // Of tracks of a like size only: those of leaves and of folds behind the child would help.
      const alike = plan.tracks.filter(({ from, boxes }) => {
        const box = boxes[frame - from];
        const ratio = box ? Math.sqrt((box[2] * box[3]) / (width * height)) : 0;
        return ratio > 0.5 && ratio < 2;
      });
      const face = { x: x + width / 2, y: y + height / 2, rx: width / 2, ry: height / 2 };
      expect(shareCovered(plan, frame, face, alike), `frame ${frame}`).toBeGreaterThanOrEqual(0.75);
    }
  });

  it('five people at a meeting, one of whom the camera leaves behind', async () => {
    // Centres of the faces at every 20th frame, read from the pictures by eye; the third person leaves.
    const noted = [
      '378,263 433,263 419,263 435,256 443,246 460,245 461,243 425,236 416,240 367,252 370,246 359,243 297,248',
      '260,422 299,422 302,422 311,422 340,410 344,417 370,417 336,417 287,405 260,413 268,413 241,420 200,431',
      '76,422 155,437 136,422 133,422 151,422 185,422 147,422 86,417 33,413 13,398',
      '1009,262 1011,249 1016,249 1020,242 1053,232 1058,246 1053,239 1020,232 1002,230 1024,237 1030,230 1006,230 968,227',
      '1054,398 1062,392 1073,392 1095,392 1132,389 1160,382 1162,375 1136,382 1118,386 1126,379 1132,379 1142,379 1128,377',
    ].map((row) => row.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]));
    const plan = await planOf('meeting_5faces_1280x720.mp4');
    for (const [person, centres] of noted.entries()) {
      for (let frame = 0; frame <= 20 * (centres.length - 1); frame++) {
        const core = { ...between(centres, 20, frame), rx: 20, ry: 20 };
        expect(
          shareCovered(plan, frame, core),
          `person ${person + 1} in frame ${frame}`,
        ).toBeGreaterThanOrEqual(0.85);
      }
    }
  });

  it('a stage: cuts where they are, one unbroken track for the speaker between two of them', async () => {
    const plan = await planOf('hamilton_stage_cuts_640x360.mp4');
    expect(plan.cuts).toEqual([0, 20, 82, 211]);
    for (const { from, boxes } of plan.tracks) {
      const crossed = plan.cuts.filter((cut) => cut > from && cut < from + boxes.length);
      expect(crossed, `track from ${from}`).toEqual([]);
    }
    const speaker = sure(plan).filter(({ from, boxes }) => from === 82 && boxes.length === 211 - 82);
    expect(speaker).toHaveLength(1);
    // In the second shot he fills half the picture, in profile, and swings out of it and back.
    const closeUp =
      '24:467,158 30:369,179 36:348,179 42:435,150 46:488,163 48:546,124 54:606,105 60:617,79 66:593,116 70:567,142 72:519,169 78:501,190';
    for (const [frame, x, y] of closeUp.split(' ').map((noted) => noted.split(/[:,]/).map(Number))) {
      expect(shareCovered(plan, frame, { x, y, rx: 30, ry: 30 }), `frame ${frame}`).toBeGreaterThan(0.85);
    }
  });

  it('three women in a still picture: three tracks from the first frame to the last', async () => {
    const plan = await planOf('three_women_640x360.mp4');
    expect(plan.cuts).toEqual([0]);
    expect(sure(plan)).toHaveLength(3);
    for (const [x, y] of [
      [206, 171],
      [352, 62],
      [436, 50],
    ]) {
      const [track, ...others] = sure(plan).filter((candidate) => holds(candidate, 160, x, y));
      expect(others).toEqual([]);
      expect([track.from, track.boxes.length]).toEqual([0, 322]);
    }
  });

  it('a portrait film that is stored lying: upright, and who walks up to the camera has one track', async () => {
    const plan = await planOf('phone_portrait_rot90_walk_1280x720.mp4');
    expect([plan.film.width, plan.film.height]).toEqual([720, 1280]);
    // 18 px wide at first, over 100 when he passes the camera, gone after frame 160.
    const walks: [frame: number, x: number, y: number][] = [
      [0, 392, 645],
      [112, 411, 632],
      [126, 434, 602],
      [140, 458, 575],
      [154, 623, 557],
    ];
    const walker = sure(plan).filter((track) => walks.every(([frame, x, y]) => holds(track, frame, x, y)));
    expect(walker).toHaveLength(1);
  });

  it('two people through a fisheye lens', async () => {
    const plan = await planOf('egoblur_fisheye_2faces_2560x1920.mp4');
    const tracks = sure(plan).map(({ from, boxes }) => [from, boxes.length]);
    expect(tracks).toEqual([
      [0, 14],
      [0, 14],
    ]);
    for (const [x, y] of [
      [1220, 885],
      [1735, 780],
    ]) {
      expect(sure(plan).filter((track) => holds(track, 0, x, y))).toHaveLength(1);
    }
  });
});
