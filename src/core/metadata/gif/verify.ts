import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readPart } from '../still/copy.ts';
import { rowFor } from './allowlist.ts';
import { type Block, DESCRIPTOR, pathsOf, readBlocks } from './blocks.ts';
import { codedPixels } from './coded-pixels.ts';

/** Holds every block against the allowlist. */
export async function verify(source: ByteSource): Promise<Violation[]> {
  const blocks = await readBlocks(source);
  const paths = pathsOf(blocks);
  const violations: Violation[] = [];
  const seen = new Map<string, number>();
  for (const [i, block] of blocks.entries()) {
    const count = (seen.get(block.kind) ?? 0) + 1;
    seen.set(block.kind, count);
    const reason = (await objectionTo(source, block, count)) ?? placeProblem(blocks, i);
    if (reason) violations.push({ part: paths[i], reason });
  }
  if (!seen.has('image')) violations.push({ part: 'image', reason: 'there is no coded picture' });
  if (!seen.has('trailer')) violations.push({ part: 'trailer', reason: 'the file ends before its end mark' });
  return violations;
}

async function objectionTo(source: ByteSource, block: Block, count: number): Promise<string | undefined> {
  const row = rowFor(block);
  if (!row) return `${block.what} is not on the allowlist`;
  if (row.atMost !== undefined && count > row.atMost) return `${block.what} is there more than once`;
  const bytes = await readPart(source, block.offset, block.kind === 'image' ? DESCRIPTOR : block.length);
  const objection =
    row.objection({ block, bytes }) ??
    (block.kind === 'image' ? (await codedPixels(source, block)).problem : undefined);
  return objection && `${block.what}: ${objection}`;
}

/** A control speaks of the picture after it; one that has none would only hold bytes. */
function placeProblem(blocks: readonly Block[], i: number): string | undefined {
  if (blocks[i].kind !== 'control' || blocks[i + 1]?.kind === 'image') return undefined;
  return `${blocks[i].what}: no picture follows`;
}
