import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { fieldsOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import type { FieldReader } from './field-reader.ts';

/** A list of values written as runs: `counts[i]` times `values[i]`. */
export interface Runs {
  readonly counts: Uint32Array;
  readonly values: Float64Array;
}

/** Stretches of samples that lie one after the other in the file. */
export interface Chunks {
  /** Bytes from the start of the file. */
  readonly offsets: Float64Array;
  /** One longer than `offsets`: chunk i holds the samples from firstSamples[i] to before firstSamples[i + 1]. */
  readonly firstSamples: Uint32Array;
  /** Which sample description, from 1. */
  readonly descriptions: Uint16Array;
}

/**
 * Where a track's samples are and when they are shown, ISO/IEC 14496-12 section 8.6 and 8.7. Constant-size
 * samples (uncompressed sound) are not listed one by one.
 */
export interface SampleTable {
  readonly count: number;
  /** Bytes of each sample; 0 where `sizes` tells them. */
  readonly constantSize: number;
  readonly sizes: Uint32Array;
  readonly chunks: Chunks;
  /** In the media's timescale, in decoding order. */
  readonly durations: Runs;
  /** Shown later than decoded by this much; undefined for not at all. */
  readonly delays: Runs | undefined;
  /** Samples, from 0, from which decoding can start; undefined for all. */
  readonly sync: Uint32Array | undefined;
}

/** Bytes of one sample. */
export const sizeOf = (table: SampleTable, sample: number): number =>
  table.constantSize || table.sizes[sample];

/** Bytes of the samples from `first` to before `end`. */
export function bytesBetween(table: SampleTable, first: number, end: number): number {
  if (table.constantSize) return (end - first) * table.constantSize;
  let sum = 0;
  for (let i = first; i < end; i++) sum += table.sizes[i];
  return sum;
}

/** Where each chunk lies. */
export function* chunkExtents(
  table: SampleTable,
): Generator<{ chunk: number; offset: number; length: number }> {
  const { offsets, firstSamples } = table.chunks;
  for (let chunk = 0; chunk < offsets.length; chunk++) {
    const length = bytesBetween(table, firstSamples[chunk], firstSamples[chunk + 1]);
    yield { chunk, offset: offsets[chunk], length };
  }
}

/**
 * Reads a sample table from its `stbl` box.
 * @param unit bytes that stand for one where QuickTime counts in samples of uncompressed sound; else 1.
 * @throws SayehError('corrupt') where the boxes contradict each other.
 */
export async function readSampleTable(source: ByteSource, stbl: Box, unit: number): Promise<SampleTable> {
  const children = stbl.children ?? [];
  const open = async (type: string): Promise<FieldReader | undefined> => {
    const box = findBox(children, type);
    return box && fieldsOf(source, box);
  };
  const { constantSize, sizes, count } = readSizes(await open('stsz'), await open('stz2'));
  const stco = await open('stco');
  const offsets = readOffsets(stco ?? (await open('co64')), stco ? 4 : 8);
  const chunks = spreadChunks(await open('stsc'), offsets, count, stbl.path);
  const stss = await open('stss');
  return {
    count,
    constantSize: constantSize * unit,
    sizes,
    chunks,
    durations: readRuns(await open('stts'), false) ?? NO_RUNS,
    delays: readRuns(await open('ctts'), true),
    sync: stss && readSync(stss, count),
  };
}

const NO_RUNS: Runs = { counts: new Uint32Array(), values: new Float64Array() };

/** Sections 8.7.3.2 (stsz) and 8.7.3.3 (stz2). */
function readSizes(stsz: FieldReader | undefined, stz2: FieldReader | undefined) {
  if (stsz) {
    stsz.versionAndFlags();
    const constantSize = stsz.u32();
    const count = stsz.u32();
    if (constantSize) return { constantSize, count, sizes: new Uint32Array() };
    return { constantSize, count, sizes: uint32s(stsz.take(count * 4)) };
  }
  if (!stz2) return { constantSize: 0, count: 0, sizes: new Uint32Array() };
  stz2.versionAndFlags();
  stz2.uint(3);
  const bits = stz2.u8();
  const count = stz2.u32();
  const bytes = stz2.take(Math.ceil((count * bits) / 8));
  const sizes = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    if (bits === 4) sizes[i] = i % 2 ? bytes[i >> 1] & 15 : bytes[i >> 1] >> 4;
    else if (bits === 8) sizes[i] = bytes[i];
    else sizes[i] = bytes[2 * i] * 256 + bytes[2 * i + 1];
  }
  return { constantSize: 0, count, sizes };
}

/** Section 8.7.5. */
function readOffsets(fields: FieldReader | undefined, length: 4 | 8): Float64Array {
  if (!fields) return new Float64Array();
  fields.versionAndFlags();
  const count = fields.u32();
  const bytes = fields.take(count * length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i++)
    offsets[i] =
      length === 4 ? view.getUint32(i * 4) : view.getUint32(i * 8) * 2 ** 32 + view.getUint32(i * 8 + 4);
  return offsets;
}

/** Section 8.7.4: runs of chunks with the same number of samples each. */
function spreadChunks(
  fields: FieldReader | undefined,
  offsets: Float64Array,
  samples: number,
  path: string,
): Chunks {
  const total = offsets.length;
  const firstSamples = new Uint32Array(total + 1);
  const descriptions = new Uint16Array(total);
  fields?.versionAndFlags();
  const runs = fields?.u32() ?? 0;
  let chunk = 0;
  let sample = 0;
  let perChunk = 0;
  let description = 1;
  const fillTo = (end: number) => {
    for (; chunk < Math.min(end, total); chunk++) {
      firstSamples[chunk] = sample;
      descriptions[chunk] = description;
      sample += perChunk;
    }
  };
  for (let run = 0; run < runs && fields; run++) {
    const first = fields.u32() - 1;
    if (first < chunk || first >= total || (run === 0 && first !== 0))
      throw new SayehError('corrupt', `${path}/stsc: chunk ${first + 1} is out of order`);
    fillTo(first);
    perChunk = fields.u32();
    description = fields.u32();
  }
  fillTo(total);
  if (sample !== samples)
    throw new SayehError('corrupt', `${path}: ${samples} samples have sizes and ${sample} have a place`);
  firstSamples[total] = sample;
  return { offsets, firstSamples, descriptions };
}

/** Sections 8.6.1.2 (stts) and 8.6.1.3 (ctts; signed also in version 0, as every writer of negatives has it). */
function readRuns(fields: FieldReader | undefined, signed: boolean): Runs | undefined {
  if (!fields) return undefined;
  fields.versionAndFlags();
  const count = fields.u32();
  const words = uint32s(fields.take(count * 8));
  const counts = new Uint32Array(count);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    counts[i] = words[2 * i];
    values[i] = signed ? words[2 * i + 1] | 0 : words[2 * i + 1];
  }
  return { counts, values };
}

/** Section 8.6.2. */
function readSync(fields: FieldReader, samples: number): Uint32Array {
  fields.versionAndFlags();
  const numbers = uint32s(fields.take(fields.u32() * 4));
  return numbers.filter((number) => number >= 1 && number <= samples).map((number) => number - 1);
}

function uint32s(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Uint32Array(bytes.length >> 2);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getUint32(i * 4);
  return numbers;
}

/** Sum of counts. */
export const runsLength = (runs: Runs): number => runs.counts.reduce((sum, count) => sum + count, 0);

/** The runs of the values from `first` to before `end`. */
export function sliceRuns(runs: Runs, first: number, end: number): Runs {
  const counts: number[] = [];
  const values: number[] = [];
  let at = 0;
  for (let i = 0; i < runs.counts.length && at < end; i++) {
    const from = Math.max(at, first);
    at += runs.counts[i];
    const to = Math.min(at, end);
    if (to <= from) continue;
    counts.push(to - from);
    values.push(runs.values[i]);
  }
  return { counts: Uint32Array.from(counts), values: Float64Array.from(values) };
}

/** Values one by one, as many as asked; the last is repeated where the runs end early. */
export function* eachValue(runs: Runs | undefined, count: number): Generator<number> {
  let given = 0;
  let value = 0;
  for (let i = 0; runs && i < runs.counts.length; i++) {
    value = runs.values[i];
    for (let j = 0; j < runs.counts[i] && given < count; j++, given++) yield value;
  }
  for (; given < count; given++) yield value;
}
