import { open } from 'node:fs/promises';
import type { ByteSink } from '../../core/metadata/byte-source.ts';
import { asUnwritable } from './output-file.ts';

/** Bytes gathered before each write to the disk. */
const BATCH = 1 << 20;

/**
 * A sink that fills an existing file from its start. Small writes are gathered, and one batch goes to the disk
 * while the next is filled. `finish` must be called once, also after an error; it throws if any byte could not be
 * written. `name` is what errors call the file. Throws SayehError('unwritable').
 */
export async function openSink(file: string, name: string): Promise<ByteSink & { finish(): Promise<void> }> {
  const handle = await open(file, 'r+').catch((error) => {
    throw asUnwritable(error, name);
  });
  let filling: Uint8Array = new Uint8Array(BATCH);
  let waiting: Uint8Array = new Uint8Array(BATCH);
  let filled = 0;
  let position = 0;
  let failure: unknown;
  let underWay: Promise<void> = Promise.resolve();

  const put = async (bytes: Uint8Array, at: number) => {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  };
  const flush = async () => {
    await underWay;
    if (failure) throw asUnwritable(failure, name);
    const batch = filling.subarray(0, filled);
    underWay = put(batch, position).catch((error) => {
      failure = error;
    });
    position += filled;
    filled = 0;
    [filling, waiting] = [waiting, filling];
  };
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const taken = Math.min(BATCH - filled, bytes.length - done);
        filling.set(bytes.subarray(done, done + taken), filled);
        filled += taken;
        done += taken;
        if (filled === BATCH) await flush();
      }
    },
    async finish() {
      try {
        await flush();
        await underWay;
        if (failure) throw asUnwritable(failure, name);
      } finally {
        await handle.close();
      }
    },
  };
}
