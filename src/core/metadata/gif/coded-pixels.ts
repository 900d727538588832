import type { ByteSource } from '../byte-source.ts';
import { concat, u16le } from '../still/bytes.ts';
import { LARGEST_PART, readPart } from '../still/copy.ts';
import { type Block, DESCRIPTOR, tableLength } from './blocks.ts';
import { lzwExtent } from './lzw-end.ts';
import { joined } from './sub-blocks.ts';

/** A picture block looked into. */
export interface CodedPixels {
  /** Descriptor, colour table and code size: what comes before the coded data. */
  readonly head: Uint8Array;
  /** Coded data, lengths of sub-blocks taken out. */
  readonly data: Uint8Array;
  /** How much of it is the picture. */
  readonly length: number;
  /** Why it may not stay as it is, if so. */
  readonly problem?: string;
}

/** Follows a picture's codes to their end, for bytes may hide behind it. */
export async function codedPixels(source: ByteSource, { offset, length }: Block): Promise<CodedPixels> {
  const bytes = await readPart(source, offset, length);
  const start = DESCRIPTOR + tableLength(bytes[9]) + 1;
  const head = bytes.subarray(0, start);
  if (length > LARGEST_PART)
    return { head, data: new Uint8Array(), length: 0, problem: 'it is too large to be looked into' };
  const data = joined(bytes.subarray(start));
  const extent = lzwExtent(data, bytes[start - 1], u16le(bytes, 5) * u16le(bytes, 7));
  const tail = data.length - extent.length;
  if (tail === 0) return { head, data, length: data.length };
  const problem = extent.whole
    ? `${tail} bytes after the end of its pixels`
    : 'its coded pixels are damaged: nobody can tell where they end';
  return { head, data, length: extent.whole ? extent.length : 0, problem };
}

/** A picture block that ends where its pixels do. */
export function withoutTail({ head, data, length }: CodedPixels): Uint8Array {
  const pieces = [head];
  for (let at = 0; at < length; at += 255) {
    const piece = data.subarray(at, Math.min(at + 255, length));
    pieces.push(Uint8Array.of(piece.length), piece);
  }
  return concat(...pieces, Uint8Array.of(0));
}
