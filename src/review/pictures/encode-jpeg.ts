import { sharp } from '../../node/media/photo/sharp.ts';

/** Good enough to judge a face by, small enough to be made twenty times a second. */
const QUALITY = 82;

/** Interleaved 8-bit RGB or RGBA as JPEG, in memory; transparent places on mid grey. */
export async function encodeJpeg(
  data: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly channels: 3 | 4 },
  fit?: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const { width, height, channels } = size;
  let picture = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  if (channels === 4) picture = picture.flatten({ background: '#808080' });
  if (fit && fit.width !== width) picture = picture.resize(fit.width, fit.height, { fit: 'fill' });
  return picture.jpeg({ quality: QUALITY }).toBuffer();
}
