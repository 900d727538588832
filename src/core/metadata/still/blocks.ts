import type { ByteSource } from '../byte-source.ts';

const BLOCK = 1 << 16;
/** Longer reads go to the file itself. */
const SMALL = 1 << 12;
const KEPT = 8;

/**
 * The same source, read in blocks of which a few are kept: the heads of chunks and segments, and the entries of
 * directories, are a few bytes each, and a hostile file has hundreds of thousands of them.
 */
export function inBlocks(source: ByteSource): ByteSource {
  const kept = new Map<number, Uint8Array>();
  const block = async (number: number): Promise<Uint8Array> => {
    const known = kept.get(number);
    if (known) return known;
    // What `read` answers belongs to us until the next one only.
    const bytes = (await source.read(number * BLOCK, BLOCK)).slice();
    const [oldest] = kept.keys();
    if (kept.size >= KEPT) kept.delete(oldest);
    kept.set(number, bytes);
    return bytes;
  };
  return {
    size: source.size,
    async read(offset, length) {
      const number = Math.floor(offset / BLOCK);
      const from = offset - number * BLOCK;
      if (length > SMALL || from + length > BLOCK) return source.read(offset, length);
      return (await block(number)).slice(from, from + length);
    },
  };
}
