import { SIGNATURE } from '../../../core/metadata/png/chunks.ts';
import { pngChunks } from './png-chunks.ts';

/** Beside critical chunks, what colours and orientation depend on (PNG, 3rd edition, sections 11.2, 11.3.2). */
const NEEDED: ReadonlySet<string> = new Set(['tRNS', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP', 'sBIT', 'eXIf']);

/**
 * A PNG file without the chunks that its still picture does not need; other files as they are. libpng decompresses
 * every packed text, up to 8 MB each and a thousand of them, and libvips keeps them all: 1.5 MB of file took 3.5 GB
 * of memory. From where the structure is damaged the bytes stay as they are, for the decoder to refuse.
 */
export function plainPng(file: Uint8Array): Uint8Array {
  if (!SIGNATURE.every((byte, i) => file[i] === byte)) return file;
  const kept: Uint8Array[] = [];
  const seen = new Set<string>();
  let from = 0;
  for (const { type, start, end } of pngChunks(file)) {
    if (end > file.length) break;
    // Bit 5 of the first letter says that a decoder may pass the chunk over (section 5.4).
    const isCritical = (type.charCodeAt(0) & 0x20) === 0;
    if (!isCritical && (!NEEDED.has(type) || seen.has(type))) {
      kept.push(file.subarray(from, start));
      from = end;
    }
    seen.add(type);
    if (type === 'IEND') break;
  }
  return kept.length === 0 ? file : Buffer.concat([...kept, file.subarray(from)]);
}
