/** A size in whatever pixels the name says. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * How the picture lies on the stage: stage = picture * scale + (x, y), in CSS pixels. `zoom` is 1 where the whole
 * picture just fits.
 */
export interface Viewport extends Point {
  readonly zoom: number;
  readonly scale: number;
}

/** What the viewer asked for: `zoom` times the fit, and the picture's point (0 to 1 each way) in the middle. */
export interface Look extends Point {
  readonly zoom: number;
}

export const WHOLE: Look = { zoom: 1, x: 0.5, y: 0.5 };
export const MOST_ZOOM = 16;
/** Room left around the whole picture, in CSS pixels. */
const MARGIN = 8;

/** Where the picture lies for a look at it. A picture smaller than the stage is centred; none is dragged away. */
export function place(look: Look, picture: Size, stage: Size): Viewport {
  const room = {
    width: Math.max(1, stage.width - 2 * MARGIN),
    height: Math.max(1, stage.height - 2 * MARGIN),
  };
  const fit = Math.min(room.width / picture.width, room.height / picture.height);
  const scale = fit * look.zoom;
  const along = (centre: number, size: number, wide: number) => {
    const drawn = size * scale;
    if (drawn <= wide) return (wide - drawn) / 2;
    return Math.min(MARGIN, Math.max(wide - drawn - MARGIN, wide / 2 - centre * drawn));
  };
  return {
    zoom: look.zoom,
    scale,
    x: along(look.x, picture.width, stage.width),
    y: along(look.y, picture.height, stage.height),
  };
}

/** The look that a viewport shows, its middle told again after `place` has held it inside. */
export function lookOf(viewport: Viewport, picture: Size, stage: Size): Look {
  return {
    zoom: viewport.zoom,
    x: (stage.width / 2 - viewport.x) / (picture.width * viewport.scale),
    y: (stage.height / 2 - viewport.y) / (picture.height * viewport.scale),
  };
}

/** Zooms by `factor`; what lies under `anchor`, in stage pixels, stays there as far as it can. */
export function zoomAt(look: Look, factor: number, anchor: Point, picture: Size, stage: Size): Look {
  const before = place(look, picture, stage);
  const zoom = Math.min(MOST_ZOOM, Math.max(1, look.zoom * factor));
  const scale = (before.scale / before.zoom) * zoom;
  const held = toPicture(anchor, before);
  const moved = { zoom, scale, x: anchor.x - held.x * scale, y: anchor.y - held.y * scale };
  return lookOf(place(lookOf(moved, picture, stage), picture, stage), picture, stage);
}

/** Moves the picture by so many stage pixels. */
export function panBy(look: Look, dx: number, dy: number, picture: Size, stage: Size): Look {
  const { x, y, zoom, scale } = place(look, picture, stage);
  const moved = lookOf({ zoom, scale, x: x + dx, y: y + dy }, picture, stage);
  return lookOf(place(moved, picture, stage), picture, stage);
}

/** Looks at a box (picture pixels) so that it takes up a third of the stage. */
export function lookAt(box: Size & Point, picture: Size, stage: Size): Look {
  const fit = place(WHOLE, picture, stage).scale;
  const wanted = Math.min(
    stage.width / 3 / Math.max(1, box.width),
    stage.height / 3 / Math.max(1, box.height),
  );
  const look = {
    zoom: Math.min(MOST_ZOOM, Math.max(1, wanted / fit)),
    x: (box.x + box.width / 2) / picture.width,
    y: (box.y + box.height / 2) / picture.height,
  };
  return lookOf(place(look, picture, stage), picture, stage);
}

export function toPicture(point: Point, { x, y, scale }: Viewport): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

export function toStage(point: Point, { x, y, scale }: Viewport): Point {
  return { x: point.x * scale + x, y: point.y * scale + y };
}

/** Widths of frames worth asking for: few, so that a little zoom does not fetch everything again. */
const WIDTHS = [480, 720, 960, 1280, 1920, 2560, 3840];

/** How wide a frame to ask for, in pixels, to be sharp at this scale; never wider than the picture. */
export function frameWidth(pictureWidth: number, scale: number, density: number): number {
  const needed = pictureWidth * scale * density;
  return Math.min(pictureWidth, WIDTHS.find((width) => width >= needed * 0.95) ?? pictureWidth);
}
