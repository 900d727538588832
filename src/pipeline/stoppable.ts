import { SayehError } from '../core/errors.ts';
import type { ByteSource } from '../core/metadata/byte-source.ts';

/** The same source, whose next read throws SayehError('aborted') once `signal` is aborted. */
export function stoppable(source: ByteSource, signal: AbortSignal | undefined): ByteSource {
  const { size, readInto, readNow } = source;
  return {
    size,
    read(offset, length) {
      stopIf(signal);
      return source.read(offset, length);
    },
    readInto:
      readInto &&
      (async (into, offset) => {
        stopIf(signal);
        return readInto(into, offset);
      }),
    readNow:
      readNow &&
      ((into, offset) => {
        stopIf(signal);
        return readNow(into, offset);
      }),
  };
}

export function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SayehError('aborted', 'stopped before it was done');
}
