import { SayehError } from '../errors.ts';
import type { Box } from '../geometry/box.ts';

/**
 * A face to cover. `box` is the face itself, brow to chin, in picture pixels; `cover` says how far around it
 * the mask reaches: `head` takes in hair, ears and chin, `face` little more than the face.
 */
export interface FaceRegion {
  readonly box: Box;
  readonly cover: 'head' | 'face';
  /** Pixels to add on every side, for motion blur or an uncertain place. 0 unless given. */
  readonly grow?: number;
}

/** A rectangle to cover, exactly as given, in picture pixels. */
export interface RectangleRegion {
  readonly rectangle: Box;
}

/** The ellipse in a box, to cover exactly as given, in picture pixels. */
export interface EllipseRegion {
  readonly ellipse: Box;
}

/** A free shape to cover, its corners in picture pixels; it closes itself, and may cross itself. */
export interface PolygonRegion {
  readonly polygon: readonly { readonly x: number; readonly y: number }[];
}

/** A place in a picture that must not be seen. */
export type Region = FaceRegion | RectangleRegion | EllipseRegion | PolygonRegion;

/** Far beyond any picture, and small enough that no sum or product of coordinates loses its precision. */
const FARTHEST = 2 ** 24;

/**
 * Throws SayehError('usage') unless every number in the region makes sense. A region that cannot be drawn must
 * stop the work: drawing nothing for it would leave a face uncovered.
 */
export function checkRegion(region: Region): void {
  let good: boolean;
  if ('polygon' in region) {
    good = region.polygon.length >= 3 && region.polygon.every((p) => sound(p.x) && sound(p.y));
  } else if ('rectangle' in region) {
    good = soundBox(region.rectangle);
  } else if ('ellipse' in region) {
    good = soundBox(region.ellipse);
  } else {
    const grow = region.grow ?? 0;
    good = soundBox(region.box) && sound(grow) && grow >= 0;
  }
  if (!good) {
    throw new SayehError(
      'usage',
      `not a region that can be drawn: ${JSON.stringify(region, printNumber)}; coordinates must be finite, sizes not negative, polygons of three corners or more`,
    );
  }
}

const sound = (value: number) => Math.abs(value) <= FARTHEST; // false for NaN too

const soundBox = (box: Box) =>
  sound(box.x) && sound(box.y) && sound(box.width) && sound(box.height) && box.width >= 0 && box.height >= 0;

/** JSON would write NaN and infinities as null, which hides the very value at fault. */
const printNumber = (_key: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
