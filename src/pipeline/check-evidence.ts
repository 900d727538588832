import path from 'node:path';
import { SayehError } from '../core/errors.ts';
import { type Evidence, parseEvidence } from '../core/evidence/evidence.ts';
import { filesOfOriginal, filesOfOutput } from '../core/evidence/find-file.ts';
import { hashFile } from '../node/evidence/hash-file.ts';
import { openSealed } from '../node/evidence/open-sealed.ts';

/** What evidence says of one file that was held against it. */
export interface EvidenceAnswer {
  readonly file: string;
  readonly role: 'original' | 'protected';
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** Whether the evidence knows this very file in this role. */
  readonly known: boolean;
  /** What it became, or what it was made from; more than one only where alike files were given. */
  readonly files: readonly { readonly original: string; readonly output: string }[];
  /** For a protected file, where originals were given too: whether it was made from one of them. */
  readonly madeFromGiven?: boolean;
}

/** Decrypts and reads evidence; nothing is written. Throws SayehError: see `openSealed`; 'corrupt' for another shape. */
export async function readEvidence(file: string, identityFile: string): Promise<Evidence> {
  const text = await openSealed(file, identityFile);
  try {
    return parseEvidence(JSON.parse(text));
  } catch (cause) {
    throw new SayehError(
      'corrupt',
      `${path.basename(file)} holds no evidence that this version of Sayeh can read`,
      { cause },
    );
  }
}

/**
 * Says whether files are those that evidence speaks of, by their content alone. Throws SayehError('unreadable') for
 * one that cannot be read.
 */
export async function checkEvidence(
  evidence: Evidence,
  { originals, outputs }: { originals: readonly string[]; outputs: readonly string[] },
  signal?: AbortSignal,
): Promise<EvidenceAnswer[]> {
  const answers: EvidenceAnswer[] = [];
  const given = new Set<string>();
  for (const file of originals) {
    const { sha256, size } = await hashFile(file, signal);
    given.add(sha256);
    const files = filesOfOriginal(evidence, sha256);
    answers.push({ file, role: 'original', sha256, size, known: files.length > 0, files: files.map(names) });
  }
  for (const file of outputs) {
    const { sha256, size } = await hashFile(file, signal);
    const files = filesOfOutput(evidence, sha256);
    const madeFromGiven = files.some(({ original }) => given.has(original.sha256));
    answers.push({
      ...{ file, role: 'protected', sha256, size, known: files.length > 0, files: files.map(names) },
      ...(originals.length > 0 && { madeFromGiven }),
    });
  }
  return answers;
}

const names = ({ name, output }: Evidence['files'][number]) => ({ original: name, output: output.name });
