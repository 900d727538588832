import { FieldReader, utf8 } from './field-reader.ts';

/**
 * Reads a box's fields one after the other and notes each that no clean file may hold. Whatever is left unread
 * at the end is noted too, so that a rule need not think of what might follow.
 */
export class BoxCheck {
  readonly reasons: string[] = [];
  readonly fields: FieldReader;

  constructor(bytes: Uint8Array, path: string) {
    this.fields = new FieldReader(bytes, path);
  }

  note(reason: string): void {
    this.reasons.push(reason);
  }

  /** A number that decoding needs and that may be anything. */
  any(length: number): number {
    return this.fields.uint(length);
  }

  /** Bytes that must be zero. */
  zero(length: number, name: string): void {
    if (this.fields.take(length).some((byte) => byte !== 0)) this.note(`${name} is not zero`);
  }

  oneOf(length: number, name: string, allowed: readonly number[]): number {
    const value = this.fields.uint(length);
    if (!allowed.includes(value)) this.note(`${name} is ${value}`);
    return value;
  }

  code(name: string, allowed: readonly string[]): string {
    const value = this.fields.fourcc();
    if (!allowed.includes(value)) this.note(`${name} is ${JSON.stringify(value)}`);
    return value;
  }

  /** The start of a FullBox. Answers the version. */
  full(versions: readonly number[], flags: readonly number[] = [0]): number {
    const version = this.oneOf(1, 'version', versions);
    this.oneOf(3, 'flags', flags);
    return version;
  }

  /** All the rest as text, without zeros at its end or QuickTime's length before it. */
  text(name: string, allowed: readonly string[]): void {
    const bytes = this.fields.rest();
    const pascal = bytes.length > 0 && bytes[0] === bytes.length - 1;
    const text = utf8(pascal ? bytes.subarray(1) : bytes).replace(/\0$/, '');
    if (!allowed.includes(text)) this.note(`${name} is ${JSON.stringify(text.slice(0, 80))}`);
  }

  /** A count and as many entries of one length, to the end. */
  entries(length: number): void {
    const count = this.fields.u32();
    this.fields.take(Math.min(count * length, this.fields.left + 1));
  }

  /** Everything found, once the rule is done. */
  finish(): readonly string[] {
    if (this.fields.left > 0) this.note(`${this.fields.left} bytes that nothing needs at its end`);
    return this.reasons;
  }
}

/** What a box may hold. It reads all that it allows. */
export type Rule = (check: BoxCheck) => void;

/** One line of an allowlist: anything that no line names is a violation. */
export interface AllowedBox {
  /** The path without numbers, such as `moov/trak/tkhd`. */
  readonly at: string;
  /** What a player needs it for. */
  readonly why: string;
  /** Which values it may take; undefined for a container with no fields of its own. */
  readonly rule?: Rule;
  /** Whether there may be several side by side. */
  readonly many?: boolean;
}
