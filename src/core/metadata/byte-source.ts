/** Random access to a file's bytes, so that a parser never needs the whole of a long film in memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * Bytes [offset, offset + length), cut at the end of the file: the answer may be shorter than asked, never
   * longer. The array belongs to the caller until its next `read`. Offsets may exceed 2^32.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Where a rewritten file goes: bytes in order, each call after the last has resolved. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A ByteSource over bytes already in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) =>
      bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}
