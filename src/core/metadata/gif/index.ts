import type { Format } from '../format.ts';
import { partsOf, readBlocks } from './blocks.ts';
import { inspect } from './inspect.ts';
import { strip } from './strip.ts';
import { verify } from './verify.ts';

/** GIF, still and animated: GIF89a (CompuServe 1990). */
export const gif: Format = {
  walk: async (source) => partsOf(await readBlocks(source)),
  inspect,
  verify,
  strip,
};
