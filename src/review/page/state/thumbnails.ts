import { fetchPicture, frameAddress, type Picture } from './frames.ts';

/** Fetched at once beside the frames of the film, which come first. */
const AT_ONCE = 2;
let underWay = 0;
const waiting: (() => void)[] = [];

/** Fetches a part of a frame, `width` pixels wide; waits for its turn. Rejects when aborted. */
export async function fetchSmall(
  item: number,
  frame: number,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  width: number,
  view: Readonly<Record<string, string>> | undefined,
  abort: AbortSignal,
): Promise<Picture> {
  if (underWay >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  underWay++;
  try {
    abort.throwIfAborted();
    const crop = [part.x, part.y, part.width, part.height].join(',');
    return await fetchPicture(
      frameAddress(item, frame, { ...view, crop, width: Math.min(width, part.width) }),
      abort,
    );
  } finally {
    underWay--;
    waiting.shift()?.();
  }
}
