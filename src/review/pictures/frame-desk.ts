import { createHash } from 'node:crypto';
import { PictureCache } from './picture-cache.ts';
import type { PictureSource, Showing } from './picture-source.ts';

/** Coded pictures kept: a minute and more at 720p. */
const CACHE_BYTES = 96 * 2 ** 20;
/** Frames made ready while a film plays. */
const AHEAD = 8;
/** After so many frames in a row somebody is playing, not stepping. */
const PLAYING = 3;

interface Making {
  readonly picture: Promise<Uint8Array>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Hands out frames of one film or photo: each is made once, kept for a while, and made ahead of time while the
 * film plays. One who no longer waits costs nothing.
 */
export class FrameDesk {
  readonly source: PictureSource;
  readonly #cache = new PictureCache(CACHE_BYTES);
  readonly #making = new Map<string, Making>();
  #last = -1;
  #inARow = 0;
  #ahead: AbortController | undefined;

  constructor(source: PictureSource) {
    this.source = source;
  }

  /** A frame as JPEG; `showing` says how, for it and for those that are made ahead. */
  async picture(
    frame: number,
    showing: (frame: number) => Showing,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const picture = this.#get(frame, showing(frame), signal, false);
    this.#playOn(frame, showing);
    return picture;
  }

  /** Forgets all pictures. */
  async close(): Promise<void> {
    this.#ahead?.abort();
    for (const { controller } of this.#making.values()) controller.abort();
    this.#cache.clear();
    await this.source.close();
    this.#cache.clear();
  }

  #get(frame: number, showing: Showing, signal: AbortSignal, background: boolean): Promise<Uint8Array> {
    const key = keyOf(frame, showing);
    const kept = this.#cache.get(key);
    if (kept) return Promise.resolve(kept);
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(key, frame, showing, background);
      this.#making.set(key, making);
    }
    return waitFor(making, signal);
  }

  #make(key: string, frame: number, showing: Showing, background: boolean): Making {
    const controller = new AbortController();
    const picture = this.source
      .jpeg(frame, showing, { signal: controller.signal, background })
      .then((coded) => {
        if (!controller.signal.aborted) this.#cache.set(key, coded);
        return coded;
      })
      .finally(() => {
        if (this.#making.get(key)?.controller === controller) this.#making.delete(key);
      });
    picture.catch(() => {}); // told to those who wait, if any still do
    const forget = () => this.#making.delete(key); // the next who asks must not wait for what was stopped
    controller.signal.addEventListener('abort', forget, { once: true });
    return { picture, controller, waiting: 0 };
  }

  /** While frames are asked for one after the other, the next are made ready. */
  #playOn(frame: number, showing: (frame: number) => Showing): void {
    // A page asks for several at once, so a little out of order still counts.
    const onward = frame > this.#last && frame - this.#last <= 4;
    if (frame !== this.#last) this.#inARow = onward ? this.#inARow + 1 : 0;
    this.#last = frame;
    if (!onward) this.#ahead?.abort();
    if (this.#inARow < PLAYING || (this.#ahead && !this.#ahead.signal.aborted)) return;
    const controller = new AbortController();
    this.#ahead = controller;
    void this.#makeAhead(controller.signal, showing).finally(() => {
      if (this.#ahead === controller) this.#ahead = undefined;
    });
  }

  async #makeAhead(signal: AbortSignal, showing: (frame: number) => Showing): Promise<void> {
    try {
      for (let next = this.#last + 1; next <= this.#last + AHEAD && next < this.source.frames; next++) {
        if (signal.aborted) return;
        const shown = showing(next);
        if (!this.#cache.has(keyOf(next, shown))) await this.#get(next, shown, signal, true);
      }
    } catch {
      // Whoever asks for that frame is told what is wrong with it.
    }
  }
}

/** Waits with others; when the last one gives up, the making is stopped. */
function waitFor(making: Making, signal: AbortSignal): Promise<Uint8Array> {
  making.waiting++;
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      if (--making.waiting === 0) making.controller.abort();
      reject(signal.reason);
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    making.picture.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** What a picture shows, in a word: the covers of other frames do not matter to it. */
function keyOf(frame: number, { width, crop, covers }: Showing): string {
  const part = crop ? `${crop.x},${crop.y},${crop.width},${crop.height}` : '';
  const over = covers
    ? `${covers.style}${createHash('sha1').update(JSON.stringify(covers.regions)).digest('base64')}`
    : '';
  return `${frame}/${width}/${part}/${over}`;
}
