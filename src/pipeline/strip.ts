import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Finding, Part, StripResult } from '../core/metadata/format.ts';
import { formatOf } from '../core/metadata/index.ts';
import { hasUncompressedSound } from '../core/metadata/isobmff/uncompressed-sound.ts';
import { type FileSink, openSink } from '../node/files/file-sink.ts';
import { identify, openBytes } from '../node/files/input-file.ts';
import { publish } from '../node/files/output-file.ts';
import { whileUntouched } from '../node/files/while-unchanged.ts';
import { checkFormat } from './check-format.ts';
import { stopIf, stoppable } from './stoppable.ts';

export interface StripOptions {
  /** Replace a file that is already there. */
  readonly overwrite?: boolean | undefined;
  /** What the file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was taken out of one file. */
export interface Stripped {
  /** Of the written file: films in MOV become MP4 where their sound allows. */
  readonly type: MediaType;
  /** Stretches of the input that have no place in the output. */
  readonly removed: readonly Part[];
  /** Things the user should know, in plain words. */
  readonly notes: readonly string[];
}

/** What `strip` would take out. */
export interface StripPreview {
  /** Of the input. */
  readonly type: MediaType;
  readonly removed: readonly Part[];
  /** What the file reveals beside its picture, and would reveal no more. */
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/**
 * Copies the coded picture and sound of `input`, bit by bit, into a new file `output` that holds nothing else.
 * Faces stay visible: `protect` covers them. Either `output` appears, whole and held against its format's
 * allowlist, or nothing does. The input is only read.
 *
 * Throws SayehError: 'unsupported' where this cannot be done without coding anew, which `protect` does; 'usage'
 * where `output` is the input itself (see `stripInPlace`). `signal` stops the work with code 'aborted'.
 */
export async function strip(input: string, output: string, options: StripOptions = {}): Promise<Stripped> {
  return naming(input, options.signal, async () => {
    const type = await identify(input);
    const place = await realpath(output).catch(() => undefined);
    if (place !== undefined && place === (await realpath(input)))
      throw new SayehError('usage', 'the output is the input itself; give another name, or --in-place');
    return rewrite(input, type, output, options);
  });
}

/**
 * Like `strip`, but the new file takes the place and name of the old one, at once and only after its check. A
 * symbolic link is followed. Other hard links to the old file keep the old content.
 *
 * Throws SayehError('unsupported') where the result would be of another type than the name says.
 */
export async function stripInPlace(
  file: string,
  options: Omit<StripOptions, 'overwrite'> = {},
): Promise<Stripped> {
  return naming(file, options.signal, async () => {
    const type = await identify(file);
    if (type.format === 'mov' && (await strippedExtension(file, type)) !== '.mov')
      throw new SayehError(
        'unsupported',
        'it becomes an MP4 film, so it cannot keep its name: leave out --in-place',
      );
    return rewrite(file, type, await realpath(file), { ...options, overwrite: true });
  });
}

/** Says what `strip` would take out, and writes nothing. Throws what `strip` would throw before its check. */
export async function previewStrip(
  file: string,
  options: Omit<StripOptions, 'overwrite'> = {},
): Promise<StripPreview> {
  return naming(file, options.signal, async () => {
    const type = await identify(file);
    const format = formatOf(type.format, options.limits);
    const bytes = await openBytes(file);
    try {
      const source = stoppable(bytes, options.signal);
      const result = await format.strip(source, { write: async () => {}, overwrite: async () => {} });
      return { type, ...result, findings: await format.inspect(source) };
    } finally {
      await bytes.close();
    }
  });
}

/** Names that belong to a type as it is written; the first is given where the input's own name has another. */
const EXTENSIONS: Readonly<Record<MediaType['format'], readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg'],
  png: ['.png', '.apng'],
  webp: ['.webp'],
  gif: ['.gif'],
  tiff: ['.tiff', '.tif'],
  heif: ['.heic', '.heif'],
  avif: ['.avif'],
  mp4: ['.mp4', '.m4v'],
  mov: ['.mov'],
  avi: ['.avi'],
  matroska: ['.mkv', '.webm'],
  mpegts: ['.ts'],
};

/** The extension, with its dot, of what `strip` makes of a file of that type. Throws SayehError. */
export async function strippedExtension(file: string, type: MediaType): Promise<string> {
  const kept = await writtenFormat(file, type);
  const own = path.extname(file).toLowerCase();
  return EXTENSIONS[kept].includes(own) ? own : EXTENSIONS[kept][0];
}

async function writtenFormat(file: string, { format }: MediaType): Promise<MediaType['format']> {
  if (format !== 'mov' && format !== 'mp4') return format;
  const bytes = await openBytes(file);
  try {
    return (await hasUncompressedSound(bytes)) ? 'mov' : 'mp4';
  } finally {
    await bytes.close();
  }
}

async function rewrite(
  input: string,
  type: MediaType,
  output: string,
  { overwrite = false, limits, signal }: StripOptions,
): Promise<Stripped> {
  return publish(output, { overwrite }, async ({ partial }) => {
    const sink = await openSink(partial, path.basename(output));
    try {
      // What was added to the old file meanwhile would be lost where the new one takes its place.
      return await whileUntouched(input, async () => {
        const { removed, notes } = await copyInto(sink, input, type, { limits, signal });
        // While the disk still works on it the file is read back from memory.
        const written = await writtenType(partial, type);
        await checkFormat(partial, written, signal);
        await sink.close();
        stopIf(signal);
        return { type: written, removed, notes };
      });
    } catch (error) {
      await sink.close().catch(() => {}); // the first error is the one to tell
      throw error;
    }
  });
}

async function copyInto(
  sink: FileSink,
  input: string,
  type: MediaType,
  { limits, signal }: StripOptions,
): Promise<StripResult> {
  const bytes = await openBytes(input);
  try {
    const result = await formatOf(type.format, limits).strip(stoppable(bytes, signal), sink);
    await sink.finish();
    return result;
  } finally {
    await bytes.close();
  }
}

/** The input's type; a film of the MP4 family is what it was written as. */
async function writtenType(partial: string, type: MediaType): Promise<MediaType> {
  if (type.format !== 'mov' && type.format !== 'mp4') return type;
  const written = await identify(partial);
  return written.format === 'mov' || written.format === 'mp4' ? written : type;
}

/** Errors of a format do not know the file's name, nor that there is another way. */
async function naming<T>(file: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    stopIf(signal);
    if (!(error instanceof SayehError)) throw error;
    const name = path.basename(file);
    const offered =
      error.code !== 'unsupported' || /protect|--in-place|develop|no pictures|first$/.test(error.message);
    const text = `${error.message}${offered ? '' : '; `sayeh protect` codes it anew'}`;
    throw new SayehError(error.code, text.includes(name) ? text : `${name}: ${text}`, { cause: error });
  }
}
