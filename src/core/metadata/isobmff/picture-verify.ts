import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readBoxTree } from './box-tree.ts';
import { checkBoxes } from './check-boxes.ts';
import { checkPicture } from './check-picture.ts';
import { readItems } from './items.ts';
import { PICTURE_ALLOWLIST } from './picture-allowlist.ts';

/** Checks a picture file: its boxes one by one, its items against each other, and every coded item. */
export async function verifyPicture(source: ByteSource): Promise<Violation[]> {
  const boxes = await readBoxTree(source);
  const violations = await checkBoxes(source, boxes, PICTURE_ALLOWLIST, ['mdat', 'meta/idat']);
  if (boxes[0]?.type !== 'ftyp') violations.push({ part: 'ftyp', reason: 'the file does not start with it' });
  try {
    const picture = await readItems(source, boxes);
    if (!picture) violations.push({ part: 'meta', reason: 'there are no items' });
    else violations.push(...(await checkPicture(source, boxes, picture)));
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
    violations.push({ part: 'meta', reason: error.message });
  }
  return violations;
}
