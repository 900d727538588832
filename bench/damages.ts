/** Ways in which files come to harm, one after the other: cut off, bytes changed, a stretch zeroed, emptied, not media. */
export function damages(seed: number): (bytes: Uint8Array) => Uint8Array {
  let turn = 0;
  let state = seed >>> 0;
  /** A whole number below `end` (mulberry32). */
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % end;
  };
  const ways: ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)),
    (bytes) => {
      const changed = new Uint8Array(bytes);
      for (let i = 0; i < 20; i++) changed[below(changed.length)] = below(256);
      return changed;
    },
    (bytes) => {
      const changed = new Uint8Array(bytes);
      const from = below(changed.length);
      return changed.fill(0, from, from + 4096);
    },
    () => new Uint8Array(),
    () => new TextEncoder().encode('this is no photo, whatever its name says\n'.repeat(100)),
  ];
  return (bytes) => ways[turn++ % ways.length](bytes);
}
