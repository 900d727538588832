/**
 * How much a picture changes around each sample: the largest minus the smallest of its 3x3 neighbours. Where that is
 * much, encoders err much. `out` and `scratch` are as long as `samples`.
 */
export function localRange(
  samples: Uint8Array,
  width: number,
  height: number,
  out: Uint8Array,
  scratch: { readonly least: Uint8Array; readonly most: Uint8Array },
): void {
  const { least, most } = scratch;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const left = samples[row + (x > 0 ? x - 1 : 0)];
      const here = samples[row + x];
      const right = samples[row + (x + 1 < width ? x + 1 : x)];
      least[row + x] = left < here ? (left < right ? left : right) : here < right ? here : right;
      most[row + x] = left > here ? (left > right ? left : right) : here > right ? here : right;
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = (y > 0 ? y - 1 : 0) * width;
    const below = (y + 1 < height ? y + 1 : y) * width;
    for (let x = 0; x < width; x++) {
      const high = Math.max(most[above + x], most[row + x], most[below + x]);
      out[row + x] = high - Math.min(least[above + x], least[row + x], least[below + x]);
    }
  }
}
