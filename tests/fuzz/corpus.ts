import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../bench/places.ts';
import { type MediaFormat, SNIFF_LENGTH, sniff } from '../../src/core/media-type.ts';
import { bytesInMemory } from '../../src/core/metadata/byte-source.ts';
import { formatOf } from '../../src/core/metadata/index.ts';
import { filesBelow } from '../support/shared.ts';
import type { Divided } from './mutate.ts';

/** A whole file from which damaged ones are made, and how its format divides it. */
export interface Seed extends Divided {
  readonly name: string;
}

/** Made by `npm run fuzz -- --make-corpus`, and kept, so that the same number means the same file everywhere. */
export const CORPUS = path.join(ROOT, 'tests/fuzz/corpus');

/** Formats, in the order in which executions take turns. */
export const FORMATS: readonly MediaFormat[] = [
  ...(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heif'] as const),
  ...(['mp4', 'mov', 'matroska', 'avi', 'mpegts'] as const),
];

/** The smaller files below a folder, those of types that Sayeh takes; in larger ones most damage falls on coded pictures. */
export async function seedsBelow(folder: string): Promise<Seed[]> {
  const seeds: Seed[] = [];
  for (const name of filesBelow(folder)) {
    const file = path.join(folder, name);
    if (fs.statSync(file).size > LARGEST) continue;
    // Not a Buffer: its `slice` shares memory, and a mutant would damage what the next ones are made from.
    const bytes = Uint8Array.from(fs.readFileSync(file));
    const format = sniff(bytes.subarray(0, SNIFF_LENGTH))?.format;
    if (format) seeds.push({ name, format, bytes, parts: await formatOf(format).walk(bytesInMemory(bytes)) });
  }
  return seeds;
}

const LARGEST = 100_000;
