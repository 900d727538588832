import { parentPort, workerData } from 'node:worker_threads';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import { SayehError } from '../../core/errors.ts';
import type { DetectReply, DetectRequest, StopRequest } from './detector-pool.ts';
import { loadDetector } from './load-detector.ts';

// The other end of DetectorPool: loads one detector, then answers pictures one after the other.

if (!parentPort) throw new SayehError('internal', 'this file only runs as a worker thread');
const port = parentPort;
const reply = (message: DetectReply, move: ArrayBuffer[] = []) => port.postMessage(message, move);

try {
  const detector = await loadDetector(workerData as DetectorName);
  let last = Promise.resolve();
  let stopping = false;
  port.on('message', (request: DetectRequest | StopRequest) => {
    if ('stop' in request) {
      stopping = true;
      // The network's own code must not be running when the thread ends: that would end the whole process.
      void last.then(() => detector.dispose()).finally(() => port.close());
      return;
    }
    const { id, width, height, data, threshold } = request;
    last = last.then(async () => {
      if (stopping) return;
      try {
        const detections = await detector.detect({ width, height, data }, threshold);
        reply({ kind: 'found', id, detections, data }, [data.buffer as ArrayBuffer]);
      } catch (error) {
        reply(failure(id, error));
      }
    });
  });
  reply({ kind: 'ready', sizeMultiple: detector.sizeMultiple });
} catch (error) {
  reply(failure(undefined, error));
}

function failure(id: number | undefined, error: unknown): DetectReply {
  const known = error instanceof SayehError;
  return {
    kind: 'failed',
    id,
    code: known ? error.code : 'internal',
    message: known ? error.message : `the detector failed: ${(error as Error).message}`,
  };
}
