import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { type Plan, parsePlan } from '../../core/plan/plan.ts';
import { asUnreadable } from './input-file.ts';

/** Reads a plan. Throws SayehError: 'unreadable', 'usage' where it is none. */
export async function readPlan(file: string): Promise<Plan> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw asUnreadable(error, file);
  });
  try {
    return parsePlan(JSON.parse(text));
  } catch (cause) {
    throw new SayehError('usage', `${path.basename(file)} is not a plan of this version of Sayeh`, { cause });
  }
}
