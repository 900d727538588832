import { bytesInMemory } from '../byte-source.ts';
import { equal } from '../still/bytes.ts';
import { readNumbers, readTiff } from './ifd.ts';

/** How a stored picture is to be turned or mirrored to stand upright: 1 (not at all) to 8; Exif 3.0 section 4.6.5. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION = 0x0112;

/** The orientation that an EXIF block asks for; 1 where it asks for none or cannot be read. */
export async function orientationOf(block: Uint8Array): Promise<Orientation> {
  const source = bytesInMemory(block);
  const structure = await readTiff(source);
  const entry = structure?.ifds
    .find((ifd) => ifd.path === 'IFD[0]')
    ?.entries.find(({ tag }) => tag === ORIENTATION);
  if (!structure || !entry) return 1;
  const [value] = await readNumbers(source, structure, entry, 1);
  return isOrientation(value) ? value : 1;
}

export const isOrientation = (value: number | undefined): value is Orientation =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8;

/** The only EXIF block that a clean file may hold: one directory, one entry, the orientation. */
export function orientationBlock(orientation: Orientation): Uint8Array {
  return Uint8Array.from([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8], // MM, 42, the directory follows at once
    ...[0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], // SHORT
    ...[0, 0, 0, 0], // no further directory
  ]);
}

/** Whether a block is, byte for byte, one that `orientationBlock` makes for a picture that is not upright. */
export function isOrientationBlock(block: Uint8Array): boolean {
  const orientation = block[19];
  return isOrientation(orientation) && orientation !== 1 && equal(block, orientationBlock(orientation));
}

/** In words, for a note. */
export const orientationNote = (orientation: Orientation) =>
  `the picture is stored turned or mirrored, so an EXIF block with nothing but the orientation (${orientation}) stays`;
