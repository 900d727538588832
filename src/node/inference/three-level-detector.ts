import type { Detection } from '../../core/detect/detection.ts';
import type { Detector } from '../../core/detect/detector.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDES = [8, 16, 32] as const;

/** What a network says at one stride, as its decoder in src/core/detect reads it. */
interface Level {
  readonly stride: (typeof STRIDES)[number];
  readonly columns: number;
  readonly rows: number;
  readonly score: Float32Array;
  readonly box: Float32Array;
}

/** A network that answers with scores and boxes at strides 8, 16 and 32: RetinaFace, in both forms, and YuNet. */
export async function loadThreeLevels(
  name: 'retinaface' | 'retinaface-int8' | 'yunet',
  decode: (levels: readonly Level[], threshold: number) => Detection[],
): Promise<Detector> {
  const session = await OnnxSession.load(name);
  return {
    name,
    sizeMultiple: 32,
    async detect(picture, threshold) {
      const outputs = await session.run(picture);
      const levels = STRIDES.map((stride) => ({
        stride,
        columns: picture.width / stride,
        rows: picture.height / stride,
        score: outputs[`score_${stride}`],
        box: outputs[`box_${stride}`],
      }));
      return decode(levels, threshold);
    },
    dispose: () => session.dispose(),
  };
}
