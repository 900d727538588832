import type { MediaFormat } from '../../src/core/media-type.ts';
import { allExiftoolTags, type ExiftoolTags, withoutStructure } from './exiftool.ts';
import { telling } from './exiftool-film.ts';

const BOXES: ReadonlySet<string> = new Set(['mp4', 'mov', 'heif', 'avif']);

/** What exiftool reads of an AVI file's headers; that they hold nothing else is for `verify`. */
const AVI_HEADERS =
  /^(RIFF:(RIFF_(AVI|Stream)Header_0x\w+|Audio\w+|AvgBytesPerSec|BitsPerSample|Encoding|FrameRate|MaxDataRate|NumChannels|Quality|SampleRate|SampleSize|Stream(Count|Type)|Unknown_vprp|Video\w+)|File:(BMPVersion|Planes|BitDepth|ImageLength|PixelsPerMeter[XY]|Num(Important)?Colors|Compression|Image(Width|Height)|Unknown\w*)|Composite:\w+)$/;

/** What it reads of a transport stream: kinds of streams, times, sizes; not what cameras put into coded pictures. */
const STREAM_HEADERS =
  /^(M2TS:((Audio|Video)StreamType|Duration)|MPEG:\w+|AC3:\w+|H264:Image(Width|Height)|Composite:\w+)$/;

/** Names of tags in which exiftool reads more than how a file of that format is built. */
export const namesOfTellingTags = (file: string, format: MediaFormat | undefined): string[] =>
  tellingNames(allExiftoolTags(file), format);

/** The same of tags that exiftool has read. */
export function tellingNames(tags: ExiftoolTags, format: MediaFormat | undefined): string[] {
  if (format && BOXES.has(format)) return Object.keys(telling(tags));
  const names = Object.keys(withoutStructure(tags));
  const headers = format === 'avi' ? AVI_HEADERS : format === 'mpegts' ? STREAM_HEADERS : undefined;
  return headers ? names.filter((name) => !headers.test(name)) : names;
}
