import type { Detector } from '../../core/detect/detector.ts';
import { decodeYuNet } from '../../core/detect/yunet.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDES = [8, 16, 32] as const;

export async function loadYuNet(): Promise<Detector> {
  const session = await OnnxSession.load('yunet');
  return {
    name: 'yunet',
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
      return decodeYuNet(levels, threshold);
    },
    dispose: () => session.dispose(),
  };
}
