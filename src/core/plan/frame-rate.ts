/** Where a film does not say how fast it runs. */
const USUAL = 25;

/** Frames a second to reckon with. */
export function frameRateOf({ frameRate }: { readonly frameRate: number }): number {
  return frameRate || USUAL;
}
