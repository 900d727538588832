import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import { type Orientation, orientationBlock, orientationNote, orientationOf } from '../exif/orientation.ts';
import type { StripResult } from '../format.ts';
import { equal, latin1 } from '../still/bytes.ts';
import { keptColour } from '../still/colour.ts';
import { copy, readPart } from '../still/copy.ts';
import { rowFor } from './allowlist.ts';
import { animationProblem } from './animation.ts';
import { type Chunk, chunkBytes, partsOf, readChunks, SIGNATURE } from './chunks.ts';
import { iccpData, isUsualCicp, profileIn, usualChromaticities, usualGamma } from './colour.ts';
import { before, type PixelData, pixelData } from './pixel-data.ts';
import { headerOf, objectionTo, orderProblem, pixelProblem } from './verify.ts';

/** Writes the same coded pictures, with colour and orientation said anew, and no other chunk. */
export async function strip(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const chunks = await readChunks(source);
  const damage = chunks.find(({ name }) => name === 'damaged');
  if (damage) throw new SayehError('corrupt', `the PNG file is ${damage.what}`);
  const animated = chunks.some(({ name }) => name === 'acTL');
  const kept = chunks.filter(({ name }) => CODED.has(name) || (animated && ANIMATION.has(name)));
  // The one of the new file: in a damaged one another chunk may stand before it.
  const header = await headerOf(source, [chunks[0], ...kept]);
  await refuseDamage(source, chunks, kept, header);

  const ends = await endsOf(source, kept, header);
  const orientation = await orientationIn(source, chunks);
  const colour = await colourChunks(source, chunks);
  const fresh = [...colour.fresh];
  if (orientation !== 1) fresh.push({ type: 'eXIf', data: orientationBlock(orientation) });

  await sink.write(SIGNATURE);
  for (const chunk of kept) {
    await writeKept(source, sink, chunk, ends.get(chunk.offset) ?? chunk.dataLength);
    if (chunk.name === 'IHDR') for (const { type, data } of fresh) await sink.write(chunkBytes(type, data));
  }

  const offsets = new Set([
    0,
    ...kept.filter(({ offset }) => ends.get(offset) !== 0).map(({ offset }) => offset),
    ...(await unchanged(source, chunks, fresh)),
  ]);
  return {
    removed: partsOf(chunks).filter(({ offset }) => !offsets.has(offset)),
    notes: [
      ...colour.notes,
      ...(orientation === 1 ? [] : [orientationNote(orientation)]),
      ...(ends.size > 0
        ? ['bytes hidden after the end of the coded picture, inside its chunks, were dropped']
        : []),
    ],
  };
}

/** Chunks that are copied as they are: those that make the pixels. */
const CODED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const ANIMATION = new Set(['acTL', 'fcTL', 'fdAT']);

async function refuseDamage(
  source: ByteSource,
  chunks: readonly Chunk[],
  kept: readonly Chunk[],
  header: Uint8Array,
): Promise<void> {
  // A capital first letter: no decoder may skip it (PNG section 5.4).
  const critical = chunks.find(({ name }) => /^[A-Z][A-Za-z]{3}$/.test(name) && !rowFor(name));
  if (critical)
    throw new SayehError(
      'unsupported',
      `the PNG file needs an unknown chunk (${critical.name}) to be decoded`,
    );
  const seen = new Map<string, number>();
  for (const chunk of kept) {
    seen.set(chunk.name, (seen.get(chunk.name) ?? 0) + 1);
    const objection = await objectionTo(source, chunk, header, seen.get(chunk.name)!);
    if (objection) throw new SayehError('corrupt', `the PNG file is damaged: ${objection}`);
  }
  const signature = chunks.slice(0, 1);
  const problem = orderProblem([...signature, ...kept]) ?? (await animationProblem(source, kept));
  if (problem) throw new SayehError('corrupt', `the PNG file is damaged: ${problem}`);
}

/**
 * How much of the content of each chunk belongs to the picture, for the chunks at and after the end of its zlib stream
 * where bytes follow that. Throws SayehError where they cannot be told from the picture.
 */
async function endsOf(
  source: ByteSource,
  kept: readonly Chunk[],
  header: Uint8Array,
): Promise<Map<number, number>> {
  const ends = new Map<number, number>();
  for (const data of await pixelData(source, kept, header)) {
    const problem = pixelProblem(data);
    if (!problem) continue;
    if (data.length === undefined) throw new SayehError('corrupt', `the PNG file is damaged: ${problem}`);
    // Frames of an animation are numbered chunk by chunk: one that goes would leave a gap.
    if (data.surplus > 0 || data.chunks[0].name !== 'IDAT')
      throw new SayehError('unsupported', `${problem}; protect the picture instead, which writes it anew`);
    for (const [offset, length] of cutAfter(data)) ends.set(offset, length);
  }
  return ends;
}

function* cutAfter({ chunks, length = 0 }: PixelData): Generator<[number, number]> {
  let left = length;
  for (const chunk of chunks) {
    const own = Math.min(left, chunk.dataLength - before(chunk));
    if (own < chunk.dataLength) yield [chunk.offset, own];
    left -= own;
  }
}

async function writeKept(source: ByteSource, sink: ByteSink, chunk: Chunk, length: number): Promise<void> {
  if (length === chunk.dataLength) await copy(source, sink, chunk.offset, chunk.length);
  else if (length > 0)
    await sink.write(chunkBytes(chunk.name, await readPart(source, chunk.dataOffset, length)));
}

interface FreshChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** How the new file says what its colours mean. The strongest statement counts (PNG section 4.3). */
async function colourChunks(
  source: ByteSource,
  chunks: readonly Chunk[],
): Promise<{ fresh: FreshChunk[]; notes: readonly string[] }> {
  const dataOf = async (type: string) => {
    const chunk = chunks.find(({ name }) => name === type);
    return chunk && readPart(source, chunk.dataOffset, chunk.dataLength);
  };
  const cicp = await dataOf('cICP');
  if (cicp && isUsualCicp(cicp)) return { fresh: [{ type: 'cICP', data: cicp }], notes: [] };
  const iccp = await dataOf('iCCP');
  if (iccp) {
    const { profile, notes } = keptColour(await profileIn(iccp));
    return { fresh: profile ? [{ type: 'iCCP', data: iccpData(profile) }] : [], notes };
  }
  const srgb = await dataOf('sRGB');
  if (srgb?.length === 1 && srgb[0] <= 3) return { fresh: [{ type: 'sRGB', data: srgb }], notes: [] };
  return legacyColour(await dataOf('gAMA'), await dataOf('cHRM'));
}

function legacyColour(gamma: Uint8Array | undefined, primaries: Uint8Array | undefined) {
  const fresh: FreshChunk[] = [];
  const usual = { gAMA: gamma && usualGamma(gamma), cHRM: primaries && usualChromaticities(primaries) };
  if (usual.gAMA) fresh.push({ type: 'gAMA', data: usual.gAMA });
  if (usual.cHRM) fresh.push({ type: 'cHRM', data: usual.cHRM });
  const lost = (gamma && !usual.gAMA) || (primaries && !usual.cHRM);
  return {
    fresh,
    notes: lost ? ['unusual gamma or primaries were dropped; colours may look slightly different'] : [],
  };
}

async function orientationIn(source: ByteSource, chunks: readonly Chunk[]): Promise<Orientation> {
  const exif = chunks.find(({ name }) => name === 'eXIf');
  if (!exif) return 1;
  const block = await readPart(source, exif.dataOffset, exif.dataLength);
  return orientationOf(latin1(block, 0, 6) === 'Exif\0\0' ? block.subarray(6) : block);
}

/** Offsets of old chunks that come out the same. */
async function unchanged(
  source: ByteSource,
  chunks: readonly Chunk[],
  fresh: readonly FreshChunk[],
): Promise<number[]> {
  const offsets: number[] = [];
  for (const { type, data } of fresh)
    for (const chunk of chunks.filter(({ name }) => name === type))
      if (equal(await readPart(source, chunk.dataOffset, chunk.dataLength), data)) offsets.push(chunk.offset);
  return offsets;
}
