/** Bytes that come in small pieces and are wanted as one. */
export class Growing {
  length = 0;
  #bytes = new Uint8Array(1 << 14);

  push(piece: Uint8Array): void {
    const needed = this.length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.length);
    this.length = needed;
  }

  /** Everything so far; a view that holds until `clear` or the next `push`. */
  whole(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Empties it and keeps the room. */
  clear(): void {
    this.length = 0;
  }
}
