import type { ByteSource } from '../byte-source.ts';
import { concat } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { ICC_PREFIX } from './blocks.ts';
import type { Segment } from './segments.ts';

/** A profile's chunks are numbered in one byte (ICC.1:2022 annex B.4). */
const MOST_CHUNKS = 255;

/** The colour profile, put together from its numbered chunks; undefined where there is none. */
export async function joinedProfile(
  source: ByteSource,
  segments: readonly Segment[],
): Promise<Uint8Array | undefined> {
  const chunks: { number: number; data: Uint8Array }[] = [];
  for (const segment of segments.filter(({ application }) => application === 'icc').slice(0, MOST_CHUNKS)) {
    const data = await readPart(source, segment.dataOffset, segment.dataLength);
    chunks.push({ number: data[ICC_PREFIX.length] ?? 0, data: data.subarray(ICC_PREFIX.length + 2) });
  }
  if (chunks.length === 0) return undefined;
  return concat(...chunks.sort((a, b) => a.number - b.number).map(({ data }) => data));
}
