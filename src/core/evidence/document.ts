import { EVIDENCE_VERSION, type EvidenceFile, type EvidenceRun } from './evidence.ts';
import { jsonPieces } from './json-pieces.ts';

// Evidence as text, made as the run goes on: one file after the other, none of them kept.

/** Everything up to the first file. */
export function* documentHead(run: EvidenceRun): Generator<string> {
  const head = JSON.stringify({ sayeh: 'evidence', version: EVIDENCE_VERSION, ...run });
  yield `${head.slice(0, -1)},"files":[`;
}

/** One file; `index` counts from 0. */
export function* documentFile(file: EvidenceFile, index: number): Generator<string> {
  yield index === 0 ? '\n' : ',\n';
  yield* jsonPieces(file);
}

export const DOCUMENT_END = '\n]}\n';
