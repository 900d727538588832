import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CheckpointRecord,
  decodeRecord,
  encodeRecord,
  sameMotion,
} from '../../../src/core/checkpoint/record.ts';
import type { MotionReport } from '../../../src/core/track/camera-motion/report.ts';
import { LOOK_KINDS } from '../../../src/core/track/frame-looks.ts';

// Any double at all, minus zero and what is no number included: what was kept must be what was found.
const double = fc.double();
const single = fc.float({ noDefaultInfinity: true, noNaN: true });
const count = fc.nat(2 ** 32 - 1);
const motion: fc.Arbitrary<MotionReport> = fc.record({
  transform: fc.record({ a: double, b: double, tx: double, ty: double }, { noNullPrototype: true }),
  confidence: double,
  residual: double,
  meanLuma: double,
  cut: fc.boolean(),
  flash: fc.boolean(),
});
const look = fc.record({
  kind: fc.constantFrom(...LOOK_KINDS),
  detections: fc.array(
    fc.record({ box: fc.record({ x: single, y: single, width: single, height: single }), score: single }),
    { maxLength: 4 },
  ),
});
const record: fc.Arbitrary<CheckpointRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('frames' as const),
    from: count,
    frames: fc.array(fc.record({ motion, looks: fc.array(look, { maxLength: 3 }) }), { maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant('end' as const),
    width: count,
    height: count,
    frames: count,
    frameRate: double,
  }),
  fc.record({
    kind: fc.constant('again' as const),
    looks: fc.array(fc.record({ frame: count, look }), { maxLength: 20 }),
  }),
);

describe('a record of a checkpoint', () => {
  it('may be long', () => {
    fc.assert(
      fc.property(motion, fc.integer({ min: 60, max: 5000 }), (each, length) => {
        const frames = Array.from({ length }, () => ({ motion: each, looks: [] }));
        const long: CheckpointRecord = { kind: 'frames', from: 0, frames };
        expect(plain(decodeRecord(encodeRecord(long)))).toStrictEqual(plain(long));
      }),
      { numRuns: 10 },
    );
  });

  it('comes back as it was, to the last bit', () => {
    fc.assert(
      fc.property(record, (written) => {
        const read = decodeRecord(encodeRecord(written));
        // toStrictEqual tells minus zero from zero.
        expect(plain(read)).toStrictEqual(plain(written));
      }),
    );
  });

  it('that is cut, or longer than it says, is refused and nothing else', () => {
    fc.assert(
      fc.property(record, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, share) => {
        const bytes = encodeRecord(written);
        expect(() => decodeRecord(bytes.slice(0, Math.floor(share * bytes.length)))).toThrow(RangeError);
        expect(() => decodeRecord(Uint8Array.of(...bytes, 0))).toThrow(RangeError);
      }),
    );
  });

  it('of any bytes at all is read or refused, within the memory that the bytes take', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeRecord(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it('two motions are the same only if no bit differs', () => {
  fc.assert(
    fc.property(motion, fc.constantFrom('confidence', 'residual', 'meanLuma'), (one, field) => {
      expect(sameMotion(one, structuredClone(one))).toBe(true);
      const next = one[field] === 0 ? Number.MIN_VALUE : one[field] * (1 + Number.EPSILON);
      fc.pre(Number.isFinite(next) && next !== one[field]);
      expect(sameMotion(one, { ...one, [field]: next })).toBe(false);
      expect(sameMotion(one, { ...one, cut: !one.cut })).toBe(false);
    }),
  );
});

/** Without the prototypes that fast-check gives. */
const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(plain)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
      : value;
