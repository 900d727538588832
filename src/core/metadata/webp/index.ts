import type { Format } from '../format.ts';
import { partsOf, readChunks } from './chunks.ts';
import { inspect } from './inspect.ts';
import { strip } from './strip.ts';
import { verify } from './verify.ts';

/** WebP, still and animated: RFC 9649. */
export const webp: Format = {
  walk: async (source) => partsOf(await readChunks(source)),
  inspect,
  verify,
  strip,
};
