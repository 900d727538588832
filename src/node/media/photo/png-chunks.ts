import { SIGNATURE } from '../../../core/metadata/png/chunks.ts';

/** Length, type and CRC. */
const AROUND_DATA = 12;

/** Where a chunk of a PNG lies (PNG, 3rd edition, section 5.3), from its length up to and with its CRC. */
export interface PngChunk {
  readonly type: string;
  readonly start: number;
  /** Beyond the file where the chunk is cut off. */
  readonly end: number;
}

/** The chunks of a PNG in memory, by what each says of its own length; the first that is cut off is the last. */
export function* pngChunks(file: Uint8Array): Generator<PngChunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let start = SIGNATURE.length; start + AROUND_DATA <= file.length; ) {
    const type = String.fromCharCode(...file.subarray(start + 4, start + 8));
    const end = start + AROUND_DATA + view.getUint32(start);
    yield { type, start, end };
    start = end;
  }
}
