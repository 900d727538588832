import { z } from 'zod';
import { DETECTOR_NAMES, SENSITIVITIES } from '../detect/catalogue.ts';
import { type BoxTuple, isBoxTuple } from './box-tuple.ts';
import { MOST_CORNERS, MOST_GROWTH } from './limits.ts';
import { PLAN_VERSION } from './version.ts';

const share = z.number().min(0).max(1);
const boxSchema = z.custom<BoxTuple>(isBoxTuple, 'is not a box');
/** Checked by hand: the plan of half an hour of a crowd holds a million, and zod takes a microsecond for each. */
const boxesSchema = z.custom<BoxTuple[]>(
  (value) => Array.isArray(value) && value.length > 0 && value.every(isBoxTuple),
  'is not a list of boxes',
);

/**
 * What is covered of each box: all of it, the ellipse in it, or a polygon whose corners are shares of the box's
 * width and height. A track without a shape is a face, and its head or face is covered.
 */
const shapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rectangle') }),
  z.strictObject({ kind: z.literal('ellipse') }),
  z.strictObject({
    kind: z.literal('polygon'),
    points: z
      .array(z.tuple([share, share]))
      .min(3)
      .max(MOST_CORNERS),
  }),
]);

const trackSchema = z.strictObject({
  id: z.int().positive(),
  /** Index of the first frame. */
  from: z.int().nonnegative(),
  /** The face (not the head), one box a frame from `from` on. */
  boxes: boxesSchema,
  /** `keep` leaves this person visible: only a person decides that. */
  decision: z.enum(['cover', 'keep']),
  /** How sure the analysis was; `drawn` for what a person added. */
  standing: z.enum(['sure', 'doubtful', 'noise', 'drawn']),
  /** Best detector score, 0 to 1. */
  score: z.number().min(0).max(1),
  /** Of what a person drew. */
  shape: shapeSchema.optional(),
  /** The cover's size, as a multiple of the usual: a person wanted more covered. */
  grow: z.number().min(1).max(MOST_GROWTH).optional(),
  /** Frames in which a person put the box where it is, rising. */
  keys: z.array(z.int().nonnegative()).optional(),
});

const riskSchema = z.strictObject({
  /** First frame, and the one after the last. */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  /** The frame that shows it best. */
  at: z.int().nonnegative(),
  /** 0 to 1; a list is sorted by it, worst first. */
  level: z.number().min(0).max(1),
  reasons: z.array(z.string().max(80)),
  /** Where in frame `at`, if it is a place and not the whole picture. */
  box: boxSchema.optional(),
  /** A person looked at it. */
  seen: z.literal(true).optional(),
});

const schema = z.strictObject({
  sayeh: z.literal('plan'),
  version: z.literal(PLAN_VERSION),
  film: z.strictObject({
    kind: z.enum(['photo', 'video']),
    /** Upright size in pixels. */
    width: z.int().positive(),
    height: z.int().positive(),
    frames: z.int().positive(),
    /** Frames a second on average; 0 for photos. */
    frameRate: z.number().nonnegative(),
  }),
  analysis: z.strictObject({
    detector: z.enum(DETECTOR_NAMES),
    sensitivity: z.enum(SENSITIVITIES),
    /** Where only every so manyth frame was looked at, because somebody asked for it. */
    every: z.int().positive().optional(),
  }),
  /** Frames that begin a new shot. */
  cuts: z.array(z.int().nonnegative()),
  tracks: z.array(trackSchema),
  risks: z.array(riskSchema),
});

/**
 * What to cover in one photo or film: geometry, frame numbers and decisions. It holds no pixel, name, path,
 * date or face descriptor.
 */
export type Plan = z.infer<typeof schema>;
export type PlanTrack = Plan['tracks'][number];
export type PlanRisk = Plan['risks'][number];
export type PlanShape = z.infer<typeof shapeSchema>;

/**
 * Checks a plan read from outside, unknown keys included. Also refuses tracks that run past the film's end.
 * Throws ZodError; the caller knows which file to blame.
 */
export function parsePlan(value: unknown): Plan {
  return schema
    .superRefine((plan, context) => {
      for (const [index, { from, boxes }] of plan.tracks.entries()) {
        if (from + boxes.length > plan.film.frames) {
          context.addIssue({
            code: 'custom',
            path: ['tracks', index],
            message: 'runs past the end of the film',
          });
        }
      }
    })
    .parse(value);
}
