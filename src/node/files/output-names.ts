import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';

/** Where results go when no place is given: a folder beside the input. */
export const DEFAULT_FOLDER = 'protected';
/** The same for files whose faces are still to be seen. */
export const STRIPPED_FOLDER = 'stripped';

export interface Destination {
  /** `-o` as the user gave it; undefined where it was left out. */
  readonly output: string | undefined;
  /** Keep the input's name (and, for walked folders, its place in the tree). */
  readonly keepNames: boolean;
  /** True where several inputs share the destination, so that it must be a folder. */
  readonly many: boolean;
  /** The folder beside the input where `output` is left out. */
  readonly folder?: string;
}

/** An input and, for one found by walking a folder, where below that folder it was. */
export interface Source {
  readonly file: string;
  readonly below: string;
}

/**
 * The path to write to. Names are neutral unless kept, since a name can tell who, where and when.
 * `extension` is that of the output's type, with its dot. Throws SayehError('usage') where `-o` names a file
 * of another type.
 */
export async function outputPath(source: Source, extension: string, to: Destination): Promise<string> {
  const stem = path.basename(source.file, path.extname(source.file));
  const name = `${to.keepNames ? stem : `sayeh-${randomBytes(6).toString('hex')}`}${extension}`;
  const tree = to.keepNames ? source.below : '';
  if (to.output === undefined) return path.join(path.dirname(source.file), to.folder ?? DEFAULT_FOLDER, name);
  if (await isFolder(to)) return path.join(to.output, tree, name);
  const given = path.extname(to.output).toLowerCase();
  if (!(SAME[given] ?? [given]).includes(extension)) {
    throw new SayehError(
      'usage',
      `${path.basename(source.file)} becomes a ${extension} file: end the name after -o in ${extension}, or give a folder`,
    );
  }
  return to.output;
}

/** Spellings of the same type. */
const SAME: Record<string, string[]> = {
  '.jpeg': ['.jpg'],
  '.tif': ['.tiff'],
  '.m4v': ['.mp4'],
};

async function isFolder({ output, many }: Destination): Promise<boolean> {
  const place = output as string;
  if (many || /[/\\]$/.test(place)) return true;
  const found = await stat(place).catch(() => undefined);
  return found ? found.isDirectory() : path.extname(place) === '';
}
