import type { ByteSource } from '../byte-source.ts';
import type { Part } from '../format.ts';
import { numberSiblings } from '../still/number-siblings.ts';
import { isWhole, readSegments, type Segment } from './segments.ts';
import { readTrailer, type TrailerItem } from './trailer.ts';

/** A JPEG file: the picture, and whatever follows it. */
export interface JpegStructure {
  readonly segments: readonly Segment[];
  /** Paths of the segments, in the same order. */
  readonly paths: readonly string[];
  readonly whole: boolean;
  readonly trailer: readonly TrailerItem[];
  readonly trailerPaths: readonly string[];
}

export async function readStructure(source: ByteSource): Promise<JpegStructure> {
  const segments = await readSegments(source);
  const whole = isWhole(segments);
  const last = segments[segments.length - 1];
  const trailer = whole ? await readTrailer(source, last.offset + last.length) : [];
  return {
    segments,
    paths: numberSiblings(segments.map(({ name }) => name)),
    whole,
    trailer,
    trailerPaths: numberSiblings(trailer.map(({ kind }) => `after the end/${kind}`)),
  };
}

/** All leaves, those of pictures after the end included. */
export function partsOf({ segments, paths, trailer, trailerPaths }: JpegStructure): Part[] {
  return [
    ...segments.map((segment, i) => toPart(segment, paths[i])),
    ...trailer.flatMap((item, i) =>
      item.segments ? segmentParts(item.segments, trailerPaths[i]) : [toPart(item, trailerPaths[i])],
    ),
  ];
}

/** The parts of a picture after the end. */
export function segmentParts(segments: readonly Segment[], prefix: string): Part[] {
  const names = numberSiblings(segments.map(({ name }) => name));
  return segments.map((segment, i) => toPart(segment, `${prefix}/${names[i]}`));
}

export const toPart = (
  { offset, length, what }: { offset: number; length: number; what: string },
  path: string,
): Part => ({ path, offset, length, what });
