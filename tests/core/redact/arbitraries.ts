import fc from 'fast-check';
import { covers, type Mask } from '../../../src/core/redact/mask.ts';
import type { Picture, PictureChannel, PlanarFormat } from '../../../src/core/redact/picture.ts';
import { interleavedPicture, planarPicture } from '../../../src/core/redact/picture.ts';
import type { Region } from '../../../src/core/redact/region.ts';

/** Regions of every kind, in and around a picture of up to 64 pixels a side. */
export const region: fc.Arbitrary<Region> = (() => {
  const at = fc.double({ min: -40, max: 100, noNaN: true });
  const size = fc.double({ min: 0, max: 40, noNaN: true });
  const box = fc.record({ x: at, y: at, width: size, height: size });
  return fc.oneof(
    fc.record({ box, cover: fc.constantFrom('head' as const, 'face' as const) }),
    fc.record({
      box,
      cover: fc.constant('face' as const),
      grow: fc.double({ min: 0, max: 10, noNaN: true }),
    }),
    fc.record({ rectangle: box }),
    fc.record({ ellipse: box }),
    fc.record({ polygon: fc.array(fc.record({ x: at, y: at }), { minLength: 3, maxLength: 7 }) }),
  );
})();

export const side: fc.Arbitrary<number> = fc.integer({ min: 1, max: 64 });

export type Layout = 'grey' | 'RGB' | 'RGBA' | 'padded RGB' | PlanarFormat;

export const layout: fc.Arbitrary<Layout> = fc.constantFrom(
  'grey',
  'RGB',
  'RGBA',
  'padded RGB',
  'yuv420p',
  'yuv422p',
  'yuv444p',
);

/** A picture of the layout, every byte of it (row padding too) from `next`. */
export function pictureOf(kind: Layout, width: number, height: number, next: () => number): Picture {
  const bytes = (length: number) => Uint8Array.from({ length }, next);
  switch (kind) {
    case 'grey':
      return interleavedPicture(bytes(width * height), width, height, 1);
    case 'RGB':
      return interleavedPicture(bytes(3 * width * height), width, height, 3);
    case 'RGBA':
      return interleavedPicture(bytes(4 * width * height), width, height, 4);
    case 'padded RGB': {
      const stride = 3 * width + 5;
      // Bytes after the picture as well: a write past its end must not go unseen.
      return interleavedPicture(bytes(stride * (height + 2)), width, height, 3, stride);
    }
    default: {
      const chromaWidth = kind === 'yuv444p' ? width : Math.ceil(width / 2);
      const chromaHeight = kind === 'yuv420p' ? Math.ceil(height / 2) : height;
      const luma = { data: bytes((width + 3) * height), stride: width + 3 };
      const chroma = () => ({ data: bytes((chromaWidth + 1) * chromaHeight), stride: chromaWidth + 1 });
      return planarPicture([luma, chroma(), chroma()], width, height, kind, 'limited');
    }
  }
}

/** The same picture over bytes of its own. */
export function copyOf(picture: Picture): Picture {
  const copies = new Map(picture.channels.map(({ data }) => [data, data.slice()]));
  return {
    ...picture,
    channels: picture.channels.map((channel) => ({ ...channel, data: copies.get(channel.data)! })),
  };
}

/** Whether two pictures of one layout have the same bytes, padding included. */
export function identical(a: Picture, b: Picture): boolean {
  return a.channels.every(({ data }, c) => Buffer.compare(data, b.channels[c].data) === 0);
}

/** Calls back with the index of every sample of the channel, and whether the mask covers any of its pixels. */
export function eachSample(
  channel: PictureChannel,
  mask: Mask,
  visit: (index: number, covered: boolean, x: number, y: number) => void,
): void {
  for (let y = 0; y < channel.height; y++) {
    for (let x = 0; x < channel.width; x++) {
      let covered = false;
      for (let py = y << channel.shiftY; py < Math.min((y + 1) << channel.shiftY, mask.height); py++) {
        for (let px = x << channel.shiftX; px < Math.min((x + 1) << channel.shiftX, mask.width); px++) {
          covered ||= covers(mask, px, py);
        }
      }
      visit(channel.offset + y * channel.stride + x * channel.step, covered, x, y);
    }
  }
}

/** A small linear congruential generator of bytes, for pictures too large to shrink byte by byte. */
export function byteGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}
