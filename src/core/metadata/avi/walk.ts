import type { Part } from '../format.ts';
import { allZero } from '../matroska/text.ts';
import { type RiffLeaf, walkRiff } from '../riff.ts';
import type { Window } from '../window.ts';
import { rowOf } from './allowlist.ts';
import { LABELS } from './labels.ts';
import { isInMovie, parseChunkId, placeOf } from './movi.ts';

/** No honest film has this many parts once runs are joined; a file made to take the machine could. */
const MOST_PARTS = 1_000_000;

/** Lists every part; frames come by the ten thousand, so a run of them is one part. */
export async function walkChunks(window: Window): Promise<Part[]> {
  const parts: Part[] = [];
  let run: { offset: number; end: number; count: number } | undefined;
  const endRun = () => {
    if (!run) return;
    const { offset, end, count } = run;
    parts.push({
      path: 'AVI/movi/frames',
      offset,
      length: end - offset,
      what: `${count} × picture or sound`,
    });
    run = undefined;
  };
  for await (const leaf of walkRiff(window)) {
    if (parts.length > MOST_PARTS) {
      const length = window.size - leaf.offset;
      parts.push({
        path: 'more parts than can be listed',
        offset: leaf.offset,
        length,
        what: 'not looked at',
      });
      return parts;
    }
    if (leaf.kind === 'chunk' && isInMovie(leaf) && parseChunkId(leaf.id) && !leaf.truncated) {
      run ??= { offset: leaf.offset, end: leaf.offset, count: 0 };
      run.end = leaf.offset + leaf.length;
      run.count++;
      continue;
    }
    endRun();
    parts.push({
      path: placeOf(leaf),
      offset: leaf.offset,
      length: leaf.length,
      what: await describe(window, leaf),
    });
  }
  endRun();
  return numberSiblings(parts);
}

async function describe(window: Window, leaf: RiffLeaf): Promise<string> {
  if (leaf.kind === 'stray') return leaf.inside.length === 0 ? 'data after the end' : 'bytes between chunks';
  if (leaf.truncated) return 'damaged: larger than what holds it';
  if (leaf.kind === 'list') return 'head of a list';
  if (leaf.id === 'JUNK') {
    const start = await window.upTo(leaf.dataOffset, Math.min(leaf.dataLength, 4096));
    return allZero(start) ? 'padding' : 'padding with content';
  }
  return LABELS[leaf.id]?.label ?? rowOf(placeOf(leaf))?.why ?? 'unknown chunk';
}

function numberSiblings(parts: readonly Part[]): Part[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    const count = seen.get(part.path) ?? 0;
    seen.set(part.path, count + 1);
    return count === 0 ? part : { ...part, path: `${part.path}[${count}]` };
  });
}
