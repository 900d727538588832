import type { Channel } from '../channel.ts';

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * The channel's samples four at a time, the first in the lowest byte: sample (x, y), where x is a multiple of 4,
 * begins word `(y * stride + x) / 4`. Undefined where samples do not lie so; then they are taken one by one,
 * with the same outcome.
 */
export function wordsOf({ data, stride, step, offset }: Channel): Int32Array | undefined {
  const begin = data.byteOffset + offset;
  if (!LITTLE_ENDIAN || step !== 1 || stride % 4 !== 0 || begin % 4 !== 0) return undefined;
  return new Int32Array(data.buffer, begin, (data.length - offset) >> 2);
}
