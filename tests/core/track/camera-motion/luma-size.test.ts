import { expect, it } from 'vitest';
import { lumaSize } from '../../../../src/core/track/camera-motion/luma-size.ts';

it.each([
  [1280, 720, 320, 180],
  [1080, 1920, 180, 320],
  [848, 478, 320, 180],
  [640, 640, 320, 320],
  [160, 120, 320, 240],
  [4000, 500, 320, 96],
])('%ix%i is followed in %ix%i', (width, height, lumaWidth, lumaHeight) => {
  expect(lumaSize(width, height)).toEqual({ width: lumaWidth, height: lumaHeight });
});

it('refuses a picture without a size', () => {
  expect(() => lumaSize(0, 720)).toThrow(/0x720/);
});
