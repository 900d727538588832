import type { BoxTuple } from '../plan/box-tuple.ts';
import type { Plan, PlanTrack } from '../plan/plan.ts';

/** Each number of a box, and the length of the text before them, begins at a multiple of this. */
const BYTES = Float64Array.BYTES_PER_ELEMENT;
const BOX = 4;

/** A track as it is sent: how many boxes it has, in the place of the boxes. */
type Sent = Omit<PlanTrack, 'boxes'> & { readonly boxes: number };

/**
 * Anything with a plan in it as bytes: the length of a text (8 bytes), that text (JSON, with the number of boxes in
 * the place of the boxes), and all boxes after it, 32 bytes each, in the byte order of this machine. Half an hour of a
 * crowd is a million boxes: as text they take ten times as long on either side.
 */
export function packPlan<T extends { readonly plan: Plan }>(message: T): Uint8Array<ArrayBuffer> {
  const { tracks } = message.plan;
  const sent: Sent[] = tracks.map((track) => ({ ...track, boxes: track.boxes.length }));
  const text = JSON.stringify({ ...message, plan: { ...message.plan, tracks: sent } });
  const head = new TextEncoder().encode(text.padEnd(text.length + BYTES));
  const length = head.length - (head.length % BYTES);
  const count = sent.reduce((sum, { boxes }) => sum + boxes, 0);
  const bytes = new Uint8Array(BYTES + length + count * BOX * BYTES);
  new DataView(bytes.buffer).setFloat64(0, length);
  bytes.set(head.subarray(0, length), BYTES);
  const values = new Float64Array(bytes.buffer, BYTES + length);
  let at = 0;
  for (const { boxes } of tracks) {
    for (const box of boxes) {
      values[at++] = box[0];
      values[at++] = box[1];
      values[at++] = box[2];
      values[at++] = box[3];
    }
  }
  return bytes;
}

/** What was packed. The bytes come from Sayeh itself, so they are not checked. */
export function unpackPlan<T extends { readonly plan: Plan }>(bytes: ArrayBuffer): T {
  const length = new DataView(bytes).getFloat64(0);
  const message: { readonly plan: Omit<Plan, 'tracks'> & { readonly tracks: readonly Sent[] } } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(bytes, BYTES, length)),
  );
  const values = new Float64Array(bytes, BYTES + length);
  let at = 0;
  const next = (): BoxTuple => [values[at++], values[at++], values[at++], values[at++]];
  const tracks = message.plan.tracks.map((track) => {
    const boxes: BoxTuple[] = [];
    for (let i = 0; i < track.boxes; i++) boxes.push(next());
    return { ...track, boxes };
  });
  return { ...message, plan: { ...message.plan, tracks } } as unknown as T;
}
