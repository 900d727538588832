import type { Detection } from '../detect/detection.ts';
import type { Look, LookKind } from './frame-looks.ts';

/** Numbers of one detection: x, y, width, height, score. */
const NUMBERS = 5;
/** Numbers that are kept in one piece; a piece is begun when the last is full. */
const PIECE = NUMBERS * 8192;

/**
 * Keeps what the looks at a film found, packed: as objects a detection takes nearly 200 bytes, here 20, and two
 * hours of a crowd have ten million. Numbers are rounded to single precision, which is what networks answer in: a
 * thousandth of a pixel at most.
 */
export class LookStore {
  #piece = new Float32Array(0);
  #used = 0;

  /** The look as it is to be kept. Its `detections` are made anew each time they are asked for. */
  keep(kind: LookKind, detections: readonly Detection[]): Look {
    const size = detections.length * NUMBERS;
    if (this.#used + size > this.#piece.length) {
      this.#piece = new Float32Array(Math.max(PIECE, size));
      this.#used = 0;
    }
    const look = new PackedLook(kind, this.#piece, this.#used, detections.length);
    for (const { box, score } of detections) {
      for (const value of [box.x, box.y, box.width, box.height, score]) this.#piece[this.#used++] = value;
    }
    return look;
  }
}

class PackedLook implements Look {
  readonly kind: LookKind;
  readonly #values: Float32Array;
  readonly #from: number;
  readonly #count: number;

  constructor(kind: LookKind, values: Float32Array, from: number, count: number) {
    this.kind = kind;
    this.#values = values;
    this.#from = from;
    this.#count = count;
  }

  get detections(): Detection[] {
    const values = this.#values;
    return Array.from({ length: this.#count }, (_, i) => {
      const at = this.#from + i * NUMBERS;
      const box = { x: values[at], y: values[at + 1], width: values[at + 2], height: values[at + 3] };
      return { box, score: values[at + 4] };
    });
  }
}
