import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
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
}

/** Lists what `file` reveals. Only reads. Throws SayehError. */
export async function inspect(file: string, options: InspectOptions = {}): Promise<Inspection> {
  const name = path.basename(file);
  const type = await identify(file);
  const bytes = await openBytes(file);
  try {
    const format = formatOf(type.format);
    const parts = await format.walk(bytes);
    const beside = (options.beside ?? true) ? await besideFile(file) : NOTHING;
    const findings = [
      ...(await format.inspect(bytes)),
      ...(type.kind === 'photo' ? await strangers(file, bytes, parts) : []),
      ...beside.findings,
    ];
    const streams = type.kind === 'video' ? await streamsOf(file, type.format) : [];
    return { name, type, size: bytes.size, parts, findings, streams, notLookedAt: beside.notLookedAt };
  } finally {
    await bytes.close();
  }
}

/** A cell of the coarse picture that differs by more than this, of 255, is another picture; measured in docs/metadata. */
const STRANGE = 24;
/** Smaller pictures are too coarse to compare, in pixels. */
const SMALLEST = 32;

/** Pictures inside a photo that show something else than it does: what was there before it was cut or changed. */
async function strangers(file: string, bytes: ByteSource, parts: readonly Part[]): Promise<Finding[]> {
  const inside = await embeddedJpegs(bytes, parts);
  if (inside.length === 0) return [];
  const alike = await likenessTo(
    file,
    inside.map((jpeg) => jpeg.bytes),
  );
  return inside.flatMap(({ part }, i) => {
    const found = alike[i];
    if (!found || Math.min(found.width, found.height) < SMALLEST || found.difference <= STRANGE) return [];
    const label =
      'a picture inside shows something else than the photo does (before it was cut or changed, or a map of light or depth)';
    return [{ betrays: 'other-pictures', part, label, value: `${found.width}x${found.height}` }];
  });
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
): Promise<string[]> {
  try {
    const reader = await VideoReader.open(file, format);
    await reader.close();
    const { codec, width, height, otherStreams } = reader.info;
    return [`video (${codec}, ${width}x${height})`, ...otherStreams];
  } catch {
    return []; // damaged or unsupported coding; the parts are still worth showing
  }
}
