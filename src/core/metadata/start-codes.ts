/** The bytes 00 01 as one number of two bytes, in the order of this machine. */
const ZERO_ONE = new Uint16Array(Uint8Array.of(0, 1).buffer)[0];

/** Where 00 00 01 next lies in `bytes` from a place on, or -1. */
export type FindStartCode = (bytes: Uint8Array, from: number) => number;

let find: FindStartCode | undefined;

/** Lets the platform search where it can do so faster than JavaScript, with the same answers. */
export function useFinder(faster: FindStartCode): void {
  find = faster;
}

/** Where 00 00 01 lies in `bytes`, in order. */
export function startCodes(bytes: Uint8Array): number[] {
  if (!find) return startCodesByPairs(bytes);
  const found: number[] = [];
  for (let at = find(bytes, 0); at >= 0; at = find(bytes, at + 3)) found.push(at);
  return found;
}

/**
 * The same on any platform. The search of typed arrays for one value runs at the speed of memory, so pairs of bytes
 * are searched: a code on an even place begins with the pair 00 00, one on an odd place ends with the pair 00 01.
 */
export function startCodesByPairs(bytes: Uint8Array): number[] {
  if (bytes.length < 3) return [];
  // Pairs can only be seen on even addresses.
  const shift = bytes.byteOffset & 1;
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset + shift, (bytes.length - shift) >> 1);
  const even = startingPairs(bytes, pairs, shift);
  const odd = endingPairs(bytes, pairs, shift);
  return even.length === 0 ? odd : odd.length === 0 ? even : merge(even, odd);
}

function startingPairs(bytes: Uint8Array, pairs: Uint16Array, shift: number): number[] {
  const found: number[] = [];
  for (let pair = pairs.indexOf(0); pair >= 0; ) {
    const at = pair * 2 + shift;
    // The end of a row of zeros is what counts; to search on from each would take long in a long one.
    let end = at + 2;
    while (bytes[end] === 0) end++;
    if (bytes[end] === 1 && (end - at) % 2 === 0) found.push(end - 2);
    pair = pairs.indexOf(0, (end - shift) >> 1);
  }
  return found;
}

function endingPairs(bytes: Uint8Array, pairs: Uint16Array, shift: number): number[] {
  const found: number[] = [];
  for (let pair = pairs.indexOf(ZERO_ONE); pair >= 0; pair = pairs.indexOf(ZERO_ONE, pair + 1)) {
    const at = pair * 2 + shift - 1;
    if (at >= 0 && bytes[at] === 0) found.push(at);
  }
  return found;
}

function merge(a: readonly number[], b: readonly number[]): number[] {
  const all: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; )
    if (j >= b.length || a[i] < b[j]) all.push(a[i++]);
    else all.push(b[j++]);
  return all;
}
