import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { fieldsOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import type { FieldReader } from './field-reader.ts';
import { eachValue, type Runs, type SampleTable, sizeOf } from './sample-table.ts';

/** Samples that movie fragments (section 8.8) add to one track. */
export interface FragmentSamples {
  readonly startsAt: number;
  /** The table of a whole, unfragmented track. */
  after(table: SampleTable): SampleTable;
}

export interface Fragments {
  readonly present: boolean;
  of(track: number): FragmentSamples | undefined;
}

/** A day at 100 frames a second. A sample takes a byte at least, so a small file cannot claim as many. */
const MAX_SAMPLES = 10_000_000;

/** Reads every `moof`. @throws SayehError('corrupt') */
export async function readFragments(source: ByteSource, boxes: readonly Box[]): Promise<Fragments> {
  const defaults = await readDefaults(source, boxes);
  const collected = new Map<number, Collected>();
  const moofs = boxes.filter((box) => box.type === 'moof');
  for (const moof of moofs) {
    let dataEnd = moof.offset;
    for (const traf of (moof.children ?? []).filter((box) => box.type === 'traf'))
      dataEnd = await readTrackFragment(source, moof, traf, dataEnd, defaults, collected);
  }
  return { present: moofs.length > 0 || defaults.size > 0, of: (track) => collected.get(track) };
}

interface Defaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** trex, section 8.8.3. */
async function readDefaults(source: ByteSource, boxes: readonly Box[]): Promise<Map<number, Defaults>> {
  const defaults = new Map<number, Defaults>();
  for (const trex of findBox(boxes, 'moov', 'mvex')?.children ?? []) {
    if (trex.type !== 'trex') continue;
    const fields = await fieldsOf(source, trex);
    fields.versionAndFlags();
    const [track, description, duration, size, flags] = Array.from({ length: 5 }, fields.u32);
    defaults.set(track, { description, duration, size, flags });
  }
  return defaults;
}

/** sample_is_non_sync_sample, section 8.8.3.1. */
const NON_SYNC = 0x10000;

class Collected implements FragmentSamples {
  startsAt = 0;
  private readonly sizes: number[] = [];
  private readonly durations: number[] = [];
  private readonly delays: number[] = [];
  private readonly sync: number[] = [];
  private readonly runs: { offset: number; first: number; description: number }[] = [];
  private time = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Section 8.8.12: a gap before a fragment lengthens the sample before it. */
  startFragment(decodeTime: number): void {
    if (this.sizes.length === 0) this.startsAt = decodeTime;
    else if (decodeTime > this.startsAt + this.time) {
      this.durations[this.durations.length - 1] += decodeTime - this.startsAt - this.time;
      this.time = decodeTime - this.startsAt;
    }
  }

  startRun(offset: number, description: number): void {
    this.runs.push({ offset, first: this.sizes.length, description });
  }

  add(size: number, duration: number, delay: number, flags: number): void {
    if (this.sizes.length >= this.most)
      throw new SayehError('too-large', `a track of more than ${this.most} samples`);
    if ((flags & NON_SYNC) === 0) this.sync.push(this.sizes.length);
    this.sizes.push(size);
    this.durations.push(duration);
    this.delays.push(delay);
    this.time += duration;
  }

  after(table: SampleTable): SampleTable {
    const before = table.count;
    const count = before + this.sizes.length;
    if (count > MAX_SAMPLES) throw new SayehError('too-large', `a track of more than ${MAX_SAMPLES} samples`);
    const sizes = Uint32Array.from({ length: count }, (_, i) =>
      i < before ? sizeOf(table, i) : this.sizes[i - before],
    );
    const delays = table.delays || this.delays.some((delay) => delay !== 0);
    const earlierSync = table.sync ?? Uint32Array.from({ length: before }, (_, i) => i);
    return {
      count,
      constantSize: 0,
      sizes,
      chunks: {
        offsets: Float64Array.from([...table.chunks.offsets, ...this.runs.map(({ offset }) => offset)]),
        firstSamples: Uint32Array.from([
          ...table.chunks.firstSamples.subarray(0, -1),
          ...this.runs.map(({ first }) => before + first),
          count,
        ]),
        descriptions: Uint16Array.from([
          ...table.chunks.descriptions,
          ...this.runs.map(({ description }) => description),
        ]),
      },
      durations: runsOf([...eachValue(table.durations, before), ...this.durations]),
      delays: delays ? runsOf([...eachValue(table.delays, before), ...this.delays]) : undefined,
      sync: Uint32Array.from([...earlierSync, ...this.sync.map((sample) => before + sample)]),
    };
  }
}

/** The shortest runs that say the same. */
export function runsOf(list: readonly number[]): Runs {
  const counts: number[] = [];
  const values: number[] = [];
  for (const value of list) {
    if (values.length > 0 && values[values.length - 1] === value) counts[counts.length - 1]++;
    else {
      counts.push(1);
      values.push(value);
    }
  }
  return { counts: Uint32Array.from(counts), values: Float64Array.from(values) };
}

/** traf, sections 8.8.6 to 8.8.8. Answers where its data ends, which is where the next may begin. */
async function readTrackFragment(
  source: ByteSource,
  moof: Box,
  traf: Box,
  previousEnd: number,
  allDefaults: ReadonlyMap<number, Defaults>,
  collected: Map<number, Collected>,
): Promise<number> {
  const tfhd = findBox(traf.children ?? [], 'tfhd');
  if (!tfhd) throw new SayehError('corrupt', `${traf.path} has no tfhd box`);
  const { track, base, ...defaults } = readFragmentHeader(await fieldsOf(source, tfhd), allDefaults);
  const samples = collected.get(track) ?? new Collected(Math.min(MAX_SAMPLES, source.size));
  collected.set(track, samples);

  const tfdt = findBox(traf.children ?? [], 'tfdt');
  if (tfdt) {
    const fields = await fieldsOf(source, tfdt);
    const { version } = fields.versionAndFlags();
    samples.startFragment(version === 1 ? fields.u64() : fields.u32());
  }
  const origin = base === 'moof' ? moof.offset : base === 'previous' ? previousEnd : base;
  let at = origin;
  for (const trun of (traf.children ?? []).filter((box) => box.type === 'trun'))
    at = readRun(await fieldsOf(source, trun), origin, at, defaults, samples);
  return at;
}

/** tfhd, section 8.8.7. */
function readFragmentHeader(fields: FieldReader, allDefaults: ReadonlyMap<number, Defaults>) {
  const { flags } = fields.versionAndFlags();
  const track = fields.u32();
  const general = allDefaults.get(track) ?? { description: 1, duration: 0, size: 0, flags: 0 };
  const offset = flags & 1 ? fields.u64() : undefined;
  return {
    track,
    base: offset ?? (flags & 0x20000 ? ('moof' as const) : ('previous' as const)),
    description: flags & 2 ? fields.u32() : general.description,
    duration: flags & 8 ? fields.u32() : general.duration,
    size: flags & 0x10 ? fields.u32() : general.size,
    flags: flags & 0x20 ? fields.u32() : general.flags,
  };
}

/** trun, section 8.8.8. Answers where its data ends. */
function readRun(
  fields: FieldReader,
  origin: number,
  previousEnd: number,
  defaults: Defaults,
  samples: Collected,
): number {
  const { flags } = fields.versionAndFlags();
  const count = fields.u32();
  const start = flags & 1 ? origin + fields.i32() : previousEnd;
  const firstFlags = flags & 4 ? fields.u32() : undefined;
  samples.startRun(start, defaults.description);
  let at = start;
  for (let i = 0; i < count; i++) {
    const duration = flags & 0x100 ? fields.u32() : defaults.duration;
    const size = flags & 0x200 ? fields.u32() : defaults.size;
    const own = flags & 0x400 ? fields.u32() : defaults.flags;
    const delay = flags & 0x800 ? fields.i32() : 0;
    samples.add(size, duration, delay, i === 0 && firstFlags !== undefined ? firstFlags : own);
    at += size;
  }
  return at;
}
