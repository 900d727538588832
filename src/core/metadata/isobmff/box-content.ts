import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Box } from './box-tree.ts';
import { FieldReader } from './field-reader.ts';

/** Largest box read whole: the sample sizes of a day of video at 60 frames a second take 21 MB. */
const MAX_CONTENT = 64 << 20;

/** A leaf's content, or what a container holds before its first inner box, without size and type. A copy. */
export async function contentOf(source: ByteSource, box: Box): Promise<Uint8Array> {
  const plain = plainHeaderLength(box);
  const start = box.offset + plain;
  const length = box.children ? box.headerLength - plain : box.length - plain;
  if (length > MAX_CONTENT)
    throw new SayehError('too-large', `${box.path} is ${length} bytes long; the limit is ${MAX_CONTENT}`);
  const bytes = await source.read(start, length);
  if (bytes.length < length)
    throw new SayehError('corrupt', `${box.path} is cut short by the end of the file`);
  return bytes.slice();
}

/** A reader over a leaf's content. */
export async function fieldsOf(source: ByteSource, box: Box): Promise<FieldReader> {
  return new FieldReader(await contentOf(source, box), box.path);
}

/** A container's header includes fields of its own; this is the part that any box has. */
function plainHeaderLength(box: Box): number {
  if (!box.children) return box.headerLength;
  return box.wide ? 16 : 8;
}
