/** Coded pictures by what they show, up to so many bytes; the one not asked for longest goes first. */
export class PictureCache {
  readonly #budget: number;
  readonly #pictures = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#pictures.has(key);
  }

  get(key: string): Uint8Array | undefined {
    const picture = this.#pictures.get(key);
    if (picture) {
      this.#pictures.delete(key);
      this.#pictures.set(key, picture);
    }
    return picture;
  }

  set(key: string, picture: Uint8Array): void {
    this.#forget(key);
    this.#pictures.set(key, picture);
    this.#bytes += picture.length;
    for (const oldest of this.#pictures.keys()) {
      if (this.#bytes <= this.#budget) break;
      this.#forget(oldest);
    }
  }

  clear(): void {
    this.#pictures.clear();
    this.#bytes = 0;
  }

  #forget(key: string): void {
    this.#bytes -= this.#pictures.get(key)?.length ?? 0;
    this.#pictures.delete(key);
  }
}
