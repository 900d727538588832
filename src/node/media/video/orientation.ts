/** How a stored picture must be turned to stand upright, as the filters of FFmpeg that do it. */
export interface Orientation {
  /** Filters in order; empty for a picture that is upright as stored. */
  readonly filters: readonly { name: string; args: string }[];
  /** True where width and height change places. */
  readonly swapsSides: boolean;
}

const UPRIGHT: Orientation = { filters: [], swapsSides: false };
const hflip = { name: 'hflip', args: '' };
const turn = (dir: string) => ({ name: 'transpose', args: `dir=${dir}` });
const transpose = (dir: string): Orientation => ({ filters: [turn(dir)], swapsSides: true });
// FFmpeg's vflip only turns the rows' order in memory, which nothing after it expects; two turns move samples.
const upsideDown: Orientation = { filters: [turn('clock'), turn('clock')], swapsSides: false };
const mirroredRows: Orientation = { filters: [turn('cclock_flip'), turn('cclock')], swapsSides: false };

/** Keyed by the signs of the matrix's a, b, c, d: x' = a x + c y, y' = b x + d y. */
const BY_SIGNS: Record<string, Orientation> = {
  '1,0,0,1': UPRIGHT,
  '-1,0,0,1': { filters: [hflip], swapsSides: false },
  '1,0,0,-1': mirroredRows,
  '-1,0,0,-1': upsideDown,
  '0,1,-1,0': transpose('clock'),
  '0,-1,1,0': transpose('cclock'),
  '0,1,1,0': transpose('cclock_flip'),
  '0,-1,-1,0': transpose('clock_flip'),
};

/**
 * Reads a display matrix (ISO/IEC 14496-12 section 8.3.2: nine 32-bit fixed-point numbers, as FFmpeg's
 * AV_PKT_DATA_DISPLAYMATRIX holds them in the machine's byte order). Turns by other than quarters are drawn
 * as stored, as players do.
 */
export function orientationOf(displayMatrix: Uint8Array | null): Orientation {
  if (!displayMatrix || displayMatrix.length < 36) return UPRIGHT;
  const bytes = new Uint8Array(displayMatrix.subarray(0, 36));
  const m = new Int32Array(bytes.buffer);
  const signs = [m[0], m[1], m[3], m[4]].map((value) => Math.sign(value));
  return BY_SIGNS[signs.join(',')] ?? UPRIGHT;
}
