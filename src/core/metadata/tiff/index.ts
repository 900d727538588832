import type { ByteSource } from '../byte-source.ts';
import { readTiff } from '../exif/ifd.ts';
import type { Format, Part } from '../format.ts';
import { numberSiblings } from '../still/number-siblings.ts';
import { claims, tile } from './claims.ts';
import { inspect } from './inspect.ts';
import { strip } from './strip.ts';
import { verify } from './verify.ts';

/** TIFF and BigTIFF, of one page or several: TIFF 6.0 (Adobe 1992). */
export const tiff: Format = { walk, inspect, verify, strip };

async function walk(source: ByteSource): Promise<Part[]> {
  const structure = await readTiff(source);
  if (!structure)
    return [{ path: 'damaged', offset: 0, length: source.size, what: 'damaged: no TIFF header' }];
  const leaves = tile(await claims(source, structure), source.size);
  const paths = numberSiblings(leaves.map(({ path }) => path));
  return leaves.map((leaf, i) => ({ ...leaf, path: paths[i] }));
}
