import { decodeCenterFace } from '../../core/detect/centerface.ts';
import type { Detector } from '../../core/detect/detector.ts';
import { OnnxSession } from './onnx-session.ts';

const STRIDE = 4;

/** The float network or its copy in 8-bit integers, `centerface-int8`: same input, same outputs, same reading. */
export async function loadCenterFace(name: 'centerface' | 'centerface-int8'): Promise<Detector> {
  const session = await OnnxSession.load(name);
  return {
    name,
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
