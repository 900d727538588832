import type { ByteSource } from '../byte-source.ts';
import type { PatchableSink } from '../patchable-sink.ts';
import { Window } from '../window.ts';
import type { Track } from './movie.ts';
import type { SampleCleaner } from './sample-cleaners.ts';
import { chunksInFileOrder, samplesOf } from './sample-reader.ts';
import { bytesBetween } from './sample-table.ts';

/** A track whose media data goes into the clean file. */
export interface MediaTrack {
  /** With its samples trimmed to what is shown. */
  readonly track: Track;
  /** Undefined where samples stay as they are. */
  readonly cleaner: SampleCleaner | undefined;
}

/** Where media data went. */
export interface CopiedMedia {
  /** For each track the bytes of each sample as written; undefined where they stay as they were. */
  readonly sizes: readonly (Uint32Array | undefined)[];
  /** For each track where each chunk is, counted from the first byte of media data. */
  readonly offsets: readonly Float64Array[];
  /** What was left out of samples, and how often. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** What is copied unseen is copied in pieces of this many bytes. */
const PIECE = 1 << 20;

/** Copies the samples of some tracks in the order of the source, neighbours that stay as they are in one go. */
export async function copyMedia(
  source: ByteSource,
  tracks: readonly MediaTrack[],
  out: PatchableSink,
): Promise<CopiedMedia> {
  const run = new Run(new Window(source), out);
  const start = out.written;
  const reasons = new Map<string, number>();
  const sizes = tracks.map(({ track, cleaner }) =>
    cleaner ? new Uint32Array(track.samples.count) : undefined,
  );
  const offsets = tracks.map(({ track }) => new Float64Array(track.samples.chunks.offsets.length));
  for (const { track: index, chunk } of chunksInFileOrder(tracks.map(({ track }) => track))) {
    const { track, cleaner } = tracks[index];
    const listed = sizes[index];
    offsets[index][chunk] = out.written + run.length - start;
    if (!cleaner || !listed) {
      await copyChunk(run, track, chunk);
      continue;
    }
    for (const { sample, offset, length } of samplesOf(track, chunk)) {
      const bytes = run.peek(offset, length) ?? (await run.read(offset, length));
      const clean = cleaner(bytes);
      listed[sample] = clean.bytes.length;
      if (clean.bytes === bytes) {
        if (!run.extend(offset, length)) await run.restart(offset, length);
        continue;
      }
      await run.end();
      await out.write(clean.bytes);
      for (const reason of clean.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  await run.end();
  return { sizes, offsets, reasons };
}

async function copyChunk(run: Run, { samples }: Track, chunk: number): Promise<void> {
  const { offsets, firstSamples } = samples.chunks;
  let left = bytesBetween(samples, firstSamples[chunk], firstSamples[chunk + 1]);
  for (let at = offsets[chunk]; left > 0; ) {
    const length = Math.min(left, PIECE);
    if (!run.peek(at, length)) await run.read(at, length);
    if (!run.extend(at, length)) await run.restart(at, length);
    at += length;
    left -= length;
  }
}

/** A stretch of the source that is to be copied as it is and lies in the window. */
class Run {
  /** Bytes not written yet. */
  length = 0;
  #start = 0;
  readonly #window: Window;
  readonly #out: PatchableSink;

  constructor(window: Window, out: PatchableSink) {
    this.#window = window;
    this.#out = out;
  }

  peek(offset: number, length: number): Uint8Array | undefined {
    return this.#window.peek(offset, length);
  }

  /** Moves the window on, which the stretch so far does not outlive. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    await this.end();
    return this.#window.exactly(offset, length);
  }

  /** Takes in bytes of the window that follow; false where they do not follow. */
  extend(offset: number, length: number): boolean {
    if (this.#start + this.length !== offset) return false;
    this.length += length;
    return true;
  }

  async restart(offset: number, length: number): Promise<void> {
    await this.end();
    this.#start = offset;
    this.length = length;
  }

  async end(): Promise<void> {
    const bytes = this.#window.peek(this.#start, this.length);
    this.#start += this.length;
    this.length = 0;
    if (bytes && bytes.length > 0) await this.#out.write(bytes);
  }
}
