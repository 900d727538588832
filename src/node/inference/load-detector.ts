import { DETECTOR_NAMES, type DetectorName } from '../../core/detect/catalogue.ts';
import type { Detector } from '../../core/detect/detector.ts';
import { decodeRetinaFace } from '../../core/detect/retinaface.ts';
import { decodeYuNet } from '../../core/detect/yunet.ts';
import { assertNever, SayehError } from '../../core/errors.ts';

/**
 * Loads a detector by name; only the chosen one's libraries are loaded. Its `detect` refuses pictures whose sides
 * are no multiples of `sizeMultiple` or whose data has another length, and any picture after `dispose`, with
 * SayehError('usage'). Throws SayehError('usage') for a name that is not in the catalogue and SayehError('model')
 * for weights that are missing, altered, or do not load.
 */
export async function loadDetector(name: DetectorName): Promise<Detector> {
  return guard(await load(name));
}

async function load(name: DetectorName): Promise<Detector> {
  if (!DETECTOR_NAMES.includes(name)) {
    throw new SayehError(
      'usage',
      `there is no detector called ${name}; choose one of ${DETECTOR_NAMES.join(', ')}`,
    );
  }
  switch (name) {
    case 'centerface':
    case 'centerface-int8':
      return (await import('./centerface.ts')).loadCenterFace(name);
    case 'retinaface':
    case 'retinaface-int8':
      return (await import('./three-level-detector.ts')).loadThreeLevels(name, decodeRetinaFace);
    case 'yunet':
      return (await import('./three-level-detector.ts')).loadThreeLevels(name, decodeYuNet);
    case 'face-api-ssd':
      return (await import('./face-api.ts')).loadFaceApi('ssd');
    case 'face-api-tiny':
      return (await import('./face-api.ts')).loadFaceApi('tiny');
    default:
      return assertNever(name, 'detector name');
  }
}

/** A wrong size does not fail in every network: some answer with boxes in the wrong place. */
function guard(detector: Detector): Detector {
  const { name, sizeMultiple } = detector;
  let disposed: Promise<void> | undefined;
  return {
    name,
    sizeMultiple,
    async detect(picture, threshold) {
      const { width, height, data } = picture;
      if (disposed)
        throw new SayehError('usage', `${name} was disposed of and cannot look at another picture`);
      for (const side of [width, height]) {
        if (!(side > 0 && side % sizeMultiple === 0)) {
          throw new SayehError(
            'usage',
            `${name} takes sides that are multiples of ${sizeMultiple}, not ${width}x${height}`,
          );
        }
      }
      if (data.length !== width * height * 3) {
        throw new SayehError(
          'usage',
          `a ${width}x${height} RGB picture has ${width * height * 3} bytes, not ${data.length}`,
        );
      }
      return detector.detect(picture, threshold);
    },
    dispose() {
      disposed ??= detector.dispose();
      return disposed;
    },
  };
}
