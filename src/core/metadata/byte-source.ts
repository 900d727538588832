/** Random access to a file's bytes, so that a parser never needs the whole of a long film in memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * Bytes [offset, offset + length), cut at the end of the file: the answer may be shorter than asked, never
   * longer. The array belongs to the caller until its next `read`. Offsets may exceed 2^32.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Fills `into` with the bytes from `offset` on and answers how many there are: fewer than asked only at the end
   * of the file. Absent where `read` costs no copy.
   */
  readonly readInto?: ((into: Uint8Array, offset: number) => Promise<number>) | undefined;
  /** The same at once, for a few KiB: a promise for each of a film's many small reads would cost more than they do. */
  readonly readNow?: ((into: Uint8Array, offset: number) => number) | undefined;
}

/** Where a rewritten file goes. */
export interface ByteSink {
  /** Bytes in order, each call after the last has resolved; they may change as soon as it has. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Replaces bytes that have been written. A film's sizes and index, which come first, are known last: where this
   * is absent the whole film waits in memory for them.
   */
  readonly overwrite?: ((offset: number, bytes: Uint8Array) => Promise<void>) | undefined;
}

/** A ByteSource over bytes already in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) =>
      bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}
