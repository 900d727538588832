import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverage, covers, Rasteriser, rasterise } from '../../../src/core/redact/mask.ts';
import { interleavedPicture, type Picture, planarPicture } from '../../../src/core/redact/picture.ts';
import { Redactor, redact, type Style } from '../../../src/core/redact/redact.ts';
import {
  byteGenerator,
  copyOf,
  eachSample,
  identical,
  type Layout,
  layout,
  pictureOf,
  region,
  side,
} from './arbitraries.ts';

const STYLES: readonly Style[] = ['blur', 'pixelate', 'solid'];
const style = fc.constantFrom(...STYLES);
const regions = fc.array(region, { maxLength: 5 });
const seed = fc.integer();

describe('non-interference', () => {
  test('nothing under the mask has any bearing on the output, in any style or layout', () => {
    let covered = 0;
    fc.assert(
      fc.property(style, layout, side, side, regions, seed, seed, (style, layout, w, h, regions, a, b) => {
        const mask = rasterise(regions, w, h);
        const one = pictureOf(layout, w, h, byteGenerator(a));
        const other = copyOf(one);
        const random = byteGenerator(b);
        for (const channel of other.channels) {
          eachSample(channel, mask, (i, inside) => {
            if (!inside) return;
            channel.data[i] = random();
            covered++;
          });
        }
        redact(one, mask, { style });
        redact(other, mask, { style });
        expect(identical(one, other)).toBe(true);
      }),
      { numRuns: 800 },
    );
    expect(covered).toBeGreaterThan(10_000); // the property must have had something to say
  });

  test('samples outside the mask, and the padding of rows, are left as they were', () => {
    fc.assert(
      fc.property(style, layout, side, side, regions, seed, (style, layout, w, h, regions, seed) => {
        const mask = rasterise(regions, w, h);
        const before = pictureOf(layout, w, h, byteGenerator(seed));
        const after = copyOf(before);
        redact(after, mask, { style });
        // Put the covered samples back: then nothing may differ.
        after.channels.forEach((channel, c) => {
          eachSample(channel, mask, (i, covered) => {
            if (covered) channel.data[i] = before.channels[c].data[i];
          });
        });
        expect(identical(after, before)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a picture comes out the same whatever the redactor did before', () => {
    const used = new Redactor();
    const usedRasteriser = new Rasteriser();
    fc.assert(
      fc.property(style, layout, side, side, regions, seed, (style, layout, w, h, regions, seed) => {
        const one = pictureOf(layout, w, h, byteGenerator(seed));
        const other = copyOf(one);
        used.redact(one, usedRasteriser.rasterise(regions, w, h), { style });
        new Redactor().redact(other, rasterise(regions, w, h), { style });
        expect(identical(one, other)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('samples laid so that four can be taken at a time come out as those that cannot', () => {
    fc.assert(
      fc.property(style, fc.boolean(), side, side, regions, seed, (style, halved, w, h, regions, seed) => {
        const format = halved ? 'yuv420p' : 'yuv444p';
        const chroma = halved ? [Math.ceil(w / 2), Math.ceil(h / 2)] : [w, h];
        const laid = (padding: number, start: number) => {
          const random = byteGenerator(seed);
          const planes = [[w, h], chroma, chroma].map(([width, height]) => {
            const stride = 4 * Math.ceil(width / 4) + padding;
            const data = new Uint8Array(stride * height + start).subarray(start);
            for (let y = 0; y < height; y++) {
              for (let x = 0; x < width; x++) data[y * stride + x] = random();
            }
            return { data, stride };
          });
          return planarPicture([planes[0], planes[1], planes[2]], w, h, format, 'full');
        };
        const mask = rasterise(regions, w, h);
        const aligned = laid(0, 0);
        redact(aligned, mask, { style });
        for (const other of [laid(1, 0), laid(4, 1)]) {
          redact(other, mask, { style });
          other.channels.forEach(({ data, stride, width }, c) => {
            const expected = aligned.channels[c];
            eachSample(other.channels[c], mask, (i, _covered, x, y) => {
              if (data[i] !== expected.data[y * expected.stride + x]) {
                throw new Error(`sample ${x}, ${y} of channel ${c}, ${width} wide, rows of ${stride}`);
              }
            });
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a mask over the whole picture leaves one dark grey, in every style', () => {
    for (const style of STYLES) {
      const rgba = pictureOf('RGBA', 33, 17, byteGenerator(1));
      redact(rgba, everything(rgba), { style });
      expect(new Set(pixels(rgba))).toEqual(new Set(['38,38,38,255']));

      const limited = pictureOf('yuv420p', 33, 17, byteGenerator(1));
      redact(limited, everything(limited), { style });
      expect(values(limited)).toEqual([[49], [128], [128]]);

      const full = { ...limited, range: 'full' as const };
      redact(full, everything(full), { style });
      expect(values(full)).toEqual([[38], [128], [128]]);
    }
  });
});

describe('the look of a fill', () => {
  test('blur continues a slope across a hole, without seams', () => {
    const slope = (x: number, y: number) => 40 + 0.5 * x + 0.25 * y;
    for (const [w, h] of [
      [320, 240],
      [321, 239],
    ]) {
      const { picture, mask } = hole(w, h, slope);
      redact(picture, mask);
      let worst = 0;
      eachSample(picture.channels[0], mask, (i, covered, x, y) => {
        if (covered) worst = Math.max(worst, Math.abs(picture.channels[0].data[i] - slope(x, y)));
      });
      // Grain reaches 4; the rest is the film's own error.
      expect(worst).toBeLessThan(9);
    }
  });

  test('no fill is lighter or darker than what surrounds it, but for its grain', () => {
    fc.assert(
      fc.property(fc.constantFrom<Style>('blur', 'pixelate'), side, side, regions, (style, w, h, regions) => {
        const mask = rasterise(regions, w, h);
        fc.pre(coverage(mask) < 1); // with nothing around, every style is dark grey
        const random = byteGenerator(w * 64 + h);
        const picture = pictureOf('grey', w, h, () => 100 + (random() % 20));
        eachSample(picture.channels[0], mask, (i, covered) => {
          if (covered) picture.channels[0].data[i] = 255;
        });
        redact(picture, mask, { style });
        const all = picture.channels[0].data;
        expect(Math.min(...all)).toBeGreaterThanOrEqual(100 - 10);
        expect(Math.max(...all)).toBeLessThanOrEqual(119 + 10);
      }),
    );
  });

  test('a fill does not depend on how much open picture lies left of it and above', () => {
    const from = (min: number, max: number) => fc.integer({ min, max });
    const box = fc.record({ x: from(40, 110), y: from(40, 95), width: from(0, 40), height: from(0, 40) });
    const kind = fc.constantFrom<Layout>('grey', 'RGB', 'yuv420p', 'yuv422p', 'yuv444p');
    fc.assert(
      fc.property(kind, fc.array(box, { minLength: 1, maxLength: 6 }), seed, (kind, boxes, seed) => {
        // A multiple of the grain's tile, and of the grid that the film is laid out on.
        const [width, height, shift] = [151, 133, 256];
        const small = pictureOf(kind, width, height, byteGenerator(seed));
        const large = pictureOf(kind, width + shift, height + shift, byteGenerator(seed + 1));
        const regions = boxes.map((rectangle) => ({ rectangle }));
        const mask = rasterise(regions, width, height);
        const place = (c: number, x: number, y: number) => {
          const { offset, stride, step, shiftX, shiftY } = large.channels[c];
          return offset + (y + (shift >> shiftY)) * stride + (x + (shift >> shiftX)) * step;
        };
        small.channels.forEach((channel, c) => {
          eachSample(channel, mask, (i, _, x, y) => {
            large.channels[c].data[place(c, x, y)] = channel.data[i];
          });
        });
        redact(small, mask);
        const moved = boxes.map((box) => ({ rectangle: { ...box, x: box.x + shift, y: box.y + shift } }));
        redact(large, rasterise(moved, width + shift, height + shift));
        small.channels.forEach((channel, c) => {
          eachSample(channel, mask, (i, _, x, y) => {
            if (channel.data[i] !== large.channels[c].data[place(c, x, y)]) {
              throw new Error(`sample ${x}, ${y} of channel ${c} differs`);
            }
          });
        });
      }),
      { numRuns: 25 },
    );
  });

  test('black and white around a mask neither wrap nor leave the range', () => {
    const step = (tone: (x: number, y: number) => number) => {
      const { picture, mask } = hole(320, 240, tone);
      redact(picture, mask);
      const { data } = picture.channels[0];
      const tones: number[] = [];
      let steepest = 0;
      eachSample(picture.channels[0], mask, (i, covered, x, y) => {
        if (!covered) return;
        tones.push(data[i]);
        if (covers(mask, x + 1, y)) steepest = Math.max(steepest, Math.abs(data[i] - data[i + 1]));
        if (covers(mask, x, y + 1)) steepest = Math.max(steepest, Math.abs(data[i] - data[i + 320]));
      });
      return { steepest, darkest: Math.min(...tones), brightest: Math.max(...tones) };
    };
    expect(step(() => 0).brightest).toBeLessThan(10);
    expect(step(() => 255).darkest).toBeGreaterThan(245);
    // A quarter of the way from black to white within a block, and grain: a wrapped sum would be a step of 255.
    expect(step((x, y) => (((x >> 3) + (y >> 3)) % 2) * 255).steepest).toBeLessThan(80);
    expect(step((x) => ((x >> 2) % 2) * 255).steepest).toBeLessThan(80);
  });

  test('masks that lie close are filled jointly: neither is a source for the other', () => {
    const { picture } = hole(64, 32, () => 120);
    const mask = rasterise(
      [
        { rectangle: { x: 8, y: 8, width: 20, height: 16 } },
        { rectangle: { x: 30, y: 8, width: 20, height: 16 } },
      ],
      64,
      32,
    );
    expect(covers(mask, 28, 16)).toBe(false); // an open cell between them
    eachSample(picture.channels[0], mask, (i, covered) => {
      if (covered) picture.channels[0].data[i] = 255;
    });
    redact(picture, mask);
    expect(Math.max(...picture.channels[0].data)).toBeLessThan(125);
  });

  test('pixelate makes blocks of one tone on a grid of the picture', () => {
    const { picture, mask } = hole(320, 240, (x) => 60 + 0.4 * x);
    redact(picture, mask, { style: 'pixelate' });
    const tones = new Map<string, Set<number>>();
    eachSample(picture.channels[0], mask, (i, covered, x, y) => {
      if (!covered) return;
      // 240 / 40 is 6, and the power of two below it 4.
      const block = `${x >> 2},${y >> 2}`;
      if (!tones.has(block)) tones.set(block, new Set());
      tones.get(block)!.add(picture.channels[0].data[i]);
    });
    expect([...tones.values()].every((values) => values.size === 1)).toBe(true);
    expect(new Set([...tones.values()].map((values) => [...values][0])).size).toBeGreaterThan(20);
  });

  test('alpha under a mask is opaque, whatever surrounds it', () => {
    for (const style of STYLES) {
      const picture = interleavedPicture(new Uint8Array(4 * 40 * 40), 40, 40, 4);
      const mask = rasterise([{ rectangle: { x: 10, y: 10, width: 10, height: 10 } }], 40, 40);
      redact(picture, mask, { style });
      eachSample(picture.channels[3], mask, (i, covered) => {
        expect(picture.channels[3].data[i]).toBe(covered ? 255 : 0);
      });
    }
  });
});

describe('what cannot be covered', () => {
  test('a mask made for another size is refused', () => {
    const picture = pictureOf('RGB', 20, 20, () => 0);
    expect(() => redact(picture, rasterise([], 20, 22))).toThrow(/20x22.*20x20/);
  });

  test('planes too short for what they claim are refused: a write past their end would be lost', () => {
    expect(() => interleavedPicture(new Uint8Array(20 * 20 * 3 - 1), 20, 20, 3)).toThrow(
      /1200 bytes, has 1199/,
    );
    const plane = { data: new Uint8Array(400), stride: 20 };
    const thin = { data: new Uint8Array(100), stride: 9 };
    expect(() => planarPicture([plane, thin, thin], 20, 20, 'yuv420p', 'full')).toThrow(/rows of 9/);
    const lying: Picture = { ...pictureOf('yuv420p', 20, 20, () => 0), width: 40 };
    expect(() => redact(lying, rasterise([], 40, 20))).toThrow(/does not fit/);
  });
});

function everything({ width, height }: Picture) {
  return rasterise([{ rectangle: { x: 0, y: 0, width, height } }], width, height);
}

/** A grey picture of `tone`, with a head-shaped mask in the middle over noise. */
function hole(width: number, height: number, tone: (x: number, y: number) => number) {
  const mask = rasterise([{ box: { x: 120, y: 80, width: 80, height: 90 }, cover: 'head' }], width, height);
  const picture = pictureOf('grey', width, height, byteGenerator(7));
  eachSample(picture.channels[0], mask, (i, covered, x, y) => {
    if (!covered) picture.channels[0].data[i] = Math.round(tone(x, y));
  });
  return { picture, mask };
}

function pixels({ width, height, channels }: Picture): string[] {
  return Array.from({ length: width * height }, (_, i) =>
    channels.map(({ data, step, offset }) => data[offset + i * step]).join(),
  );
}

/** The distinct sample values of each channel, padding left out. */
function values(picture: Picture): number[][] {
  return picture.channels.map((channel) => {
    const found = new Set<number>();
    eachSample(channel, everything(picture), (i) => found.add(channel.data[i]));
    return [...found];
  });
}
