import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readPart } from '../still/copy.ts';
import { rowFor } from './allowlist.ts';
import { animationProblem } from './animation.ts';
import { type Chunk, crcFits, pathsOf, readChunks } from './chunks.ts';
import { type PixelData, pixelData } from './pixel-data.ts';

/** Holds every chunk against the allowlist, and their order against the specification. */
export async function verify(source: ByteSource): Promise<Violation[]> {
  const chunks = await readChunks(source);
  const paths = pathsOf(chunks);
  const violations: Violation[] = [];
  const seen = new Map<string, number>();
  const header = await headerOf(source, chunks);
  for (const [i, chunk] of chunks.entries()) {
    if (chunk.name === 'signature') continue;
    const count = (seen.get(chunk.name) ?? 0) + 1;
    seen.set(chunk.name, count);
    const reason = await objectionTo(source, chunk, header, count);
    if (reason) violations.push({ part: paths[i], reason });
  }
  for (const data of await pixelData(source, chunks, header)) {
    const reason = pixelProblem(data);
    if (reason) violations.push({ part: paths[chunks.indexOf(data.chunks[0])], reason });
  }
  const problem = orderProblem(chunks) ?? (await animationProblem(source, chunks));
  if (problem) violations.push({ part: 'IDAT', reason: problem });
  return violations;
}

/** Why a picture's compressed data may not stay as it is. */
export function pixelProblem({ length, tail, surplus }: PixelData): string | undefined {
  if (length === undefined) return 'the coded picture is damaged: nobody can tell where it ends';
  if (tail > 0) return `${tail} bytes after the end of the coded picture`;
  return surplus > 0 ? `the coded picture holds ${surplus} bytes more than its pixels need` : undefined;
}

/** The content of IHDR; empty where it is not the first chunk. */
export async function headerOf(source: ByteSource, chunks: readonly Chunk[]): Promise<Uint8Array> {
  const first = chunks[1];
  return first?.name === 'IHDR' ? readPart(source, first.dataOffset, first.dataLength) : new Uint8Array();
}

/** Why a chunk, the `count`-th of its type, may not be in a clean file. */
export async function objectionTo(
  source: ByteSource,
  chunk: Chunk,
  header: Uint8Array,
  count: number,
): Promise<string | undefined> {
  const row = rowFor(chunk.name);
  if (!row) return `${chunk.what} is not on the allowlist`;
  if (row.atMost !== undefined && count > row.atMost) return `${chunk.name} is there more than once`;
  if (!(await crcFits(source, chunk))) return `${chunk.what}: its checksum is wrong`;
  const isPicture = chunk.name === 'IDAT' || chunk.name === 'fdAT';
  const data = isPicture ? new Uint8Array() : await readPart(source, chunk.dataOffset, chunk.dataLength);
  const objection = row.objection({ data, length: chunk.dataLength, header });
  return objection && `${chunk.what}: ${objection}`;
}

/** What is wrong with the order of the chunks that make the picture (PNG section 5.6). */
export function orderProblem(chunks: readonly Chunk[]): string | undefined {
  const names = chunks.map(({ name }) => name);
  if (names[1] !== 'IHDR') return 'the header does not come first';
  const first = names.indexOf('IDAT');
  if (first < 0) return 'there is no coded picture';
  if (names.slice(first, names.lastIndexOf('IDAT') + 1).some((name) => name !== 'IDAT'))
    return 'the coded picture is interrupted';
  const early = ['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'cICP', 'iCCP'];
  const late = names.slice(first).find((name) => early.includes(name));
  if (late) return `${late} comes after the picture`;
  return names.includes('IEND') ? undefined : 'the file ends before the picture does';
}
