import { concat, copyOf } from './bytes.ts';

/** What decompressing may still make of one file: each stream has a limit of its own, and a file may hold very many. */
export class InflateBudget {
  /** In bytes; a stream counts for at least `LEAST`, for starting one takes time too. */
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /**
   * Decompresses a zlib stream (RFC 1950), for a look at what a compressed text says. Stops at `limit` bytes, so
   * that a small bomb stays small; answers what could be read of a damaged stream, and undefined where no more may
   * be made of this file.
   */
  async inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array | undefined> {
    if (this.#left <= 0) return undefined;
    const made = await inflate(compressed, limit);
    this.#left -= Math.max(LEAST, made.length);
    return made;
  }
}

const LEAST = 1 << 16;

async function inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  // What goes wrong on this side shows on the reading side too.
  writer.write(copyOf(compressed)).then(
    () => writer.close().catch(() => undefined),
    () => undefined,
  );
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      const piece = value.subarray(0, limit - length);
      pieces.push(piece);
      length += piece.length;
    }
    await reader.cancel();
  } catch {
    // A damaged stream: what came before the damage is still worth reading.
  }
  return concat(...pieces);
}
