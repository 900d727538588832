import { SayehError } from '../../errors.ts';
import type { Window } from '../window.ts';
import { LATEST_START_MS } from './allowlist.ts';
import { LONGEST_HEAD, parseBlockHead } from './block.ts';
import { cleanBlock } from './clean-block.ts';
import { type Element, type Node, parseTree, steps, uint } from './ebml.ts';
import type { Hidden } from './payload/payload.ts';
import type { RemovedElements } from './removed-elements.ts';
import { concat } from './text.ts';
import { child, type Track } from './track.ts';
import { element, header, master, uintElement } from './write-ebml.ts';

/** Takes clean clusters piece by piece. */
export interface ClusterOutput {
  /** A cluster with at least one block begins. */
  begin(time: number): Promise<void>;
  /** A piece of it; a view that holds until the next call returns. A promise only where it must wait. */
  piece(bytes: Uint8Array): void | Promise<void>;
  /** The block just written is a key frame of this track. */
  key(track: Track, time: number): void;
  end(): void;
}

/** What was left out of the clusters, for the report. */
export interface Losses {
  /** Tracks of the source that do not stay. */
  readonly unwanted: ReadonlySet<number>;
  readonly hidden: Map<string, { count: number; hidden: Hidden }>;
  /** Blocks of tracks that did not stay, by the source's track number. */
  readonly blocks: Map<number, { count: number; bytes: number }>;
  /** Everything else, in file order. */
  readonly elements: RemovedElements;
}

const KEY = 0x80;

/** Rewrites every cluster with the blocks of the kept tracks. Throws SayehError('corrupt') on a damaged file. */
export async function rewriteClusters(
  window: Window,
  tracks: ReadonlyMap<number, Track>,
  scale: number,
  out: ClusterOutput,
  losses: Losses,
): Promise<void> {
  let base: number | undefined;
  let time = 0;
  let isBegun = false;
  /** A BlockGroup is handled whole; its elements, met again one by one, are passed over. */
  let group: Element | undefined;

  const writeBlock = async (head: Uint8Array, body: Uint8Array, track: Track, at: number, isKey: boolean) => {
    if (!isBegun) {
      isBegun = true;
      await out.begin(time);
    }
    const written = out.piece(head);
    if (written) await written;
    const writtenBody = body.length > 0 ? out.piece(body) : undefined;
    if (writtenBody) await writtenBody;
    if (isKey) out.key(track, time + at);
  };

  for await (const step of steps(window)) {
    if (step.type === 'damaged')
      throw new SayehError('corrupt', `damaged Matroska at byte ${step.offset}: ${step.reason}`);
    losses.elements.take(step);
    if (step.type === 'trailing') return;
    const { place, element: found } = step;
    if (step.type === 'close') {
      if (group === found) group = undefined;
      else if (place === 'Segment/Cluster' && isBegun) {
        out.end();
        isBegun = false;
      }
    } else if (step.type === 'leaf' && place === 'Segment/Cluster/Timestamp') {
      const stated = uint(await window.exactly(found.data, found.end - found.data));
      if (stated === undefined || isBegun)
        throw new SayehError('corrupt', `cluster time at byte ${found.offset}`);
      // Times that count from a clock say when: they are made to count from the start.
      base ??= (stated * scale) / 1e6 > LATEST_START_MS ? stated : 0;
      time = Math.max(0, stated - base);
    } else if (step.type === 'leaf' && place === 'Segment/Cluster/SimpleBlock') {
      const block = await readBlock(window, found, tracks, losses);
      if (!block) continue;
      const { clean, track, at, flags } = block;
      const head = concat([header('SimpleBlock', clean.head.length + clean.body.length), clean.head]);
      await writeBlock(head, clean.body, track, at, (flags & KEY) !== 0);
    } else if (step.type === 'open' && place === 'Segment/Cluster/BlockGroup') {
      group = found;
      const rewritten = await rewriteGroup(window, found, tracks, losses);
      if (rewritten)
        await writeBlock(rewritten.bytes, NOTHING, rewritten.track, rewritten.at, rewritten.isKey);
    }
  }
}

const NOTHING = new Uint8Array(0);

async function readBlock(window: Window, found: Element, tracks: ReadonlyMap<number, Track>, losses: Losses) {
  const length = found.end - found.data;
  const start = window.peek(found.data, Math.min(length, LONGEST_HEAD));
  const head = parseBlockHead(start ?? (await window.upTo(found.data, Math.min(length, LONGEST_HEAD))));
  if (!head) throw new SayehError('corrupt', `a block without a head at byte ${found.offset}`);
  const track = tracks.get(head.track);
  if (!track) {
    countBlock(losses, head.track, found);
    return undefined;
  }
  const whole = window.peek(found.data, length) ?? (await window.exactly(found.data, length));
  return cleaned(whole, track, found.offset, losses);
}

function cleaned(block: Uint8Array, track: Track, offset: number, losses: Losses) {
  const head = parseBlockHead(block);
  const clean = head && cleanBlock(block, head, track);
  if (!clean) throw new SayehError('corrupt', `broken lacing in the block at byte ${offset}`);
  for (const hidden of clean.hidden) countHidden(losses, hidden);
  // A frame in which nothing was a picture leaves nothing to write.
  if (clean.body.length === 0 && clean.hidden.length > 0) return undefined;
  return { clean, track, at: head.time, flags: head.flags };
}

/** A BlockGroup with its block cleaned and the few elements beside it that players need. */
async function rewriteGroup(
  window: Window,
  found: Element,
  tracks: ReadonlyMap<number, Track>,
  losses: Losses,
) {
  const nodes = parseTree(await window.exactly(found.data, found.end - found.data));
  const group: Node | undefined = nodes && { name: 'BlockGroup', bytes: NOTHING, children: nodes };
  const block = child(group, 'Block');
  const head = block && parseBlockHead(block.bytes);
  if (!block || !head)
    throw new SayehError('corrupt', `a block group without a block at byte ${found.offset}`);
  const track = tracks.get(head.track);
  if (!track) {
    countBlock(losses, head.track, found);
    return undefined;
  }
  const result = cleaned(block.bytes, track, found.offset, losses);
  if (!result) return undefined;
  const pieces = [element('Block', concat([result.clean.head, result.clean.body]))];
  for (const node of group!.children) {
    const isTime = node.name === 'BlockDuration' && (uint(node.bytes) ?? 2 ** 50) <= 2 ** 48;
    const isDistance =
      (node.name === 'ReferenceBlock' || node.name === 'DiscardPadding') && node.bytes.length <= 8;
    if (isTime || isDistance) pieces.push(element(node.name, node.bytes));
    if (node.name === 'BlockAdditions' && track.hasAlpha) pieces.push(...rewriteAlpha(node, track));
  }
  const isKey = !child(group, 'ReferenceBlock');
  return { bytes: master('BlockGroup', ...pieces), track, at: head.time, isKey };
}

/** Of what lies beside a picture only its transparency, BlockAddID 1, stays. */
function rewriteAlpha(additions: Node, track: Track): Uint8Array[] {
  for (const more of additions.children) {
    const id = child(more, 'BlockAddID');
    const data = child(more, 'BlockAdditional');
    if (!data || (id && uint(id.bytes) !== 1)) continue;
    const clean = track.payload.frame(data.bytes).bytes;
    return [
      master(
        'BlockAdditions',
        master('BlockMore', uintElement('BlockAddID', 1), element('BlockAdditional', clean)),
      ),
    ];
  }
  return [];
}

/** Throws SayehError('corrupt') for a track that nothing speaks of: of what follows players show this or that. */
function countBlock(losses: Losses, track: number, { offset, end }: Element): void {
  if (!losses.unwanted.has(track))
    throw new SayehError('corrupt', `the block at byte ${offset} is of track ${track}, which is not there`);
  const before = losses.blocks.get(track);
  losses.blocks.set(track, { count: (before?.count ?? 0) + 1, bytes: (before?.bytes ?? 0) + end - offset });
}

function countHidden(losses: Losses, hidden: Hidden): void {
  const before = losses.hidden.get(hidden.what);
  if (before) before.count++;
  else losses.hidden.set(hidden.what, { count: 1, hidden });
}
