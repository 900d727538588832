import type { Box } from '../core/geometry/box.ts';
import { boxOf, tupleOf } from '../core/plan/box-tuple.ts';
import type { EditBox } from '../core/review/edit.ts';
import { type Scene, shotOf } from '../core/review/shot-of.ts';
import { CameraMotionEstimator } from '../core/track/camera-motion/estimator.ts';
import { lumaSize } from '../core/track/camera-motion/luma-size.ts';
import type { Luma } from '../core/track/follow/patch.ts';
import { type Lost, WatchfulFollower } from '../core/track/follow/watchful-follower.ts';
import { workingSize } from '../core/track/follow/working-size.ts';
import type { FollowEnd } from './api.ts';
import type { Asking } from './pictures/picture-source.ts';

/** What to follow: a region as drawn in `frame` of a film. */
export interface FollowAsked {
  readonly scene: Scene;
  readonly frame: number;
  readonly region: EditBox;
  readonly direction: 'both' | 'forwards' | 'backwards';
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Frames to follow something in. */
export interface LumaSource {
  readonly width: number;
  readonly height: number;
  /** A frame's luma, scaled to each of the sizes. */
  lumas(
    frame: number,
    sizes: readonly { readonly width: number; readonly height: number }[],
    asking?: Asking,
  ): Promise<Luma[]>;
}

/** Where a region goes: one box a frame from `from` on, in source pixels, and why that ends where it does. */
export interface FollowedPath {
  readonly from: number;
  readonly boxes: readonly EditBox[];
  readonly before: FollowEnd;
  readonly after: FollowEnd;
}

/**
 * Follows a region, drawn in `frame`, through its shot, frame by frame, in both directions. Throws SayehError where
 * a frame cannot be decoded, and the signal's reason once it is aborted.
 */
export async function followRegion(
  pictures: LumaSource,
  { scene, frame, region, direction }: FollowAsked,
  { signal, onProgress }: FollowOptions,
): Promise<FollowedPath> {
  const shot = shotOf(scene, frame);
  const ahead = direction === 'backwards' ? 0 : shot.to - 1 - frame;
  const back = direction === 'forwards' ? 0 : frame - shot.from;
  let done = 0;
  const step = () => onProgress?.(++done, ahead + back);
  const follow = (by: 1 | -1, count: number) =>
    followOneWay(pictures, frame, by, count, boxOf(region), signal, step);

  const onward = await follow(1, ahead);
  done = ahead;
  const backward = await follow(-1, back);
  const atEnd = (way: typeof onward, count: number, border: number, film: number): FollowEnd => {
    if (way.ended) return way.ended;
    if (count === 0 && frame !== border) return 'not-asked';
    return border === film ? 'end' : 'cut';
  };
  return {
    from: frame - backward.boxes.length,
    boxes: [...backward.boxes.reverse(), region, ...onward.boxes].map((box) => tupleOf(boxOf(box))),
    before: atEnd(backward, back, shot.from, 0),
    after: atEnd(onward, ahead, shot.to - 1, scene.film.frames - 1),
  };
}

/** One box for each picture after the first, and why that ended before the pictures did. */
interface FollowedOneWay {
  readonly boxes: EditBox[];
  readonly ended?: 'cut' | 'lost';
}

async function followOneWay(
  pictures: LumaSource,
  frame: number,
  by: 1 | -1,
  count: number,
  region: Box,
  signal: AbortSignal,
  step: () => void,
): Promise<FollowedOneWay> {
  const { width, height } = pictures;
  const boxes: EditBox[] = [];
  if (count === 0) return { boxes };
  const small = lumaSize(width, height);
  const working = workingSize(width, height, region);
  const camera = new CameraMotionEstimator({
    width,
    height,
    lumaWidth: small.width,
    lumaHeight: small.height,
  });
  const [smallLuma, luma] = await pictures.lumas(frame, [small, working], { signal });
  camera.next(smallLuma.data);
  const scaleY = height / working.height;
  const follower = new WatchfulFollower(luma, scaled(region, 1 / working.scale, 1 / scaleY));
  for (let i = 1; i <= count; i++) {
    const [nextSmall, next] = await pictures.lumas(frame + by * i, [small, working], { signal });
    const { transform, cut } = camera.next(nextSmall.data);
    if (cut) return end(i - 1, { boxes, ended: 'cut' });
    const motion = { ...transform, tx: transform.tx / working.scale, ty: transform.ty / scaleY };
    const followed = follower.next(next, motion);
    if ('lost' in followed) return takeBack(followed, i);
    boxes.push(toSource(followed.box));
    step();
  }
  return end(count, { boxes });

  /** What followed up to picture `last`, unless it was lost on the way there. */
  function end(last: number, otherwise: FollowedOneWay): FollowedOneWay {
    const lost = follower.lookBack();
    return lost ? takeBack(lost, last) : otherwise;
  }

  function takeBack({ instead }: Lost, last: number): FollowedOneWay {
    boxes.splice(last - instead.length, boxes.length, ...instead.map(toSource));
    return { boxes, ended: 'lost' };
  }

  function toSource(box: Box): EditBox {
    const { x, y, width: w, height: h } = scaled(box, working.scale, scaleY);
    return [x, y, w, h];
  }
}

function scaled(box: Box, x: number, y: number): Box {
  return { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y };
}
