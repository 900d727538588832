import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readPart } from '../still/copy.ts';
import { FLAG, rowFor } from './allowlist.ts';
import { type Chunk, isImage, pathsOf, readChunks } from './chunks.ts';

/** Holds every chunk against the allowlist, then the file as a whole against the format's order. */
export async function verify(source: ByteSource): Promise<Violation[]> {
  const chunks = await readChunks(source);
  const paths = pathsOf(chunks);
  const violations: Violation[] = [];
  const seen = new Map<string, number>();
  for (const [i, chunk] of chunks.entries()) {
    const count = (seen.get(chunk.name) ?? 0) + 1;
    seen.set(chunk.name, count);
    const reason = await objectionTo(source, chunk, count);
    if (reason) violations.push({ part: paths[i], reason });
  }
  const problem = orderProblem(chunks) ?? (await flagProblem(source, chunks));
  if (problem) violations.push({ part: 'RIFF', reason: problem });
  return violations;
}

async function objectionTo(source: ByteSource, chunk: Chunk, count: number): Promise<string | undefined> {
  const row = rowFor(chunk);
  if (!row) return `${chunk.what} is not on the allowlist`;
  if (chunk.truncated) return `${chunk.what} is cut off`;
  if (row.atMost !== undefined && count > row.atMost) return `${chunk.name.trim()} is there more than once`;
  const data =
    isImage(chunk) || chunk.name === 'ALPH'
      ? new Uint8Array()
      : await readPart(source, chunk.dataOffset, chunk.dataLength);
  const objection = row.objection({ chunk, data });
  if (objection) return `${chunk.what}: ${objection}`;
  return (await isPaddedWithZero(source, chunk)) ? undefined : `${chunk.what}: its padding is not zero`;
}

async function isPaddedWithZero(source: ByteSource, chunk: Chunk): Promise<boolean> {
  const end = chunk.dataOffset + chunk.dataLength;
  const padding = await source.read(end, chunk.offset + chunk.length - end);
  return padding.every((byte) => byte === 0);
}

/**
 * What is wrong with the order (RFC 9649 section 2.7): one picture, or frames of one picture each. A second
 * picture that no decoder shows would be a hiding place.
 */
export function orderProblem(chunks: readonly Chunk[]): string | undefined {
  if (chunks[0]?.what !== 'WebP file header') return 'the file does not begin as WebP';
  const frames = new Map<number | undefined, Chunk[]>();
  for (const chunk of chunks) {
    const members = frames.get(chunk.frame);
    if (members) members.push(chunk);
    else frames.set(chunk.frame, [chunk]);
  }
  const extended = chunks[1]?.name === 'VP8X';
  const animated = frames.size > 1;
  if (chunks.slice(2).some(({ name }) => name === 'VP8X')) return 'the extended header does not come first';
  if (!extended && chunks.length > 2) return 'further chunks without an extended header';
  if (animated !== chunks.some(({ name }) => name === 'ANIM'))
    return 'frames and animation control do not go together';
  for (const [frame, members] of frames) {
    const expected = animated && frame === undefined ? 0 : 1;
    const images = members.filter(isImage);
    const alphas = members.filter(({ name }) => name === 'ALPH');
    if (images.length !== expected) return `${images.length} coded pictures where there must be ${expected}`;
    if (alphas.length > 1 || (alphas.length === 1 && images[0]?.name !== 'VP8 '))
      return 'transparency without a picture it belongs to';
  }
  return undefined;
}

/** What is wrong with the flags of the extended header: each must say what is there. */
async function flagProblem(source: ByteSource, chunks: readonly Chunk[]): Promise<string | undefined> {
  const extended = chunks.find(({ name }) => name === 'VP8X');
  if (!extended) return undefined;
  const flags = (await source.read(extended.dataOffset, 1))[0];
  const has = (wanted: string) => chunks.some(({ name }) => name === wanted);
  const agree =
    has('ICCP') === ((flags & FLAG.profile) !== 0) &&
    has('EXIF') === ((flags & FLAG.exif) !== 0) &&
    has('ANIM') === ((flags & FLAG.animation) !== 0) &&
    (!has('ALPH') || (flags & FLAG.alpha) !== 0);
  return agree ? undefined : 'the flags of the extended header do not fit the chunks';
}
