import { ascii, concat } from '../matroska/text.ts';

export const u16 = (bytes: Uint8Array, at: number): number => bytes[at] | (bytes[at + 1] << 8);

export const u32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;

export function put32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(i * 4, value, true);
  });
  return bytes;
}

/** An id and a size, as every chunk begins. */
export const chunkHead = (id: string, size: number): Uint8Array => concat([ascii(id), put32(size)]);

/** A whole chunk, padded to an even length. */
export const chunk = (id: string, data: Uint8Array): Uint8Array =>
  concat([chunkHead(id, data.length), data, new Uint8Array(data.length % 2)]);

export const listHead = (id: 'RIFF' | 'LIST', type: string, contentLength: number): Uint8Array =>
  concat([chunkHead(id, contentLength + 4), ascii(type)]);

export const list = (type: string, ...chunks: readonly Uint8Array[]): Uint8Array => {
  const content = concat(chunks);
  return concat([listHead('LIST', type, content.length), content]);
};
