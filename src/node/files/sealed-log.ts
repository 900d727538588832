import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { NEUTRAL_TIME, syncFolder } from './output-file.ts';

const HEAD = Buffer.from('sayeh checkpoint 1\n', 'latin1');
const SALT = 32;
const START = HEAD.length + SALT;
/** Before each segment: the length of its text. After it: the tag. */
const LENGTH = 4;
const NONCE = 12;
const TAG = 16;
/** No segment is longer: a length that lies must not take the memory. */
const LONGEST = 1 << 28;

/**
 * A file that grows by whole segments, each encrypted and authenticated (AES-256-GCM) under a key derived from a
 * secret and the file's own salt. Each segment vouches for the one before it, so that none can be altered, moved or
 * left out: what is read is a beginning of what was written, and nothing else. Its owner alone can read the file.
 */
export class SealedLog {
  readonly #handle: FileHandle;
  readonly #key: Buffer;
  /** Where the next segment goes; what lies behind is no part of the log. */
  #end = START;
  #last: Buffer = Buffer.alloc(TAG);

  private constructor(handle: FileHandle, secret: Uint8Array, salt: Uint8Array) {
    this.#handle = handle;
    this.#key = Buffer.from(hkdfSync('sha256', secret, salt, 'segments', 32));
  }

  /** Makes an empty log. Throws the system's own error. */
  static async create(file: string, secret: Uint8Array): Promise<SealedLog> {
    const handle = await open(file, 'wx+', 0o600);
    try {
      const salt = randomBytes(SALT);
      await writeAll(handle, Buffer.concat([HEAD, salt]), 0);
      await syncFolder(path.dirname(file));
      return new SealedLog(handle, secret, salt);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Opens a log. Undefined where the file is none, or somebody else's: who may write it could say that there is
   * nobody in a film. Throws the system's own error.
   */
  static async open(file: string, secret: Uint8Array): Promise<SealedLog | undefined> {
    const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      const found = await handle.stat();
      const head = Buffer.alloc(START);
      const { bytesRead } = await handle.read(head, 0, START, 0);
      const ours = found.isFile() && (process.getuid === undefined || found.uid === process.getuid());
      if (ours && bytesRead === START && head.subarray(0, HEAD.length).equals(HEAD))
        return new SealedLog(handle, secret, head.subarray(HEAD.length));
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  /**
   * Reads from the first segment up to the first that is not whole, and settles that what is appended goes there.
   * `whole` is told at the end: false where something lay behind that.
   */
  async *segments(): AsyncGenerator<Uint8Array, { whole: boolean }> {
    const { size } = await this.#handle.stat();
    this.#end = START;
    this.#last = Buffer.alloc(TAG);
    while (this.#end < size) {
      const text = await this.#readSegment(size);
      if (!text) return { whole: false };
      yield text;
    }
    return { whole: true };
  }

  /** Adds a segment and waits until the disk has it. Throws the system's own error and leaves the log as it was. */
  async append(text: Uint8Array): Promise<void> {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(this.#context(text.length));
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32LE(text.length);
    const sealed = Buffer.concat([length, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    try {
      await this.#handle.truncate(this.#end);
      await writeAll(this.#handle, sealed, this.#end);
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#end).catch(() => {}); // what is there is no whole segment anyway
      throw error;
    }
    this.#end += sealed.length;
    this.#last = sealed.subarray(-TAG);
    // When somebody sat at this machine is nobody's business.
    await this.#handle.utimes(NEUTRAL_TIME, NEUTRAL_TIME).catch(() => {});
  }

  /** Forgets every segment. */
  async clear(): Promise<void> {
    this.#end = START;
    this.#last = Buffer.alloc(TAG);
    await this.#handle.truncate(START);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readSegment(size: number): Promise<Uint8Array | undefined> {
    const head = await this.#readAt(this.#end, LENGTH + NONCE);
    if (!head) return undefined;
    const length = head.readUInt32LE(0);
    const end = this.#end + LENGTH + NONCE + length + TAG;
    if (length > LONGEST || end > size) return undefined;
    const body = await this.#readAt(this.#end + LENGTH + NONCE, length + TAG);
    if (!body) return undefined;
    const tag = body.subarray(length);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, head.subarray(LENGTH))
      .setAAD(this.#context(length))
      .setAuthTag(tag);
    try {
      const text = Buffer.concat([decipher.update(body.subarray(0, length)), decipher.final()]);
      this.#end = end;
      this.#last = Buffer.from(tag);
      return text;
    } catch {
      return undefined; // altered, torn, or of another film
    }
  }

  /** What a segment is tied to beside its own text: its place, its length and the segment before it. */
  #context(length: number): Buffer {
    const context = Buffer.alloc(8 + LENGTH + TAG);
    context.writeBigUInt64LE(BigInt(this.#end));
    context.writeUInt32LE(length, 8);
    this.#last.copy(context, 8 + LENGTH);
    return context;
  }

  async #readAt(at: number, length: number): Promise<Buffer | undefined> {
    const bytes = Buffer.alloc(length);
    for (let have = 0; have < length; ) {
      const { bytesRead } = await this.#handle.read(bytes, have, length - have, at + have);
      if (bytesRead === 0) return undefined;
      have += bytesRead;
    }
    return bytes;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}
