import type { Detector } from '../../core/detect/detector.ts';
import { decodeRetinaFace } from '../../core/detect/retinaface.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDES = [8, 16, 32] as const;

/** The float network or its copy in 8-bit integers, `retinaface-int8`: same input, same outputs, same reading. */
export async function loadRetinaFace(name: 'retinaface' | 'retinaface-int8'): Promise<Detector> {
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
      return decodeRetinaFace(levels, threshold);
    },
    dispose: () => session.dispose(),
  };
}
