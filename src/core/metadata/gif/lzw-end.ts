/** Where a picture's LZW data ends (GIF89a appendix F). */
export interface LzwExtent {
  /** Bytes of coded data, lengths of sub-blocks not counted. */
  readonly length: number;
  /** Codes, pixels and end fit: what follows is not the picture. */
  readonly whole: boolean;
}

const LARGEST_TABLE = 4096;

/**
 * Follows the codes without making pixels: only how many each stands for is kept. The data ends with its end code, or,
 * where a writer left that out, when all pixels are there.
 */
export function lzwExtent(data: Uint8Array, codeSize: number, pixels: number): LzwExtent {
  if (codeSize < 1 || codeSize > 11) return { length: 0, whole: false };
  const clear = 1 << codeSize;
  const end = clear + 1;
  const lengths = new Uint32Array(LARGEST_TABLE).fill(1, 0, clear);
  let width = codeSize + 1;
  let next = end + 1;
  let previous = -1;
  let left = pixels;
  let held = 0;
  let count = 0;
  let at = 0;
  let closing = false;
  for (;;) {
    while (count < width && at < data.length) {
      held |= data[at++] << count;
      count += 8;
    }
    if (count < width) return { length: at, whole: left <= 0 };
    // All pixels are there: only an end, perhaps after a clear, still belongs to them.
    const code = held & ((1 << width) - 1);
    if (left <= 0 && code !== end && (code !== clear || closing))
      return { length: at - (count >> 3), whole: true };
    held >>>= width;
    count -= width;
    if (code === end) return { length: at - (count >> 3), whole: true };
    if (code === clear) {
      width = codeSize + 1;
      next = end + 1;
      previous = -1;
      closing = left <= 0;
    } else {
      if (code > next || (code === next && previous < 0)) return { length: at, whole: false };
      const made = code === next ? lengths[previous] + 1 : lengths[code];
      left -= made;
      if (previous >= 0 && next < LARGEST_TABLE) {
        lengths[next++] = lengths[previous] + 1;
        if (next === 1 << width && width < 12) width++;
      }
      previous = code;
    }
  }
}
