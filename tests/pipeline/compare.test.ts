import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeMask } from '../../src/core/compare/change-mask.ts';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { type Comparison, compare } from '../../src/pipeline/compare.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { ffmpeg, frameTimes, panOver, samplePhoto } from '../support/clips.ts';
import { setDisplayMatrix } from '../support/display-matrix.ts';
import { film as animation, picture as asPicture, gradient, withTags } from '../support/photos.ts';

let folder: string;
let film: string;
let detectors: Detectors;
/** Where a machine has much else to do. */
const LONG = { timeout: 600_000 };
const at = (name: string) => path.join(folder, name);
const x264 = (crf = 26) => ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-crf', `${crf}`];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-compare-'));
  detectors = new Detectors('centerface');
  film = at('film.mp4');
  await ffmpeg(...panOver(1, { width: 640, height: 360, seconds: 2, rate: 25 }), ...x264(18), film);
});
afterAll(async () => {
  await detectors.close();
  await rm(folder, { recursive: true, force: true });
});

/** The film as another program writes it. */
async function remade(name: string, ...options: string[]): Promise<string> {
  await ffmpeg('-i', film, '-an', '-fps_mode', 'passthrough', ...options, at(name));
  return at(name);
}

const whole = { sameSize: true, sameFrames: true, sameTimes: true };
const pictures = ({ pictures }: Comparison) => {
  if (!pictures) throw new Error('no pictures were compared');
  return pictures;
};

describe('films', () => {
  it.each([
    ['x264 at crf 21', 'a.mp4', x264(21)],
    ['x264 at crf 30', 'b.mkv', x264(30)],
    ['x265 at crf 30', 'c.mp4', ['-c:v', 'libx265', '-crf', '30', '-x265-params', 'log-level=none']],
    ['VP9', 'd.webm', ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-b:v', '0', '-crf', '34']],
    ['MPEG-4 in AVI', 'e.avi', ['-c:v', 'mpeg4', '-q:v', '5']],
    [
      'x264, full range',
      'f.mp4',
      ['-vf', 'scale=out_range=full', '-c:v', 'libx264', '-pix_fmt', 'yuvj420p', '-color_range', 'pc'],
    ],
    ['x264, in a transport stream', 'g.ts', x264(23)],
  ])('coded anew and not changed, by %s: nothing differs', async (_, name, options) => {
    const found = await compare(await remade(name, ...options), film);
    expect(found).toMatchObject({ ...whole, original: { frames: 50 }, file: { frames: 50 } });
    expect(pictures(found)).toMatchObject({
      compared: 50,
      changed: 0,
      unchanged: [{ from: 0, to: 50 }],
      changes: [],
    });
  });

  it('with a box that another program drew: where and when it is', async () => {
    const box = { x: 200, y: 120, width: 64, height: 48 };
    const draw = `drawbox=x=200:y=120:w=64:h=48:color=black:t=fill:enable='between(n,10,29)'`;
    const found = await compare(await remade('box.mp4', '-vf', draw, ...x264()), film);
    expect(found).toMatchObject(whole);
    const { changes, unchanged, share, changed } = pictures(found);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ from: 10, to: 30 });
    expect(changes[0].fromTime).toBeCloseTo(10 / 25, 3);
    expect(changes[0].toTime).toBeCloseTo(29 / 25, 3);
    expectAround(changes[0].box, box, 16);
    expect(changed).toBe(20);
    expect(unchanged).toEqual([
      { from: 0, to: 10 },
      { from: 30, to: 50 },
    ]);
    expect(share.most).toBeGreaterThan((64 * 48) / (640 * 360) / 1.5);
    expect(share.most).toBeLessThan(((64 + 32) * (48 + 32)) / (640 * 360));
    expect(share.mean).toBeCloseTo(share.most * (20 / 50), 2);
  });

  it('with faces covered by Sayeh: every covered face shows, and no place far from them', LONG, async () => {
    const output = at('covered.mp4');
    const { plan } = await protect(film, output, { detectors });
    const tracks = plan.tracks.filter(({ decision }) => decision === 'cover');
    expect(tracks.length).toBeGreaterThan(0);
    let [faces, open, cells, far] = [0, 0, 0, 0];
    const onMask = (frame: number, mask: ChangeMask) => {
      const boxes = tracks.flatMap(({ from, boxes }) =>
        boxes[frame - from] ? [boxOf(boxes[frame - from])] : [],
      );
      const changed = cellsOf(mask);
      cells += changed.length;
      for (const box of boxes.filter(({ width }) => width >= 12)) {
        faces++;
        if (!changed.some((cell) => meets(cell, box, 0))) open++;
      }
      far += changed.filter(
        (cell) => !boxes.some((box) => meets(cell, box, Math.max(16, box.height))),
      ).length;
    };
    expect(await compare(output, film, { onMask })).toMatchObject(whole);
    expect(faces).toBeGreaterThan(50);
    expect(open / faces).toBeLessThan(0.02);
    expect(far / cells).toBeLessThan(0.01);
  });

  it('shown at other times: how far they differ, and no change of the pictures', async () => {
    const slow = await compare(await remade('slow.mp4', '-vf', 'setpts=1.1*PTS', ...x264()), film);
    expect(slow).toMatchObject({ ...whole, sameTimes: false });
    const [before, after] = [await frameTimes(film), await frameTimes(at('slow.mp4'))];
    const largest = Math.max(...before.map((time, i) => Math.abs(time - after[i])));
    expect(slow.times.largestDifference).toBeCloseTo(largest, 3);
    expect(slow.times.largestDifference).toBeGreaterThan(0.15);
    const late = ['-vf', "settb=1/1000,setpts='PTS+if(eq(N,20),15,0)'", '-enc_time_base', '1/1000'];
    const oneLate = await compare(await remade('late.mp4', ...late, ...x264()), film);
    expect(oneLate).toMatchObject({ ...whole, sameTimes: false, times: { at: 20 } });
    expect(oneLate.times.largestDifference).toBeCloseTo(0.015, 2);
    for (const found of [slow, oneLate]) expect(pictures(found).changed).toBe(0);
  });

  it('without some frames: which ones, wherever they were, and no change of the others', async () => {
    const without = async (name: string, missing: number[]) => {
      const select = `select='not(${missing.map((n) => `eq(n,${n})`).join('+')})'`;
      const found = await compare(await remade(name, '-vf', select, ...x264()), film);
      expect(found).toMatchObject({
        ...{ sameSize: true, sameFrames: false, file: { frames: 50 - missing.length }, extra: { count: 0 } },
        missing: { count: missing.length, frames: missing },
      });
      expect(pictures(found)).toMatchObject({ compared: 50 - missing.length, changed: 0 });
    };
    await without('middle.mp4', [20, 33, 34]);
    await without('start.mp4', [0, 1, 2]);
    await without('ends.mkv', [0, 48, 49]);
  });

  it('with frames that the original has not', async () => {
    const output = await remade('more.mp4', '-vf', 'fps=50', ...x264());
    const found = await compare(output, film);
    expect(found).toMatchObject({ sameFrames: false, missing: { count: 0 } });
    expect(found.extra.count).toBe((await frameTimes(output)).length - 50);
    expect(pictures(found).changed).toBe(0);
  });

  it('of another size: no pictures are compared', async () => {
    const found = await compare(await remade('small.mp4', '-vf', 'scale=320:180', ...x264()), film);
    expect(found).toMatchObject({ sameSize: false, sameFrames: true, sameTimes: true });
    expect(found).toMatchObject({ original: { width: 640, height: 360 }, file: { width: 320, height: 180 } });
    expect(found.pictures).toBeUndefined();
  });

  it('filmed with the phone held upright: both are seen as they are shown', async () => {
    const turned = at('turned.mp4');
    await cp(film, turned);
    await setDisplayMatrix(turned, 'turned right');
    // ffmpeg turns it as players do.
    const draw = 'drawbox=x=40:y=400:w=64:h=64:color=white:t=fill';
    await ffmpeg('-i', turned, '-vf', draw, ...x264(), at('upright.mp4'));
    const found = await compare(at('upright.mp4'), turned);
    expect(found).toMatchObject({
      ...whole,
      original: { width: 360, height: 640 },
      file: { width: 360, height: 640 },
    });
    expectAround(pictures(found).changes[0].box, { x: 40, y: 400, width: 64, height: 64 }, 16);
    expect(pictures(found).share.most).toBeLessThan(0.04);
  });

  it('ends with an error where one is damaged, is a photo, or is not there', async () => {
    const cut = at('cut.mp4');
    await writeFile(cut, (await readFile(film)).subarray(0, -20_000));
    await expect(compare(cut, film)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(compare(film, cut)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(compare(film, samplePhoto(1))).rejects.toMatchObject({ code: 'usage' });
    await expect(compare(at('gone.mp4'), film)).rejects.toMatchObject({ code: 'unreadable' });
    const signal = AbortSignal.abort();
    await expect(compare(film, film, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('takes no more memory for a long one', async () => {
    const long = at('long.mp4');
    await ffmpeg('-stream_loop', '19', '-i', film, '-c', 'copy', long);
    const library = pathToFileURL(path.resolve(import.meta.dirname, '../../dist/pipeline/compare.js')).href;
    const peak = async (file: string) => {
      const script = `
        import { compare } from ${JSON.stringify(library)};
        await compare(${JSON.stringify(file)}, ${JSON.stringify(file)});
        console.log(process.resourceUsage().maxRSS / 1024);`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
      return Number(stdout);
    };
    // 1000 pictures made small would be 2 x 41 MiB more, whole ones 2 x 330 MiB.
    expect((await peak(long)) - (await peak(film))).toBeLessThan(60);
  });
});

describe('photos', () => {
  const original = () => samplePhoto(4);

  it.each([
    ['JPEG at quality 75', 'jpg', (photo: Sharp) => photo.jpeg({ quality: 75 })],
    ['JPEG at quality 95', 'jpg', (photo: Sharp) => photo.jpeg({ quality: 95 })],
    ['WebP', 'webp', (photo: Sharp) => photo.webp({ quality: 80 })],
    ['PNG', 'png', (photo: Sharp) => photo.png()],
  ])('coded anew and not changed, as %s: nothing differs', async (_, extension, code) => {
    const file = at(`again.${extension}`);
    await writeFile(file, await code(sharp(original())).toBuffer());
    const found = await compare(file, original());
    expect(found).toMatchObject(whole);
    expect(pictures(found)).toMatchObject({ compared: 1, changed: 0, changes: [] });
  });

  it('with a small faint patch: where it is', async () => {
    const patch = {
      create: {
        width: 40,
        height: 32,
        channels: 4 as const,
        background: { r: 90, g: 90, b: 90, alpha: 0.5 },
      },
    };
    const file = at('patched.jpg');
    await sharp(original())
      .composite([{ input: patch, left: 160, top: 96 }])
      .jpeg({ quality: 85 })
      .toFile(file);
    const { changes, share } = pictures(await compare(file, original()));
    expect(changes).toHaveLength(1);
    expectAround(changes[0].box, { x: 160, y: 96, width: 40, height: 32 }, 16);
    expect(share.most).toBeLessThan(0.05);
  });

  it('covered by Sayeh, the original held sideways', LONG, async () => {
    const sideways = at('sideways.jpg');
    const turned = await sharp(original()).rotate(90).jpeg({ quality: 92 }).toBuffer();
    await writeFile(sideways, withTags(turned, 'jpg', '-n', '-Orientation=8'));
    const output = at('sideways-out.jpg');
    const { plan } = await protect(sideways, output, { detectors });
    const found = await compare(output, sideways);
    expect(found).toMatchObject(whole);
    const { width, height } = await sharp(original()).metadata();
    expect(found.original).toMatchObject({ width, height });
    const { changes } = pictures(found);
    expect(changes.length).toBeGreaterThan(0);
    for (const { boxes } of plan.tracks)
      expect(changes.some(({ box }) => meets(box, boxOf(boxes[0]), 0))).toBe(true);
  });

  it('that move: pictures that a writer joined are no loss, and lost ones are', async () => {
    const [a, b] = [gradient(64, 48, 1), gradient(64, 48, 2)];
    const write = async (name: string, frames: Parameters<typeof animation>[0], delay: number[]) =>
      writeFile(
        at(name),
        await animation(frames).webp({ delay, loop: 0, lossless: true, minSize: false }).toBuffer(),
      );
    // sharp joins what is the same, so the original of four pictures is a GIF, and its copy a WebP of three.
    await writeFile(
      at('four.gif'),
      await animation([a, b, b, a])
        .gif({ delay: [100, 100, 100, 100], dither: 0, interFrameMaxError: 0, keepDuplicateFrames: true })
        .toBuffer(),
    );
    const decoded = await sharp(await readFile(at('four.gif')), { animated: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(decoded.info.pages ?? decoded.info.height / 48).toBe(4);
    await write('three.webp', [a, b, a], [100, 200, 100]);
    await write('two.webp', [a, b], [100, 100]);
    const joined = await compare(at('three.webp'), at('four.gif'));
    expect(joined).toMatchObject({ ...whole, original: { frames: 4 }, file: { frames: 3 } });
    const lost = await compare(at('two.webp'), at('four.gif'));
    expect(lost).toMatchObject({ sameFrames: false, missing: { count: 2, frames: [2, 3] } });
  });

  it('of another size, or without a picture that the original has', async () => {
    await sharp(original()).resize(200).toFile(at('less.jpg'));
    const found = await compare(at('less.jpg'), original());
    expect(found).toMatchObject({ sameSize: false, sameFrames: true });
    expect(found.pictures).toBeUndefined();
    const pages = [gradient(40, 40, 1), gradient(40, 40, 2)];
    await writeFile(at('two.tiff'), await animation(pages).tiff().toBuffer());
    await writeFile(at('one.tiff'), await asPicture(pages[0]).tiff().toBuffer());
    expect(await compare(at('one.tiff'), at('two.tiff'))).toMatchObject({
      sameFrames: false,
      missing: { frames: [1] },
    });
    expect(await compare(at('two.tiff'), at('one.tiff'))).toMatchObject({
      sameFrames: false,
      extra: { frames: [1] },
    });
  });
});

type Box = { x: number; y: number; width: number; height: number };

/** That a box holds most of another, and reaches no more than `slack` pixels beyond it. */
function expectAround(found: Box, meant: Box, slack: number): void {
  for (const [edge, wanted] of [
    [found.x, meant.x],
    [found.y, meant.y],
    [found.x + found.width, meant.x + meant.width],
    [found.y + found.height, meant.y + meant.height],
  ])
    expect(Math.abs(edge - wanted), JSON.stringify(found)).toBeLessThanOrEqual(slack);
}

function cellsOf({ columns, changed }: ChangeMask): Box[] {
  return [...changed].flatMap((is, i) =>
    is ? [{ x: (i % columns) * 8, y: Math.floor(i / columns) * 8, width: 8, height: 8 }] : [],
  );
}

function meets(a: Box, b: Box, margin: number): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x - margin < a.x + a.width &&
    a.y < b.y + b.height + margin &&
    b.y - margin < a.y + a.height
  );
}
