import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { asUnreadable } from './input-file.ts';
import { DEFAULT_FOLDER, type Source, STRIPPED_FOLDER } from './output-names.ts';

/**
 * Turns arguments into files. Folders are walked if `recursive`, else they are an error of that one input;
 * hidden files and our own output folders are passed over. A file named twice is taken once.
 */
export async function walkInputs(
  inputs: readonly string[],
  options: { recursive: boolean },
): Promise<{ sources: Source[]; failures: { input: string; error: SayehError }[] }> {
  const sources: Source[] = [];
  const failures: { input: string; error: SayehError }[] = [];
  const seen = new Set<string>();
  const add = (source: Source) => {
    const key = path.resolve(source.file);
    if (!seen.has(key)) sources.push(source);
    seen.add(key);
  };
  for (const input of inputs) {
    try {
      const isFolder = (await stat(input)).isDirectory();
      if (!isFolder) add({ file: input, below: '' });
      else if (!options.recursive)
        throw new SayehError('usage', `${path.basename(input)} is a folder; add -r`);
      else for (const source of await walk(input)) add(source);
    } catch (error) {
      failures.push({ input, error: asUnreadable(error, input) });
    }
  }
  return { sources, failures };
}

async function walk(folder: string): Promise<Source[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      file: path.join(entry.parentPath, entry.name),
      below: path.relative(folder, entry.parentPath),
    }))
    .filter(({ file }) => {
      const parts = path.relative(folder, file).split(path.sep);
      if (parts.some((part) => part.startsWith('.'))) return false;
      return !parts.slice(0, -1).some((part) => part === DEFAULT_FOLDER || part === STRIPPED_FOLDER);
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
