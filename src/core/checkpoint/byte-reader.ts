/** Reads what a ByteWriter wrote. Throws RangeError past the end. */
export class ByteReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#view.byteLength - this.#at;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  count(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  single(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  #take(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
}
