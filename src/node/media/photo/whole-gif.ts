import { SayehError } from '../../../core/errors.ts';
import { bytesInMemory } from '../../../core/metadata/byte-source.ts';
import { readBlocks } from '../../../core/metadata/gif/blocks.ts';

/** libvips reads a GIF as far as it goes and calls that all, so its end is looked for here. Throws SayehError('corrupt'). */
export async function refuseCutGif(file: Uint8Array, name: string): Promise<void> {
  const damage = (await readBlocks(bytesInMemory(file))).find(({ kind }) => kind === 'damaged');
  if (damage) throw new SayehError('corrupt', `${name} is damaged or cut off (${damage.what})`);
}
