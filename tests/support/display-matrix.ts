import { readFile, writeFile } from 'node:fs/promises';

/** The eight ways a picture can be stored, as the a, b, c, d of a track header's matrix. */
export const ORIENTATIONS = {
  upright: [1, 0, 0, 1],
  mirrored: [-1, 0, 0, 1],
  'upside down': [-1, 0, 0, -1],
  'upside down, mirrored': [1, 0, 0, -1],
  'turned left, mirrored': [0, 1, 1, 0],
  'turned left': [0, 1, -1, 0],
  'turned right, mirrored': [0, -1, -1, 0],
  'turned right': [0, -1, 1, 0],
} as const;
export type OrientationName = keyof typeof ORIENTATIONS;

/** Overwrites the matrix of the first track header of an MP4 (version 0, as FFmpeg writes it). */
export async function setDisplayMatrix(file: string, name: OrientationName): Promise<void> {
  const bytes = await readFile(file);
  const header = bytes.indexOf('tkhd', 0, 'latin1');
  const at = header + 4 + 4 + 20 + 8 + 8; // past version, times, identifiers, duration, layers
  const [a, b, c, d] = ORIENTATIONS[name];
  for (const [index, value] of [a, b, 0, c, d, 0].entries())
    bytes.writeInt32BE(value * 0x10000, at + index * 4);
  await writeFile(file, bytes);
}
