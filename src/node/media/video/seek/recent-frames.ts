import type { av } from '../ffmpeg.ts';

/** Decoded frames kept for those who step back, up to so many bytes; the oldest goes first. */
export class RecentFrames {
  readonly #budget: number;
  readonly #frames = new Map<number, { frame: av.Frame; bytes: number }>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** A reference of the caller's own, to be freed; undefined where the frame is not here. */
  get(index: number): av.Frame | undefined {
    const kept = this.#frames.get(index);
    if (!kept) return undefined;
    this.#frames.delete(index); // asked for again: the youngest now
    this.#frames.set(index, kept);
    return kept.frame.clone() ?? undefined;
  }

  /** Keeps a reference of its own. */
  keep(index: number, frame: av.Frame): void {
    if (this.#frames.has(index)) return;
    const clone = frame.clone();
    if (!clone) return;
    const bytes = sizeOf(frame);
    this.#frames.set(index, { frame: clone, bytes });
    this.#bytes += bytes;
    for (const [oldest, { frame: old, bytes: freed }] of this.#frames) {
      if (this.#bytes <= this.#budget || this.#frames.size === 1) break;
      old.free();
      this.#bytes -= freed;
      this.#frames.delete(oldest);
    }
  }

  clear(): void {
    for (const { frame } of this.#frames.values()) frame.free();
    this.#frames.clear();
    this.#bytes = 0;
  }
}

/** Bytes of a frame's planes; chroma planes are taken as no smaller than half as high, so rather too many. */
function sizeOf(frame: av.Frame): number {
  const strides = frame.linesize.filter((stride) => stride > 0);
  return strides.reduce(
    (sum, stride, plane) => sum + stride * (plane === 0 ? frame.height : frame.height / 2),
    0,
  );
}
