import type { ByteSink } from '../byte-source.ts';

const PIECE = 1 << 20;

/** Gathers small writes into pieces of a mebibyte; each piece is a new array that the sink may keep. */
export class PieceWriter {
  private readonly sink: ByteSink;
  private piece = new Uint8Array(PIECE);
  private used = 0;

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, PIECE - this.used);
      this.piece.set(bytes.subarray(at, at + taken), this.used);
      this.used += taken;
      at += taken;
      if (this.used === PIECE) await this.flush();
    }
  }

  finish = (): Promise<void> => this.flush();

  private async flush(): Promise<void> {
    if (this.used === 0) return;
    const full = this.piece.subarray(0, this.used);
    this.piece = new Uint8Array(PIECE);
    this.used = 0;
    await this.sink.write(full);
  }
}
