import { useEffect, useRef } from 'preact/hooks';
import { picture } from '../state/playback.ts';
import { itemIndex, review, settings } from '../state/review.ts';
import { fetchSmall } from '../state/thumbnails.ts';
import { pictureSize, showProtected } from '../state/view.ts';

type Box = readonly [number, number, number, number];

/** Pixels along each side. */
const SIZE = 44;

/**
 * A small picture of a place in a frame, or of the whole frame. It is fetched when it comes into sight; `local` takes
 * it from the frame that is on the screen.
 */
export function Thumbnail({
  frame,
  box,
  local = false,
}: {
  readonly frame: number;
  readonly box: Box | undefined;
  readonly local?: boolean;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const item = itemIndex.value;
  const here = local ? picture.value : undefined;
  // Small pictures show what the large one shows: who looks over a shoulder sees no more in them.
  const { style, cover } = settings.value;
  const drawn = showProtected.value && !local ? ({ view: 'protected', style, cover } as const) : undefined;
  const revision = drawn ? review.value?.revision : 0;
  useEffect(() => {
    const element = canvas.current!;
    const film = pictureSize.peek();
    const part = square(box, film.width, film.height);
    if (local) {
      if (!here || here.bitmap.width === 0) return;
      const scale = here.bitmap.width / film.width;
      paint(element, here.bitmap, part.x * scale, part.y * scale, part.width * scale, part.height * scale);
      return;
    }
    const abort = new AbortController();
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watcher.disconnect();
      fetchSmall(item, frame, part, 2 * SIZE, drawn, abort.signal)
        .then(({ bitmap }) => {
          paint(element, bitmap, 0, 0, bitmap.width, bitmap.height);
          bitmap.close();
        })
        .catch(() => {});
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      abort.abort();
    };
  }, [item, frame, local, here, box?.join(), drawn?.style, drawn?.cover, revision]);
  return <canvas ref={canvas} class="thumbnail" width={2 * SIZE} height={2 * SIZE} />;
}

/** The place with some room around it, in whole pixels inside the picture. */
function square(box: Box | undefined, width: number, height: number) {
  if (!box) return { x: 0, y: 0, width, height };
  const side = Math.min(width, height, Math.max(24, Math.round(2.2 * Math.max(box[2], box[3]))));
  const along = (from: number, size: number, end: number) =>
    Math.round(Math.min(Math.max(0, from + size / 2 - side / 2), end - side));
  return { x: along(box[0], box[2], width), y: along(box[1], box[3], height), width: side, height: side };
}

/** Fills the canvas with a part of a picture, cut to its shape. */
function paint(
  element: HTMLCanvasElement,
  bitmap: ImageBitmap,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const side = Math.min(width, height);
  const ctx = element.getContext('2d')!;
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(
    bitmap,
    x + (width - side) / 2,
    y + (height - side) / 2,
    side,
    side,
    0,
    0,
    element.width,
    element.height,
  );
}
