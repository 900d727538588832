import { decodeCenterFace } from '../../core/detect/centerface.ts';
import type { Detector } from '../../core/detect/detector.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDE = 4;

export async function loadCenterFace(): Promise<Detector> {
  const session = await OnnxSession.load('centerface');
  return {
    name: 'centerface',
    sizeMultiple: 32,
    async detect(picture, threshold) {
      const { heatmap, scale, offset } = await session.run(picture);
      const columns = picture.width / STRIDE;
      const rows = picture.height / STRIDE;
      return decodeCenterFace({ columns, rows, heatmap, scale, offset }, threshold);
    },
    dispose: () => session.dispose(),
  };
}
