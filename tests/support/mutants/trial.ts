import fs from 'node:fs';
import path from 'node:path';
import { SayehError, type SayehErrorCode } from '../../../src/core/errors.ts';
import { bytesInMemory } from '../../../src/core/metadata/byte-source.ts';
import { formatOf } from '../../../src/core/metadata/index.ts';
import { inspect } from '../../../src/pipeline/inspect.ts';
import { strip } from '../../../src/pipeline/strip.ts';
import { verify } from '../../../src/pipeline/verify.ts';
import { type Divided, mutantOf } from './mutate.ts';
import { seededRandom } from './random.ts';
import type { Seed } from './seeds.ts';

/** How a damaged file fared. */
export interface Trial {
  readonly outcome: 'clean' | SayehErrorCode;
  /** What must never happen, if it did. */
  readonly fault?: string;
  /** Processor time of all three commands, user and system, in milliseconds. */
  readonly ms: number;
}

/** Says how a seed's format divides it. */
export const divide = async ({ format, bytes }: Seed): Promise<Divided> => ({
  format,
  bytes,
  parts: await formatOf(format).walk(bytesInMemory(bytes)),
});

/** The seed of the mutant of that number: each format in turn, and within it each file in turn. */
export function seedOf<T extends Pick<Seed, 'format'>>(n: number, seeds: readonly T[]): T {
  const formats = [...new Set(seeds.map(({ format }) => format))];
  const kin = seeds.filter(({ format }) => format === formats[n % formats.length]);
  return kin[Math.floor(n / formats.length) % kin.length];
}

/** The mutant of that number, with the others of its format to take parts from. */
export function mutantNumber(n: number, seed: number, divided: readonly Divided[]): Uint8Array {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ n);
  const chosen = seedOf(n, divided);
  const kin = divided.filter(({ format }) => format === chosen.format);
  return mutantOf(chosen, kin[random(kin.length)], random);
}

/** More than this for one file is a fault, in milliseconds of processor time. */
const LONGEST = 2000;
/** What a damaged file may be refused as. */
const REFUSALS: readonly SayehErrorCode[] = ['corrupt', 'unsupported', 'too-large', 'unrecognised'];

/** Inspects, checks and strips one damaged file in a folder, and checks what was written. */
export async function tryMutant(folder: string, bytes: Uint8Array): Promise<Trial> {
  const input = path.join(folder, 'mutant');
  const output = path.join(folder, 'stripped');
  fs.writeFileSync(input, bytes);
  fs.rmSync(output, { force: true });
  const before = process.cpuUsage();
  let fault: string | undefined;
  const run = async (what: string, work: () => Promise<unknown>): Promise<SayehErrorCode | undefined> => {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof SayehError && REFUSALS.includes(error.code)) return error.code;
      fault ??= `${what}: ${error instanceof SayehError ? `${error.code}: ${error.message}` : (error as Error).stack}`;
      return error instanceof SayehError ? error.code : 'internal';
    }
  };
  await run('inspect', () => inspect(input, { beside: false }));
  await run('verify', () => verify(input));
  const refused = await run('strip', () => strip(input, output));
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (!refused && !(await verify(output)).clean) fault ??= 'strip: what it wrote is not clean';
  if (refused && fs.existsSync(output)) fault ??= 'strip: it refused, and left a file';
  if (ms > LONGEST) fault ??= `${Math.round(ms)} ms of processor time`;
  return { outcome: refused ?? 'clean', ms, ...(fault ? { fault } : {}) };
}
