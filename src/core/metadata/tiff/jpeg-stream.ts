import { SayehError } from '../../errors.ts';
import { bytesInMemory } from '../byte-source.ts';
import { ADOBE_TRANSFORM, adobeSegment } from '../jpeg/blocks.ts';
import { isWhole, readSegments, type Segment } from '../jpeg/segments.ts';
import { objectionTo } from '../jpeg/verify.ts';
import { be16, concat, equal, joinAll } from '../still/bytes.ts';

/**
 * JPEG inside TIFF (Adobe TIFF technical note 2, 1995): a strip, a tile or the JPEGTables tag is an abbreviated
 * JPEG stream. It may bring application segments and comments of its own; this leaves them out.
 */
export async function cleanJpegStream(stream: Uint8Array): Promise<Uint8Array> {
  const source = bytesInMemory(stream);
  const segments = await readSegments(source);
  if (!isWhole(segments)) throw new SayehError('corrupt', 'a JPEG-coded strip of the TIFF file is damaged');
  const pieces: Uint8Array[] = [];
  for (const segment of segments) {
    const adobe = adobeAgain(stream, segment);
    if (adobe) pieces.push(adobe);
    else if (CODED.test(segment.name)) {
      if (await objectionTo(source, segment))
        throw new SayehError(
          'corrupt',
          `a JPEG-coded strip of the TIFF file is damaged in its ${segment.what}`,
        );
      pieces.push(stream.subarray(segment.offset, segment.offset + segment.length));
    }
  }
  return joinAll(pieces);
}

const CODED = /^(SOI|SOF\d+|DQT|DHT|DAC|DRI|DNL|SOS|scan|EOI)$/;

/** Says the colour transform again where the stream says it; decoders of TIFF may go by it. */
function adobeAgain(stream: Uint8Array, segment: Segment): Uint8Array | undefined {
  if (segment.application !== 'adobe') return undefined;
  const data = adobeSegment(Math.min(stream[segment.dataOffset + ADOBE_TRANSFORM] ?? 0, 2));
  return concat(Uint8Array.of(0xff, 0xee), be16(data.length + 2), data);
}

/** Why a stream is not clean, or undefined. */
export async function jpegStreamProblem(stream: Uint8Array): Promise<string | undefined> {
  try {
    return equal(await cleanJpegStream(stream), stream)
      ? undefined
      : 'the JPEG stream holds more than coded pixels';
  } catch (error) {
    if (error instanceof SayehError) return error.message;
    throw error;
  }
}
