import '../process/offline.ts';
import { parentPort, workerData } from 'node:worker_threads';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import type { Detector } from '../../core/detect/detector.ts';
import { scoreScale } from '../../core/detect/score-scale.ts';
import { SayehError } from '../../core/errors.ts';
import type { DetectReply, DetectRequest, StopRequest } from './detector-pool.ts';
import { loadDetector } from './load-detector.ts';

// The other end of DetectorPool: loads its detectors, then answers pictures one after the other.

if (!parentPort) throw new SayehError('internal', 'this file only runs as a worker thread');
const port = parentPort;
const reply = (message: DetectReply, move: ArrayBuffer[] = []) => port.postMessage(message, move);

try {
  const detectors = new Map<DetectorName, Detector>();
  for (const name of workerData as DetectorName[]) detectors.set(name, await loadDetector(name));
  let last = Promise.resolve();
  let stopping = false;
  port.on('message', (request: DetectRequest | StopRequest) => {
    if ('stop' in request) {
      stopping = true;
      // The network's own code must not be running when the thread ends: that would end the whole process.
      void last
        .then(() => Promise.all([...detectors.values()].map((detector) => detector.dispose())))
        .finally(() => port.close());
      return;
    }
    const { id, network, width, height, data, threshold } = request;
    last = last.then(async () => {
      if (stopping) return;
      try {
        const detector = detectors.get(network);
        if (!detector) throw new SayehError('internal', `this worker has no ${network}`);
        const { toCommon, toOwn } = scoreScale(network);
        const own = await detector.detect({ width, height, data }, toOwn(threshold));
        const detections = own.map(({ box, score }) => ({ box, score: toCommon(score) }));
        reply({ kind: 'found', id, detections, data }, [data.buffer as ArrayBuffer]);
      } catch (error) {
        reply(failure(id, error));
      }
    });
  });
  const sizeMultiples = new Map([...detectors].map(([name, { sizeMultiple }]) => [name, sizeMultiple]));
  reply({ kind: 'ready', sizeMultiples });
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
