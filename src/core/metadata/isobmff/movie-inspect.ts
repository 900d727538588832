import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Finding } from '../format.ts';
import { readBoxTree } from './box-tree.ts';
import { movieHeaderFindings, structureFindings } from './inspect-structure.ts';
import { tagFindings } from './inspect-tags.ts';
import { trackFindings } from './inspect-tracks.ts';
import { readMovie } from './movie.ts';
import { extentsOf } from './walk.ts';

/** What a film reveals beside what is seen and heard in it. A damaged part does not hide what the others say. */
export async function inspectMovie(source: ByteSource): Promise<Finding[]> {
  const boxes = await readBoxTree(source);
  return collect([
    () => movieHeaderFindings(source, boxes),
    () => tagFindings(source, boxes),
    async () => trackFindings(source, await readMovie(source, boxes)),
    async () => structureFindings(source, boxes, await extentsOf(source, boxes)),
  ]);
}

/** Runs each in turn; one that meets damage says nothing, as `verify` does that. */
export async function collect(readers: readonly (() => Promise<Finding[]>)[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const read of readers) {
    try {
      findings.push(...(await read()));
    } catch (error) {
      if (!(error instanceof SayehError)) throw error;
    }
  }
  return findings;
}
