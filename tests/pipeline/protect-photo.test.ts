import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SayehError } from '../../src/core/errors.ts';
import { sniff } from '../../src/core/media-type.ts';
import { bytesInMemory } from '../../src/core/metadata/byte-source.ts';
import { formatOf } from '../../src/core/metadata/index.ts';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { analyse } from '../../src/pipeline/analyse.ts';
import { outputExtension } from '../../src/pipeline/output-type.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { render } from '../../src/pipeline/render.ts';
import { samplePhoto } from '../support/clips.ts';
import { exiftoolTags } from '../support/exiftool.ts';
import { tellingTags } from '../support/exiftool-film.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../support/shared.ts';

let folder: string;
let detectors: Detectors;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-photo-'));
  detectors = new Detectors('centerface');
});
afterAll(async () => {
  await detectors.close();
  await rm(folder, { recursive: true, force: true });
});

/** exiftool, told which names are structure in that kind of file. */
function revealed(file: string): Record<string, unknown> {
  return /\.(mp4|avif)$/.test(file) ? tellingTags(file) : exiftoolTags(file);
}

describe('protects every type of photo in its own type', () => {
  const makers: Record<string, (photo: Sharp) => Sharp> = {
    'jpeg.jpg': (photo) => photo.jpeg(),
    'png.png': (photo) => photo.png(),
    'webp.webp': (photo) => photo.webp(),
    'avif.avif': (photo) => photo.avif({ effort: 2 }),
    'tiff.tiff': (photo) => photo.tiff(),
    'gif.gif': (photo) => photo.gif(),
  };
  it.each(Object.entries(makers))('%s', async (name, make) => {
    const input = path.join(folder, name);
    await make(sharp(samplePhoto(3)).resize(640))
      .keepMetadata()
      .toFile(input);
    if (!name.endsWith('gif'))
      execFileSync('exiftool', [
        '-q',
        '-overwrite_original',
        '-Artist=secret name',
        '-GPSLatitude=35.7',
        '-XMP:Creator=secret name',
        input,
      ]);
    const before = await readFile(input);
    const output = path.join(folder, `out-${name}`);

    const { plan, type } = await protect(input, output, { detectors });

    expect(plan.tracks.length).toBeGreaterThan(0);
    expect(await readFile(input)).toEqual(before);
    const written = await readFile(output);
    expect(sniff(written)).toEqual(type);
    expect(outputExtension(type)).toBe(path.extname(name));
    expect(written.includes('secret')).toBe(false);
    expect(revealed(output)).toEqual({});
    expect(await formatOf(type.format).inspect(bytesInMemory(written))).toEqual([]);
    expect((await stat(output)).mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z');
    const [a, b] = await Promise.all([sharp(input).metadata(), sharp(output).metadata()]);
    expect([b.width, b.height]).toEqual([a.width, a.height]);
  });

  it('applies the orientation, and finds the faces in the turned picture where they are', async () => {
    const upright = path.join(folder, 'upright.jpg');
    await sharp(samplePhoto(3)).resize(800).jpeg().toFile(upright);
    const expected = await analyse(upright, { detectors });
    const turned = path.join(folder, 'turned.jpg');
    await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toFile(turned);
    const output = path.join(folder, 'upright-again.jpg');
    const { plan } = await protect(turned, output, { detectors });
    const { width, height, orientation } = await sharp(output).metadata();
    expect([width, height, orientation]).toEqual([plan.film.width, plan.film.height, undefined]);
    expect([width, height]).toEqual([expected.film.width, expected.film.height]);
    const sure = expected.tracks.filter((track) => track.standing === 'sure');
    expect(sure.length).toBeGreaterThan(0);
    for (const { boxes } of sure) {
      const [x, y] = boxes[0];
      const near = plan.tracks.some((track) => Math.hypot(track.boxes[0][0] - x, track.boxes[0][1] - y) < 25);
      expect(near).toBe(true);
    }
  });

  it('covers each picture of an animation, and keeps its timing', async () => {
    const frames = await Promise.all(
      ([2, 3] as const).map((n) => sharp(samplePhoto(n)).resize(320, 240, { fit: 'cover' }).toBuffer()),
    );
    const input = path.join(folder, 'animated.webp');
    await sharp(frames, { join: { animated: true } })
      .webp({ delay: [120, 240], loop: 3 })
      .toFile(input);
    const output = path.join(folder, 'animated-out.webp');
    const { plan, framesCovered } = await protect(input, output, { detectors });
    expect([plan.film.frames, framesCovered]).toEqual([2, 2]);
    const { pages, delay, loop } = await sharp(output).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: 2, delay: [120, 240], loop: 3 });
  });
});

describe('what is under a mask has no bearing on the file', () => {
  it.each(['blur', 'pixelate', 'solid'] as const)('%s', async (style) => {
    const size = { width: 400, height: 300 };
    const noise = (seed: number) =>
      Uint8Array.from(
        { length: size.width * size.height * 3 },
        (_, i) => ((i * 2654435761 + seed * 40503) >>> 13) & 255,
      );
    const [one, two] = [noise(1), noise(1)];
    const other = noise(2);
    // The pictures differ only well inside the face that the plan covers.
    for (let y = 110; y < 190; y++) {
      for (let x = 160; x < 230; x++)
        for (let c = 0; c < 3; c++) two[(y * 400 + x) * 3 + c] = other[(y * 400 + x) * 3 + c];
    }
    const plan = {
      sayeh: 'plan' as const,
      version: 1 as const,
      film: { kind: 'photo' as const, ...size, frames: 1, frameRate: 0 },
      analysis: { detector: 'centerface' as const, sensitivity: 'normal' as const },
      cuts: [],
      tracks: [
        {
          id: 1,
          from: 0,
          boxes: [[150, 100, 90, 100] as [number, number, number, number]],
          decision: 'cover' as const,
          standing: 'drawn' as const,
          score: 1,
        },
      ],
      risks: [],
    };
    const results: Buffer[] = [];
    for (const [index, data] of [one, two].entries()) {
      const input = path.join(folder, `inside-${style}-${index}.png`);
      await sharp(data, { raw: { ...size, channels: 3 } })
        .png()
        .toFile(input);
      const output = path.join(folder, `inside-${style}-${index}-out.png`);
      await render(input, plan, output, { style });
      results.push(await readFile(output));
    }
    expect(results[0]).toEqual(results[1]);
    expect(await readFile(path.join(folder, `inside-${style}-0.png`))).not.toEqual(
      await readFile(path.join(folder, `inside-${style}-1.png`)),
    );
  });
});

describe('fails closed', () => {
  it('where the check of the written file fails, nothing is left', async () => {
    const input = path.join(folder, 'stopped.jpg');
    await sharp(samplePhoto(2)).resize(320).jpeg().toFile(input);
    const output = path.join(folder, 'closed', 'stopped.jpg');
    const controller = new AbortController();
    const stopped = protect(input, output, {
      detectors,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(filesBelow(path.join(folder, 'closed'))).toEqual([]);
  });

  it('an altered network is not loaded, and nothing is written', async () => {
    const input = path.join(folder, 'unseen.jpg');
    await writeFile(input, await readFile(samplePhoto(2)));
    class Broken extends Detectors {
      override pool = () => Promise.reject(new SayehError('model', 'the model file has been altered'));
    }
    const output = path.join(folder, 'unseen', 'out.jpg');
    const detectors = new Broken('centerface');
    await expect(protect(input, output, { detectors })).rejects.toMatchObject({ code: 'model' });
    expect(filesBelow(path.join(folder, 'unseen'))).toEqual([]);
  });
});

describe.skipIf(!hasShared)(`files with everything in them${sharedNote}`, () => {
  const samples = path.join(SHARED, 'data', 'metadata');
  const names = hasShared ? filesBelow(samples) : [];
  const REFUSALS = ['corrupt', 'unsupported', 'unrecognised'];

  it.each(names)('%s: protected and clean, or refused and nothing written', async (name) => {
    const input = path.join(samples, name);
    const before = await readFile(input);
    let output = path.join(folder, 'shared', `${names.indexOf(name)}.bin`);
    const type = sniff(before);
    if (type) output = output.replace('.bin', outputExtension(type));
    try {
      await protect(input, output, { detectors });
    } catch (error) {
      expect(error).toBeInstanceOf(SayehError);
      expect(REFUSALS).toContain((error as SayehError).code);
      expect((error as SayehError).message).not.toContain(samples);
      await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
      return;
    }
    expect(revealed(output)).toEqual({});
    expect(await readFile(input)).toEqual(before);
  });

  it('and most of them can be protected', async () => {
    const written = filesBelow(path.join(folder, 'shared')).length;
    expect(written).toBeGreaterThan(115);
    expect(written).toBeLessThanOrEqual(names.length);
  });
});
