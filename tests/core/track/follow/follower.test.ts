import { describe, expect, it } from 'vitest';
import { type Box, centre } from '../../../../src/core/geometry/box.ts';
import { IDENTITY, type Similarity } from '../../../../src/core/geometry/similarity.ts';
import { RegionFollower } from '../../../../src/core/track/follow/follower.ts';
import type { Luma } from '../../../../src/core/track/follow/patch.ts';
import { workingSize } from '../../../../src/core/track/follow/working-size.ts';
import { byteGenerator } from '../../redact/arbitraries.ts';

const WIDTH = 320;
const HEIGHT = 180;

/** A smooth random texture, the same for a seed, that can be looked up anywhere. */
function texture(seed: number, grain: number): (x: number, y: number) => number {
  const next = byteGenerator(seed);
  const grid = Float32Array.from({ length: 64 * 64 }, next);
  return (x, y) => {
    const [gx, gy] = [x / grain, y / grain];
    const [left, top] = [Math.floor(gx), Math.floor(gy)];
    const [fx, fy] = [gx - left, gy - top];
    const at = (c: number, r: number) => grid[(((top + r) & 63) << 6) | ((left + c) & 63)];
    return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
  };
}
const wall = texture(1, 9);
const patch = texture(7, 5);

interface Scene {
  /** Where the thing is, and how large beside its size at the start. */
  readonly thing: (frame: number) => { x: number; y: number; scale?: number; light?: number };
  /** How far the camera has gone. */
  readonly camera?: (frame: number) => { x: number; y: number };
  /** A bar stands before the picture here. */
  readonly hidden?: (frame: number) => boolean;
}
const SIDE = 36;

function picture({ thing, camera = () => ({ x: 0, y: 0 }), hidden }: Scene, frame: number): Luma {
  const data = new Uint8Array(WIDTH * HEIGHT);
  const noise = byteGenerator(frame + 100);
  const { x: tx, y: ty, scale = 1, light = 1 } = thing(frame);
  const eye = camera(frame);
  const half = (SIDE * scale) / 2;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [x + 0.5 - tx, y + 0.5 - ty];
      const on = Math.abs(dx) < half && Math.abs(dy) < half;
      const value = on
        ? patch(dx / scale + 500, dy / scale + 500) * light
        : 40 + 0.6 * wall(x + eye.x, y + eye.y);
      const seen = hidden?.(frame) ? 90 : value;
      data[y * WIDTH + x] = Math.min(255, Math.max(0, seen + (noise() & 7) - 3.5));
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

const boxAt = (scene: Scene, frame: number): Box => {
  const { x, y, scale = 1 } = scene.thing(frame);
  return { x: x - (SIDE * scale) / 2, y: y - (SIDE * scale) / 2, width: SIDE * scale, height: SIDE * scale };
};

/** Follows from one frame to another, either way; the largest distance of the middle from the truth, in pixels. */
function follow(scene: Scene, from: number, to: number) {
  const step = Math.sign(to - from);
  const follower = new RegionFollower(picture(scene, from), boxAt(scene, from));
  let worst = 0;
  let size = 0;
  for (let frame = from + step; frame !== to + step; frame += step) {
    const { camera = () => ({ x: 0, y: 0 }) } = scene;
    const [before, now] = [camera(frame - step), camera(frame)];
    const motion: Similarity = { ...IDENTITY, tx: before.x - now.x, ty: before.y - now.y };
    const found = follower.next(picture(scene, frame), motion);
    if (found === 'lost') return { worst, size, lostAt: frame };
    const [is, was] = [centre(found.box), centre(boxAt(scene, frame))];
    if (!scene.hidden?.(frame)) worst = Math.max(worst, Math.hypot(is.x - was.x, is.y - was.y));
    size = found.box.width;
  }
  return { worst, size, lostAt: undefined };
}

describe('a region followed through pictures whose motion is known', () => {
  it('that goes its own way, forwards and backwards', () => {
    const scene: Scene = { thing: (f) => ({ x: 60 + 3.3 * f, y: 90 + 30 * Math.sin(f / 6) }) };
    expect(follow(scene, 0, 60)).toMatchObject({ lostAt: undefined });
    expect(follow(scene, 0, 60).worst).toBeLessThan(0.6);
    expect(follow(scene, 60, 0).worst).toBeLessThan(0.6);
  });

  it('before a camera that pans and shakes', () => {
    const camera = (f: number) => ({ x: 6 * f + 5 * Math.sin(f * 1.7), y: 4 * Math.cos(f * 2.1) });
    const scene: Scene = {
      camera,
      thing: (f) => ({ x: 200 + 5 * f - camera(f).x, y: 80 + 1.5 * f - camera(f).y }),
    };
    expect(follow(scene, 0, 40).worst).toBeLessThan(0.6);
  });

  it('that comes nearer and grows brighter', () => {
    const scene: Scene = { thing: (f) => ({ x: 100 + f, y: 90, scale: 1 + f / 60, light: 1 - f / 150 }) };
    const { worst, size } = follow(scene, 0, 60);
    expect(worst).toBeLessThan(1);
    expect(size).toBeGreaterThan(0.95 * 2 * SIDE);
    expect(size).toBeLessThan(1.05 * 2 * SIDE);
  });

  it('that is hidden for a moment is found again; for good, it is lost soon after', () => {
    const thing = (f: number) => ({ x: 60 + 2 * f, y: 90 });
    const moment: Scene = { thing, hidden: (f) => f >= 20 && f < 26 };
    expect(follow(moment, 0, 60)).toMatchObject({ lostAt: undefined });
    expect(follow(moment, 0, 60).worst).toBeLessThan(0.8);
    const { lostAt } = follow({ thing, hidden: (f) => f >= 20 }, 0, 60);
    expect(lostAt).toBeGreaterThan(25);
    expect(lostAt).toBeLessThan(35);
  });

  it('that leaves the picture is lost there', () => {
    const { lostAt, worst } = follow({ thing: (f) => ({ x: 250 + 4 * f, y: 90 }) }, 0, 60);
    expect(worst).toBeLessThan(4);
    expect(lostAt).toBeGreaterThan(14);
    expect(lostAt).toBeLessThan(30);
  });

  it('with nothing to see in it goes with the camera', () => {
    const data = new Uint8Array(WIDTH * HEIGHT).fill(120);
    const sky = { width: WIDTH, height: HEIGHT, data };
    const follower = new RegionFollower(sky, { x: 100, y: 50, width: 40, height: 30 });
    let last: unknown;
    for (let i = 0; i < 30; i++) last = follower.next(sky, { ...IDENTITY, tx: 1, ty: 0.5 });
    expect(last).toMatchObject({ found: false, box: { x: 130, y: 65, width: 40, height: 30 } });
  });
});

it('the picture to work in is as small as the region allows', () => {
  expect(workingSize(1280, 720, { x: 0, y: 0, width: 160, height: 200 })).toMatchObject({
    width: 320,
    height: 180,
    scale: 4,
  });
  expect(workingSize(1280, 720, { x: 0, y: 0, width: 80, height: 100 })).toMatchObject({
    width: 640,
    scale: 2,
  });
  expect(workingSize(1280, 720, { x: 0, y: 0, width: 12, height: 14 })).toMatchObject({
    width: 1280,
    scale: 1,
  });
  expect(workingSize(200, 100, { x: 0, y: 0, width: 90, height: 90 })).toMatchObject({
    width: 200,
    scale: 1,
  });
});
