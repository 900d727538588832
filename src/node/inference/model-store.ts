import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SayehError } from '../../core/errors.ts';

const MODELS_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url));

export interface ModelEntry {
  /** In `models/`, or in a package's folder where `package` names one. */
  readonly file: string;
  readonly package?: string;
  readonly sha256: string;
  readonly licence: string;
  readonly source: string;
}
export type ModelManifest = Readonly<Record<string, ModelEntry>>;

/** The list of every weight file Sayeh may load. Throws SayehError('model') if it cannot be read. */
export async function readManifest(folder = MODELS_FOLDER): Promise<ModelManifest> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
    if (!isManifest(manifest)) throw new TypeError('not a list of models');
    return manifest;
  } catch (cause) {
    throw new SayehError('model', 'models/manifest.json is missing or damaged; reinstall Sayeh', { cause });
  }
}

/**
 * The bytes of a weight file, handed over only if their SHA-256 is the manifest's. The caller loads these very
 * bytes, so that the file cannot be swapped between check and use.
 */
export async function loadModel(name: string, folder = MODELS_FOLDER): Promise<Uint8Array> {
  const entry = (await readManifest(folder))[name];
  if (!entry) throw new SayehError('model', `there is no model called ${name}`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(modelPath(entry, folder));
  } catch (cause) {
    throw new SayehError('model', `the model file ${entry.file} is missing; reinstall Sayeh`, { cause });
  }
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== entry.sha256) {
    throw new SayehError(
      'model',
      `the model file ${entry.file} has been altered (SHA-256 ${actual}); reinstall Sayeh`,
    );
  }
  return bytes;
}

/** By hand: every worker thread reads this list, and loading a schema library takes each longer than its networks. */
function isManifest(value: unknown): value is ModelManifest {
  const isEntry = (entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return false;
    const { file, package: from, sha256, licence, source } = entry as Record<string, unknown>;
    return (
      [file, licence, source].every((text) => typeof text === 'string') &&
      (from === undefined || typeof from === 'string') &&
      typeof sha256 === 'string' &&
      /^[0-9a-f]{64}$/.test(sha256)
    );
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(isEntry);
}

function modelPath(entry: ModelEntry, folder: string): string {
  if (!entry.package) return path.join(folder, entry.file);
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve(`${entry.package}/package.json`)), entry.file);
}
