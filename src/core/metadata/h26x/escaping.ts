/**
 * Emulation prevention (H.264 section 7.4.1, H.265 section 7.4.2): inside a NAL unit a 3 is put after every two
 * zeros that precede a byte of 3 or less, so that no start code can appear by chance.
 */

/** A unit's payload with the prevention bytes taken out. */
export function unescapePayload(escaped: Uint8Array): Uint8Array {
  const plain = new Uint8Array(escaped.length);
  let length = 0;
  let zeros = 0;
  for (const byte of escaped) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    plain[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return plain.subarray(0, length);
}

/** The reverse of `unescapePayload`. */
export function escapePayload(plain: Uint8Array): Uint8Array {
  const escaped = new Uint8Array(Math.ceil(plain.length * 1.5) + 1);
  let length = 0;
  let zeros = 0;
  for (const byte of plain) {
    if (zeros >= 2 && byte <= 3) {
      escaped[length++] = 3;
      zeros = 0;
    }
    escaped[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return escaped.subarray(0, length);
}
