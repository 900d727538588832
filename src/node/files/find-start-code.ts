import type { FindStartCode } from '../../core/metadata/start-codes.ts';

const CODE = Buffer.of(0, 0, 1);

/** Node's own search of its buffers: twice as fast as the best that JavaScript can do. */
export const findStartCode: FindStartCode = (bytes, from) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(CODE, from);
