import { SayehError } from '../../errors.ts';
import { type Limits, overLimit, USUAL_LIMITS } from '../../limits.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import type { Part, StripResult } from '../format.ts';
import { patchable } from '../patchable-sink.ts';
import { type Box, readBoxTree } from './box-tree.ts';
import { withoutNumbers } from './check-boxes.ts';
import { cleanEntry, unsupported } from './clean-entry.ts';
import { type CopiedMedia, copyMedia, type MediaTrack } from './copy-media.ts';
import { hiddenSamples, hiddenSeconds, type Presentation, presentationOf, tickOf } from './edits.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { MOVIE_ALLOWLIST, UNCOMPRESSED } from './movie-allowlist.ts';
import { type CleanTrack, exactRuns, type MediaPlaces, movieHead } from './movie-writer.ts';
import { cleanerFor } from './sample-cleaners.ts';
import { chunkExtents, type SampleTable } from './sample-table.ts';
import { lengthOf, neededPictures, neededSound, sliceSamples } from './trim.ts';
import { extentsOf, partsOf } from './walk.ts';

/** A track on its way from the source to the clean file. */
interface KeptTrack extends MediaTrack {
  readonly clean: CleanTrack;
}

/**
 * Writes the pictures and sound of a film into a new one that has nothing else. Coded pictures are copied bit by
 * bit; only messages beside them (SEI, metadata OBUs, fill) are left out. Fragments become one plain film. Reads
 * the media data once: the index, which comes first in the file and whose length is known, is filled in last.
 */
export async function stripMovie(
  source: ByteSource,
  sink: ByteSink,
  limits: Limits = USUAL_LIMITS,
): Promise<StripResult> {
  const boxes = await readBoxTree(source);
  const movie = await readMovie(source, boxes);
  const { length } = movie.tracks;
  if (length > limits.streams) throw overLimit('streams', limits, length, `the film has ${length} tracks`);
  if (movie.timescale === 0) throw new SayehError('corrupt', 'the movie has a timescale of 0');
  const chosen = chooseTracks(movie);
  const notes: string[] = [];
  const dropped = movie.tracks.filter((track) => !chosen.includes(track));
  if (dropped.length > 0) notes.push(`left out ${dropped.map(describe).join(', ')}`);
  if (movie.fragmented) notes.push('fragments were joined into one film');

  const kept: KeptTrack[] = [];
  for (const track of chosen) kept.push(await prepare(source, track, movie, notes));
  refuseOverlap(source, kept);
  const quickTime = chosen.some(({ descriptions }) => isQuickTimeOnly(descriptions[0]));
  const copied = await writeFilm(source, sink, kept, movie.timescale, quickTime);
  for (const [reason, times] of copied.reasons)
    notes.push(`left out of the coded data, ${times} times: ${reason}`);
  if (kept[0].clean.matrix[0] !== 0x10000)
    notes.push('the orientation is kept as a turn of the picture on display');
  return { removed: await removedParts(source, boxes, movie, chosen), notes };
}

/** The first enabled track of pictures and of sound. */
function chooseTracks({ tracks }: Movie): Track[] {
  const usable = tracks.filter(({ samples }) => samples.count > 0);
  const first = (kind: string) => {
    const all = usable.filter(({ handler }) => handler === kind);
    return all.find(({ header }) => header.flags & 1) ?? all[0];
  };
  const pictures = first('vide');
  if (!pictures)
    throw new SayehError('unsupported', 'the film has no pictures: it is a header only, or sound');
  const sound = first('soun');
  return sound ? [pictures, sound] : [pictures];
}

function describe({ box, handler, descriptions }: Track): string {
  return `${box.path} (${handler.trim()}${descriptions[0] ? ` ${descriptions[0].type}` : ''})`;
}

/** QuickTime's uncompressed sound has no place in MP4. */
const isQuickTimeOnly = (entry: Box): boolean => (UNCOMPRESSED as readonly string[]).includes(entry.type);

async function prepare(source: ByteSource, track: Track, movie: Movie, notes: string[]): Promise<KeptTrack> {
  if (track.timescale === 0) throw new SayehError('corrupt', `${track.box.path} has a timescale of 0`);
  const entry = await cleanEntry(source, track);
  const cleaner = await cleanerFor(source, cleanable(track));
  const shown = presentationOf(track, movie);
  if (!shown) throw unsupported(`the edit list of ${track.box.path} puts several stretches together`);
  const isPictures = track.handler === 'vide';
  const tick = tickOf(track, movie);
  const exact = withExactRuns(track.samples);
  const [first, end] = isPictures
    ? neededPictures(exact, shown, tick)
    : neededSound({ ...track, samples: exact }, shown);
  const samples = sliceSamples(exact, first, end);
  if (samples.count === 0)
    throw new SayehError('corrupt', `the edit list of ${track.box.path} shows nothing`);
  const away = exact.count - samples.count;
  if (away > 0) notes.push(`left out ${away} samples of ${track.box.path} that the edit list hides`);

  const skipped = lengthOf(sliceSamples(exact, 0, first).durations);
  const moved = { ...shown, start: shown.start - skipped, end: shown.end - skipped };
  const clean: CleanTrack = {
    kind: isPictures ? 'vide' : 'soun',
    timescale: track.timescale,
    matrix: displayMatrix(track),
    width: isPictures ? track.header.width : 0,
    height: isPictures ? track.header.height : 0,
    entry,
    samples,
    edit: editFor(track, movie, moved, samples),
  };
  refuseHidden({ ...track, samples }, clean, movie);
  return { track: { ...track, samples }, cleaner, clean };
}

/** Trimming stops where shown samples are decoded from hidden ones, and within a sample. */
function refuseHidden(track: Track, { edit, kind }: CleanTrack, movie: Movie): void {
  if (!edit) return;
  const tick = tickOf(track, movie);
  const shown = { pause: edit.pause, start: edit.mediaTime, end: edit.mediaTime + edit.length * tick };
  if (kind === 'soun' && hiddenSeconds(track, shown) > 0)
    throw unsupported(`sound in ${track.box.path} is hidden by an edit list and cannot be cut off`);
  if (kind === 'soun') return;
  const hidden = hiddenSamples(track.samples, shown, tick).length;
  if (hidden > 0)
    throw unsupported(`${hidden} pictures are hidden by an edit list and shown ones are decoded from them`);
}

/** The description whose configuration says how samples divide. QuickTime's AAC keeps it one box deeper. */
function cleanable(track: Track): Box {
  const [entry] = track.descriptions;
  const wave = entry.children?.find(({ type }) => type === 'wave');
  return wave ? { ...entry, children: [...(entry.children ?? []), ...(wave.children ?? [])] } : entry;
}

const withExactRuns = (samples: SampleTable): SampleTable => ({
  ...samples,
  durations: exactRuns(samples.durations, samples.count),
  delays: samples.delays && exactRuns(samples.delays, samples.count),
});

const ONE = 0x10000;

/** A turn, or a mirror image, shifted by whole pixels. */
function displayMatrix({ header, box, handler }: Track): readonly number[] {
  if (handler !== 'vide') return [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];
  const [a, b, , c, d, , x, y] = header.matrix;
  if ([a, b, c, d].some((value) => ![0, ONE, -ONE].includes(value)))
    throw unsupported(`${box.path} is shown scaled or slanted`);
  const whole = (value: number) => Math.round(value / ONE) * ONE;
  return [a, b, 0, c, d, 0, whole(x), whole(y), 0x40000000];
}

function editFor(track: Track, movie: Movie, shown: Presentation, samples: SampleTable): CleanTrack['edit'] {
  const scale = movie.timescale / track.timescale;
  const starts = movie.tracks
    .filter(({ samples: all, timescale }) => all.count > 0 && timescale > 0)
    .map(({ startsAt, timescale }) => startsAt / timescale);
  const late = Math.round((track.startsAt / track.timescale - Math.min(...starts)) * movie.timescale);
  if (track.edits.length === 0 && late === 0) return undefined;
  const mediaTime = Math.max(0, Math.round(Number.isFinite(shown.start) ? shown.start : 0));
  const length = Math.min(shown.end, lengthOf(samples.durations)) - mediaTime;
  const delayed = samples.delays?.values.reduce((most, delay) => Math.max(most, delay), 0) ?? 0;
  // Frames shown late may run past the end of the media's own time; an edit that says more does no harm.
  const stretched = Math.min(shown.end - mediaTime, length + delayed);
  return { pause: shown.pause + late, mediaTime, length: Math.max(0, Math.round(stretched * scale)) };
}

/** Hostile tables may name the same bytes many times over and so ask for an endless file. */
function refuseOverlap(source: ByteSource, kept: readonly KeptTrack[]): void {
  const total = claimedBytes(kept);
  if (total > source.size)
    throw new SayehError('corrupt', `the samples claim ${total} bytes of a file of ${source.size}`);
}

function claimedBytes(kept: readonly KeptTrack[]): number {
  let total = 0;
  for (const { track } of kept) for (const { length } of chunkExtents(track.samples)) total += length;
  return total;
}

/** The index before the media data, whose clean sizes it tells: room for it first, then the data, then itself. */
async function writeFilm(
  source: ByteSource,
  sink: ByteSink,
  kept: readonly KeptTrack[],
  timescale: number,
  quickTime: boolean,
): Promise<CopiedMedia> {
  const head = (tracks: readonly CleanTrack[], media: MediaPlaces) =>
    movieHead(tracks, timescale, media, quickTime);
  const atMost = claimedBytes(kept);
  const empty = kept.map(({ track }) => new Float64Array(track.samples.chunks.offsets.length));
  const listed = kept.map(withListedSizes);
  const out = patchable(sink);
  await out.write(head(listed, { offsets: empty, length: 0, atMost }));
  const start = out.written;
  const copied = await copyMedia(source, kept, out);
  const length = out.written - start;
  const tracks = listed.map((track, i) => withSizes(track, copied.sizes[i]));
  const whole = head(tracks, { offsets: copied.offsets, length, atMost });
  if (whole.length !== start) throw new SayehError('unreadable', 'the file changed while it was being read');
  await out.overwrite(0, whole);
  await out.finish();
  return copied;
}

/** Coded data that is looked into has samples of any size, whatever the source says of them. */
const withListedSizes = ({ clean, cleaner }: KeptTrack): CleanTrack =>
  cleaner ? withSizes(clean, new Uint32Array(clean.samples.count)) : clean;

const withSizes = (clean: CleanTrack, sizes: Uint32Array | undefined): CleanTrack =>
  sizes ? { ...clean, samples: { ...clean.samples, constantSize: 0, sizes } } : clean;

/** Parts that have no counterpart in the new file. */
async function removedParts(
  source: ByteSource,
  boxes: readonly Box[],
  movie: Movie,
  chosen: readonly Track[],
): Promise<Part[]> {
  const allowed = new Set(MOVIE_ALLOWLIST.map(({ at }) => at));
  const gone = movie.tracks.filter((track) => !chosen.includes(track)).map(({ box }) => `${box.path}/`);
  const media = new Set(chosen.map((track) => `track[${movie.tracks.indexOf(track)}]`));
  return partsOf(boxes, await extentsOf(source, boxes)).filter(({ path }) => {
    const [top, owner] = path.split('/');
    if (withoutNumbers(top) === 'mdat')
      return owner !== undefined && owner !== 'samples' && !media.has(owner);
    if (gone.some((start) => `${path}/`.startsWith(start))) return true;
    const plain = withoutNumbers(path);
    return !allowed.has(plain) || plain.startsWith('moov/udta');
  });
}
