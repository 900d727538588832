import type { Betrays } from '../../format.ts';
import { concat, latin, readable } from '../text.ts';
import { type Cleaned, type Hidden, type OpenPayload, unchanged } from './payload.ts';

/** Motion JPEG: each frame is a JPEG picture, or two of one field each (ITU-T T.81; OpenDML AVI section 5). */
export const motionJpeg: OpenPayload = (setup) =>
  setup.length > 64
    ? `settings of ${setup.length} bytes beside motion JPEG`
    : { setup: unchanged(setup), frame: cleanFrame, looksInside: true };

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COMMENT = 0xfe;

/** Application segments a decoder reads, by signature, with the longest content each can need. */
const NEEDED_SEGMENTS = [
  { marker: 0xe0, signature: 'AVI1', atMost: 14, why: 'which field of an interlaced picture this is' },
  { marker: 0xe0, signature: 'JFIF\0', atMost: 14, why: 'that the colours are YCbCr' },
  { marker: 0xee, signature: 'Adobe', atMost: 12, why: 'how the colours are coded' },
];

function cleanFrame(frame: Uint8Array): Cleaned {
  const pieces: Uint8Array[] = [];
  const hidden: Hidden[] = [];
  let isLost = false;
  let hasScan = false;
  let at = 0;
  let copied = 0;
  const drop = (end: number, what: string, betrays: Betrays) => {
    pieces.push(frame.subarray(copied, at));
    hidden.push({ what, betrays, text: readable(frame.subarray(at, end)) });
    copied = end;
  };

  while (at < frame.length) {
    // Any number of FF may fill up before a marker (T.81 section B.1.1.2).
    let markerAt = at;
    while (frame[markerAt] === 0xff && frame[markerAt + 1] === 0xff) markerAt++;
    const marker = frame[markerAt] === 0xff ? frame[markerAt + 1] : undefined;
    if (marker === SOI) at = markerAt + 2;
    else if (marker === EOI) {
      at = nextPicture(frame, markerAt + 2, drop, (to) => {
        at = to;
      });
    } else if (marker === undefined || marker < 0xc0 || markerAt + 4 > frame.length) {
      isLost = !hasScan;
      drop(frame.length, 'bytes that are no part of a JPEG picture', 'unknown');
      break;
    } else {
      const content = markerAt + 4;
      const end = Math.min(content - 2 + frame[content - 2] * 256 + frame[content - 1], frame.length);
      if (isForeign(marker, frame.subarray(content, end)))
        drop(end, `${marker === COMMENT ? 'comment' : `APP${marker - 0xe0} segment`} in a frame`, 'unknown');
      hasScan ||= marker === SOS;
      at = marker === SOS ? entropyEnd(frame, end) : end;
    }
  }
  if (hidden.length === 0) return unchanged(frame);
  return { bytes: concat([...pieces, frame.subarray(copied)]), hidden, ...(isLost ? { isLost } : {}) };
}

/** Between the end of a picture and the next one, or the end of the frame, only zeros may lie. */
function nextPicture(
  frame: Uint8Array,
  from: number,
  drop: (end: number, what: string, betrays: Betrays) => void,
  moveTo: (at: number) => void,
): number {
  let next = from;
  while (next < frame.length && !(frame[next] === 0xff && frame[next + 1] === SOI)) next++;
  if (frame.subarray(from, next).some((byte) => byte !== 0)) {
    moveTo(from);
    drop(next, 'bytes after the coded picture', 'unknown');
  }
  return next;
}

function isForeign(marker: number, content: Uint8Array): boolean {
  if (marker === COMMENT) return true;
  if (marker < 0xe0 || marker > 0xef) return false;
  return !NEEDED_SEGMENTS.some(
    (row) =>
      row.marker === marker &&
      content.length <= row.atMost &&
      latin(content.subarray(0, row.signature.length)) === row.signature,
  );
}

/** The first marker after entropy-coded data: FF and neither a stuffed zero nor a restart (T.81 section F.1.2.3). */
function entropyEnd(frame: Uint8Array, from: number): number {
  for (let at = frame.indexOf(0xff, from); at >= 0; at = frame.indexOf(0xff, at + 1)) {
    const next = frame[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return frame.length;
}
