import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SayehError, type SayehErrorCode } from '../core/errors.ts';
import { asUnreadable } from '../node/files/input-file.ts';
import type { Source } from '../node/files/output-names.ts';
import { walkInputs } from '../node/files/walk-inputs.ts';
import { reportFailure } from './each-input.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { ProtectingOptions } from './options.ts';
import { outputFor, type ProtectRun, protectOne } from './protect-one.ts';
import { asSayehError } from './report-error.ts';
import { needsLook, saySummary, summaryOf } from './summary.ts';

/**
 * Folders are read anew this often. What a system tells of its own accord is lost on memory cards, network folders and
 * busy machines, and a file must be left alone for longer than this anyway before it is taken for whole.
 */
const LOOK_EVERY_MS = 1000;
/** A file that nobody has written to for so long may be whole. */
const SETTLED_MS = 2000;
/** One that is not, and does not grow for so long, has failed. */
const GIVE_UP_MS = 10_000;

interface Seen {
  readonly source: Source;
  /** Changes when the file does. */
  state: string;
  /** When it was first seen in this state. */
  since: number;
  doing: 'waiting' | 'working' | 'done' | 'failed';
  /** The state that was worked on. */
  worked?: string;
  output?: string;
  /** Whether that output is there, and from this run. */
  written?: boolean;
  needLook?: boolean;
  error?: SayehError;
  /** Whether the error was reported. */
  said?: boolean;
}

interface WatchRun extends ProtectRun {
  readonly options: ProtectingOptions & { readonly recursive?: boolean };
}

/**
 * Protects what is in folders and what is put there, until `signal`; then sums up. A file that is being copied is
 * waited for; one that is cut off is tried again when it has changed, and its output replaced; one that goes away is
 * forgotten. Nothing that lies in the folder of the outputs is taken.
 */
export async function watchFolders(inputs: readonly string[], run: WatchRun): Promise<void> {
  const { terminal, signal } = run;
  try {
    await refuseCircles(inputs, run.options.output);
  } catch (cause) {
    const error = asSayehError(cause, inputs[0]);
    terminal.error(error.message, error.cause);
    process.exitCode = EXIT.usage;
    return;
  }
  terminal.say('Watching; Ctrl-C ends it.');
  terminal.record({ status: 'watching', inputs });
  const seen = new Map<string, Seen>();
  const working = new Set<Promise<void>>();
  while (!signal.aborted) {
    for (const source of await sourcesIn(inputs, run.options))
      if (!seen.has(source.file))
        seen.set(source.file, { source, state: '', since: performance.now(), doing: 'waiting' });
    for (const file of seen.values()) await lookAt(file, run);
    for (const file of seen.values()) {
      if (working.size >= run.jobs.count || signal.aborted) break;
      if (file.doing !== 'waiting' || file.state === '' || performance.now() - file.since < SETTLED_MS)
        continue;
      const work = workOn(file, run).finally(() => working.delete(work));
      working.add(work);
    }
    const next = wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    // The next one need not wait where one is done.
    await Promise.race([next, ...working]);
  }
  await Promise.all(working);
  const failed = [...seen.values()].filter(({ error }) => error !== undefined);
  for (const file of failed) sayFailure(file, run);
  sumUp([...seen.values()], run);
}

/** Outputs must not become inputs. Throws SayehError('usage'). */
async function refuseCircles(inputs: readonly string[], output: string | undefined): Promise<void> {
  const out = output === undefined ? undefined : await realPlace(output);
  for (const input of inputs) {
    const found = await stat(input).catch((error) => {
      throw asUnreadable(error, input);
    });
    if (!found.isDirectory())
      throw new SayehError('usage', `--watch is for folders, and ${path.basename(input)} is none`);
    if (out !== undefined && isIn(await realpath(input), out))
      throw new SayehError(
        'usage',
        'the outputs would be inputs: give -o a folder that holds none of the watched',
      );
  }
}

async function sourcesIn(inputs: readonly string[], options: WatchRun['options']): Promise<Source[]> {
  // A folder that cannot be read just now, as a card that was taken out, may come back.
  const { sources } = await walkInputs(inputs, { recursive: true });
  const out = options.output === undefined ? undefined : await realPlace(options.output);
  const folders = new Map<string, boolean>();
  const found: Source[] = [];
  for (const source of sources) {
    if (!options.recursive && source.below !== '') continue;
    const folder = path.dirname(source.file);
    let own = folders.get(folder);
    if (own === undefined) {
      own = out !== undefined && isIn(await realPlace(folder), out);
      folders.set(folder, own);
    }
    if (!own) found.push(source);
  }
  return found;
}

/** Notices that a file has changed, has gone away, or has failed for good. */
async function lookAt(file: Seen, run: WatchRun): Promise<void> {
  const state = await stateOf(file.source.file);
  if (state === undefined) {
    // One that comes back as it was is not done twice.
    if (file.doing === 'failed' || file.doing === 'waiting') forget(file);
    return;
  }
  if (state !== file.state) {
    file.state = state;
    file.since = performance.now();
  }
  if (file.doing === 'working') return;
  if (file.doing !== 'waiting' && state !== file.worked) file.doing = 'waiting';
  if (file.doing === 'failed' && performance.now() - file.since > GIVE_UP_MS) sayFailure(file, run);
}

async function workOn(file: Seen, run: WatchRun): Promise<void> {
  const { source } = file;
  const { options, terminal } = run;
  file.doing = 'working';
  file.worked = file.state;
  try {
    if (!file.written) delete file.output;
    file.output ??= await outputFor(source, {
      output: options.output,
      keepNames: options.keepNames ?? false,
      many: true,
    });
    const result = await protectOne(source, file.output, {
      ...run,
      options: file.written ? { ...options, force: true } : options,
    });
    file.needLook = needsLook(result);
    file.written = true;
    file.doing = 'done';
    delete file.error;
  } catch (cause) {
    const error = asSayehError(cause, source.file);
    if (error.code === 'exists') {
      // With --keep-names: it was done in an earlier run.
      file.doing = 'done';
      terminal.warn(error.message);
      return;
    }
    file.doing = 'failed';
    file.error = error;
    file.said = false;
    if ((await stateOf(source.file)) !== undefined) return;
    forget(file);
    terminal.warn(`${path.basename(source.file)} went away before it was done`);
  }
}

function sayFailure(file: Seen, { terminal }: WatchRun): void {
  if (file.said || !file.error) return;
  file.said = true;
  reportFailure(terminal, file.source.file, file.error);
}

/** Whatever comes under that name is a new file. */
function forget(file: Seen): void {
  file.doing = 'waiting';
  file.state = '';
  delete file.error;
}

function sumUp(files: readonly Seen[], { terminal }: WatchRun): void {
  const errors = files.flatMap(({ error }): SayehErrorCode[] => (error ? [error.code] : []));
  const done = files.filter(({ written, error }) => written && !error);
  const notBegun = files.filter(({ doing, state }) => doing === 'waiting' && state !== '').length;
  const needLook = done.filter((file) => file.needLook).length;
  saySummary(terminal, {
    ...summaryOf(done.length + errors.length, done.length, needLook, errors),
    notBegun,
  });
  process.exitCode = exitCodeFor(errors);
}

async function stateOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs].join();
}

/** Whether a place is that folder or in it. */
function isIn(place: string, folder: string): boolean {
  const way = path.relative(folder, place);
  return way === '' || (!way.startsWith(`..${path.sep}`) && way !== '..' && !path.isAbsolute(way));
}

/** Where a path leads, or would. */
async function realPlace(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}
