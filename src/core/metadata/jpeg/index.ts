import type { Format } from '../format.ts';
import { inspect } from './inspect.ts';
import { strip } from './strip.ts';
import { partsOf, readStructure } from './structure.ts';
import { verify } from './verify.ts';

/** JPEG: Rec. ITU-T T.81, JFIF (T.871), EXIF, and what follows the end marker. */
export const jpeg: Format = {
  walk: async (source) => partsOf(await readStructure(source)),
  inspect,
  verify,
  strip,
};
