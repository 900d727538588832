import sharp from 'sharp';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import type { Detection } from '../../core/detect/detection.ts';
import { mergeLooks, type PictureLook, planLooks, toSource } from '../../core/detect/looks.ts';
import type { ScaledLook } from '../../core/detect/photo-looks.ts';
import type { DetectorPool } from './detector-pool.ts';

/** Interleaved 8-bit samples, rows tightly packed, upright. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** Looks at one picture at several scales, in tiles where it is large, and merges what was found. */
export async function lookAtPhoto(
  pool: DetectorPool,
  detector: DetectorName,
  pixels: Pixels,
  looks: readonly ScaledLook[],
  signal?: AbortSignal,
): Promise<Detection[]> {
  const multiple = pool.sizeMultiple(detector);
  const jobs = looks.flatMap(({ scale, threshold }) =>
    planLooks(pixels.width, pixels.height, scale, multiple).map((look) => ({ look, threshold })),
  );
  const found: Detection[] = [];
  // As many at once as there are workers, so that memory does not grow with the picture.
  const queue = jobs.values();
  const run = async () => {
    for (const { look, threshold } of queue) {
      signal?.throwIfAborted();
      const data = await cut(pixels, look);
      const answer = await pool.detect(detector, { width: look.width, height: look.height, data }, threshold);
      found.push(...toSource(look, answer.detections));
    }
  };
  await Promise.all(Array.from({ length: pool.size }, run));
  return mergeLooks(found);
}

async function cut({ width, height, channels, data }: Pixels, look: PictureLook): Promise<Uint8Array> {
  const { crop, shown } = look;
  const rgb = await sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .extract({ left: crop.x, top: crop.y, width: crop.width, height: crop.height })
    .removeAlpha()
    .resize(shown.width, shown.height, { fit: 'fill', kernel: 'linear' })
    .extend({ right: look.width - shown.width, bottom: look.height - shown.height, background: 'black' })
    .raw()
    .toBuffer();
  return new Uint8Array(rgb); // a copy that owns its buffer, so that it can move to a worker
}
