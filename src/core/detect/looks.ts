import type { Box } from '../geometry/box.ts';
import type { Detection } from './detection.ts';
import { nonMaximumSuppression } from './nms.ts';

/** One picture handed to a detector: a part of the source at some scale. */
export interface PictureLook {
  /** Whole pixels of the source that are shown; always inside the picture, its corner where a chroma sample begins. */
  readonly crop: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Size the crop is scaled to; it fills the network's input from the top left corner, and the rest is black. */
  readonly shown: { readonly width: number; readonly height: number };
  /** Size of the network's input, multiples of what the detector asks for. */
  readonly width: number;
  readonly height: number;
}

/** Bound on one network input, which bounds memory: about 400 bytes of activations a pixel. */
const MAX_LOOK_PIXELS = 2_200_000;
/** Network pixels by which neighbouring tiles overlap; a face this high is whole in one of them. */
const OVERLAP = 160;

/**
 * Cuts a picture at a scale into looks. A picture that fits is one look; a larger one becomes overlapping
 * tiles. At scale 1 the input is padded to the next multiple, so that no pixel need be resampled: that is seven
 * times cheaper, and sharper. At other scales sides are rounded to the nearest multiple, which stretches by a few
 * per cent at most.
 */
export function planLooks(width: number, height: number, scale: number, multiple: number): PictureLook[] {
  const columns = split(width * scale, height * scale);
  const rows = split(height * scale, width * scale);
  const looks: PictureLook[] = [];
  for (const [y, cropHeight] of spans(height, rows, OVERLAP / scale)) {
    for (const [x, cropWidth] of spans(width, columns, OVERLAP / scale)) {
      const crop = { x, y, width: cropWidth, height: cropHeight };
      if (scale === 1) {
        const size = { width: padTo(cropWidth, multiple), height: padTo(cropHeight, multiple) };
        looks.push({ crop, shown: { width: cropWidth, height: cropHeight }, ...size });
      } else {
        const size = {
          width: roundTo(cropWidth * scale, multiple),
          height: roundTo(cropHeight * scale, multiple),
        };
        looks.push({ crop, shown: size, ...size });
      }
    }
  }
  return looks;
}

/** Into how many tiles to cut a side, given the other. */
function split(side: number, other: number): number {
  if (side * other <= MAX_LOOK_PIXELS) return 1;
  const tile = Math.sqrt(MAX_LOOK_PIXELS);
  // A narrow strip needs cutting along its length only.
  const room = other < tile ? MAX_LOOK_PIXELS / other : tile;
  return side <= room ? 1 : Math.ceil((side - OVERLAP) / (room - OVERLAP));
}

/** Even offsets and lengths, in whole pixels, of `count` spans that cover `length` and overlap by `overlap`. */
function spans(length: number, count: number, overlap: number): [offset: number, length: number][] {
  if (count === 1) return [[0, length]];
  const size = Math.min(length, Math.ceil((length + overlap * (count - 1)) / count));
  return Array.from({ length: count }, (_, i) => {
    const end = Math.floor((i * (length - size)) / (count - 1)) + size;
    const offset = (end - size) & ~1;
    return [offset, end - offset];
  });
}

const padTo = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

function roundTo(value: number, multiple: number): number {
  return Math.max(multiple, Math.round(value / multiple) * multiple);
}

/** Brings detections of one look back to source pixels. */
export function toSource(look: PictureLook, detections: readonly Detection[]): Detection[] {
  const scaleX = look.crop.width / look.shown.width;
  const scaleY = look.crop.height / look.shown.height;
  return detections.map(({ box, score }) => ({
    box: place(box, look, scaleX, scaleY),
    score,
  }));
}

function place(box: Box, look: PictureLook, scaleX: number, scaleY: number): Box {
  return {
    x: look.crop.x + box.x * scaleX,
    y: look.crop.y + box.y * scaleY,
    width: box.width * scaleX,
    height: box.height * scaleY,
  };
}

/** Detections of several looks at one picture as one list: where they agree the strongest stands. */
export function mergeLooks(found: readonly Detection[]): Detection[] {
  return nonMaximumSuppression(found, 0.45);
}
