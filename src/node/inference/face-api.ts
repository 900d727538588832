import type { Tensor3D } from '@tensorflow/tfjs';
import sharp from 'sharp';
import type { Detection } from '../../core/detect/detection.ts';
import type { Detector, RgbPicture } from '../../core/detect/detector.ts';
import { nonMaximumSuppression } from '../../core/detect/nms.ts';
import { type FaceApiRuntime, loadFaceApiRuntime, loadFaceApiWeights } from './face-api-runtime.ts';

export type FaceApiVariant = 'ssd' | 'tiny';

/** One of face-api's networks: finds faces in a picture of at most `side` x `side` pixels. */
interface FaceFinder {
  readonly side: number;
  /** Boxes in pixels of `image`, which stays the caller's to dispose of. */
  find(image: Tensor3D, threshold: number): Promise<Detection[]>;
  dispose(): void;
}

/**
 * The face detectors of `@vladmandic/face-api`: `ssd` is SSD MobileNet v1, `tiny` the Tiny Face Detector. Both see
 * the whole picture shrunk to a few hundred pixels, so small faces need tiles.
 * Throws SayehError('model') if the weights are missing or altered, or TensorFlow.js does not start.
 */
export async function loadFaceApi(variant: FaceApiVariant): Promise<Detector> {
  const runtime = await loadFaceApiRuntime();
  const finder = await (variant === 'ssd' ? loadSsd(runtime) : loadTiny(runtime));
  return {
    name: `face-api-${variant}`,
    sizeMultiple: 1,
    async detect(picture, threshold) {
      const small = await shrinkToFit(picture, finder.side);
      const image = runtime.tf.tensor3d(small.data, [small.height, small.width, 3], 'int32');
      try {
        return (await finder.find(image, threshold)).map(({ box, score }) => ({
          box: {
            x: (box.x * picture.width) / small.width,
            y: (box.y * picture.height) / small.height,
            width: (box.width * picture.width) / small.width,
            height: (box.height * picture.height) / small.height,
          },
          score,
        }));
      } finally {
        image.dispose();
      }
    },
    dispose: async () => finder.dispose(),
  };
}

const SSD_SIDE = 512;
const SSD_OVERLAP = 0.5;

/**
 * SSD MobileNet v1. The network's two outputs are read here, because face-api's own non-maximum suppression copies
 * every box out of the tensor for every pair it compares: minutes for a crowd at a low threshold.
 */
async function loadSsd(runtime: FaceApiRuntime): Promise<FaceFinder> {
  const { faceapi } = runtime;
  const network = new faceapi.SsdMobilenetv1();
  await loadFaceApiWeights(runtime, network, 'face-api-ssd');
  return {
    side: SSD_SIDE,
    async find(image, threshold) {
      const outputs = network.forwardInput(new faceapi.NetInput([image]));
      const boxes = await outputs.boxes[0].data();
      const scores = await outputs.scores[0].data();
      for (const tensor of [...outputs.boxes, ...outputs.scores]) tensor.dispose();
      // Boxes are top, left, bottom, right in fractions of the square that the picture was padded to.
      const square = Math.max(image.shape[0], image.shape[1]);
      const found: Detection[] = [];
      for (const [i, score] of scores.entries()) {
        if (!(score > threshold)) continue;
        const [top, left, bottom, right] = boxes.subarray(4 * i, 4 * i + 4);
        found.push({
          box: {
            x: left * square,
            y: top * square,
            width: (right - left) * square,
            height: (bottom - top) * square,
          },
          score,
        });
      }
      return nonMaximumSuppression(found, SSD_OVERLAP);
    },
    dispose: () => network.dispose(),
  };
}

/** The largest of the sizes that face-api's authors name; smaller ones lose small faces. */
const TINY_SIDE = 608;

async function loadTiny(runtime: FaceApiRuntime): Promise<FaceFinder> {
  const network = new runtime.faceapi.TinyFaceDetector();
  await loadFaceApiWeights(runtime, network, 'face-api-tiny');
  return {
    side: TINY_SIDE,
    async find(image, threshold) {
      if (threshold >= 1) return [];
      // face-api takes thresholds strictly between 0 and 1, and puts its own 0.5 in the place of 0.
      const scoreThreshold = Math.max(threshold, Number.EPSILON);
      const faces = await network.locateFaces(image, { inputSize: TINY_SIDE, scoreThreshold });
      return faces.map(({ box, score }) => ({
        box: { x: box.x, y: box.y, width: box.width, height: box.height },
        score,
      }));
    },
    dispose: () => network.dispose(),
  };
}

/**
 * The picture no larger than `side` x `side`. face-api would shrink it without low-pass filtering, in WebAssembly's
 * memory, which a large photograph fills.
 */
async function shrinkToFit(picture: RgbPicture, side: number): Promise<RgbPicture> {
  const { width, height, data } = picture;
  if (width <= side && height <= side) return picture;
  const small = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside', kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: small.info.width, height: small.info.height, data: small.data };
}
