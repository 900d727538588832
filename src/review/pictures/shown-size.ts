import type { Showing } from './picture-source.ts';

/** What part of a frame is shown, and how large, in whole pixels. */
export function shownSize(
  frame: { readonly width: number; readonly height: number },
  { width: asked, crop }: Showing,
): { part: { x: number; y: number; width: number; height: number }; width: number; height: number } {
  const part = crop ?? { x: 0, y: 0, width: frame.width, height: frame.height };
  const width = Math.max(1, Math.min(part.width, Math.round(asked)));
  return { part, width, height: Math.max(1, Math.round((part.height * width) / part.width)) };
}
