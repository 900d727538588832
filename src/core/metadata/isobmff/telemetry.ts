import { latin1, u16be, u32be } from '../still/bytes.ts';

/** The first position in a sample of a telemetry track, as text; undefined where there is none, or of another kind. */
export function positionIn(kind: string, sample: Uint8Array): string | undefined {
  if (kind === 'gpmd') return gpmfPosition(sample, 0, sample.length, 0);
  if (kind === 'camm') return cammPosition(sample);
  return undefined;
}

const DEEPEST = 8;
const i32be = (bytes: Uint8Array, at: number) => u32be(bytes, at) | 0;

/**
 * GoPro's format (github.com/gopro/gpmf-parser): a key, a type, the size of a value, their number, then values padded
 * to four bytes. Type 0 holds further entries. `SCAL` divides what follows; `GPS5` and `GPS9` begin with latitude and
 * longitude.
 */
function gpmfPosition(bytes: Uint8Array, start: number, end: number, depth: number): string | undefined {
  let scale = [1e7, 1e7];
  for (let at = start; at + 8 <= end; ) {
    const key = latin1(bytes, at, at + 4);
    const type = bytes[at + 4];
    const size = bytes[at + 5];
    const length = size * u16be(bytes, at + 6);
    const data = at + 8;
    if (data + length > end) return undefined;
    if (type === 0 && depth < DEEPEST) {
      const found = gpmfPosition(bytes, data, data + length, depth + 1);
      if (found) return found;
    } else if (key === 'SCAL' && length >= 4) {
      const all = Array.from({ length: length / size }, (_, i) =>
        size === 2 ? u16be(bytes, data + 2 * i) : i32be(bytes, data + size * i),
      );
      scale = [all[0], all[1] ?? all[0]];
    } else if ((key === 'GPS5' || key === 'GPS9') && length >= 8) {
      const position = inDegrees(i32be(bytes, data) / scale[0], i32be(bytes, data + 4) / scale[1]);
      if (position) return position;
    }
    at = data + ((length + 3) & ~3);
  }
  return undefined;
}

/** Camera motion metadata (developers.google.com/streetview/publish/camm-spec): types 5 and 6 are positions. */
function cammPosition(sample: Uint8Array): string | undefined {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
  const type = sample.length >= 4 ? view.getUint16(2, true) : -1;
  const at = type === 5 ? 4 : type === 6 ? 16 : sample.length;
  if (at + 16 > sample.length) return undefined;
  return inDegrees(view.getFloat64(at, true), view.getFloat64(at + 8, true));
}

/** Undefined for no place on earth, and for 0, 0, which a receiver without satellites writes. */
function inDegrees(latitude: number, longitude: number): string | undefined {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return latitude === 0 && longitude === 0 ? undefined : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}
