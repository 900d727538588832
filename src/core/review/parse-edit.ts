import { z } from 'zod';
import { MOST_CORNERS, MOST_GROWTH } from '../plan/limits.ts';
import type { Edit } from './edit.ts';

/** Edits in one request at most. */
export const MOST_EDITS = 1000;
const MOST_KEYFRAMES = 1000;

const coordinate = z.number().min(-1e6).max(1e6);
const size = z.number().positive().max(1e6);
const box = z.tuple([coordinate, coordinate, size, size]);
const frame = z.int().nonnegative();
const track = z.int().positive();
const keyframe = z.strictObject({ frame, box });

/** A drawn region, read from outside. */
export const regionSchema = z.union([
  z.strictObject({ ellipse: box }),
  z.strictObject({ rectangle: box }),
  z.strictObject({
    polygon: z
      .array(z.tuple([coordinate, coordinate]))
      .min(3)
      .max(MOST_CORNERS),
  }),
]);

const editSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('decide'),
    track,
    decision: z.enum(['cover', 'keep']),
    from: frame.optional(),
    to: frame.optional(),
  }),
  z.strictObject({ do: z.literal('decide-all'), decision: z.literal('cover') }),
  z.strictObject({
    do: z.literal('draw'),
    region: regionSchema,
    frame,
    from: frame.optional(),
    to: frame.optional(),
    keyframes: z.array(keyframe).max(MOST_KEYFRAMES).optional(),
  }),
  z.strictObject({ do: z.literal('keyframe'), track, frame, box }),
  z.strictObject({
    do: z.literal('grow'),
    track: z.union([track, z.literal('all')]),
    factor: z.number().min(1).max(MOST_GROWTH),
  }),
  z.strictObject({ do: z.literal('split'), track, frame }),
  z.strictObject({ do: z.literal('join'), tracks: z.tuple([track, track]) }),
  z.strictObject({ do: z.literal('remove'), track }),
  z.strictObject({ do: z.literal('seen'), risk: z.int().nonnegative(), seen: z.boolean() }),
]);

/** Edits read from outside, 1 to MOST_EDITS of them. Throws ZodError. */
export function parseEdits(value: unknown): readonly Edit[] {
  return z.array(editSchema).min(1).max(MOST_EDITS).parse(value);
}
