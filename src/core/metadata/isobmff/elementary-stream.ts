/** What an `esds` box says of a stream of sound: ISO/IEC 14496-1 section 7.2.6. */
export interface ElementaryStream {
  /** objectTypeIndication: 0x40 is AAC, 0x6b MP3... */
  readonly objectType: number;
  readonly streamType: number;
  readonly bufferSize: number;
  readonly maxBitrate: number;
  readonly averageBitrate: number;
  /** DecoderSpecificInfo: for AAC an AudioSpecificConfig. */
  readonly configuration: Uint8Array;
  /** Why the descriptors may not stay as they are. */
  readonly problems: readonly string[];
}

/** Tags of descriptors. */
const STREAM = 3;
const DECODER = 4;
const SPECIFIC = 5;
const SYNC_LAYER = 6;

/** Reads the box's content after version and flags; undefined where it is damaged. */
export function readElementaryStream(bytes: Uint8Array): ElementaryStream | undefined {
  const problems: string[] = [];
  const stream = descriptor(bytes, 0);
  if (stream?.tag !== STREAM || stream.body.length < 3) return undefined;
  if (stream.end < bytes.length) problems.push('bytes after the stream descriptor');
  if (stream.body[2] !== 0) problems.push('a dependency, address or clock of the stream');

  const decoder = descriptor(stream.body, 3);
  if (decoder?.tag !== DECODER || decoder.body.length < 13) return undefined;
  const layer = descriptor(stream.body, decoder.end);
  if (layer && (layer.tag !== SYNC_LAYER || layer.body.length !== 1 || layer.body[0] !== 2))
    problems.push(`a descriptor of kind ${layer.tag}`);
  if ((layer?.end ?? decoder.end) < stream.body.length) problems.push('further descriptors of the stream');

  const specific = descriptor(decoder.body, 13);
  if (specific && specific.tag !== SPECIFIC) problems.push(`a descriptor of kind ${specific.tag}`);
  if ((specific?.end ?? 13) < decoder.body.length) problems.push('further descriptors of the decoder');
  const view = new DataView(decoder.body.buffer, decoder.body.byteOffset);
  return {
    objectType: decoder.body[0],
    streamType: decoder.body[1],
    bufferSize: view.getUint32(1) & 0xffffff,
    maxBitrate: view.getUint32(5),
    averageBitrate: view.getUint32(9),
    configuration: specific?.tag === SPECIFIC ? specific.body : new Uint8Array(),
    problems,
  };
}

/** A tag, a length in groups of seven bits, and a body. */
function descriptor(bytes: Uint8Array, start: number) {
  let at = start + 1;
  let length = 0;
  for (let i = 0; i < 4 && at < bytes.length; i++) {
    const byte = bytes[at++];
    length = length * 128 + (byte & 127);
    if (byte < 128) break;
  }
  if (at > bytes.length || start >= bytes.length || at + length > bytes.length) return undefined;
  return { tag: bytes[start], body: bytes.subarray(at, at + length), end: at + length };
}
