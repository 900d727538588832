import { describe, expect, test } from 'vitest';
import { confirmed } from '../../../src/core/check/confirm.ts';
import { believable } from '../../../src/core/check/examiners.ts';
import { KeptVisible } from '../../../src/core/check/kept-visible.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { rasterise } from '../../../src/core/redact/mask.ts';

const seen = (x: number, size: number, score = 0.9) => ({
  box: { x, y: 40, width: size, height: size },
  score,
});

describe('which sightings are believed', () => {
  test('what reaches into covers only if the source shows it too; what is clear of them at once', () => {
    const mask = rasterise([{ rectangle: { x: 100, y: 0, width: 40, height: 200 } }], 400, 200);
    const clear = seen(10, 40);
    const across = seen(60, 120); // a third of it is cover
    expect(confirmed([clear, across], [], mask)).toEqual([clear]);
    expect(confirmed([clear, across], [seen(70, 110, 0.3)], mask)).toEqual([clear, across]);
    expect(confirmed([across], [seen(160, 30), seen(20, 40)], mask)).toEqual([]);
  });

  test('large faces must be surer than small ones, and none is believed that is too small to name anybody', () => {
    expect(believable(seen(0, 20, 0.55), 0.5)).toBe(true);
    expect(believable(seen(0, 20, 0.45), 0.5)).toBe(false);
    expect(believable(seen(0, 300, 0.6), 0.5)).toBe(false);
    expect(believable(seen(0, 300, 0.95), 0.5)).toBe(true);
    expect(believable(seen(0, 8, 0.99), 0.5)).toBe(false);
  });

  test('who was kept visible is no miss, in the frames of the decision only; a neighbour is', () => {
    const plan = {
      tracks: [
        { id: 1, from: 2, boxes: [[10, 40, 40, 40]], decision: 'keep' },
        { id: 2, from: 2, boxes: [[200, 40, 40, 40]], decision: 'cover' },
      ],
    } as unknown as Plan;
    const kept = new KeptVisible(plan);
    const [theirs, neighbours, covered] = [seen(12, 38), seen(45, 40), seen(200, 40)];
    expect(kept.withoutThem(2, [theirs, neighbours, covered])).toEqual([neighbours, covered]);
    expect(kept.withoutThem(3, [theirs])).toEqual([theirs]);
  });
});
