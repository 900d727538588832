import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import type { VideoFormat } from '../../../core/media-type.ts';
import { openBytes } from '../../files/input-file.ts';

/**
 * Throws SayehError('corrupt') for a film that ends before its own header says. FFmpeg plays what is there of a
 * cut-off Matroska or AVI file without a word; MP4 and MOV are counted frame by frame by the reader, and a
 * transport stream never says how long it is.
 */
export async function checkWhole(file: string, format: VideoFormat): Promise<void> {
  if (format !== 'matroska' && format !== 'avi') return;
  const bytes = await openBytes(file);
  try {
    const head = await bytes.read(0, 4096);
    const end = format === 'avi' ? riffEnd(head) : segmentEnd(head);
    if (end !== undefined && end > bytes.size) {
      throw new SayehError(
        'corrupt',
        `${path.basename(file)} is cut off: ${bytes.size} of at least ${end} bytes are there`,
      );
    }
  } finally {
    await bytes.close();
  }
}

/** The end of the first RIFF list; 0 is written by recorders that never came to fill it in. */
function riffEnd(head: Uint8Array): number | undefined {
  if (head.length < 8) return undefined;
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(4, true);
  return size === 0 || size === 0xffffffff ? undefined : size + 8;
}

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;

/** The end of the segment (RFC 8794 section 4, RFC 9559 section 4.5); undefined where its size is not known. */
function segmentEnd(head: Uint8Array): number | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let at = 0;
  for (const id of [EBML, SEGMENT]) {
    if (at + 12 > head.length || view.getUint32(at) !== id) return undefined;
    const size = variableInteger(head, at + 4);
    if (!size) return undefined;
    if (id === SEGMENT) return size.unknown ? undefined : at + 4 + size.length + size.value;
    at += 4 + size.length + size.value;
  }
  return undefined;
}

function variableInteger(bytes: Uint8Array, at: number) {
  const length = Math.clz32(bytes[at]) - 23;
  if (length > 8 || at + length > bytes.length) return undefined;
  let value = bytes[at] & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i];
    unknown &&= bytes[at + i] === 0xff;
  }
  return { length, value, unknown };
}
