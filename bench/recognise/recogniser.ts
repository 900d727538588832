import { createHash } from 'node:crypto';
import type { FaceLandmark68Net, FaceRecognitionNet } from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import type { RgbPicture } from '../../src/core/detect/detector.ts';
import type { FaceApiRuntime } from '../../src/node/inference/face-api-runtime.ts';
import { built } from '../built.ts';
import { asSharp, pictureOf } from '../picture.ts';
import { cut, cutSquare, type Square } from './picture.ts';

/** 128 numbers for a face; the nearer two are (Euclidean), the more alike the faces. */
export type Descriptor = Float32Array;

/** The side of what the network takes in. */
const SIDE = 150;
/** Faces that a network gives less than this are not taken for faces. */
const THRESHOLD = 0.3;
/** dlib's place of a face, as face-api has it: see `locate`. */
const EYE_TO_MOUTH = 0.45;
const MIDDLE = { x: 0.5, y: 0.43 };

type Point = { readonly x: number; readonly y: number };

/**
 * face-api's recogniser: dlib's network (King, 2017; 99.38 % on the pairs of Labelled Faces in the Wild by its
 * author's account). Descriptors live in memory only; the same pixels are described once.
 */
export class Recogniser {
  readonly #runtime: FaceApiRuntime;
  readonly #landmarks: FaceLandmark68Net;
  readonly #network: FaceRecognitionNet;
  readonly #finder;
  readonly #known = new Map<string, Descriptor>();

  static async start(): Promise<Recogniser> {
    const { loadFaceApiRuntime, loadFaceApiWeights } = await built<
      typeof import('../../src/node/inference/face-api-runtime.ts')
    >('node/inference/face-api-runtime');
    const { loadDetector } = await built<typeof import('../../src/node/inference/load-detector.ts')>(
      'node/inference/load-detector',
    );
    const runtime = await loadFaceApiRuntime();
    const landmarks = new runtime.faceapi.FaceLandmark68Net();
    const network = new runtime.faceapi.FaceRecognitionNet();
    await loadFaceApiWeights(runtime, landmarks, 'face-api-landmarks');
    await loadFaceApiWeights(runtime, network, 'face-api-recognition');
    return new Recogniser(runtime, landmarks, network, await loadDetector('retinaface'));
  }

  private constructor(
    runtime: FaceApiRuntime,
    landmarks: FaceLandmark68Net,
    network: FaceRecognitionNet,
    finder: import('../../src/core/detect/detector.ts').Detector,
  ) {
    this.#runtime = runtime;
    this.#landmarks = landmarks;
    this.#network = network;
    this.#finder = finder;
  }

  /**
   * Where the face that a portrait is of lies: the one nearest to the middle for its size, in the square that
   * the recogniser was trained on, found by the landmarks of eyes and mouth. Undefined where no face is found.
   */
  async locate(picture: RgbPicture): Promise<Square | undefined> {
    const multiple = this.#finder.sizeMultiple;
    const round = (length: number) => Math.ceil(length / multiple) * multiple;
    const padded = cut(picture, 0, 0, round(picture.width), round(picture.height));
    const found = await this.#finder.detect(padded, THRESHOLD);
    const off = ({ box }: (typeof found)[number]) =>
      Math.hypot(box.x + box.width / 2 - picture.width / 2, box.y + box.height / 2 - picture.height / 2) /
      Math.sqrt(box.width * box.height);
    const [best] = found.toSorted((a, b) => off(a) - off(b));
    if (!best) return undefined;
    const box = {
      x: Math.round(best.box.x),
      y: Math.round(best.box.y),
      width: Math.max(1, Math.round(best.box.width)),
      height: Math.max(1, Math.round(best.box.height)),
    };
    const tensor = this.#tensor(cut(picture, box.x, box.y, box.width, box.height));
    const marks = await this.#landmarks.detectLandmarks(tensor);
    tensor.dispose();
    const points = (Array.isArray(marks) ? marks[0] : marks).positions;
    // The numbers of the 68 points: 36-41 and 42-47 are the eyes, 48-67 the mouth.
    const [left, right, mouth] = [
      [36, 42],
      [42, 48],
      [48, 68],
    ].map(([from, to]) => mean(points.slice(from, to)));
    const side = (distance(left, mouth) + distance(right, mouth)) / 2 / EYE_TO_MOUTH;
    const middle = mean([left, right, mouth]);
    return { x: box.x + middle.x - MIDDLE.x * side, y: box.y + middle.y - MIDDLE.y * side, side };
  }

  async describe(picture: RgbPicture, square: Square): Promise<Descriptor> {
    const face = await pictureOf(asSharp(cutSquare(picture, square)).resize(SIDE, SIDE, { kernel: 'cubic' }));
    const key = createHash('sha256').update(face.data).digest('base64');
    const before = this.#known.get(key);
    if (before) return before;
    const { faceapi, tf } = this.#runtime;
    const tensor = this.#tensor(face);
    const result = tf.tidy(
      () => this.#network.forwardInput(new faceapi.NetInput([tensor])) as unknown as typeof tensor,
    );
    const descriptor = (await result.data()) as Descriptor;
    tensor.dispose();
    result.dispose();
    this.#known.set(key, descriptor);
    return descriptor;
  }

  async dispose(): Promise<void> {
    this.#landmarks.dispose();
    this.#network.dispose();
    await this.#finder.dispose();
  }

  #tensor({ width, height, data }: RgbPicture) {
    return this.#runtime.tf.tensor3d(data, [height, width, 3], 'int32');
  }
}

const mean = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
