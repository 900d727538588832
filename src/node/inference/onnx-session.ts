import './reports-off.ts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RgbPicture } from '../../core/detect/detector.ts';
import { SayehError } from '../../core/errors.ts';
import { loadModel } from './model-store.ts';

/** A network of `models/`: takes one RGB picture under the name `image`, answers named float arrays. */
export class OnnxSession {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Loads a model of the manifest. One thread: throughput comes from running several pictures side by side. */
  static async load(name: string): Promise<OnnxSession> {
    const bytes = await loadModel(name);
    try {
      const session = await InferenceSession.create(bytes, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
      });
      return new OnnxSession(session);
    } catch (cause) {
      throw new SayehError('model', `the model ${name} does not load in this build of onnxruntime`, {
        cause,
      });
    }
  }

  async run(picture: RgbPicture): Promise<Record<string, Float32Array>> {
    const image = new Tensor('uint8', picture.data, [1, picture.height, picture.width, 3]);
    const outputs = await this.#session.run({ image });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
    );
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
