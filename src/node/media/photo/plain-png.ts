const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and CRC. */
const AROUND_DATA = 12;
/** Beside critical chunks, what colours and orientation depend on (PNG, 3rd edition, sections 11.2, 11.3.2). */
const NEEDED: ReadonlySet<string> = new Set(['tRNS', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP', 'sBIT', 'eXIf']);

/**
 * A PNG file without the chunks that its still picture does not need; other files as they are. libpng decompresses
 * every packed text, up to 8 MB each and a thousand of them, and libvips keeps them all: 1.5 MB of file took 3.5 GB
 * of memory. From where the structure is damaged the bytes stay as they are, for the decoder to refuse.
 */
export function plainPng(file: Uint8Array): Uint8Array {
  if (!SIGNATURE.every((byte, i) => file[i] === byte)) return file;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept: Uint8Array[] = [];
  const seen = new Set<string>();
  let start = 0;
  let at = SIGNATURE.length;
  while (at + AROUND_DATA <= file.length) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const end = at + AROUND_DATA + view.getUint32(at);
    if (end > file.length) break;
    // Bit 5 of the first letter says that a decoder may pass the chunk over (section 5.4).
    const isCritical = (file[at + 4] & 0x20) === 0;
    if (!isCritical && (!NEEDED.has(type) || seen.has(type))) {
      kept.push(file.subarray(start, at));
      start = end;
    }
    seen.add(type);
    at = end;
    if (type === 'IEND') break;
  }
  return kept.length === 0 ? file : Buffer.concat([...kept, file.subarray(start)]);
}
