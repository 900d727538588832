import { SayehError } from '../../errors.ts';
import { type Limits, overLimit } from '../../limits.ts';
import type { ByteSink } from '../byte-source.ts';
import type { StripResult } from '../format.ts';
import { patchable } from '../patchable-sink.ts';
import type { Window } from '../window.ts';
import { PatchableBatch } from './batch.ts';
import { type ClusterOutput, type Losses, rewriteClusters } from './clusters.ts';
import { type Node, parseTree, steps } from './ebml.ts';
import {
  type CuePoint,
  timestampScale,
  writeCues,
  writeEbmlHeader,
  writeInfo,
  writeSegmentHead,
  writeTracks,
} from './head.ts';
import { RemovedElements } from './removed-elements.ts';
import { readTrack, type Track, type Unwanted } from './track.ts';
import { header, uintElement } from './write-ebml.ts';

/**
 * Writes a new Matroska or WebM file in one pass over the source: sizes are filled in once they are known, and the
 * index comes last.
 */
export async function stripElements(window: Window, sink: ByteSink, limits: Limits): Promise<StripResult> {
  const outline = await readOutline(window);
  const { kept, unwanted } = sortTracks(outline.entries, limits);
  const tracks = new Map(kept.map((track) => [track.number, track]));

  const out = new PatchableBatch(patchable(sink));
  await out.add(writeEbmlHeader(outline.ebml));
  const segment = out.written;
  const parts = { info: writeInfo(outline.info), tracks: writeTracks(kept) };
  await out.add(writeSegmentHead({ ...parts, clusters: 0, cues: 0 }));

  const writer = new Writer(out, kept);
  const elements = new RemovedElements(window.size);
  const losses: Losses = {
    unwanted: new Set(unwanted.map(({ number }) => number)),
    hidden: new Map(),
    blocks: new Map(),
    elements,
  };
  await rewriteClusters(window, tracks, timestampScale(outline.info), writer, losses);

  const clusters = out.written - writer.start;
  const cues = writeCues(writer.cues, writer.start - segment);
  await out.add(cues);
  out.replace(segment, writeSegmentHead({ ...parts, clusters, cues: cues.length }));
  await out.finish();
  const trailing = elements.hasTrailing ? ['What follows the first segment was left out.'] : [];
  return { removed: elements.parts, notes: [...notesOn(unwanted, losses), ...trailing] };
}

interface Outline {
  readonly ebml: Node | undefined;
  readonly info: Node | undefined;
  readonly entries: readonly Node[];
}

const INFO = 'Segment/Info';
const TRACKS = 'Segment/Tracks';
const SMALL = new Set(['EBML', INFO, TRACKS]);

/** Reads what describes the film: as far as the first cluster in nearly every file. */
async function readOutline(window: Window): Promise<Outline> {
  const read = new Map<string, Node>();
  for await (const step of steps(window)) {
    if (step.type === 'damaged')
      throw new SayehError('corrupt', `damaged Matroska at byte ${step.offset}: ${step.reason}`);
    if (step.type === 'trailing') break;
    if (step.type === 'close' || !SMALL.has(step.place) || read.has(step.place)) continue;
    const { element, place } = step;
    const { name } = element.kind;
    const nodes = parseTree(await window.exactly(element.data, element.end - element.data));
    if (!nodes) throw new SayehError('corrupt', `damaged ${name} at byte ${element.offset}`);
    read.set(place, { name, bytes: new Uint8Array(0), children: nodes });
    if (read.has(INFO) && read.has(TRACKS)) break;
  }
  const tracks = read.get(TRACKS);
  if (!tracks) throw new SayehError('corrupt', 'the file has no list of tracks');
  const entries = tracks.children.filter(({ name }) => name === 'TrackEntry');
  return { ebml: read.get('EBML'), info: read.get(INFO), entries };
}

function sortTracks(entries: readonly Node[], limits: Limits): { kept: Track[]; unwanted: Unwanted[] } {
  const { length } = entries;
  if (length > limits.streams) throw overLimit('streams', limits, length, `the film has ${length} tracks`);
  const kept: Track[] = [];
  const unwanted: Unwanted[] = [];
  for (const entry of entries) {
    const track = readTrack(entry, kept.length + 1);
    if (!('what' in track)) kept.push(track);
    else if (track.problem === undefined) unwanted.push(track);
    else
      throw new SayehError(
        'unsupported',
        `the ${track.what} ${track.number} cannot be kept as it is: ${track.problem}. Use protect, which codes it anew.`,
      );
  }
  if (kept.length === 0) throw new SayehError('unsupported', 'the file has neither picture nor sound');
  return { kept, unwanted };
}

function notesOn(unwanted: readonly Unwanted[], losses: Losses): string[] {
  const tracks = unwanted.map(({ number, what }) => {
    const lost = losses.blocks.get(number);
    return `Left out: the ${what} ${number}${lost ? ` (${lost.count} blocks, ${lost.bytes} bytes)` : ''}.`;
  });
  const hidden = [...losses.hidden].map(
    ([what, { count }]) => `Left out of the coded data, ${count} ×: ${what}.`,
  );
  return [...tracks, ...hidden];
}

/** A size that is filled in later. */
const WIDE = 8;

/** Writes clusters, and remembers where the index must point. */
class Writer implements ClusterOutput {
  readonly cues: CuePoint[] = [];
  /** Where the first cluster begins. */
  readonly start: number;
  readonly #out: PatchableBatch;
  readonly #indexed: Track;
  /** The cluster at hand, and where its content begins. */
  #cluster = 0;
  #content = 0;
  #hasCue = false;

  constructor(out: PatchableBatch, tracks: readonly Track[]) {
    this.#out = out;
    this.#indexed = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
    this.start = out.written;
  }

  async begin(time: number): Promise<void> {
    this.#cluster = this.#out.written;
    this.#hasCue = false;
    await this.#out.add(header('Cluster', 0, WIDE));
    this.#content = this.#out.written;
    await this.#out.add(uintElement('Timestamp', time));
  }

  piece(bytes: Uint8Array): void | Promise<void> {
    if (!this.#out.has(bytes.length)) return this.#out.add(bytes);
    this.#out.put(bytes);
  }

  /** One point a cluster is enough: players read on from there. */
  key(track: Track, time: number): void {
    if (track !== this.#indexed || this.#hasCue || time < 0) return;
    this.#hasCue = true;
    this.cues.push({ time, track: track.newNumber, cluster: this.#cluster - this.start });
  }

  end(): void {
    this.#out.replace(this.#cluster, header('Cluster', this.#out.written - this.#content, WIDE));
  }
}
