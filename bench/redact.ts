import { coverage, Rasteriser } from '../src/core/redact/mask.ts';
import { interleavedPicture, type Picture, planarPicture } from '../src/core/redact/picture.ts';
import { Redactor, type Style } from '../src/core/redact/redact.ts';
import type { Region } from '../src/core/redact/region.ts';
import type { Bench } from './bench.ts';
import { fixed, percent } from './table.ts';

const ROUNDS = 60;

interface Scene {
  readonly name: string;
  readonly picture: Picture;
  /** What to cover in each round: the same objects do one after the other, as in a film. */
  readonly regions: (round: number) => Region[];
}

/** How long masks and fills take, on pictures made of noise. */
export const redactSpeed: Bench = async () => {
  const rasteriser = new Rasteriser();
  const redactor = new Redactor();
  const results = scenes().map(({ name, picture, regions }) => {
    const mask = (round: number) => rasteriser.rasterise(regions(round), picture.width, picture.height);
    const fill = (style: Style) => time((round) => redactor.redact(picture, mask(round), { style }));
    return {
      ...{ name, covered: coverage(mask(0)), mask: time(mask) },
      ...{ blur: fill('blur'), pixelate: fill('pixelate'), solid: fill('solid') },
    };
  });
  return {
    tables: [
      {
        caption: `Milliseconds of processor time, median of ${ROUNDS} rounds, masks included.`,
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

function scenes(): Scene[] {
  const face = (x: number, y: number, size: number): Region => ({
    ...{ box: { x, y, width: size, height: 1.25 * size }, cover: 'head' },
  });
  const still = (...regions: Region[]) => {
    return () => regions;
  };
  const rectangle = { x: 4, y: 4, width: 1280, height: 720 };
  return [
    {
      name: '720p yuv420p, 50 heads of 20-120 px that move',
      picture: yuv(1280, 720),
      regions: crowd(50, face),
    },
    {
      name: '720p yuv420p, 100 heads of 20-120 px that move',
      picture: yuv(1280, 720),
      regions: crowd(100, face),
    },
    {
      name: '1080p yuv420p, one face of 300 px',
      picture: yuv(1920, 1080),
      regions: still(face(800, 300, 300)),
    },
    {
      name: '4K yuv420p, one face of 600 px',
      picture: yuv(3840, 2160),
      regions: still(face(1600, 600, 600)),
    },
    {
      name: '4K yuv420p, one face of 900 px',
      picture: yuv(3840, 2160),
      regions: still(face(1400, 500, 900)),
    },
    {
      ...{ name: '12 Mpx RGB, three faces of 500 px', picture: rgb(4000, 3000) },
      regions: still(...[400, 1600, 2900].map((x) => face(x, 900, 500))),
    },
    { name: '720p yuv420p, all but a corner', picture: yuv(1280, 720), regions: still({ rectangle }) },
  ];
}

/** Heads all over a 720p picture, most of them small, each to and fro on a way of its own. */
function crowd(count: number, face: (x: number, y: number, size: number) => Region): Scene['regions'] {
  const random = generator(7);
  const people = Array.from({ length: count }, () => {
    const size = (20 + 100 * random() ** 2) / 1.5;
    return { size, x: random() * (1280 - size), y: random() * (720 - size), swing: 48 * random() - 24 };
  });
  return (round) =>
    people.map(({ size, x, y, swing }) =>
      face(x + swing * Math.sin(round / 9), y + 0.5 * swing * Math.sin(round / 7), size),
    );
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
function time(work: (round: number) => void): number {
  for (let i = 0; i < 40; i++) work(i);
  const rounds = Array.from({ length: ROUNDS }, (_, i) => {
    const before = process.cpuUsage();
    work(i);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS / 2];
}
