import '../../../process/offline.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { SayehError } from '../../../../core/errors.ts';
import { HeifDecoder } from './decode-heif.ts';
import type { HeifReply, HeifRequest } from './heif-thread.ts';

// The other end of HeifThread: decodes one file, then ends, and its memory with it.

const { file, want, limits } = workerData as HeifRequest;
const reply = (message: HeifReply, move: ArrayBuffer[] = []) => parentPort?.postMessage(message, move);

try {
  const decoder = new HeifDecoder(file, limits);
  if (want === 'header') reply({ kind: 'header', header: decoder.header });
  else {
    const picture = decoder.decode();
    reply({ kind: 'picture', picture }, [picture.data.buffer as ArrayBuffer]);
  }
} catch (error) {
  const known = error instanceof SayehError;
  reply({
    kind: 'failed',
    // Whatever else goes wrong here is WebAssembly stumbling over the file.
    code: known ? error.code : 'corrupt',
    message: known ? error.message : 'it makes the decoder fail',
  });
}
