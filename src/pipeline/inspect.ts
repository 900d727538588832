import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { MediaType } from '../core/media-type.ts';
import { inspectName } from '../core/metadata/file-name.ts';
import type { Finding, Part } from '../core/metadata/format.ts';
import { formatOf } from '../core/metadata/index.ts';
import { identify, openBytes } from '../node/files/input-file.ts';
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
}

/** Lists what `file` reveals. Only reads. Throws SayehError. */
export async function inspect(file: string): Promise<Inspection> {
  const name = path.basename(file);
  const type = await identify(file);
  const bytes = await openBytes(file);
  try {
    const format = formatOf(type.format);
    const parts = await format.walk(bytes);
    const findings = [...(await format.inspect(bytes)), ...inspectName(name), ...(await fileTimes(file))];
    const streams = type.kind === 'video' ? await streamsOf(file, type.format) : [];
    return { name, type, size: bytes.size, parts, findings, streams };
  } finally {
    await bytes.close();
  }
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
