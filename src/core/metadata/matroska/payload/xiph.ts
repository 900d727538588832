import { ascii, concat, latin, readable, sameBytes } from '../text.ts';
import { type Cleaned, type Hidden, type OpenPayload, unchanged, untouched } from './payload.ts';

/** A comment header without vendor and comments: two empty lengths (Vorbis I section 5.2.1). */
const NO_COMMENTS = new Uint8Array(8);

/** Vorbis: identification, comment and setup headers behind lace sizes; the comment header ends in a framing bit. */
export const vorbis: OpenPayload = threeHeaders(
  concat([Uint8Array.of(3), ascii('vorbis'), NO_COMMENTS, Uint8Array.of(1)]),
);

/** Theora: the same, without the framing bit (Theora I section 6.3). */
export const theora: OpenPayload = threeHeaders(concat([Uint8Array.of(0x81), ascii('theora'), NO_COMMENTS]));

function threeHeaders(emptyComment: Uint8Array): OpenPayload {
  return (setup) => {
    const headers = unlace(setup);
    if (!headers) return 'codec headers that cannot be read';
    const [identification, comment, tables] = headers;
    if (identification.length > 64) return `an identification header of ${identification.length} bytes`;
    const clean = lace(identification, emptyComment, tables);
    if (sameBytes(setup, clean)) return untouched(setup);
    const found: Hidden = { what: 'encoder name and comments', betrays: 'device', text: readable(comment) };
    return { ...untouched(clean), setup: { bytes: clean, hidden: [found] } };
  };
}

/** Matroska codec specifications, A_VORBIS: a 2, two lengths as rows of 255s, three packets. */
function unlace(setup: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] | undefined {
  if (setup[0] !== 2) return undefined;
  const lengths: number[] = [];
  let at = 1;
  while (lengths.length < 2) {
    let length = 0;
    while (setup[at] === 255) {
      length += 255;
      at++;
    }
    if (at >= setup.length) return undefined;
    lengths.push(length + setup[at++]);
  }
  const second = at + lengths[0];
  const third = second + lengths[1];
  if (third > setup.length) return undefined;
  return [setup.subarray(at, second), setup.subarray(second, third), setup.subarray(third)];
}

function lace(first: Uint8Array, second: Uint8Array, third: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(2), xiphSize(first.length), xiphSize(second.length), first, second, third]);
}

/** A size as a row of 255s and a last byte. */
export function xiphSize(size: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(size / 255) + 1).fill(255);
  bytes[bytes.length - 1] = size % 255;
  return bytes;
}

const STREAMINFO_LENGTH = 34;

/** FLAC: the marker and STREAMINFO, nothing else; tags and pictures are blocks too (RFC 9639 section 8). */
export const flac: OpenPayload = (setup) => {
  if (
    latin(setup.subarray(0, 4)) !== 'fLaC' ||
    (setup[4] & 0x7f) !== 0 ||
    setup.length < 8 + STREAMINFO_LENGTH
  )
    return 'FLAC settings that cannot be read';
  const info = setup.subarray(8, 8 + STREAMINFO_LENGTH);
  const clean = concat([ascii('fLaC'), Uint8Array.of(0x80, 0, 0, STREAMINFO_LENGTH), info]);
  const cleaned: Cleaned = sameBytes(setup, clean)
    ? unchanged(setup)
    : {
        bytes: clean,
        hidden: [{ what: 'FLAC tags or pictures', betrays: 'unknown', text: readable(setup) }],
      };
  return { ...untouched(clean), setup: cleaned };
};

/** Opus: the identification header, cut behind its channel map (RFC 7845 section 5.1). */
export const opus: OpenPayload = (setup) => {
  if (latin(setup.subarray(0, 8)) !== 'OpusHead' || setup.length < 19)
    return 'Opus settings that cannot be read';
  const length = setup[18] === 0 ? 19 : 21 + setup[9];
  if (setup.length < length) return 'Opus settings that cannot be read';
  if (setup.length === length) return untouched(setup);
  const extra: Hidden = { what: 'bytes after the Opus header', betrays: 'unknown' };
  return { ...untouched(setup), setup: { bytes: setup.slice(0, length), hidden: [extra] } };
};
