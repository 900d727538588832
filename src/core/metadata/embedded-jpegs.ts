import type { ByteSource } from './byte-source.ts';
import type { Part } from './format.ts';
import { inBlocks } from './still/blocks.ts';

/** A JPEG picture that a file carries beside its own: a thumbnail, a preview, a picture from before an edit. */
export interface EmbeddedJpeg {
  /** The path of the part in which it begins. */
  readonly part: string;
  /** Starts with the picture and may go on after its end. */
  readonly bytes: Uint8Array;
}

/** Real files carry up to four; what is longer than a preview is no thumbnail. */
const MOST = 8;
const LONGEST = 8 << 20;
const LARGEST_PART = 16 << 20;
const CODED = /coded|media data|pages?\b.*pixels|picture (or|and) sound|frames?$|\bSimpleBlock|\bBlockGroup/i;

/** Whether a part, by what `walk` calls it, is coded picture or sound: what looks like a picture there is the picture. */
export const isCoded = (what: string): boolean => CODED.test(what);

/**
 * Finds pictures by how they begin, wherever they are: an EXIF block, maker notes, a Photoshop block, an item, after
 * the end. So none of these need be understood. Those that are cut into pieces, as in JUMBF segments, come out broken.
 */
export async function embeddedJpegs(file: ByteSource, parts: readonly Part[]): Promise<EmbeddedJpeg[]> {
  const source = inBlocks(file);
  const found: EmbeddedJpeg[] = [];
  for (const { path, offset, length, what } of parts) {
    if (isCoded(what) || length > LARGEST_PART) continue;
    const bytes = new Uint8Array(await source.read(offset, length));
    for (let at = nextJpeg(bytes, offset === 0 ? 1 : 0); at >= 0; at = nextJpeg(bytes, at + 3)) {
      // A picture after the end is divided into parts of its own: it goes on beyond this one.
      found.push({ part: path, bytes: new Uint8Array(await source.read(offset + at, LONGEST)) });
      if (found.length >= MOST) return found;
    }
  }
  return found;
}

/**
 * Where the next picture begins, -1 for nowhere: start of image, then a marker that may follow it (a table, a frame
 * or an application segment).
 */
export function nextJpeg(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] !== 0xd8 || (at + 2 < bytes.length && bytes[at + 2] !== 0xff)) continue;
    const marker = bytes[at + 3] ?? 0xe0;
    if (marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xda)) return at;
  }
  return -1;
}
