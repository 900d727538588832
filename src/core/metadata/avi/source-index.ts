import type { RiffChunk } from '../riff.ts';
import type { Window } from '../window.ts';
import { u16, u32 } from './little-endian.ts';

const KEY = 0x10;
const NOT_KEY = 0x8000_0000;

/** Which chunks of the source are key frames, by the offset of their header. Empty without an index. */
export type KeyFrames = Set<number>;

/**
 * Reads `idx1` (AVIOLDINDEX). Offsets count from the word `movi` or from the start of the file: the first entry
 * tells, since it must be the first chunk.
 */
export async function readOldIndex(
  window: Window,
  leaf: RiffChunk,
  movi: number,
  keys: KeyFrames,
): Promise<void> {
  const first = leaf.dataLength >= 16 ? u32(await window.exactly(leaf.dataOffset, 16), 8) : 0;
  const base = first >= movi ? 0 : movi;
  for (let at = 0; at + 16 <= leaf.dataLength; at += 16) {
    const entry = await window.exactly(leaf.dataOffset + at, 16);
    if (u32(entry, 4) & KEY) keys.add(base + u32(entry, 8));
  }
}

/** Reads `ix##` (AVISTDINDEX, OpenDML AVI section 3): offsets of data, a set top bit for what is no key frame. */
export async function readStandardIndex(window: Window, leaf: RiffChunk, keys: KeyFrames): Promise<void> {
  if (leaf.dataLength < 24) return;
  const head = await window.exactly(leaf.dataOffset, 24);
  if (u16(head, 0) !== 2 || head[3] !== 1) return;
  const count = Math.min(u32(head, 4), Math.floor((leaf.dataLength - 24) / 8));
  const base = u32(head, 12) + u32(head, 16) * 2 ** 32;
  for (let i = 0; i < count; i++) {
    const entry = await window.exactly(leaf.dataOffset + 24 + i * 8, 8);
    if (u32(entry, 4) < NOT_KEY) keys.add(base + u32(entry, 0) - 8);
  }
}
