/** One component of a picture's samples: sample (x, y) is `data[offset + y * stride + x * step]`. */
export interface Channel {
  readonly data: Uint8Array;
  /** In samples. */
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Bytes from one sample to the next: 1 in a plane of its own, 3 in RGB, 4 in RGBA, 2 in NV12's chroma. */
  readonly step: number;
  /** Where the first sample lies. */
  readonly offset: number;
}
