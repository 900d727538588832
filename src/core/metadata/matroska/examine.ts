import type { Betrays } from '../format.ts';
import { utcText } from '../utc-text.ts';
import type { Window } from '../window.ts';
import { isMasterAllowed, LATEST_START_MS, rowOf } from './allowlist.ts';
import { LONGEST_HEAD, lacing, parseBlockHead, unlace } from './block.ts';
import { type Element, float, parseTree, type Step, steps, uint } from './ebml.ts';
import { LABELS, type Label, SILENT, TAG_LABELS } from './labels.ts';
import type { Hidden } from './payload/payload.ts';
import { allZero, readable } from './text.ts';
import { readTrack, type Track } from './track.ts';
import { CODED } from './values.ts';

/** Something that no clean file may hold, for the check and for the reader alike. */
export interface Trouble {
  readonly part: string;
  /** For the check. */
  readonly reason: string;
  /** For a person; absent where it reveals nothing. */
  readonly finding?: Label & { readonly value?: string };
}

/** Longest value that is read for showing and for checking; CODED content has rules of its own. */
const LONGEST_VALUE = 4096;

/** Holds every element against the allowlist and looks into every coded frame. */
export async function* examine(window: Window): AsyncGenerator<Trouble> {
  const tracks = new Map<number, Track>();
  let entries = 0;
  let scale = 1_000_000;
  let clusterSeen = false;
  let tagName = '';

  for await (const step of steps(window)) {
    if (step.type === 'damaged') {
      yield trouble(step.path, `damaged: ${step.reason}`, {
        betrays: 'unknown',
        label: 'damaged or unknown bytes',
      });
    } else if (step.type === 'trailing') {
      const finding = { betrays: 'unknown', label: 'data after the end' } as const;
      yield trouble(step.path, `${window.size - step.offset} bytes after the end`, finding);
    } else if (step.type === 'open') {
      if (step.element.kind.name === 'TrackEntry') yield* enterTrack(window, step, tracks, entries++);
    } else if (step.type === 'leaf') {
      const { element, place } = step;
      const name = element.kind.name;
      if (rowOf(place)?.values === CODED) {
        if (name !== 'CodecPrivate') yield* examineCoded(window, step, tracks);
        continue;
      }
      const length = element.end - element.data;
      const value = await window.upTo(element.data, Math.min(length, LONGEST_VALUE));
      if (name === 'TagName') tagName = readable(value);
      if (place === 'Segment/Info/TimestampScale') scale = uint(value) ?? scale;
      const isFirstTime = place === 'Segment/Cluster/Timestamp' && !clusterSeen;
      if (isFirstTime) clusterSeen = true;
      const reason = isFirstTime
        ? (lateStart(value, scale) ?? judge(place, length, value))
        : judge(place, length, value);
      if (reason) yield trouble(step.path, reason, explain(element, value, tagName));
    }
  }
}

const trouble = (part: string, reason: string, finding: Trouble['finding']): Trouble =>
  finding ? { part, reason, finding } : { part, reason };

function judge(place: string, length: number, value: Uint8Array): string | undefined {
  const row = rowOf(place);
  if (!row) return isMasterAllowed(place) ? 'a list that should hold parts' : 'not on the allowlist';
  if (length <= LONGEST_VALUE && row.values.allows(value)) return undefined;
  return `its value is not ${row.values.says}`;
}

function lateStart(value: Uint8Array, scale: number): string | undefined {
  const start = ((uint(value) ?? 0) * scale) / 1e6;
  return start > LATEST_START_MS ? `times begin at ${Math.round(start / 1000)} s` : undefined;
}

/** What an element says to a person; undefined for what says nothing. */
function explain(element: Element, value: Uint8Array, tagName: string): Trouble['finding'] {
  const { name, type } = element.kind;
  if (SILENT.has(name) || (name === 'Void' && allZero(value))) return undefined;
  const tag = name === 'TagString' ? TAG_LABELS.find((row) => row.name.test(tagName))?.finding : undefined;
  const label = tag ?? LABELS[name] ?? { betrays: 'unknown' as Betrays, label: `${name} element` };
  const shown = show(type, value);
  const text = name === 'TagString' && tagName ? `${tagName}: ${shown}` : shown;
  return text === '' ? label : { ...label, value: text };
}

/** Nanoseconds are counted from the start of 2001 (RFC 8794 section 7.6). */
const EPOCH_2001_MS = 978_307_200_000;

function show(type: string, value: Uint8Array): string {
  if (type === 'uint') return String(uint(value) ?? '');
  if (type === 'float') return String(float(value) ?? '');
  if (type === 'date' && value.length === 8) return dateText(value);
  return readable(value);
}

/** RFC 3339. */
function dateText(value: Uint8Array): string {
  const nanoseconds = new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0);
  const seconds = Math.floor((Number(nanoseconds / 1_000_000n) + EPOCH_2001_MS) / 1000);
  return `${utcText(seconds).replace(' ', 'T')}Z`;
}

async function* enterTrack(
  window: Window,
  step: Step & { type: 'open' },
  tracks: Map<number, Track>,
  index: number,
): AsyncGenerator<Trouble> {
  const { element, path } = step;
  const nodes = parseTree(await window.exactly(element.data, element.end - element.data));
  if (!nodes) return;
  const track = readTrack({ name: 'TrackEntry', bytes: new Uint8Array(0), children: nodes }, index + 1);
  if ('what' in track) {
    const finding: Label = { betrays: 'unknown', label: track.what };
    yield trouble(path, track.problem ?? `${track.what}: only picture and sound may stay`, finding);
    return;
  }
  tracks.set(track.number, track);
  for (const hidden of track.payload.setup.hidden) yield fromHidden(`${path}/CodecPrivate`, hidden);
  const settings = nodes.filter(({ name }) => name === 'CodecPrivate');
  if (settings.length > 1) yield trouble(`${path}/CodecPrivate[1]`, 'settings given twice', undefined);
}

const fromHidden = (part: string, { what, betrays, text }: Hidden): Trouble =>
  trouble(part, what, { betrays, label: what, ...(text ? { value: text } : {}) });

/** RFC 9559 section 10.2: three bits that mean nothing yet. */
const RESERVED_FLAGS = 0x70;

/** Looks into one block, or into one frame of transparency. */
async function* examineCoded(
  window: Window,
  step: Step & { type: 'leaf' },
  tracks: Map<number, Track>,
): AsyncGenerator<Trouble> {
  const { element, path } = step;
  const length = element.end - element.data;
  // Transparency has no track number of its own: the walk would have to remember its block's. What may stay is
  // decided by the tracks: some track must be transparent.
  if (element.kind.name === 'BlockAdditional') {
    if (![...tracks.values()].some(({ hasAlpha }) => hasAlpha))
      yield trouble(path, 'data beside a picture that is not transparent', LABELS.BlockAdditional);
    return;
  }
  const start = await window.upTo(element.data, Math.min(length, LONGEST_HEAD));
  const head = parseBlockHead(start);
  if (!head) {
    yield trouble(path, 'a block without a head', { betrays: 'unknown', label: 'damaged or unknown bytes' });
    return;
  }
  const track = tracks.get(head.track);
  if (!track) {
    yield trouble(path, `a block of track ${head.track}, which may not stay`, undefined);
    return;
  }
  if ((head.flags & RESERVED_FLAGS) !== 0)
    yield trouble(path, 'reserved flags of a block are set', undefined);
  if (!track.payload.looksInside && lacing(head) === 0) return;
  const { hiddenAt } = track.payload;
  if (hiddenAt && lacing(head) === 0) {
    for (const hidden of await hiddenAt(window, element.data + head.length, length - head.length))
      yield fromHidden(path, hidden);
    return;
  }
  const body = (await window.exactly(element.data, length)).subarray(head.length);
  const frames = unlace(body, lacing(head));
  if (!frames) {
    yield trouble(path, 'broken lacing', { betrays: 'unknown', label: 'damaged or unknown bytes' });
    return;
  }
  for (const frame of frames)
    for (const hidden of track.payload.frame(frame).hidden) yield fromHidden(path, hidden);
}
