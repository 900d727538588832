import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { MediaFormat } from '../../src/core/media-type.ts';
import { type Execution, executionOf, formatOf, type Sources } from './execution.ts';
import { type BUDGETS, Lane, type Result } from './pool.ts';
import { Witness } from './witness.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Indices of damaged files, in order; taken until they end or `until` has come. */
  readonly indices: Iterable<number>;
  readonly sources: Sources;
  /** Milliseconds since 1970. */
  readonly until?: number | undefined;
  readonly formats?: readonly MediaFormat[] | undefined;
  readonly processes?: number | undefined;
  readonly budgets?: typeof BUDGETS | undefined;
  readonly onDone?: ((execution: Execution, result: Result) => void) | undefined;
  readonly onFinding?: ((finding: Finding) => void) | undefined;
}

/** Something that must never happen. */
export interface Finding {
  readonly execution: Execution;
  readonly faults: readonly string[];
  /** Whether a fresh process showed it once more. */
  readonly again: boolean;
}

/** Sends damaged files through Sayeh, several at a time. Answers what went wrong, by index. */
export async function fuzz(options: FuzzOptions): Promise<Finding[]> {
  const { seed, sources, until = Number.POSITIVE_INFINITY, formats, processes = 2 } = options;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-fuzz-'));
  const indices = options.indices[Symbol.iterator]();
  const findings: Finding[] = [];

  const work = async (number: number) => {
    const witness = new Witness();
    const lane = new Lane(path.join(folder, String(number)), witness, options.budgets);
    try {
      while (Date.now() < until) {
        const { value: index, done } = indices.next();
        if (done) break;
        if (formats && !formats.includes(formatOf(index))) continue;
        const execution = executionOf(seed, index, sources);
        const result = await lane.execute(execution);
        options.onDone?.(execution, result);
        if (result.faults.length === 0) continue;
        await lane.close();
        const again = (await lane.execute(execution)).faults.length > 0;
        const finding = { execution, faults: result.faults, again };
        findings.push(finding);
        options.onFinding?.(finding);
      }
    } finally {
      await lane.close();
      witness.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: processes }, (_, number) => work(number)));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return findings.sort((a, b) => a.execution.index - b.execution.index);
}
