import type { Detector } from '../../core/detect/detector.ts';
import { decodeRetinaFace } from '../../core/detect/retinaface.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDES = [8, 16, 32] as const;

export async function loadRetinaFace(): Promise<Detector> {
  const session = await OnnxSession.load('retinaface');
  return {
    name: 'retinaface',
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
