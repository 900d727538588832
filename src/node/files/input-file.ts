import { readSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { type MediaType, SNIFF_LENGTH, sniff } from '../../core/media-type.ts';
import type { ByteSource } from '../../core/metadata/byte-source.ts';
import { useFinder } from '../../core/metadata/start-codes.ts';
import { unknownKind } from '../media/photo/unsupported.ts';
import { findStartCode } from './find-start-code.ts';

// Here, since whoever reads a file of unknown length comes by here.
useFinder(findStartCode);

/** Node reads no more at once than fits into 31 bits. */
const LONGEST_READ = 1 << 30;

/** Opens a file for reading by position. Close it when done. Throws SayehError('unreadable'). */
export async function openBytes(file: string): Promise<ByteSource & { close(): Promise<void> }> {
  // A pipe that nobody writes to would otherwise be waited for for ever.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error) => {
    throw asUnreadable(error, file);
  });
  const found = await handle.stat();
  if (!found.isFile()) {
    await handle.close();
    throw notAFile(file, found.isDirectory());
  }
  const { size } = found;
  const readInto = async (into: Uint8Array, offset: number): Promise<number> => {
    let have = 0;
    while (have < into.length) {
      const { bytesRead } = await handle
        .read(into, have, Math.min(into.length - have, LONGEST_READ), offset + have)
        .catch((error) => {
          throw asUnreadable(error, file);
        });
      if (bytesRead === 0) break;
      have += bytesRead;
    }
    return have;
  };
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, await readInto(bytes, offset));
    },
    readInto,
    readNow(into, offset) {
      try {
        let have = 0;
        for (let read = -1; read !== 0 && have < into.length; have += read)
          read = readSync(handle.fd, into, have, into.length - have, offset + have);
        return have;
      } catch (error) {
        throw asUnreadable(error, file);
      }
    },
    close: () => handle.close(),
  };
}

/**
 * Tells what a file is by its content. Throws SayehError 'unreadable', 'corrupt' (empty), 'unrecognised'
 * or, for a type that can be named and is not taken, 'unsupported'.
 */
export async function identify(file: string): Promise<MediaType> {
  const name = path.basename(file);
  const bytes = await openBytes(file);
  try {
    if (bytes.size === 0) throw new SayehError('corrupt', `${name} is empty (0 bytes)`);
    const head = await bytes.read(0, SNIFF_LENGTH);
    const type = sniff(head);
    if (!type) throw unknownKind(head, name);
    return type;
  } finally {
    await bytes.close();
  }
}

function notAFile(file: string, isFolder: boolean): SayehError {
  const why = isFolder ? REASONS.EISDIR : 'it is a pipe or device; copy it into a file';
  return new SayehError('unreadable', `cannot read ${path.basename(file)}: ${why}`);
}

export function asUnreadable(error: unknown, file: string): SayehError {
  if (error instanceof SayehError) return error;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const why = REASONS[code] ?? `the system answered ${code}`;
  return new SayehError('unreadable', `cannot read ${path.basename(file)}: ${why}`, { cause: error });
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a folder; add -r to walk folders',
  EIO: 'the disk reports an error',
};
