import type { Detection } from '../detect/detection.ts';
import type { MotionReport } from '../track/camera-motion/report.ts';
import { LOOK_KINDS, type Look } from '../track/frame-looks.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** A frame of the first pass, with all that was found in it. */
export interface LookedAtFrame {
  readonly motion: MotionReport;
  readonly looks: readonly Look[];
}

/** A look of the second pass. */
export interface LookAgain {
  readonly frame: number;
  readonly look: Look;
}

/** What an analysis writes down as it goes: geometry, scores and counts. */
export type CheckpointRecord =
  /** Frames of the first pass, which follow one another. */
  | { readonly kind: 'frames'; readonly from: number; readonly frames: readonly LookedAtFrame[] }
  /** The first pass came to the film's end. */
  | {
      readonly kind: 'end';
      readonly width: number;
      readonly height: number;
      readonly frames: number;
      readonly frameRate: number;
    }
  | { readonly kind: 'again'; readonly looks: readonly LookAgain[] };

const KINDS = ['frames', 'end', 'again'] as const satisfies readonly CheckpointRecord['kind'][];

/** The record as bytes. Boxes and scores are kept in single precision, as `LookStore` keeps them; all else exactly. */
export function encodeRecord(record: CheckpointRecord): Uint8Array {
  const out = new ByteWriter();
  out.byte(KINDS.indexOf(record.kind));
  switch (record.kind) {
    case 'frames':
      out.count(record.from);
      out.count(record.frames.length);
      for (const { motion, looks } of record.frames) {
        writeMotion(out, motion);
        out.byte(looks.length);
        for (const look of looks) writeLook(out, look);
      }
      break;
    case 'end':
      out.count(record.width);
      out.count(record.height);
      out.count(record.frames);
      out.double(record.frameRate);
      break;
    case 'again':
      out.count(record.looks.length);
      for (const { frame, look } of record.looks) {
        out.count(frame);
        writeLook(out, look);
      }
  }
  return out.bytes;
}

/** Reads a record. Throws RangeError where the bytes are none. */
export function decodeRecord(bytes: Uint8Array): CheckpointRecord {
  const from = new ByteReader(bytes);
  const record = readRecord(from);
  if (from.left > 0) throw new RangeError(`${from.left} bytes more than the record has`);
  return record;
}

function readRecord(from: ByteReader): CheckpointRecord {
  const kind = KINDS[from.byte()];
  switch (kind) {
    case 'frames':
      return {
        kind,
        from: from.count(),
        frames: list(from.count(), () => {
          const motion = readMotion(from);
          return { motion, looks: list(from.byte(), () => readLook(from)) };
        }),
      };
    case 'end':
      return {
        kind,
        width: from.count(),
        height: from.count(),
        frames: from.count(),
        frameRate: from.double(),
      };
    case 'again':
      return { kind, looks: list(from.count(), () => ({ frame: from.count(), look: readLook(from) })) };
    default:
      throw new RangeError('a record of an unknown kind');
  }
}

/** Whether two reports are the same to the last bit. */
export function sameMotion(a: MotionReport, b: MotionReport): boolean {
  const [one, other] = [a, b].map((motion) => {
    const out = new ByteWriter();
    writeMotion(out, motion);
    return out.bytes;
  });
  return one.every((byte, i) => byte === other[i]);
}

function writeMotion(out: ByteWriter, motion: MotionReport): void {
  const { a, b, tx, ty } = motion.transform;
  for (const value of [a, b, tx, ty, motion.confidence, motion.residual, motion.meanLuma]) out.double(value);
  out.byte((motion.cut ? 1 : 0) | (motion.flash ? 2 : 0));
}

function readMotion(from: ByteReader): MotionReport {
  const [a, b, tx, ty, confidence, residual, meanLuma] = list(7, () => from.double());
  const flags = from.byte();
  // Whatever a report gains has to be kept too: this does not compile without it.
  const motion: Required<MotionReport> = {
    transform: { a, b, tx, ty },
    confidence,
    residual,
    meanLuma,
    cut: (flags & 1) !== 0,
    flash: (flags & 2) !== 0,
  };
  return motion;
}

function writeLook(out: ByteWriter, { kind, detections }: Look): void {
  out.byte(LOOK_KINDS.indexOf(kind));
  out.count(detections.length);
  for (const { box, score } of detections)
    for (const value of [box.x, box.y, box.width, box.height, score]) out.single(value);
}

function readLook(from: ByteReader): Look {
  const kind = LOOK_KINDS[from.byte()];
  if (!kind) throw new RangeError('a look of an unknown kind');
  const detections = list(from.count(), (): Detection => {
    const [x, y, width, height] = list(4, () => from.single());
    return { box: { x, y, width, height }, score: from.single() };
  });
  return { kind, detections };
}

/** A list that grows as it is read, so that a count which lies ends with the bytes and not with the memory. */
function list<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}
