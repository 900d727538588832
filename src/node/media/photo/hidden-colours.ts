/**
 * Blackens, in place, the colour of RGBA pixels that are wholly transparent. Editors that "erase" a face often only
 * clear its alpha: the colours stay in the file and come back when someone drops the alpha.
 */
export function dropHiddenColours(rgba: Uint8Array): void {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] === 0) rgba.fill(0, at, at + 3);
  }
}
