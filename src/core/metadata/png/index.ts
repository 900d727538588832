import type { Format } from '../format.ts';
import { partsOf, readChunks } from './chunks.ts';
import { inspect } from './inspect.ts';
import { strip } from './strip.ts';
import { verify } from './verify.ts';

/** PNG and APNG: Portable Network Graphics, 3rd edition (W3C 2025). */
export const png: Format = {
  walk: async (source) => partsOf(await readChunks(source)),
  inspect,
  verify,
  strip,
};
