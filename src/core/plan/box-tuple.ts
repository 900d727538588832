import type { Box } from '../geometry/box.ts';

/** x, y, width, height in source pixels. */
export type BoxTuple = [number, number, number, number];

/** Whether something read from outside is a box: four finite numbers, the last two not negative. */
export function isBoxTuple(value: unknown): value is BoxTuple {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    Number.isFinite(value[0]) &&
    Number.isFinite(value[1]) &&
    Number.isFinite(value[2]) &&
    Number.isFinite(value[3]) &&
    value[2] >= 0 &&
    value[3] >= 0
  );
}

export function boxOf([x, y, width, height]: readonly [number, number, number, number]): Box {
  return { x, y, width, height };
}

/** Rounded outwards to tenths of a pixel, so that a plan stays readable and never covers less. */
export function tupleOf(box: Box): BoxTuple {
  const x = Math.floor(box.x * 10) / 10;
  const y = Math.floor(box.y * 10) / 10;
  return [x, y, Math.ceil((box.x + box.width - x) * 10) / 10, Math.ceil((box.y + box.height - y) * 10) / 10];
}
