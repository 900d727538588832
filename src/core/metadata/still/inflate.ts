import { copyOf } from './bytes.ts';

/**
 * Decompresses a zlib stream (RFC 1950), for a look at what a compressed text says. Stops at `limit` bytes, so
 * that a small bomb stays small; answers what could be read of a damaged stream.
 */
export async function inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  // What goes wrong on this side shows on the reading side too.
  writer.write(copyOf(compressed)).then(
    () => writer.close().catch(() => undefined),
    () => undefined,
  );
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  const whole = new Uint8Array(limit);
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      const piece = value.subarray(0, limit - length);
      whole.set(piece, length);
      length += piece.length;
    }
    await reader.cancel();
  } catch {
    // A damaged stream: what came before the damage is still worth reading.
  }
  return whole.slice(0, length);
}
