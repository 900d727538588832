import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SayehError } from '../../core/errors.ts';

const MODELS_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url));

const manifestSchema = z.record(
  z.string(),
  z.object({
    /** In `models/`, or in a package's folder where `package` names one. */
    file: z.string(),
    package: z.string().optional(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    licence: z.string(),
    source: z.string(),
  }),
);
export type ModelManifest = z.infer<typeof manifestSchema>;

/** The list of every weight file Sayeh may load. Throws SayehError('model') if it cannot be read. */
export async function readManifest(folder = MODELS_FOLDER): Promise<ModelManifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
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

function modelPath(entry: ModelManifest[string], folder: string): string {
  if (!entry.package) return path.join(folder, entry.file);
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve(`${entry.package}/package.json`)), entry.file);
}
