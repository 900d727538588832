import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';

/** Interleaved 8-bit samples, rows tightly packed. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

export type Rgb = readonly [number, number, number];

/** Colours of a picture's quarters: top left, top right, bottom left, bottom right. */
export type Quarters = readonly [Rgb, Rgb, Rgb, Rgb];

export const RED: Rgb = [200, 60, 50];
export const GREEN: Rgb = [60, 160, 70];
export const BLUE: Rgb = [50, 70, 190];
export const YELLOW: Rgb = [210, 190, 60];

/** A picture of four plain quarters, which shows how it is turned or mirrored. */
export function quarters(width: number, height: number, colours: Quarters): Samples {
  return samplesOf(width, height, 3, (x, y) => colours[(y * 2 < height ? 0 : 2) + (x * 2 < width ? 0 : 1)]);
}

/** A smooth picture with some structure; another one for each `seed`. */
export function gradient(width: number, height: number, seed = 0): Samples {
  return samplesOf(width, height, 3, (x, y) => [
    (x * 3 + seed * 40) & 255,
    (y * 5 + seed * 70) & 255,
    ((x + y) * 2 + seed * 90) & 255,
  ]);
}

/** The same with an alpha channel of the given values. */
export function withAlpha(
  { width, height, data }: Samples,
  alpha: (x: number, y: number) => number,
): Samples {
  return samplesOf(width, height, 4, (x, y) => {
    const at = (y * width + x) * 3;
    return [data[at], data[at + 1], data[at + 2], alpha(x, y)];
  });
}

function samplesOf(
  width: number,
  height: number,
  channels: 3 | 4,
  colour: (x: number, y: number) => readonly number[],
): Samples {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * channels);
  }
  return { width, height, channels, data };
}

/** Samples as sharp takes them in, to be encoded in any way a test needs. */
export const picture = ({ width, height, channels, data }: Samples) =>
  sharp(data, { raw: { width, height, channels } });

/** Frames below one another, as sharp takes in an animation or a TIFF of several pages. */
export function film(frames: readonly Samples[]) {
  const { width, height, channels } = frames[0];
  const raw = { width, height: height * frames.length, channels, pageHeight: height };
  return sharp(Buffer.concat(frames.map(({ data }) => data)), { raw });
}

/** The colour in the middle of each quarter. */
export function quartersOf(data: Uint8Array, width: number, height: number, channels: 3 | 4): Quarters {
  const at = (x: number, y: number): Rgb => {
    const from = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
    return [data[from], data[from + 1], data[from + 2]];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

/** Runs the exiftool program over a file's bytes: `-Orientation#=6`, `-GPSLatitude=52`. */
export function withTags(bytes: Uint8Array, extension: string, ...tags: string[]): Uint8Array {
  return inFolder((folder) => {
    const file = path.join(folder, `photo.${extension}`);
    fs.writeFileSync(file, bytes);
    execFileSync('exiftool', ['-q', '-overwrite_original', ...tags, file]);
    return fs.readFileSync(file);
  });
}

/** An animation of 64x48 pixels, made by the ffmpeg program, which writes types that sharp does not. */
export function ffmpegAnimation(type: 'apng' | 'avif'): Uint8Array {
  return inFolder((folder) => {
    const file = path.join(folder, `photo.${type}`);
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=1'];
    const codec = type === 'avif' ? ['-c:v', 'libaom-av1', '-cpu-used', '8'] : ['-plays', '0'];
    execFileSync('ffmpeg', ['-v', 'error', ...source, ...codec, '-f', type, file]);
    return fs.readFileSync(file);
  });
}

/** Puts bytes into a file, for a program that wants one. */
export function asFile<T>(bytes: Uint8Array, name: string, use: (file: string) => T): T {
  return inFolder((folder) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, bytes);
    return use(file);
  });
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-photos-'));
  try {
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
