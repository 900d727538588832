import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filmNetworks } from '../core/detect/film-looks.ts';
import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { Finding } from '../core/metadata/format.ts';
import { readBoxTree } from '../core/metadata/isobmff/box-tree.ts';
import { readMovie } from '../core/metadata/isobmff/movie.ts';
import { frameTimes } from '../core/report/frame-times.ts';
import { fileReport, makeReport } from '../core/report/make-report.ts';
import type { ProtectedReport, Report, ReportFile, ReportSettings } from '../core/report/report.ts';
import { asUnreadable, openBytes } from '../node/files/input-file.ts';
import { readManifest } from '../node/inference/model-store.ts';
import type { Protected } from './protect.ts';

/** A file that was just protected, and where it went. */
export interface WrittenFile {
  /** Which of the inputs it was, from 1. */
  readonly number: number;
  readonly input: string;
  readonly output: string;
  readonly result: Protected;
  /** What the input may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
}

/** Whether a file has its original's name, whatever it ends in. */
export function keepsName(input: string, output: string): boolean {
  const stem = (file: string) => path.basename(file, path.extname(file));
  return stem(input) === stem(output);
}

/** Looks at what was written, and at what the original told, for the report. Only reads. Throws SayehError. */
export async function reportOn({
  number,
  input,
  output,
  result,
  limits,
}: WrittenFile): Promise<ProtectedReport> {
  return fileReport({
    number,
    nameKept: keepsName(input, output),
    outputName: path.basename(output),
    sha256: await sha256Of(output),
    plan: result.plan,
    framesCovered: result.framesCovered,
    sound: result.sound,
    warnings: result.warnings,
    check: result.check,
    findings: await findingsIn(input, limits),
    times: result.type.kind === 'video' ? await timesOf(output) : undefined,
  });
}

/** Puts the files of a run together and names the networks that looked at them. Throws SayehError. */
export async function reportOf(
  files: readonly ReportFile[],
  settings: ReportSettings,
  options: { readonly date?: string | undefined } = {},
): Promise<Report> {
  const done = files.filter((file) => file.status === 'protected');
  return makeReport({
    tool: { version: await ownVersion() },
    ...(options.date === undefined ? {} : { date: options.date }),
    settings,
    networks: await networksOf(done),
    files: [...files].sort((a, b) => a.number - b.number),
  });
}

/** What the original revealed; undefined where it cannot be searched, which says nothing about the new file. */
async function findingsIn(
  input: string,
  limits: GivenLimits | undefined,
): Promise<readonly Finding[] | undefined> {
  const { inspect } = await import('./inspect.ts'); // with what decodes, which not everybody who reports may load
  return inspect(input, { limits }).then(
    ({ findings }) => findings,
    () => undefined,
  );
}

/** Frame times of a film that Sayeh wrote, from its container alone; undefined where that does not tell. */
async function timesOf(output: string): Promise<Float64Array | undefined> {
  const bytes = await openBytes(output);
  try {
    const { tracks } = await readMovie(bytes, await readBoxTree(bytes));
    const picture = tracks.find(({ handler }) => handler === 'vide');
    return picture && frameTimes(picture.samples, picture.timescale);
  } catch {
    return undefined;
  } finally {
    await bytes.close();
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(piece);
  } catch (error) {
    throw asUnreadable(error, file);
  }
  return hash.digest('hex');
}

/** Names of networks and, where weights come in several files, of each of them. */
async function networksOf(files: readonly ProtectedReport[]): Promise<Report['networks']> {
  const names = new Set(
    files.flatMap(({ kind, analysis: { detector }, check }) => [
      ...(kind === 'photo' ? [detector] : filmNetworks(detector)),
      ...(check?.networks ?? []),
    ]),
  );
  const manifest = names.size > 0 ? await readManifest() : {};
  return [...names]
    .flatMap((name) => [name, `${name}-layout`])
    .flatMap((name) => (Object.hasOwn(manifest, name) ? [{ name, sha256: manifest[name].sha256 }] : []));
}

async function ownVersion(): Promise<string> {
  try {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    return String(JSON.parse(text).version);
  } catch (cause) {
    throw new SayehError('internal', 'package.json is missing or damaged; reinstall Sayeh', { cause });
  }
}
