import type { MediaFormat } from '../../src/core/media-type.ts';
import { FORMATS, type Seed } from './corpus.ts';
import { mutantOf } from './mutate.ts';
import { seededRandom } from './random.ts';

/**
 * How far a file is taken: all are inspected, verified and stripped; some are decoded too, before and after; a few
 * are protected as well, which is dear.
 */
export type Depth = 'strip' | 'decode' | 'protect';

/** One damaged file, the same one for the same seed, index and files. */
export interface Execution {
  readonly index: number;
  readonly format: MediaFormat;
  /** Of the whole file that it was made from. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What was done to it. */
  readonly done: readonly string[];
  readonly depth: Depth;
  /** Whether exiftool looks at what was written. */
  readonly witnessed: boolean;
}

export interface Sources {
  /** The committed files: even rounds, so that these mean the same everywhere. */
  readonly corpus: readonly Seed[];
  /** Files of cameras and programs, where there are any: odd rounds. */
  readonly samples: readonly Seed[];
}

/** The damaged file of that number: each format in turn. */
export function executionOf(seed: number, index: number, { corpus, samples }: Sources): Execution {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b));
  const format = formatOf(index);
  const isOf = (file: Seed) => file.format === format;
  const real = Math.floor(index / FORMATS.length) % 2 === 1 ? samples.filter(isOf) : [];
  const kin = real.length > 0 ? real : corpus.filter(isOf);
  const chosen = kin[random(kin.length)];
  const other = kin[random(kin.length)];
  const stranger = corpus[random(corpus.length)];
  const dice = random(60);
  const depth = dice === 0 ? 'protect' : dice < 12 ? 'decode' : 'strip';
  const witnessed = depth === 'protect' || random(6) === 0;
  return { index, format, name: chosen.name, ...mutantOf(chosen, other, stranger, random), depth, witnessed };
}

/** The format of that number's file, before it was damaged. */
export const formatOf = (index: number): MediaFormat => FORMATS[index % FORMATS.length];
