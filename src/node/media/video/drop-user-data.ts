import { type FileHandle, open } from 'node:fs/promises';
import { SayehError } from '../../../core/errors.ts';

interface Box {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * FFmpeg's MP4 muxer ends the movie box with an empty list of tags (`udta`). It tells nothing, but nothing needs
 * it either: the movie box is shortened by it, and its place becomes free space of zeros, so that no other byte
 * moves. Throws SayehError('internal') for a file that is not laid out as that muxer does.
 */
export async function dropUserData(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const movie = (await boxesIn(handle, 0, size)).find((box) => box.type === 'moov');
    if (!movie) throw new SayehError('internal', 'the written film has no movie box');
    const last = (await boxesIn(handle, movie.offset + 8, movie.offset + movie.length)).at(-1);
    if (last?.type !== 'udta') return;
    const free = new Uint8Array(last.length);
    new DataView(free.buffer).setUint32(0, last.length);
    free.set(new TextEncoder().encode('free'), 4);
    const shortened = new Uint8Array(4);
    new DataView(shortened.buffer).setUint32(0, movie.length - last.length);
    await handle.write(free, 0, free.length, last.offset);
    await handle.write(shortened, 0, 4, movie.offset);
  } finally {
    await handle.close();
  }
}

/** The boxes that fill [from, to) one after the other (ISO/IEC 14496-12 section 4.2). */
async function boxesIn(handle: FileHandle, from: number, to: number): Promise<Box[]> {
  const boxes: Box[] = [];
  const header = new Uint8Array(16);
  const view = new DataView(header.buffer);
  for (let offset = from; offset < to; ) {
    await handle.read(header, 0, 16, offset);
    const short = view.getUint32(0);
    const length = short === 1 ? Number(view.getBigUint64(8)) : short;
    if (length < 8 || offset + length > to)
      throw new SayehError('internal', 'the written film has a broken box');
    boxes.push({ type: String.fromCharCode(...header.subarray(4, 8)), offset, length });
    offset += length;
  }
  return boxes;
}
