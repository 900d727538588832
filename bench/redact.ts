import { coverage, rasterise } from '../src/core/redact/mask.ts';
import { interleavedPicture, type Picture, planarPicture } from '../src/core/redact/picture.ts';
import { Redactor, type Style } from '../src/core/redact/redact.ts';
import type { Region } from '../src/core/redact/region.ts';
import type { Bench } from './bench.ts';
import { fixed, percent } from './table.ts';

const ROUNDS = 60;

/** How long masks and fills take, on pictures made of noise. */
export const redactSpeed: Bench = async () => {
  const redactor = new Redactor();
  const results = scenes().map(([name, picture, regions]) => {
    const mask = () => rasterise(regions, picture.width, picture.height);
    const fill = (style: Style) => time(() => redactor.redact(picture, mask(), { style }));
    return {
      ...{ name, covered: coverage(mask()), mask: time(mask) },
      ...{ blur: fill('blur'), pixelate: fill('pixelate'), solid: fill('solid') },
    };
  });
  return {
    tables: [
      {
        caption: `Milliseconds of processor time, mean of ${ROUNDS} rounds, masks included.`,
        rows: [
          ['picture', 'covered', 'mask alone', 'blur', 'pixelate', 'solid'],
          ...results.map(({ name, covered, mask, blur, pixelate, solid }) => [
            ...[name, percent(covered, 1)],
            ...[mask, blur, pixelate, solid].map((milliseconds) => fixed(milliseconds)),
          ]),
        ],
      },
    ],
    data: results,
  };
};

function scenes(): [string, Picture, Region[]][] {
  const random = generator(1);
  const face = (x: number, y: number, size: number): Region => ({
    ...{ box: { x, y, width: size, height: 1.25 * size }, cover: 'head' },
  });
  const crowd = Array.from({ length: 40 }, () => face(random() * 1220, random() * 640, 20 + 40 * random()));
  return [
    ['720p yuv420p, 40 faces of 20-60 px', yuv(1280, 720), crowd],
    ['1080p yuv420p, one face of 300 px', yuv(1920, 1080), [face(800, 300, 300)]],
    ['4K yuv420p, one face of 600 px', yuv(3840, 2160), [face(1600, 600, 600)]],
    ['4K yuv420p, one face of 900 px', yuv(3840, 2160), [face(1400, 500, 900)]],
    ['12 Mpx RGB, three faces of 500 px', rgb(4000, 3000), [400, 1600, 2900].map((x) => face(x, 900, 500))],
    [
      '720p yuv420p, all but a corner',
      yuv(1280, 720),
      [{ rectangle: { x: 4, y: 4, width: 1280, height: 720 } }],
    ],
  ];
}

function yuv(width: number, height: number): Picture {
  const plane = (w: number, h: number) => ({ data: noise(w * h), stride: w });
  const chroma = [Math.ceil(width / 2), Math.ceil(height / 2)] as const;
  return planarPicture(
    [plane(width, height), plane(...chroma), plane(...chroma)],
    width,
    height,
    'yuv420p',
    'limited',
  );
}

function rgb(width: number, height: number): Picture {
  return interleavedPicture(noise(width * height * 3), width, height, 3);
}

function noise(length: number): Uint8Array {
  const random = generator(length);
  return Uint8Array.from({ length }, () => 256 * random());
}

/** A small linear congruential generator, so that every run measures the same work. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Processor time rather than the clock's: what else the machine is doing then matters less. */
function time(work: () => void): number {
  for (let i = 0; i < 20; i++) work();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ROUNDS;
}
