import type { ServerEvent } from './api.ts';

/** Lines waiting for one listener at most: one that does not read is let go. */
const MOST_WAITING = 1000;
const HELLO_EVERY_MS = 15_000;

/** Tells every open page what happens. */
export class Events {
  /** Each with what to do once it is gone. */
  readonly #listeners = new Map<ReadableStreamDefaultController<Uint8Array>, () => void>();
  readonly #encoder = new TextEncoder();
  readonly #hello = setInterval(() => this.send({ type: 'hello' }), HELLO_EVERY_MS).unref();

  send(event: ServerEvent): void {
    for (const listener of [...this.#listeners.keys()]) this.#sendTo(listener, event);
  }

  /** One JSON object a line, until the listener goes away or the server ends. */
  listen(onEnd: () => void): ReadableStream<Uint8Array> {
    let own: ReadableStreamDefaultController<Uint8Array> | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.#listeners.set(controller, onEnd);
          this.#sendTo(controller, { type: 'hello' });
        },
        cancel: () => {
          if (own) this.#forget(own);
        },
      },
      { highWaterMark: MOST_WAITING },
    );
  }

  close(): void {
    clearInterval(this.#hello);
    this.send({ type: 'bye' });
    for (const listener of [...this.#listeners.keys()]) this.#end(listener);
  }

  #sendTo(listener: ReadableStreamDefaultController<Uint8Array>, event: ServerEvent): void {
    if ((listener.desiredSize ?? 0) <= 0) {
      this.#end(listener);
      return;
    }
    listener.enqueue(this.#encoder.encode(`${JSON.stringify(event)}\n`));
  }

  /** Ends a listener's stream. */
  #end(listener: ReadableStreamDefaultController<Uint8Array>): void {
    try {
      listener.close();
    } catch {
      // It went away by itself.
    }
    this.#forget(listener);
  }

  #forget(listener: ReadableStreamDefaultController<Uint8Array>): void {
    this.#listeners.get(listener)?.();
    this.#listeners.delete(listener);
  }
}
