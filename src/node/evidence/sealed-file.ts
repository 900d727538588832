import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { asUnwritable, OutputFile } from '../files/output-file.ts';
import type { Recipients } from './recipients.ts';

/** Text is gathered up to here: age's own chunks are as long. */
const BATCH = 64 << 10;

/**
 * A file encrypted while it is written (age-encryption.org/v1): what reaches the disk is cipher text only, and the
 * file gets its name at the end or never, as every output does. Its owner alone can read even that.
 */
export class SealedFile {
  readonly #file: OutputFile;
  readonly #target: string;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Resolves when all cipher text has been handed to the disk. */
  readonly #written: Promise<void>;
  #gathered: string[] = [];
  #length = 0;
  #failure: unknown;

  private constructor(
    file: OutputFile,
    target: string,
    writer: WritableStreamDefaultWriter<Uint8Array>,
    written: Promise<void>,
  ) {
    this.#file = file;
    this.#target = target;
    this.#writer = writer;
    this.#written = written.catch((error) => {
      this.#failure ??= error;
    });
  }

  /**
   * Begins the file and writes its head, so that a place that cannot be written to, or a key that cannot be used,
   * shows before any work. Throws SayehError 'exists', 'unwritable' or, for the key, 'usage'.
   */
  static async create(
    target: string,
    { encrypter }: Recipients,
    options: { overwrite: boolean },
  ): Promise<SealedFile> {
    const clear = new TransformStream<Uint8Array, Uint8Array>();
    const sealed = await encrypter.encrypt(clear.readable).catch((cause) => {
      throw new SayehError('usage', 'one of the recipients cannot be encrypted for: is its key whole?', {
        cause,
      });
    });
    const file = await OutputFile.create(target, options);
    try {
      const handle = await open(file.partial, 'r+');
      return new SealedFile(file, target, clear.writable.getWriter(), drain(sealed, handle));
    } catch (error) {
      await file.discard();
      throw asUnwritable(error, target);
    }
  }

  /** Adds text. Throws SayehError('unwritable'). */
  async write(pieces: Iterable<string>): Promise<void> {
    for (const piece of pieces) {
      this.#gathered.push(piece);
      this.#length += piece.length;
      if (this.#length >= BATCH) await this.#flush();
    }
  }

  /** Ends the file and gives it its name. Throws SayehError and leaves nothing if it cannot. */
  async commit(): Promise<void> {
    try {
      await this.#flush();
      await this.#writer.close().catch((error) => {
        this.#failure ??= error;
      });
      await this.#written;
      this.failIfBroken();
    } catch (error) {
      await this.discard();
      throw error;
    }
    await this.#file.commit();
  }

  async discard(): Promise<void> {
    this.#gathered = [];
    await this.#writer.abort().catch(() => {});
    await this.#written;
    await this.#file.discard();
  }

  /** Throws SayehError('unwritable') if anything written so far could not be kept. */
  failIfBroken(): void {
    if (this.#failure !== undefined) throw asUnwritable(this.#failure, path.basename(this.#target));
  }

  async #flush(): Promise<void> {
    this.failIfBroken();
    const bytes = new TextEncoder().encode(this.#gathered.join(''));
    this.#gathered = [];
    this.#length = 0;
    if (bytes.length > 0)
      await this.#writer.write(bytes).catch((error) => {
        this.#failure ??= error;
      });
    this.failIfBroken();
  }
}

async function drain(sealed: ReadableStream<Uint8Array>, handle: FileHandle): Promise<void> {
  try {
    for await (const chunk of sealed) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}
