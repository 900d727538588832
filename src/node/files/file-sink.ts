import { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ByteSink } from '../../core/metadata/byte-source.ts';
import { asUnwritable } from './output-file.ts';

/** Small pieces are gathered up to here. */
const BATCH = 1 << 19;
/** A piece of this size is handed on as it is: to gather it would cost a copy. */
const LARGE = 1 << 16;
/** After so many bytes written at once the rest of the program has its turn, which it needs to be stopped. */
const TURN = 1 << 26;
/** How much is written before the disk is told to begin; it then works while the rest is prepared. */
const SYNC_AFTER = 1 << 26;

export interface FileSink extends ByteSink {
  /** Hands the last bytes to the system and sets the disk to work. Throws if any byte could not be written. */
  finish(): Promise<void>;
  /** Waits for the disk. Must be called, also after an error; throws if anything could not be kept. */
  close(): Promise<void>;
}

/**
 * A sink that fills an existing file from its start. Writes are done at once: the system takes them into memory, and
 * to wait for another thread to hand them over is what costs. `name` is what errors call the file. Throws
 * SayehError('unwritable').
 */
export async function openSink(file: string, name: string): Promise<FileSink> {
  const handle = await open(file, 'r+').catch((error) => {
    throw asUnwritable(error, name);
  });
  const batch = new Uint8Array(BATCH);
  let gathered = 0;
  let position = 0;
  let sinceTurn = 0;
  let failure: unknown;
  let syncing: Promise<void> | undefined;
  let unsynced = 0;
  let closed: Promise<void> | undefined;

  const note = (error: unknown) => {
    failure ??= error;
  };
  const failIfBroken = () => {
    if (failure) throw asUnwritable(failure, name);
  };
  const put = async (bytes: Uint8Array, at: number) => {
    failIfBroken();
    sinceTurn += bytes.length;
    const isTurn = sinceTurn >= TURN;
    if (isTurn) sinceTurn = 0;
    try {
      for (let done = 0; done < bytes.length; )
        done += isTurn
          ? (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten
          : writeSync(handle.fd, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      note(error);
    }
    failIfBroken();
  };
  const sync = () => {
    unsynced = 0;
    syncing = handle
      .datasync()
      .catch(note)
      .finally(() => {
        syncing = undefined;
      });
  };
  const append = async (bytes: Uint8Array) => {
    await put(bytes, position);
    position += bytes.length;
    unsynced += bytes.length;
    if (unsynced >= SYNC_AFTER && !syncing) sync();
  };
  const flush = async () => {
    if (gathered > 0) await append(batch.subarray(0, gathered));
    gathered = 0;
  };
  return {
    async write(bytes) {
      if (bytes.length >= LARGE) {
        await flush();
        await append(bytes);
        return;
      }
      if (gathered + bytes.length > BATCH) await flush();
      batch.set(bytes, gathered);
      gathered += bytes.length;
    },
    async overwrite(offset, bytes) {
      await flush();
      await put(bytes, offset);
    },
    async finish() {
      await flush();
      await syncing;
      sync();
    },
    async close() {
      await syncing;
      closed ??= handle.close().catch(note);
      await closed;
      failIfBroken();
    },
  };
}
