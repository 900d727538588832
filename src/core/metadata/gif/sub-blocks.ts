import type { ByteSource } from '../byte-source.ts';
import { copyOf } from '../still/bytes.ts';

const PIECE = 1 << 16;

/**
 * Follows chains of data sub-blocks (GIF89a section 15): each begins with its length, and a length of 0 ends the
 * chain. Reads ahead, for one read a sub-block would be slow.
 */
export class SubBlocks {
  #piece = new Uint8Array();
  #start = 0;

  constructor(readonly source: ByteSource) {}

  /** Where the chain that starts at `start` ends; undefined where the file ends first. */
  async end(start: number): Promise<number | undefined> {
    let at = start;
    while (at < this.source.size) {
      const length = await this.#byte(at);
      at += 1 + length;
      if (length === 0) return at;
    }
    return undefined;
  }

  async #byte(at: number): Promise<number> {
    if (at < this.#start || at >= this.#start + this.#piece.length) {
      this.#piece = copyOf(await this.source.read(at, PIECE));
      this.#start = at;
    }
    return this.#piece[at - this.#start] ?? 0;
  }
}

/** The content of a chain of sub-blocks, lengths taken out. */
export function joined(chain: Uint8Array): Uint8Array {
  const content = new Uint8Array(chain.length);
  let length = 0;
  for (let at = 0; at < chain.length && chain[at] > 0; at += 1 + chain[at]) {
    const piece = chain.subarray(at + 1, at + 1 + chain[at]);
    content.set(piece, length);
    length += piece.length;
  }
  return content.subarray(0, length);
}
