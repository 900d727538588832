import type { ByteSource } from '../byte-source.ts';

/** A ByteSource over a stretch of another one: a block inside a file, with offsets of its own. */
export function windowOf(source: ByteSource, offset: number, length: number): ByteSource {
  const size = Math.max(0, Math.min(length, source.size - offset));
  return {
    size,
    read: (at, wanted) => {
      const start = Math.min(at, size);
      return source.read(offset + start, Math.min(wanted, size - start));
    },
  };
}
