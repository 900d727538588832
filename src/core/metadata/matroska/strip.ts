import { SayehError } from '../../errors.ts';
import type { ByteSink } from '../byte-source.ts';
import type { Part, StripResult } from '../format.ts';
import type { Window } from '../window.ts';
import { isMasterAllowed, rowOf } from './allowlist.ts';
import { Batch } from './batch.ts';
import { type ClusterOutput, type Losses, rewriteClusters } from './clusters.ts';
import { type Node, parseTree, steps } from './ebml.ts';
import {
  type CuePoint,
  timestampScale,
  writeEbmlHeader,
  writeInfo,
  writeSegmentHead,
  writeTracks,
} from './head.ts';
import { readTrack, type Track, type Unwanted } from './track.ts';
import { header, uintElement } from './write-ebml.ts';

/**
 * Writes a new Matroska or WebM file in two passes over the source: the first learns how large every clean
 * cluster will be, so that the second can write sizes and an index before what they speak of.
 */
export async function stripElements(window: Window, sink: ByteSink): Promise<StripResult> {
  const outline = await readOutline(window);
  const { kept, unwanted } = sortTracks(outline.entries);
  const tracks = new Map(kept.map((track) => [track.number, track]));
  const scale = timestampScale(outline.info);

  const losses: Losses = { hidden: new Map(), blocks: new Map() };
  const plan = new Plan(kept);
  await rewriteClusters(window, tracks, scale, plan, losses);

  const out = new Batch(sink);
  await out.add(writeEbmlHeader(outline.ebml));
  const parts = { info: writeInfo(outline.info), tracks: writeTracks(kept), cues: plan.cues };
  await out.add(writeSegmentHead({ ...parts, clustersLength: plan.length }));
  await rewriteClusters(window, tracks, scale, new Writer(out, plan.contents));
  await out.flush();
  return { removed: outline.removed, notes: [...notesOn(unwanted, losses), ...outline.notes] };
}

interface Outline {
  readonly ebml: Node | undefined;
  readonly info: Node | undefined;
  readonly entries: readonly Node[];
  readonly removed: readonly Part[];
  readonly notes: readonly string[];
}

const SMALL = new Set(['EBML', 'Segment/Info', 'Segment/Tracks']);
/** Cues and SeekHead are made anew; leaving the old ones out takes nothing away from anyone. */
const REMADE = new Set(['Segment/Cues', 'Segment/SeekHead']);

/** Reads what describes the film, and lists what will not be in the new file. */
async function readOutline(window: Window): Promise<Outline> {
  const read = new Map<string, Node>();
  const removed: Part[] = [];
  const notes: string[] = [];
  let skipTo = 0;
  for await (const step of steps(window)) {
    if (step.type === 'damaged')
      throw new SayehError('corrupt', `damaged Matroska at byte ${step.offset}: ${step.reason}`);
    if (step.type === 'trailing') {
      const length = window.size - step.offset;
      removed.push({ path: step.path, offset: step.offset, length, what: 'data after the end' });
      notes.push('What follows the first segment was left out.');
      break;
    }
    if (step.type === 'close' || step.element.offset < skipTo) continue;
    const { element, place, path } = step;
    const { name } = element.kind;
    if (SMALL.has(place) && !read.has(place)) {
      const nodes = parseTree(await window.exactly(element.data, element.end - element.data));
      if (!nodes) throw new SayehError('corrupt', `damaged ${name} at byte ${element.offset}`);
      read.set(place, { name, bytes: new Uint8Array(0), children: nodes });
    }
    const isKnown = step.type === 'open' ? isMasterAllowed(place) : rowOf(place) !== undefined;
    if (isKnown && !REMADE.has(place)) continue;
    skipTo = element.end;
    removed.push({ path, offset: element.offset, length: element.end - element.offset, what: name });
  }
  const tracks = read.get('Segment/Tracks');
  if (!tracks) throw new SayehError('corrupt', 'the file has no list of tracks');
  const entries = tracks.children.filter(({ name }) => name === 'TrackEntry');
  return { ebml: read.get('EBML'), info: read.get('Segment/Info'), entries, removed, notes };
}

const MOST_TRACKS = 100;

function sortTracks(entries: readonly Node[]): { kept: Track[]; unwanted: Unwanted[] } {
  if (entries.length > MOST_TRACKS) throw new SayehError('too-large', `${entries.length} tracks`);
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

/** The first pass: sizes and the index. */
class Plan implements ClusterOutput {
  readonly cues: CuePoint[] = [];
  /** Bytes inside each cluster, behind its header. */
  readonly contents: number[] = [];
  /** Bytes of all clusters, headers included. */
  length = 0;
  readonly #indexed: Track;
  #content = 0;
  #hasCue = false;

  constructor(tracks: readonly Track[]) {
    this.#indexed = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
  }

  begin(time: number): void {
    this.#content = uintElement('Timestamp', time).length;
    this.#hasCue = false;
  }

  piece(bytes: Uint8Array): void {
    this.#content += bytes.length;
  }

  /** One point a cluster is enough: players read on from there. */
  key(track: Track, time: number): void {
    if (track !== this.#indexed || this.#hasCue || time < 0) return;
    this.#hasCue = true;
    this.cues.push({ time, track: track.newNumber, cluster: this.length });
  }

  end(): void {
    this.contents.push(this.#content);
    this.length += header('Cluster', this.#content).length + this.#content;
  }
}

/** The second pass. */
class Writer implements ClusterOutput {
  readonly #out: Batch;
  readonly #contents: readonly number[];
  #cluster = 0;
  #due = 0;

  constructor(out: Batch, contents: readonly number[]) {
    this.#out = out;
    this.#contents = contents;
  }

  async begin(time: number): Promise<void> {
    const content = this.#contents[this.#cluster++];
    await this.#out.add(header('Cluster', content));
    this.#due = this.#out.written + content;
    await this.#out.add(uintElement('Timestamp', time));
  }

  piece(bytes: Uint8Array): void | Promise<void> {
    if (!this.#out.has(bytes.length)) return this.#out.add(bytes);
    this.#out.put(bytes);
  }

  key(): void {}

  end(): void {
    if (this.#out.written !== this.#due)
      throw new SayehError('unreadable', 'the file changed while it was being read');
  }
}
