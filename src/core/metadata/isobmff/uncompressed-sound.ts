import type { ByteSource } from '../byte-source.ts';
import { type Box, readBoxTree } from './box-tree.ts';
import { UNCOMPRESSED } from './movie-allowlist.ts';

/** Whether a film's sound, or some of it, is of QuickTime's uncompressed kinds, which have no place in MP4. */
export async function hasUncompressedSound(source: ByteSource): Promise<boolean> {
  const isOrHolds = ({ type, path, children = [] }: Box): boolean =>
    (path.includes('/stsd/') && (UNCOMPRESSED as readonly string[]).includes(type)) ||
    children.some(isOrHolds);
  return (await readBoxTree(source)).some(isOrHolds);
}
