import { stat } from 'node:fs/promises';
import { asUnreadable } from './input-file.ts';

/** What a file system says of a file, as words to compare. Reading the file leaves them as they are. */
export interface FileState {
  /** Differs where something was written to the file: its size, and when that was last. */
  readonly written: string;
  /** Differs where anything at all may have happened to it, a new name or another file in its place included. */
  readonly touched: string;
}

/** Throws SayehError('unreadable'). */
export async function stateOf(file: string): Promise<FileState> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true }).catch((error) => {
    throw asUnreadable(error, file);
  });
  const written = `${size} ${mtimeNs}`;
  return { written, touched: `${written} ${dev} ${ino} ${ctimeNs}` };
}
