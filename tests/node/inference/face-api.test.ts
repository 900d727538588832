import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Detector } from '../../../src/core/detect/detector.ts';
import { centre, iou } from '../../../src/core/geometry/box.ts';
import { type FaceApiRuntime, loadFaceApiRuntime } from '../../../src/node/inference/face-api-runtime.ts';
import { loadDetector } from '../../../src/node/inference/load-detector.ts';
import { readRegion, SAMPLES } from './pictures.ts';

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug'] as const;
const spies = CONSOLE.map((method) => vi.spyOn(console, method));
const connect = vi.spyOn(net.Socket.prototype, 'connect');
const fetch = vi.spyOn(globalThis, 'fetch');

let runtime: FaceApiRuntime;
let centerface: Detector;
beforeAll(async () => {
  runtime = await loadFaceApiRuntime();
  centerface = await loadDetector('centerface');
});
afterAll(() => centerface.dispose());

// Tiny's boxes hold the features only, brow to mouth: wider and lower than CenterFace's.
describe.each([
  { name: 'face-api-ssd', overlap: 0.5 },
  { name: 'face-api-tiny', overlap: 0.33 },
] as const)('$name', ({ name, overlap }) => {
  let detector: Detector;
  let tensorsBefore: number;
  beforeAll(async () => {
    tensorsBefore = runtime.tf.memory().numTensors;
    detector = await loadDetector(name);
  });

  test.each(SAMPLES)('finds every face of %s that CenterFace finds', async (sample) => {
    // 960 wide: more than the networks' own input, so that shrinking is in the test.
    const picture = await readRegion(sample, [0, 0, 960, 800, 2]);
    const expected = await centerface.detect(picture, 0.5);
    const found = await detector.detect(picture, 0.3);
    expect(expected.length).toBeGreaterThan(2);
    for (const { box } of expected) {
      const best = found.reduce((a, b) => (iou(b.box, box) > iou(a.box, box) ? b : a));
      expect(iou(best.box, box)).toBeGreaterThan(overlap);
      const middle = centre(best.box);
      expect(Math.abs(middle.x - centre(box).x)).toBeLessThan(box.width / 2);
      expect(Math.abs(middle.y - centre(box).y)).toBeLessThan(box.height / 2);
    }
    expect(found.length).toBeLessThanOrEqual(expected.length + 1);
  });

  test('boxes follow the picture, whatever its size and shape', async () => {
    const whole = await detector.detect(await readRegion('sample5.jpg', [0, 0, 480, 350, 4]), 0.5);
    for (const [width, height, step] of [
      [481, 351, 4],
      [480, 700, 4],
      [600, 350, 4],
      [1920, 1398, 1],
    ]) {
      const found = await detector.detect(await readRegion('sample5.jpg', [0, 0, width, height, step]), 0.2);
      const factor = 4 / step;
      for (const { box } of whole) {
        const expected = {
          x: box.x * factor,
          y: box.y * factor,
          width: box.width * factor,
          height: box.height * factor,
        };
        expect(Math.max(0, ...found.map((one) => iou(one.box, expected)))).toBeGreaterThan(0.5);
      }
    }
  });

  test("the threshold is the caller's from 0 to 1; thousands of doubtful boxes are no trouble", async () => {
    const picture = await readRegion('sample6.jpg', [0, 0, 480, 400, 4]);
    const counts: number[] = [];
    for (const threshold of [0, 0.01, 0.1, 0.5, 1]) {
      const found = await detector.detect(picture, threshold);
      for (const { score } of found) expect(score).toBeGreaterThan(threshold);
      counts.push(found.length);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(100);
    expect(counts[3]).toBe(4);
    expect(counts[4]).toBe(0);
  });

  test('no tensor outlives a picture, and none the detector', async () => {
    const picture = await readRegion('sample1.jpg', [0, 0, 240, 160, 8]);
    await detector.detect(picture, 0.3);
    const loaded = runtime.tf.memory().numTensors;
    for (let i = 0; i < 3; i++) await detector.detect(picture, 0.3);
    expect(runtime.tf.memory().numTensors).toBe(loaded);
    expect(loaded).toBeGreaterThan(tensorsBefore);
    await detector.dispose();
    expect(runtime.tf.memory().numTensors).toBe(tensorsBefore);
  });
});

test('all of that was silent and off the network', () => {
  expect(runtime.tf.getBackend()).toMatch(/^(wasm|tensorflow)$/);
  for (const spy of [...spies, connect, fetch]) expect(spy).not.toHaveBeenCalled();
});
