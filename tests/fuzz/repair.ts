import type { MediaFormat } from '../../src/core/media-type.ts';
import { crc32 } from '../../src/core/metadata/png/crc.ts';
import { repairTransport } from './structure/transport.ts';

/** Makes checksums and the length of the whole fit again. Changes the bytes given, and answers them. */
export function repair(bytes: Uint8Array, format: MediaFormat): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (format === 'png')
    for (let at = 8; at + 12 <= bytes.length; ) {
      const end = at + 8 + view.getUint32(at);
      if (end + 4 > bytes.length) break;
      view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
      at = end + 4;
    }
  if ((format === 'webp' || format === 'avi') && bytes.length >= 8) view.setUint32(4, bytes.length - 8, true);
  if (format === 'mpegts') repairTransport(bytes);
  return bytes;
}
