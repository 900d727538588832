import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../core/errors.ts';
import { type GivenLimits, limitsFrom } from '../core/limits.ts';
import type { MediaType } from '../core/media-type.ts';
import type { ByteSource } from '../core/metadata/byte-source.ts';
import { embeddedJpegs } from '../core/metadata/embedded-jpegs.ts';
import { attributeFindings } from '../core/metadata/extended-attributes.ts';
import { inspectFolders, inspectName } from '../core/metadata/file-name.ts';
import type { Finding, Part } from '../core/metadata/format.ts';
import { formatOf } from '../core/metadata/index.ts';
import { extendedAttributes } from '../node/files/extended-attributes.ts';
import { identify, openBytes } from '../node/files/input-file.ts';
import { likenessTo } from '../node/media/photo/likeness.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';

/** Everything a file reveals about itself, beside its picture. */
export interface Inspection {
  readonly name: string;
  readonly type: MediaType;
  /** In bytes. */
  readonly size: number;
  /** Every stretch of the file, in order; together they are all of its bytes. */
  readonly parts: readonly Part[];
  /** What those parts, the name and the file system give away. */
  readonly findings: readonly Finding[];
  /** The picture stream and what lies beside it, for films. */
  readonly streams: readonly string[];
  /** What could not be looked at here, in plain words. */
  readonly notLookedAt: readonly string[];
}

export interface InspectOptions {
  /** Also look at what lies beside the content: name, folders, times and extended attributes. True if left out. */
  readonly beside?: boolean | undefined;
  /** What the file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
}

/** Lists what `file` reveals. Only reads. Throws SayehError. */
export async function inspect(file: string, options: InspectOptions = {}): Promise<Inspection> {
  const name = path.basename(file);
  const type = await identify(file);
  const bytes = await openBytes(file);
  try {
    const format = formatOf(type.format, options.limits);
    const parts = await format.walk(bytes);
    const beside = (options.beside ?? true) ? await besideFile(file) : NOTHING;
    const inside = type.kind === 'photo' ? await strangers(file, bytes, parts, options.limits) : NOTHING;
    const findings = [...(await format.inspect(bytes)), ...inside.findings, ...beside.findings];
    const film = type.kind === 'video' ? await streamsOf(file, type.format, options.limits) : NO_FILM;
    const notLookedAt = [...inside.notLookedAt, ...film.notLookedAt, ...beside.notLookedAt];
    return { name, type, size: bytes.size, parts, findings, streams: film.streams, notLookedAt };
  } finally {
    await bytes.close();
  }
}

/** A cell of the coarse picture that differs by more than this, of 255, is another picture; measured in docs/metadata. */
const STRANGE = 24;
/** Smaller pictures are too coarse to compare, in pixels. */
const SMALLEST = 32;

/** Pictures inside a photo that show something else than it does: what was there before it was cut or changed. */
async function strangers(
  file: string,
  bytes: ByteSource,
  parts: readonly Part[],
  limits: GivenLimits | undefined,
): Promise<Beside> {
  const inside = await embeddedJpegs(bytes, parts);
  if (inside.length === 0) return NOTHING;
  const pictures = inside.map((jpeg) => jpeg.bytes);
  const alike = await likenessTo(file, pictures, limitsFrom(limits)).catch(overLimitOr);
  if (typeof alike === 'string')
    return { findings: [], notLookedAt: [`whether pictures inside show what the photo shows (${alike})`] };
  const findings = inside.flatMap(({ part }, i) => {
    const found = alike[i];
    if (!found || Math.min(found.width, found.height) < SMALLEST || found.difference <= STRANGE) return [];
    const label =
      'a picture inside shows something else than the photo does (before it was cut or changed, or a map of light or depth)';
    return [{ betrays: 'other-pictures', part, label, value: `${found.width}x${found.height}` } as const];
  });
  return { findings, notLookedAt: [] };
}

type Beside = Pick<Inspection, 'findings' | 'notLookedAt'>;
const NOTHING: Beside = { findings: [], notLookedAt: [] };

async function besideFile(file: string): Promise<Beside> {
  const found = await extendedAttributes(file);
  const findings = [
    ...inspectName(path.basename(file)),
    ...inspectFolders(path.dirname(await realpath(file))),
    ...(await fileTimes(file)),
    ...('attributes' in found ? attributeFindings(found.attributes) : []),
  ];
  return { findings, notLookedAt: 'notLookedAt' in found ? [found.notLookedAt] : [] };
}

async function fileTimes(file: string): Promise<Finding[]> {
  const { mtime, birthtime } = await stat(file);
  const times: Finding[] = [
    { betrays: 'when', part: 'file system', label: 'last changed', value: mtime.toISOString() },
  ];
  // Where the file system keeps no time of birth Node answers with another time or with 1970.
  if (birthtime.getTime() > 0 && birthtime.getTime() !== mtime.getTime()) {
    times.push({
      betrays: 'when',
      part: 'file system',
      label: 'created on this disk',
      value: birthtime.toISOString(),
    });
  }
  return times;
}

async function streamsOf(
  file: string,
  format: Extract<MediaType, { kind: 'video' }>['format'],
  limits: GivenLimits | undefined,
): Promise<Pick<Inspection, 'streams' | 'notLookedAt'>> {
  try {
    const reader = await VideoReader.open(file, format, limits);
    await reader.close();
    const { codec, width, height, otherStreams } = reader.info;
    return { streams: [`video (${codec}, ${width}x${height})`, ...otherStreams], notLookedAt: [] };
  } catch (error) {
    // Damaged or of an unsupported coding: the parts are still worth showing.
    if (!isOverLimit(error)) return NO_FILM;
    return { streams: [], notLookedAt: [`streams (${error.message})`] };
  }
}

const NO_FILM = { streams: [], notLookedAt: [] };

const isOverLimit = (error: unknown): error is SayehError =>
  error instanceof SayehError && error.code === 'too-large';

/** What to say of a file over a limit; throws any other error. */
function overLimitOr(error: unknown): string {
  if (isOverLimit(error)) return error.message;
  throw error;
}
