import { latin1, u16be, u32be } from '../still/bytes.ts';

/** One image resource block ("Photoshop File Formats", Adobe 2019, "Image Resources Section"). */
export interface ImageResource {
  readonly id: number;
  readonly data: Uint8Array;
}

/** The resources of a Photoshop block; stops where it is damaged. */
export function imageResources(bytes: Uint8Array): ImageResource[] {
  const resources: ImageResource[] = [];
  let at = 0;
  while (at + 12 <= bytes.length && /^(8BIM|PHUT|AgHg|DCSR|MeSa)$/.test(latin1(bytes, at, at + 4))) {
    const id = u16be(bytes, at + 4);
    // A Pascal string, padded so that with its length byte it is of even length.
    const nameLength = (bytes[at + 6] + 2) & ~1;
    const sizeAt = at + 6 + nameLength;
    if (sizeAt + 4 > bytes.length) break;
    const size = u32be(bytes, sizeAt);
    const start = sizeAt + 4;
    resources.push({ id, data: bytes.subarray(start, start + size) });
    at = start + size + (size % 2);
  }
  return resources;
}
