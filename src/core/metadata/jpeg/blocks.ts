import { type Orientation, orientationBlock } from '../exif/orientation.ts';
import { concat, equal, fromLatin1 } from '../still/bytes.ts';

/** The application segments that Sayeh itself writes, contents only: marker and length go around them. */

/** JFIF 1.01 (ITU-T T.871 section 10.1): square pixels, no unit, no thumbnail. */
export const JFIF_HEADER = jfif([0, 0, 1, 0, 1]);

/** What encoders write who were told nothing: square pixels, or 72 dots an inch. */
const JFIF_HEADERS = [JFIF_HEADER, jfif([1, 0, 72, 0, 72])];

function jfif(density: readonly number[]): Uint8Array {
  return concat(fromLatin1('JFIF\0'), Uint8Array.of(1, 1, ...density, 0, 0));
}

/** Whether a JFIF header is one of the plain ones, of version 1.01 or 1.02. */
export function isPlainJfif(data: Uint8Array): boolean {
  return JFIF_HEADERS.some(
    (plain) => data.length === 14 && data.every((byte, i) => byte === plain[i] || (i === 6 && byte === 2)),
  );
}

/** Adobe's segment (Adobe Technical Note 5116, section 18): all it says is how the components make colours. */
export const adobeSegment = (transform: number) =>
  concat(fromLatin1('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, transform));

/** Where an Adobe segment's content says the transform: 0 none, 1 YCbCr, 2 YCCK. */
export const ADOBE_TRANSFORM = 11;

export const isPlainAdobe = (data: Uint8Array) =>
  [0, 1, 2].some((transform) => equal(data, adobeSegment(transform)));

export const EXIF_PREFIX = fromLatin1('Exif\0\0');
export const exifSegment = (orientation: Orientation) => concat(EXIF_PREFIX, orientationBlock(orientation));

/** A profile in one chunk (ICC.1:2022 annex B.4): "chunk 1 of 1". */
export const ICC_PREFIX = fromLatin1('ICC_PROFILE\0');
export const iccSegment = (profile: Uint8Array) => concat(ICC_PREFIX, Uint8Array.of(1, 1), profile);
