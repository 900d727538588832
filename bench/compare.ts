import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { THRESHOLDS } from '../src/core/compare/change-mask.ts';
import { compare } from '../src/pipeline/compare.ts';
import type { Bench } from './bench.ts';
import { labelledPhotos } from './labels.ts';
import { needShared, SHARED, WIDER } from './places.ts';
import { run } from './run.ts';
import { fixed } from './table.ts';

/** Coded anew by the ffmpeg program, frame by frame. */
const FILM_CODERS: Readonly<Record<string, readonly string[]>> = {
  'x264 crf 21': ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21'],
  'x264 crf 26': ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26'],
  'x264 crf 30': ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30'],
  'x264 crf 30, medium': ['-c:v', 'libx264', '-crf', '30'],
  'x265 crf 30': ['-c:v', 'libx265', '-preset', 'veryfast', '-crf', '30', '-x265-params', 'log-level=none'],
  'VP9 crf 36': ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-b:v', '0', '-crf', '36'],
  'MPEG-4 q 6': ['-c:v', 'mpeg4', '-q:v', '6'],
};
const PHOTO_CODERS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'JPEG q 75': (picture) => picture.jpeg({ quality: 75 }),
  'JPEG q 85': (picture) => picture.jpeg({ quality: 85 }),
  'JPEG q 95': (picture) => picture.jpeg({ quality: 95 }),
  'JPEG q 92, full chroma': (picture) => picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
  'WebP q 75': (picture) => picture.webp({ quality: 75 }),
  'AVIF q 50': (picture) => picture.avif({ quality: 50, effort: 1 }),
};
const SECONDS = 3;
const PHOTOS_STEP = 5;

interface Left {
  pictures: number;
  luma: number;
  colour: number;
  /** Pictures in which a change was seen though nothing was changed. */
  wrong: number;
}

/** What `verify --against` sees where pictures were coded anew and nothing was changed: there should be no change. */
export const compareNoise: Bench = async ({ quick, work }) => {
  needShared();
  const left = new Map<string, Left>();
  const note = async (coder: string, original: string, file: string) => {
    const sum = left.get(coder) ?? { pictures: 0, luma: 0, colour: 0, wrong: 0 };
    left.set(coder, sum);
    await compare(file, original, {
      onMask: (_, { count, largest }) => {
        sum.pictures++;
        sum.luma = Math.max(sum.luma, largest.luma);
        sum.colour = Math.max(sum.colour, largest.colour);
        if (count > 0) sum.wrong++;
      },
    });
  };
  for (const film of await films(work, quick)) {
    for (const [coder, options] of Object.entries(FILM_CODERS)) {
      const file = path.join(work, 'again.mkv');
      await run('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-i',
        film,
        '-an',
        '-vsync',
        'passthrough',
        ...options,
        file,
      ]);
      await note(coder, film, file);
    }
  }
  const photographs = (await labelledPhotos('gt.json')).filter(
    (_, i) => i % (quick ? 100 : PHOTOS_STEP) === 0,
  );
  for (const { file } of photographs) {
    const original = path.join(WIDER, file);
    for (const [coder, code] of Object.entries(PHOTO_CODERS)) {
      const again = path.join(work, 'again');
      await writeFile(again, await code(sharp(original)).toBuffer());
      await note(coder, original, again);
    }
  }
  const { photo, video } = THRESHOLDS;
  const rows = [...left].map(([coder, { pictures, luma, colour, wrong }]) => {
    const { luma: begins, colour: colours } = coder in FILM_CODERS ? video : photo;
    return [
      coder,
      `${pictures}`,
      fixed(luma),
      fixed(begins.begins, 0),
      fixed(colour),
      fixed(colours.begins, 0),
      `${wrong}`,
    ];
  });
  return {
    tables: [
      {
        caption: `Largest difference that coding alone leaves in any window of 16x16 pixels, and where a change begins.`,
        rows: [
          ['coded anew by', 'pictures', 'luma', 'begins', 'colour', 'begins', 'pictures with a change'],
          ...rows,
        ],
      },
    ],
    data: Object.fromEntries(left),
  };
};

/** The first seconds of real films, copied, so that both sides have the same frames. */
async function films(work: string, quick: boolean): Promise<string[]> {
  const folder = path.join(SHARED, 'data', 'video');
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith('.mp4')) : [];
  const cut: string[] = [];
  for (const name of quick ? names.slice(0, 1) : names) {
    const file = path.join(work, name);
    const seconds = quick ? 1 : SECONDS;
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      path.join(folder, name),
      '-t',
      `${seconds}`,
      '-an',
      '-c',
      'copy',
      file,
    ]);
    cut.push(file);
  }
  return cut;
}
