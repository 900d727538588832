import { z } from 'zod';
import { DETECTOR_NAMES, SENSITIVITIES } from '../detect/catalogue.ts';
import { BETRAYAL_CODES, FAILURE_CODES, REASON_CODES } from './codes.ts';
import { NOTE_CODES } from './notes.ts';
import { TOPICS } from './removed.ts';

/** Bumped when a reader of the old shape would go wrong with the new one. */
export const REPORT_VERSION = 1;

const finite = z.number().refine(Number.isFinite);
const frame = z.int().nonnegative();
const count = z.int().nonnegative();
/** Seconds from the first frame; absent in photos. */
const seconds = z.number().nonnegative().optional();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** As Sayeh makes them: nothing of the original's name can be in one. */
const neutralName = z.string().regex(/^sayeh-[0-9a-f]{12}\.[a-z0-9]{3,4}$/);
/** A network's name is one of a list, and the version a number: no field takes free text. */
const networkName = z.string().regex(/^[a-z0-9-]{1,40}$/);

const spanSchema = z.strictObject({
  /** First frame, and the one after the last. */
  from: frame,
  to: frame,
  start: seconds,
  end: seconds,
});

const riskSchema = z.strictObject({
  ...spanSchema.shape,
  /** The frame that shows it best. */
  at: frame,
  time: seconds,
  /** 0 to 1: an order, not a probability. The list is sorted by it, worst first. */
  level: z.number().min(0).max(1),
  reasons: z.array(z.enum(REASON_CODES)),
  /** A person looked at it before the file was written. */
  seen: z.literal(true).optional(),
  /** x, y, width, height in source pixels of frame `at`, if it is a place and not the whole picture. */
  box: z.tuple([finite, finite, finite, finite]).optional(),
});

const checkSchema = z.strictObject({
  networks: z.array(networkName),
  frames: count,
  examined: count,
  rounds: count,
  recovered: count,
  leaksClosed: count,
  remaining: count,
});

const protectedSchema = z.strictObject({
  status: z.literal('protected'),
  /** Which of the inputs it was, from 1. */
  number: z.int().positive(),
  /** Only where Sayeh made it up; a name somebody chose may tell. */
  name: neutralName.optional(),
  /** Of the written file: says which file this is about, whatever it is called. */
  sha256,
  kind: z.enum(['photo', 'video']),
  /** Upright, in pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  duration: seconds,
  covered: z.strictObject({
    /** Tracks of faces that are covered: in a film one person may be several. */
    faces: count,
    /** Of those, the ones that may be no faces. */
    doubtful: count,
    /** Covers that a person drew, of whatever is under them. */
    drawn: count,
    /** Tracks a person chose to leave visible. */
    leftVisible: count,
    frames: count,
    spans: z.array(spanSchema),
  }),
  /** How faces were found in this file. */
  analysis: z.strictObject({
    detector: z.enum(DETECTOR_NAMES),
    sensitivity: z.enum(SENSITIVITIES),
    every: z.int().positive().optional(),
  }),
  risks: z.array(riskSchema),
  /** Absent where the original could not be searched. Never a value. */
  removed: z
    .array(
      z.strictObject({
        kind: z.enum(BETRAYAL_CODES),
        count: z.int().positive(),
        topics: z.array(z.enum(TOPICS)),
      }),
    )
    .optional(),
  sound: z.enum(['none', 'dropped', 'kept']),
  /** Absent where nobody looked for faces in the written file. */
  check: checkSchema.optional(),
  notes: z.array(z.enum(NOTE_CODES)),
});

const failedSchema = z.strictObject({
  status: z.literal('failed'),
  number: z.int().positive(),
  code: z.enum(FAILURE_CODES),
});

const schema = z.strictObject({
  sayeh: z.literal('report'),
  version: z.literal(REPORT_VERSION),
  tool: z.strictObject({ version: z.string().regex(/^\d+\.\d+\.\d+[a-z0-9.-]*$/) }),
  /** Year, month and day in UTC, and only if it was asked for. */
  date: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional(),
  settings: z.strictObject({
    style: z.enum(['blur', 'pixelate', 'solid']),
    cover: z.enum(['head', 'face']),
    audio: z.enum(['drop', 'keep']),
    codec: z.enum(['h264', 'hevc', 'vp9', 'av1']),
    names: z.enum(['neutral', 'kept', 'chosen']),
  }),
  /** Every network that looked at a file here, by name and hash of its weights. */
  networks: z.array(z.strictObject({ name: networkName, sha256 })),
  files: z.array(z.discriminatedUnion('status', [protectedSchema, failedSchema])),
});

/**
 * What was done to a run's files: counts, times, places and codes. It holds no picture, no face, no metadata value,
 * no original name, path or host, and no date unless one was asked for; no field takes free text.
 */
export type Report = z.infer<typeof schema>;
export type ReportFile = Report['files'][number];
export type ProtectedReport = Extract<ReportFile, { status: 'protected' }>;
export type FailedReport = Extract<ReportFile, { status: 'failed' }>;
export type ReportRisk = ProtectedReport['risks'][number];
export type ReportSpan = ProtectedReport['covered']['spans'][number];
export type ReportSettings = Report['settings'];

/** Checks a report, unknown keys included. Throws ZodError. */
export function parseReport(value: unknown): Report {
  return schema.parse(value);
}
