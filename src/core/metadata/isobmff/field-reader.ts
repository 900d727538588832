import { SayehError } from '../../errors.ts';

/** Reads big-endian fields in order. Running past the end throws SayehError('corrupt') naming the box. */
export class FieldReader {
  private at = 0;
  private readonly bytes: Uint8Array;
  private readonly path: string;

  constructor(bytes: Uint8Array, path: string) {
    this.bytes = bytes;
    this.path = path;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Unsigned, of 1 to 8 bytes; exact up to 2^53. */
  uint(length: number): number {
    let value = 0;
    for (const byte of this.take(length)) value = value * 256 + byte;
    return value;
  }

  u8 = (): number => this.uint(1);
  u16 = (): number => this.uint(2);
  u32 = (): number => this.uint(4);
  u64 = (): number => this.uint(8);
  i32 = (): number => this.uint(4) | 0;
  i64(): number {
    const high = this.i32();
    return high * 2 ** 32 + this.u32();
  }

  /** Four letters, one a byte. */
  fourcc = (): string => latin(this.take(4));

  /** Up to a zero byte, or to the end where there is none. */
  string(): string {
    const rest = this.bytes.subarray(this.at);
    const zero = rest.indexOf(0);
    this.at += zero < 0 ? rest.length : zero + 1;
    return utf8(zero < 0 ? rest : rest.subarray(0, zero));
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    if (length > this.left)
      throw new SayehError(
        'corrupt',
        `${this.path} is cut short: ${length} more bytes wanted, ${this.left} left`,
      );
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  rest = (): Uint8Array => this.take(this.left);

  /** The version and flags that a FullBox starts with (ISO/IEC 14496-12 section 4.2.2). */
  versionAndFlags(): { version: number; flags: number } {
    return { version: this.u8(), flags: this.uint(3) };
  }
}

export const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Malformed sequences become U+FFFD. TextDecoder is part of the language's common platform, not of Node. */
export const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
