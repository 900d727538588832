import { z } from 'zod';
import { regionSchema } from '../core/review/parse-edit.ts';
import type { FollowRequest } from './api.ts';

// What the page sends, as it is read from outside.

const revision = z.int().nonnegative();
const frame = z.int().nonnegative();
const style = z.enum(['blur', 'pixelate', 'solid']);
const cover = z.enum(['head', 'face']);

/** The edits themselves are read by `parseEdits`. */
export const editsRequest = z.strictObject({ revision, edits: z.unknown() });
export const revisionRequest = z.strictObject({ revision });

const follow = {
  revision,
  frame,
  direction: z.enum(['both', 'forwards', 'backwards']).optional(),
};
export const followRequest: z.ZodType<FollowRequest> = z.union([
  z.strictObject({ ...follow, region: regionSchema }),
  z.strictObject({ ...follow, track: z.int().positive() }),
]);

export const renderRequest = z.strictObject({
  settings: z.strictObject({ style, cover, audio: z.enum(['drop', 'keep']) }),
});

const whole = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);
/** Query of a frame. */
export const frameQuery = z.strictObject({
  width: whole.refine((width) => width >= 16).optional(),
  view: z.enum(['original', 'protected']).default('original'),
  style: style.optional(),
  cover: cover.optional(),
  crop: z
    .string()
    .regex(/^\d{1,6},\d{1,6},\d{1,6},\d{1,6}$/)
    .transform((text) => {
      const [x, y, width, height] = text.split(',').map(Number);
      return { x, y, width, height };
    })
    .optional(),
});
export const reportQuery = z.strictObject({ language: z.enum(['en', 'fa', 'ar']).default('en') });
