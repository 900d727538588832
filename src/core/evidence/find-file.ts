import type { Evidence } from './evidence.ts';

type File = Evidence['files'][number];

/** Every file of the evidence whose original has this SHA-256: the same footage may have been given twice. */
export function filesOfOriginal(evidence: Evidence, sha256: string): File[] {
  return evidence.files.filter(({ original }) => original.sha256 === sha256);
}

/** Every file of the evidence whose output has this SHA-256: two alike originals may give the same bytes. */
export function filesOfOutput(evidence: Evidence, sha256: string): File[] {
  return evidence.files.filter(({ output }) => output.sha256 === sha256);
}
