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

/** What it reads of a Matroska file's structure; that names of programs are Sayeh's own is for `verify`. */
const SEGMENT_HEADERS =
  /^(Matroska:(EBML\w+|DocType\w*|Seek\w+|Cue\w+|Duration|TimeCode|TimecodeScale|MuxingApp|WritingApp|\w*Block\w*)|Track\d+:(Codec(ID|Private|Delay)|SeekPreRoll|Image\w+|Display\w+|Audio\w+|Video\w+|Stereo\w+|Colou?r\w*|Chroma\w*|Track(Default|Forced|Used|Lacing|Language|Number|Type|UID|Time\w*)|DefaultD\w+|MinCache|MaxCache|Max\w+|Matroska_0x15b0|\w*(Channels|Frequency|Delay))|Composite:\w+)$/;
const HEADERS: Readonly<Partial<Record<MediaFormat, RegExp>>> = {
  avi: AVI_HEADERS,
  mpegts: STREAM_HEADERS,
  matroska: SEGMENT_HEADERS,
};

/** Names of tags in which exiftool reads more than how a file of that format is built. */
export const namesOfTellingTags = (file: string, format: MediaFormat | undefined): string[] =>
  tellingNames(allExiftoolTags(file), format);

/** The same of tags that exiftool has read. */
export function tellingNames(tags: ExiftoolTags, format: MediaFormat | undefined): string[] {
  if (format && BOXES.has(format)) return Object.keys(telling(tags));
  const names = Object.keys(withoutStructure(tags));
  const headers = format && HEADERS[format];
  return headers ? names.filter((name) => !headers.test(name)) : names;
}
