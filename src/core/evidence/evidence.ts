import { z } from 'zod';
import type { Plan } from '../plan/plan.ts';

/** Bumped when a reader of the old shape would go wrong with the new one. */
export const EVIDENCE_VERSION = 1;

/** SHA-256 (FIPS 180-4), as 64 lower-case hexadecimal digits. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

/** A file by its content. */
const contentSchema = z.looseObject({ sha256, size: bytes });

const findingSchema = z.looseObject({
  betrays: z.string(),
  part: z.string(),
  label: z.string(),
  value: z.string().optional(),
});

const partSchema = z.looseObject({
  path: z.string(),
  offset: bytes,
  length: z.int().positive(),
  what: z.string(),
  sha256,
  /** The bytes themselves, where they are kept: stretches in base64, `at` counted from the part's start. */
  kept: z.array(z.looseObject({ at: bytes, base64: z.base64() })).optional(),
  /** JPEG pictures inside that were cut out of what is kept, counted from the part's start. */
  pictures: z.array(z.looseObject({ at: bytes, length: z.int().positive() })).optional(),
});

const fileSchema = z.looseObject({
  /** The original's name, and its path as it was given on the command line. */
  name: z.string(),
  given: z.string(),
  kind: z.enum(['photo', 'video']),
  format: z.string(),
  original: contentSchema,
  metadata: z.looseObject({
    /** What the file and the file system give away, values included. */
    findings: z.array(findingSchema),
    /** Stretches of the file that are not coded picture or sound. */
    parts: z.array(partSchema),
    /** How many more such stretches there were than a list can hold. */
    partsLeftOut: bytes,
    streams: z.array(z.string()),
    notLookedAt: z.array(z.string()),
  }),
  /** The published file: its name, its path as written to, its content. */
  output: contentSchema.extend({ name: z.string(), path: z.string() }),
  /** What was covered where; of the version it says, which need not be that of the Sayeh that reads this. */
  plan: z.looseObject({ sayeh: z.literal('plan'), version: z.int() }),
  /** What else came of the work: sound, warnings, checks. */
  outcome: z.looseObject({}),
});

const runSchema = z.looseObject({
  /** When the run began, ISO 8601 in UTC. */
  begun: z.iso.datetime(),
  tool: z.looseObject({
    name: z.literal('sayeh'),
    version: z.string(),
    /** Of all of its program files: see `toolIdentity`. */
    codeSha256: sha256,
    node: z.string(),
    platform: z.string(),
    /** Packages by name, with their versions. */
    dependencies: z.record(z.string(), z.string()),
    /** Networks by name, with the SHA-256 of their weights: no other weights are ever loaded. */
    models: z.record(z.string(), sha256),
  }),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const schema = runSchema.extend({
  sayeh: z.literal('evidence'),
  version: z.literal(EVIDENCE_VERSION),
  files: z.array(fileSchema),
});

/** What one run made of which files. Private: it says who filmed, where and when, as far as the originals did. */
export type Evidence = z.infer<typeof schema>;
/** What is known when a run begins. */
export type EvidenceRun = z.infer<typeof runSchema>;
/** What is known of one published file. */
export type EvidenceFile = Omit<z.infer<typeof fileSchema>, 'plan'> & { readonly plan: Plan };
export type EvidencePart = z.infer<typeof partSchema>;

/** Checks evidence read from outside. Unknown keys stay. Throws ZodError; the caller knows which file to blame. */
export function parseEvidence(value: unknown): Evidence {
  return schema.parse(value);
}
