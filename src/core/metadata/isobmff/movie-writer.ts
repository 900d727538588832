import { SayehError } from '../../errors.ts';
import { box, concat, fullBox, letters, u16, u32, u32s, u64, zeros } from './box-writer.ts';
import type { Runs, SampleTable } from './sample-table.ts';
import { runsLength } from './sample-table.ts';
import { lengthOf } from './trim.ts';

/** A track as it is to be written. */
export interface CleanTrack {
  readonly kind: 'vide' | 'soun';
  readonly timescale: number;
  /** Nine numbers, as in tkhd. */
  readonly matrix: readonly number[];
  /** 16.16 fixed point. */
  readonly width: number;
  readonly height: number;
  readonly entry: Uint8Array;
  /** With the sizes that will be written; its chunk offsets are of the source. */
  readonly samples: SampleTable;
  /** Undefined where all is shown from the start. Pause and length in the movie's timescale. */
  readonly edit: { readonly pause: number; readonly mediaTime: number; readonly length: number } | undefined;
}

const ONE = 0x10000;
const UNIT_MATRIX = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];
const MAX_U32 = 0xffffffff;

/** Where media data lies in the clean file. */
export interface MediaPlaces {
  /** For each track where each chunk is, counted from the first byte of media data. */
  readonly offsets: readonly Float64Array[];
  /** Bytes of media data. */
  readonly length: number;
  /** The most that `length` may become: it decides how wide sizes and places are written. */
  readonly atMost: number;
}

/** Room for the index itself, and for the few bytes by which a sample can grow that is written anew. */
const MARGIN = 1 << 28;

/** The bytes of a film before its media data: as many whatever `offsets`, `length` and the samples' sizes are. */
export function movieHead(
  tracks: readonly CleanTrack[],
  timescale: number,
  { offsets, length, atMost }: MediaPlaces,
  quickTime: boolean,
): Uint8Array {
  const wide = atMost + MARGIN > MAX_U32;
  const type = fileType(quickTime);
  const mdat = wide
    ? concat(u32(1), letters('mdat'), u64(length + 16))
    : concat(u32(length + 8), letters('mdat'));
  const start = type.length + movie(tracks, timescale, offsets, 0, wide).length + mdat.length;
  if (!wide && start + length > MAX_U32)
    throw new SayehError('too-large', `an index of ${start} bytes before ${length} bytes of media data`);
  return concat(type, movie(tracks, timescale, offsets, start, wide), mdat);
}

function fileType(quickTime: boolean): Uint8Array {
  const brands = quickTime ? ['qt  '] : ['isom', 'iso2', 'mp41'];
  return box('ftyp', letters(brands[0]), u32(0x200), ...brands.map(letters));
}

function movie(
  tracks: readonly CleanTrack[],
  timescale: number,
  offsets: readonly Float64Array[],
  start: number,
  wide: boolean,
): Uint8Array {
  const duration = tracks.reduce((longest, track) => Math.max(longest, shownLength(track, timescale)), 0);
  const header = fullBox(
    'mvhd',
    duration > MAX_U32 ? 1 : 0,
    0,
    times(timescale, duration),
    concat(u32(ONE), u16(0x100), zeros(10), u32s(UNIT_MATRIX), zeros(24), u32(tracks.length + 1)),
  );
  return box(
    'moov',
    header,
    ...tracks.map((track, i) => trackBox(track, i + 1, timescale, offsets[i], start, wide)),
  );
}

/** Creation and modification times of zero, a timescale and a duration, as mvhd and mdhd have them. */
function times(timescale: number, duration: number): Uint8Array {
  return duration > MAX_U32
    ? concat(zeros(16), u32(timescale), u64(duration))
    : concat(zeros(8), u32(timescale), u32(duration));
}

/** In the movie's timescale, a pause before it included. */
function shownLength({ edit, samples, timescale }: CleanTrack, movieTimescale: number): number {
  if (edit) return edit.pause + edit.length;
  return Math.round((lengthOf(samples.durations) / timescale) * movieTimescale);
}

function trackBox(
  track: CleanTrack,
  id: number,
  movieTimescale: number,
  offsets: Float64Array,
  start: number,
  wide: boolean,
): Uint8Array {
  const length = shownLength(track, movieTimescale);
  const isSound = track.kind === 'soun';
  const long = length > MAX_U32;
  const header = fullBox(
    'tkhd',
    long ? 1 : 0,
    3,
    long
      ? concat(zeros(16), u32(id), zeros(4), u64(length))
      : concat(zeros(8), u32(id), zeros(4), u32(length)),
    concat(
      zeros(12),
      u16(isSound ? 0x100 : 0),
      zeros(2),
      u32s(track.matrix),
      u32(track.width),
      u32(track.height),
    ),
  );
  const duration = lengthOf(track.samples.durations);
  const media = box(
    'mdia',
    fullBox('mdhd', duration > MAX_U32 ? 1 : 0, 0, times(track.timescale, duration), u16(0x55c4), u16(0)),
    fullBox(
      'hdlr',
      0,
      0,
      zeros(4),
      letters(track.kind),
      zeros(12),
      letters(`${isSound ? 'Sound' : 'Video'}Handler\0`),
    ),
    box(
      'minf',
      isSound ? fullBox('smhd', 0, 0, zeros(4)) : fullBox('vmhd', 0, 1, zeros(8)),
      box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
      sampleTable(track, offsets, start, wide),
    ),
  );
  return box('trak', header, ...editList(track), media);
}

function editList({ edit }: CleanTrack): Uint8Array[] {
  if (!edit) return [];
  const wide = edit.length > MAX_U32 || edit.mediaTime > 0x7fffffff || edit.pause > MAX_U32;
  const number = wide ? u64 : u32;
  const entries = [concat(number(edit.length), number(edit.mediaTime), u32(ONE))];
  if (edit.pause > 0) entries.unshift(concat(number(edit.pause), number(-1), u32(ONE)));
  return [box('edts', fullBox('elst', wide ? 1 : 0, 0, u32(entries.length), ...entries))];
}

function sampleTable(
  { entry, samples }: CleanTrack,
  offsets: Float64Array,
  start: number,
  wide: boolean,
): Uint8Array {
  const { durations, delays, sync, count, constantSize, sizes } = samples;
  const boxes = [fullBox('stsd', 0, 0, u32(1), entry), runsBox('stts', 0, durations)];
  if (sync && sync.length < count)
    boxes.push(fullBox('stss', 0, 0, u32(sync.length), u32s(sync.map((sample) => sample + 1))));
  if (delays?.values.some((delay) => delay !== 0))
    boxes.push(runsBox('ctts', delays.values.some((delay) => delay < 0) ? 1 : 0, delays));
  const listed = constantSize ? zeros(0) : u32s(sizes);
  boxes.push(samplesInChunks(samples), fullBox('stsz', 0, 0, u32(constantSize), u32(count), listed));
  const places = offsets.map((offset) => offset + start);
  boxes.push(
    wide
      ? fullBox('co64', 0, 0, u32(places.length), concat(...Array.from(places, u64)))
      : fullBox('stco', 0, 0, u32(places.length), u32s(places)),
  );
  return box('stbl', ...boxes);
}

function runsBox(type: string, version: number, { counts, values }: Runs): Uint8Array {
  const words = new Float64Array(counts.length * 2);
  counts.forEach((count, i) => {
    words[2 * i] = count;
    words[2 * i + 1] = values[i];
  });
  return fullBox(type, version, 0, u32(counts.length), u32s(words));
}

function samplesInChunks({ chunks: { firstSamples } }: SampleTable): Uint8Array {
  const words: number[] = [];
  for (let chunk = 0; chunk + 1 < firstSamples.length; chunk++) {
    const samples = firstSamples[chunk + 1] - firstSamples[chunk];
    if (words.length === 0 || words[words.length - 2] !== samples) words.push(chunk + 1, samples, 1);
  }
  return fullBox('stsc', 0, 0, u32(words.length / 3), u32s(words));
}

/** Runs that cover exactly `count` values: the last is repeated, or cut, and entries for no samples go. */
export function exactRuns(runs: Runs, count: number): Runs {
  const counts: number[] = [];
  const values: number[] = [];
  let left = count;
  runs.counts.forEach((run, i) => {
    const used = Math.min(run, left);
    if (used === 0) return;
    counts.push(used);
    values.push(runs.values[i]);
    left -= used;
  });
  if (left > 0) {
    counts.push(left);
    values.push(runsLength(runs) > 0 ? runs.values[runs.values.length - 1] : 0);
  }
  return { counts: Uint32Array.from(counts), values: Float64Array.from(values) };
}
