/** Where an ISO base media file names its major brand. */
const BRAND_AT = 8;

/** Whether an AVIF file is foremost an image sequence: AV1 Image File Format 1.1 section 6.2. */
export function isAnimatedAvif(file: Uint8Array): boolean {
  return String.fromCharCode(...file.subarray(BRAND_AT, BRAND_AT + 4)) === 'avis';
}

/** A copy that calls itself a still picture. libvips knows AVIF by that brand only, although it reads both alike. */
export function asStillAvif(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy.set(new TextEncoder().encode('avif'), BRAND_AT);
  return copy;
}
