import { SayehError } from '../errors.ts';
import type { Channel } from './channel.ts';

/** What a channel's samples mean. Grey pictures have one channel, `luma`. */
export type Role = 'red' | 'green' | 'blue' | 'luma' | 'cb' | 'cr' | 'alpha';

/** Whether luma runs over 0 to 255 or, as most video does, 16 to 235 (ITU-R BT.601, BT.709). */
export type Range = 'full' | 'limited';

/** A channel's place in a picture: a shift of 1 says that it holds one sample for two pixels on that axis. */
export interface PictureChannel extends Channel {
  readonly role: Role;
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
}

/** A decoded picture, 8 bits a sample. A channel of shift 1 is `ceil(size / 2)` samples long on that axis. */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly range: Range;
  readonly channels: readonly PictureChannel[];
}

const INTERLEAVED: Record<1 | 2 | 3 | 4, readonly Role[]> = {
  1: ['luma'],
  2: ['luma', 'alpha'],
  3: ['red', 'green', 'blue'],
  4: ['red', 'green', 'blue', 'alpha'],
};

/**
 * A picture over interleaved full-range samples: grey (1 component), grey and alpha (2), RGB (3) or RGBA (4).
 * The bytes are shared, not copied. `stride` defaults to tightly packed rows.
 */
export function interleavedPicture(
  data: Uint8Array,
  width: number,
  height: number,
  components: 1 | 2 | 3 | 4,
  stride: number = width * components,
): Picture {
  const channels = INTERLEAVED[components].map(
    (role, offset): PictureChannel => ({
      ...{ role, data, width, height, stride, step: components, offset },
      ...{ shiftX: 0, shiftY: 0 },
    }),
  );
  return checked({ width, height, range: 'full', channels });
}

/** One plane as a decoder hands it over; rows may be padded. */
export interface Plane {
  readonly data: Uint8Array;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

export type PlanarFormat = 'yuv420p' | 'yuv422p' | 'yuv444p';

const CHROMA_SHIFTS: Record<PlanarFormat, { shiftX: 0 | 1; shiftY: 0 | 1 }> = {
  yuv420p: { shiftX: 1, shiftY: 1 },
  yuv422p: { shiftX: 1, shiftY: 0 },
  yuv444p: { shiftX: 0, shiftY: 0 },
};

/** A picture over three planes in the order Y, Cb, Cr. The bytes are shared, not copied. */
export function planarPicture(
  planes: readonly [Plane, Plane, Plane],
  width: number,
  height: number,
  format: PlanarFormat,
  range: Range,
): Picture {
  const plane = ({ data, stride }: Plane, role: Role, shiftX: 0 | 1, shiftY: 0 | 1): PictureChannel => ({
    ...{ role, data, stride, step: 1, offset: 0, shiftX, shiftY },
    width: halved(width, shiftX),
    height: halved(height, shiftY),
  });
  const { shiftX, shiftY } = CHROMA_SHIFTS[format];
  const channels = [
    plane(planes[0], 'luma', 0, 0),
    plane(planes[1], 'cb', shiftX, shiftY),
    plane(planes[2], 'cr', shiftX, shiftY),
  ];
  return checked({ width, height, range, channels });
}

/**
 * Answers the picture if every sample that it claims to hold is there, or throws SayehError('internal'). A
 * write past the end of a typed array is silently lost, so a wrong size would leave a face uncovered.
 */
export function checked(picture: Picture): Picture {
  for (const channel of picture.channels) {
    const { role, data, width, height, stride, step, offset } = channel;
    if (
      width !== halved(picture.width, channel.shiftX) ||
      height !== halved(picture.height, channel.shiftY)
    ) {
      throw new SayehError(
        'internal',
        `channel ${role} is ${width}x${height}, which does not fit a picture of ${picture.width}x${picture.height}`,
      );
    }
    const needed = width && height ? offset + (height - 1) * stride + (width - 1) * step + 1 : 0;
    if (!(data.length >= needed) || !(stride >= width * step)) {
      throw new SayehError(
        'internal',
        `channel ${role} of ${width}x${height} needs ${needed} bytes, has ${data.length} in rows of ${stride}`,
      );
    }
  }
  return picture;
}

const halved = (size: number, shift: 0 | 1) => (size + shift) >> shift;
