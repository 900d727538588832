/** One open bitstream unit of AV1, AV1 Bitstream and Decoding Process Specification section 5.3. */
export interface Obu {
  /** Header included. */
  readonly start: number;
  readonly payload: number;
  readonly end: number;
  /** obu_type, section 6.2.2. */
  readonly type: number;
}

/** The units in a sample or in `av1C`; undefined where the sizes do not add up. */
export function obus(bytes: Uint8Array): Obu[] | undefined {
  const units: Obu[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes[at];
    const type = (head >> 3) & 15;
    let payload = at + 1 + ((head >> 2) & 1);
    let end = bytes.length;
    if (head & 2) {
      const size = leb128(bytes, payload);
      if (!size) return undefined;
      payload = size.next;
      end = payload + size.value;
    }
    if (payload > end || end > bytes.length) return undefined;
    units.push({ start: at, payload, end, type });
    at = end;
  }
  return units;
}

/** Section 4.10.5: seven bits a byte, least first. Bounded by the 32 bits that conforming values have. */
function leb128(bytes: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, next: start + i + 1 };
  }
  return undefined;
}

/** Sequence header, temporal delimiter, frame header, tile group, frame, redundant frame header. */
const PICTURE_TYPES = new Set([1, 2, 3, 4, 6, 7]);
const METADATA = 5;
/** Section 6.7.1: content light level and mastering display colour volume, which a player shows with. */
const NEEDED_METADATA = new Map([
  [1, 4],
  [2, 24],
]);
const METADATA_NAMES = new Map([
  [3, 'scalability metadata'],
  [4, 'registered user data (ITU-T T.35)'],
  [5, 'time code'],
]);

/** Why a unit may not be in a clean stream; undefined if it may. */
export function obuProblem(bytes: Uint8Array, unit: Obu): string | undefined {
  if (PICTURE_TYPES.has(unit.type))
    return unit.type === 2 && unit.end > unit.payload ? 'a delimiter with content' : undefined;
  if (unit.type === 15) return 'padding';
  if (unit.type !== METADATA) return `a unit of an unknown kind (${unit.type})`;
  const kind = leb128(bytes, unit.payload);
  if (!kind || kind.next > unit.end) return 'damaged metadata';
  const atMost = NEEDED_METADATA.get(kind.value);
  // The payload ends in a one bit and zeros, at most a byte of them.
  if (atMost !== undefined && unit.end - kind.next <= atMost + 1) return undefined;
  return METADATA_NAMES.get(kind.value) ?? `metadata of kind ${kind.value}`;
}
