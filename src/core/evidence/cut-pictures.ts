import { nextJpeg } from '../metadata/embedded-jpegs.ts';

/** A stretch of bytes: from `at`, `length` of them. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

/**
 * What of a part's bytes is kept. Where it is said to hold a picture and none is found, it holds one of another
 * type, and nothing is kept.
 */
export function stretchesToKeep(
  bytes: Uint8Array,
  holdsPicture: boolean,
): { readonly kept: Stretch[]; readonly pictures: Stretch[] } {
  const cut = cutPictures(bytes);
  return holdsPicture && cut.pictures.length === 0 ? { kept: [], pictures: [] } : cut;
}

/**
 * Divides a part's bytes into what is kept and the JPEG pictures in it, which are not: a thumbnail shows the faces
 * that the published file covers. A picture is taken to end with the last end mark before the next one begins,
 * or where there is none with the part: rather too much is cut than a rest of it kept.
 */
export function cutPictures(bytes: Uint8Array): { readonly kept: Stretch[]; readonly pictures: Stretch[] } {
  const starts: number[] = [];
  for (let at = nextJpeg(bytes, 0); at >= 0; at = nextJpeg(bytes, at + 3)) starts.push(at);
  const kept: Stretch[] = [];
  const pictures: Stretch[] = [];
  let from = 0;
  for (const [index, at] of starts.entries()) {
    if (at < from) continue;
    const limit = starts[index + 1] ?? bytes.length;
    const end = lastEndMark(bytes, at, limit) ?? limit;
    if (at > from) kept.push({ at: from, length: at - from });
    pictures.push({ at, length: end - at });
    from = end;
  }
  if (bytes.length > from) kept.push({ at: from, length: bytes.length - from });
  return { kept, pictures };
}

/** Where the last EOI marker (ITU-T T.81 B.1.1.3) in bytes [from, to) ends. */
function lastEndMark(bytes: Uint8Array, from: number, to: number): number | undefined {
  for (let at = to - 2; at > from; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return at + 2;
  return undefined;
}
