import { createRequire } from 'node:module';
import path from 'node:path';
import type * as TensorFlow from '@tensorflow/tfjs';
import type * as FaceApi from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import { SayehError } from '../../core/errors.ts';
import { loadModel } from './model-store.ts';

/** face-api and the one TensorFlow.js that it was loaded with. */
export interface FaceApiRuntime {
  readonly faceapi: typeof FaceApi;
  readonly tf: typeof TensorFlow;
}

/** Tensors by name. face-api's typings carry their own copy of TensorFlow.js's, told apart by private members. */
type WeightMap = Parameters<FaceApi.SsdMobilenetv1['loadFromWeightMap']>[0];

const require = createRequire(import.meta.url);
let runtime: Promise<FaceApiRuntime> | undefined;

/**
 * face-api on `@tensorflow/tfjs-node` where the user has installed it and it loads, else on the WebAssembly
 * backend. Loaded once a process. Throws SayehError('model') if neither starts.
 */
export function loadFaceApiRuntime(): Promise<FaceApiRuntime> {
  runtime ??= start();
  return runtime;
}

/**
 * Fills a face-api network with weights of the manifest: `name` holds the values, `name`-layout says which tensor
 * each belongs to. face-api would read both from the disk itself; here only bytes that were checked are used.
 */
export async function loadFaceApiWeights(
  { tf }: FaceApiRuntime,
  network: { loadFromWeightMap(weights: WeightMap): void },
  name: string,
): Promise<void> {
  const [layout, values] = await Promise.all([loadModel(`${name}-layout`), loadModel(name)]);
  const groups = JSON.parse(new TextDecoder().decode(layout)) as TensorFlow.io.WeightsManifestConfig;
  const specs = groups.flatMap((group) => group.weights);
  const weights = tf.io.decodeWeights(new Uint8Array(values).buffer, specs);
  network.loadFromWeightMap(weights as unknown as WeightMap);
}

async function start(): Promise<FaceApiRuntime> {
  try {
    return (await startNative()) ?? (await startWasm());
  } catch (cause) {
    throw new SayehError('model', 'TensorFlow.js does not start on this machine; choose another detector', {
      cause,
    });
  }
}

async function startNative(): Promise<FaceApiRuntime | undefined> {
  try {
    const tf = require('@tensorflow/tfjs-node') as typeof TensorFlow;
    tf.enableProdMode();
    await tf.ready();
    return { tf, faceapi: require('@vladmandic/face-api/dist/face-api.node.js') as typeof FaceApi };
  } catch {
    // Not installed, or built for another Node: the WebAssembly backend gives the same results.
    return undefined;
  }
}

async function startWasm(): Promise<FaceApiRuntime> {
  const tf = require('@tensorflow/tfjs') as typeof TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  // Silences TensorFlow.js's advice on the console.
  tf.enableProdMode();
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasm.setWasmPaths(path.join(folder, 'dist', path.sep));
  // As with the other networks: throughput comes from running several pictures side by side.
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
  return { tf, faceapi: require('@vladmandic/face-api/dist/face-api.node-wasm.js') as typeof FaceApi };
}
