import { startCodes } from '../../start-codes.ts';
import { concat, latin, readable } from '../text.ts';
import { type Cleaned, type Hidden, type OpenPayload, unchanged } from './payload.ts';

/** user_data_start_code: ISO/IEC 13818-2 section 6.2.1 and 14496-2 section 6.2.1 give it the same value. */
const USER_DATA = 0xb2;

/** MPEG-1 and MPEG-2 video: no user data at all. Closed captions are user data too. */
export const mpeg12: OpenPayload = opening(() => undefined);

/**
 * MPEG-4 part 2. Decoders tell the bugs of old encoders by the name in the user data, so a name stays, in the one
 * spelling that stands for every version without such bugs; old names stay as they are.
 */
export const mpeg4: OpenPayload = opening(neutralName);

function opening(neutral: (text: string) => string | undefined): OpenPayload {
  const clean = (bytes: Uint8Array) => cleanUserData(bytes, neutral);
  return (setup) => ({ setup: clean(setup), frame: clean, looksInside: true });
}

/**
 * | name | bugs that decoders know | becomes |
 * |---|---|---|
 * | `XviD0033` and later | none | `XviD0050` |
 * | `Lavc57.67.100` and later | none | `Lavc58.134.100` |
 * | older ones, and DivX | some | what it is |
 */
function neutralName(text: string): string | undefined {
  const xvid = /^XviD(\d{4})C?$/.exec(text);
  if (xvid) return Number(xvid[1]) > 32 ? 'XviD0050' : text;
  const lavc = /^Lavc(\d{1,2})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (lavc) return Number(lavc[1]) * 1000 + Number(lavc[2]) >= 57_067 ? 'Lavc58.134.100' : text;
  return /^DivX\d{3}(b|Build)\d{1,4}p?$/.test(text) ? text : undefined;
}

function cleanUserData(bytes: Uint8Array, neutral: (text: string) => string | undefined): Cleaned {
  const pieces: Uint8Array[] = [];
  const hidden: Hidden[] = [];
  let copied = 0;
  const codes = startCodes(bytes).filter((at) => at + 3 < bytes.length);
  for (let i = 0; i < codes.length; ) {
    const at = codes[i];
    // One may end in what looks like the beginning of another.
    for (i++; i < codes.length && codes[i] < at + 4; ) i++;
    const next = codes[i] ?? bytes.length;
    if (bytes[at + 3] === USER_DATA) {
      const content = bytes.subarray(at + 4, next);
      const text = latin(content.subarray(0, 64)).replace(/\0+$/, '');
      const name = neutral(text);
      if (name === undefined || latin(content) !== name) {
        pieces.push(bytes.subarray(copied, at));
        if (name !== undefined) pieces.push(bytes.subarray(at, at + 4), encode(name));
        copied = next;
        hidden.push({ what: 'user data in the coded picture', betrays: 'device', text: readable(content) });
      }
    }
  }
  if (hidden.length === 0) return unchanged(bytes);
  return { bytes: concat([...pieces, bytes.subarray(copied)]), hidden };
}

const encode = (text: string) => new TextEncoder().encode(text);
