import type { Plan } from '../core/plan/plan.ts';

/** Boxes in one piece of text: what is turned into text in a few milliseconds. */
const BOXES_A_PIECE = 10_000;

/**
 * A plan as the text that JSON.stringify gives, in pieces, so that the plan of a long film can be written while
 * other work goes on. The pieces are of the plan as it was given, whatever is edited meanwhile.
 */
export function* planText(plan: Plan): Generator<string> {
  const [before, after] = JSON.stringify({ ...plan, tracks: [] }).split('"tracks":[]');
  let piece = `${before}"tracks":[`;
  let boxes = 0;
  for (const [i, track] of plan.tracks.entries()) {
    piece += `${i > 0 ? ',' : ''}${JSON.stringify(track)}`;
    boxes += track.boxes.length;
    if (boxes < BOXES_A_PIECE) continue;
    yield piece;
    piece = '';
    boxes = 0;
  }
  yield `${piece}]${after}\n`;
}
