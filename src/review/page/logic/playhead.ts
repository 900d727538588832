/**
 * Says which frame to show while a film plays. No frame is ever skipped: somebody who is exposed in one frame only
 * must be seen, so a film that cannot be fetched fast enough plays slower.
 */
export function nextFrame(
  frame: number,
  /** Seconds since `frame` was put on the screen. */
  shown: number,
  speed: number,
  times: { readonly frames: number; at(frame: number): number },
): number {
  if (frame + 1 >= times.frames) return frame;
  return shown * speed >= times.at(frame + 1) - times.at(frame) - 1e-4 ? frame + 1 : frame;
}

/** Frames to have ready, the nearest first: those ahead, and a few behind for stepping back. */
export function wantedFrames(frame: number, frames: number, playing: boolean): number[] {
  const wanted = [frame];
  const ahead = playing ? 12 : 4;
  const behind = playing ? 0 : 2;
  for (let step = 1; step <= Math.max(ahead, behind); step++) {
    if (step <= ahead && frame + step < frames) wanted.push(frame + step);
    if (step <= behind && frame - step >= 0) wanted.push(frame - step);
  }
  return wanted;
}
