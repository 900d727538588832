import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readPart } from '../still/copy.ts';
import { ALLOWED, rowFor } from './allowlist.ts';
import { scanTails } from './scan-tails.ts';
import type { Segment } from './segments.ts';
import { type JpegStructure, readStructure } from './structure.ts';

/** Holds every segment against the allowlist. */
export async function verify(source: ByteSource): Promise<Violation[]> {
  const structure = await readStructure(source);
  return [
    ...(await segmentViolations(source, structure)),
    ...missing(structure),
    ...structure.trailer.map(({ what }, i) => ({ part: structure.trailerPaths[i], reason: what })),
  ];
}

async function segmentViolations(
  source: ByteSource,
  { segments, paths }: JpegStructure,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const seen = new Map<string, number>();
  for (const [offset, length] of await scanTails(source, segments))
    violations.push({
      part: paths[segments.findIndex((segment) => segment.offset === offset)],
      reason: `${length} bytes behind the last block of the coded picture`,
    });
  for (const [i, segment] of segments.entries()) {
    const count = (seen.get(segment.name) ?? 0) + 1;
    seen.set(segment.name, count);
    const reason = await objectionTo(source, segment, count);
    if (reason) violations.push({ part: paths[i], reason });
  }
  return violations;
}

/** Why a segment, the `count`-th of its name, may not be in a clean file. */
export async function objectionTo(
  source: ByteSource,
  segment: Segment,
  count = 1,
): Promise<string | undefined> {
  const row = rowFor(segment);
  if (!row) return `${segment.what} is not on the allowlist`;
  if (row.atMost !== undefined && count > row.atMost) return `${segment.name} is there more than once`;
  const data =
    segment.name === 'scan'
      ? new Uint8Array()
      : await readPart(source, segment.dataOffset, segment.dataLength);
  const objection = row.objection({ segment, data });
  return objection && `${segment.what}: ${objection}`;
}

/** A file without a frame or scan is no picture. */
function missing({ segments }: JpegStructure): Violation[] {
  const has = (test: (name: string) => boolean) => segments.some(({ name }) => test(name));
  const isFrame = (name: string) => name.startsWith('SOF') && ALLOWED.some(({ part }) => part === name);
  if (has(isFrame) && has((name) => name === 'scan') && has((name) => name === 'EOI')) return [];
  return [{ part: 'EOI', reason: 'the file holds no whole picture' }];
}
