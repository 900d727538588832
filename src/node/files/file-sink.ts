import { open } from 'node:fs/promises';
import type { ByteSink } from '../../core/metadata/byte-source.ts';
import { asUnwritable } from './output-file.ts';

/** Bytes gathered before each write: small enough to be still in the processor's cache when the system takes them. */
const BATCH = 1 << 20;
/** How much is written before the disk is told to begin; it then works while the rest is prepared. */
const SYNC_AFTER = 64 << 20;

export interface FileSink extends ByteSink {
  /** Hands the last bytes to the system and sets the disk to work. Throws if any byte could not be written. */
  finish(): Promise<void>;
  /** Waits for the disk. Must be called, also after an error; throws if anything could not be kept. */
  close(): Promise<void>;
}

/**
 * A sink that fills an existing file from its start. Small writes are gathered, and one batch goes to the system
 * while the next is filled. `name` is what errors call the file. Throws SayehError('unwritable').
 */
export async function openSink(file: string, name: string): Promise<FileSink> {
  const handle = await open(file, 'r+').catch((error) => {
    throw asUnwritable(error, name);
  });
  let filling: Uint8Array = new Uint8Array(BATCH);
  let waiting: Uint8Array = new Uint8Array(BATCH);
  let filled = 0;
  let position = 0;
  let failure: unknown;
  let underWay: Promise<void> = Promise.resolve();
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
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
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
  const flush = async () => {
    await underWay;
    failIfBroken();
    underWay = put(filling.subarray(0, filled), position).catch(note);
    position += filled;
    unsynced += filled;
    filled = 0;
    [filling, waiting] = [waiting, filling];
    if (unsynced >= SYNC_AFTER && !syncing) sync();
  };
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const taken = Math.min(BATCH - filled, bytes.length - done);
        filling.set(taken === bytes.length ? bytes : bytes.subarray(done, done + taken), filled);
        filled += taken;
        done += taken;
        if (filled === BATCH) await flush();
      }
    },
    async overwrite(offset, bytes) {
      await flush();
      await underWay;
      failIfBroken();
      await put(bytes, offset).catch(note);
      failIfBroken();
    },
    async finish() {
      await flush();
      await underWay;
      failIfBroken();
      await syncing;
      sync();
    },
    async close() {
      await underWay;
      await syncing;
      closed ??= handle.close().catch(note);
      await closed;
      failIfBroken();
    },
  };
}
