import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../core/errors.ts';
import { stretchesToKeep } from '../core/evidence/cut-pictures.ts';
import { DOCUMENT_END, documentFile, documentHead } from '../core/evidence/document.ts';
import type { EvidenceFile, EvidencePart, EvidenceRun } from '../core/evidence/evidence.ts';
import { type ChosenPart, keepParts } from '../core/evidence/keep-parts.ts';
import type { ByteSource } from '../core/metadata/byte-source.ts';
import { type Content, hashFile } from '../node/evidence/hash-file.ts';
import type { Recipients } from '../node/evidence/recipients.ts';
import { SealedFile } from '../node/evidence/sealed-file.ts';
import { toolIdentity } from '../node/evidence/tool-identity.ts';
import { stateOf } from '../node/files/file-state.ts';
import { openBytes } from '../node/files/input-file.ts';
import type { Inspection } from './inspect.ts';
import type { Protected } from './protect.ts';
import { stopIf } from './stoppable.ts';

type Inspect = (file: string) => Promise<Inspection>;

/** What is known of an original before work on it begins. */
export interface Original {
  readonly given: string;
  readonly content: Content;
  readonly inspection: Inspection;
  readonly parts: readonly EvidencePart[];
  readonly partsLeftOut: number;
  /** Changes when the file does. */
  readonly state: string;
}

/**
 * Writes down what one run makes of which files, encrypted: hashes, metadata, plans, names. What it says is private
 * and never on the disk in clear, nor all of it in memory. The file appears with `finish`, whole, or not at all.
 */
export class EvidenceRecorder {
  readonly #sealed: SealedFile;
  readonly #inspect: Inspect;
  #files = 0;

  private constructor(sealed: SealedFile, inspect: Inspect) {
    this.#sealed = sealed;
    this.#inspect = inspect;
  }

  /**
   * Begins the evidence, so that a bad place is refused before any work. `inputs` are the files and folders of the
   * run and where its outputs go: the evidence may be none of them. `inspect` looks at an original. Throws
   * SayehError 'usage', 'exists', 'unwritable'.
   */
  static async open(
    target: string,
    recipients: Recipients,
    run: {
      settings: EvidenceRun['settings'];
      inputs: readonly string[];
      overwrite: boolean;
      inspect: Inspect;
    },
  ): Promise<EvidenceRecorder> {
    const place = await realPlace(target);
    for (const input of run.inputs)
      if ((await realPlace(input)) === place)
        throw new SayehError('usage', `${path.basename(target)}: the evidence needs a file of its own`);
    const isFolder = await stat(target).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder)
      throw new SayehError('usage', `${path.basename(target)} is a folder; give the evidence a file name`);
    const tool = await toolIdentity();
    const sealed = await SealedFile.create(target, recipients, run);
    try {
      const begun = new Date().toISOString();
      await sealed.write(documentHead({ begun, tool, settings: run.settings }));
      return new EvidenceRecorder(sealed, run.inspect);
    } catch (error) {
      await sealed.discard();
      throw error;
    }
  }

  /** How many files the evidence speaks of. */
  get files(): number {
    return this.#files;
  }

  /**
   * Reads an original before it is worked on. Throws SayehError; 'unwritable' where the evidence is lost already, so
   * that nothing more is published without it.
   */
  async look(file: string, signal?: AbortSignal): Promise<Original> {
    this.#sealed.failIfBroken();
    const { touched: state } = await stateOf(file);
    const content = await hashFile(file, signal);
    const inspection = await this.#inspect(file);
    const { chosen, leftOut } = keepParts(inspection.parts, inspection.findings);
    const bytes = await openBytes(file);
    try {
      const parts: EvidencePart[] = [];
      for (const one of chosen) {
        stopIf(signal);
        parts.push(await partEvidence(bytes, one));
      }
      return { given: file, content, inspection, parts, partsLeftOut: leftOut, state };
    } finally {
      await bytes.close();
    }
  }

  /**
   * Writes down what was published of an original. Throws SayehError: 'unreadable' where the original is not any
   * more what it was before the work; 'unwritable'.
   */
  async add(original: Original, output: string, result: Protected): Promise<void> {
    const { given, content, inspection } = original;
    if (
      (await stateOf(given)).touched !== original.state &&
      (await hashFile(given)).sha256 !== content.sha256
    )
      throw new SayehError(
        'unreadable',
        `${inspection.name} changed while it was worked on: the evidence leaves it out; protect it again`,
      );
    const { plan, type, ...outcome } = result;
    const { findings, streams, notLookedAt } = inspection;
    const file: EvidenceFile = {
      name: inspection.name,
      given,
      kind: type.kind,
      format: type.format,
      original: content,
      metadata: {
        findings: findings.map((finding) => ({ ...finding })),
        parts: [...original.parts],
        partsLeftOut: original.partsLeftOut,
        streams: [...streams],
        notLookedAt: [...notLookedAt],
      },
      output: { name: path.basename(output), path: output, ...(await hashFile(output)) },
      plan,
      outcome: { ...outcome },
    };
    await this.#sealed.write(documentFile(file, this.#files));
    this.#files++;
  }

  /** Gives the evidence its name. Throws SayehError('unwritable') and leaves nothing if it cannot. */
  async finish(): Promise<void> {
    await this.#sealed.write([DOCUMENT_END]);
    await this.#sealed.commit();
  }

  async discard(): Promise<void> {
    await this.#sealed.discard();
  }
}

/** Bytes read at once where only a hash is wanted. */
const CHUNK = 1 << 20;

async function partEvidence(
  source: ByteSource,
  { part, whole, holdsPicture }: ChosenPart,
): Promise<EvidencePart> {
  const { path: name, offset, length, what } = part;
  const hash = createHash('sha256');
  if (!whole) {
    for (let at = 0; at < length; at += CHUNK)
      hash.update(await source.read(offset + at, Math.min(CHUNK, length - at)));
    return { path: name, offset, length, what, sha256: hash.digest('hex') };
  }
  const bytes = await source.read(offset, length);
  const { kept, pictures } = stretchesToKeep(bytes, holdsPicture);
  return {
    path: name,
    offset,
    length,
    what,
    sha256: hash.update(bytes).digest('hex'),
    ...(kept.length > 0 && {
      kept: kept.map(({ at, length }) => ({
        at,
        base64: Buffer.from(bytes.subarray(at, at + length)).toString('base64'),
      })),
    }),
    ...(pictures.length > 0 && { pictures: pictures.map((stretch) => ({ ...stretch })) }),
  };
}

/** Where a path leads, or would. */
async function realPlace(file: string): Promise<string> {
  const folder = await realpath(path.dirname(file)).catch(() => path.resolve(path.dirname(file)));
  return realpath(file).catch(() => path.join(folder, path.basename(file)));
}
