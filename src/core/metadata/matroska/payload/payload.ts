import { SayehError } from '../../../errors.ts';
import type { Betrays } from '../../format.ts';
import type { Window } from '../../window.ts';
import { allZero } from '../text.ts';

/** Something inside coded data that no decoder needs. */
export interface Hidden {
  /** In plain words: `SEI: unregistered user data`, `comment in the coded picture`. */
  readonly what: string;
  readonly betrays: Betrays;
  /** What it says in letters. */
  readonly text?: string;
}

/** Coded data without what is hidden in it; the very same array where nothing is. */
export interface Cleaned {
  readonly bytes: Uint8Array;
  readonly hidden: readonly Hidden[];
  /** Nothing of the frame was kept, although a decoder may see a picture in it: whoever writes must refuse. */
  readonly isLost?: true;
}

/** The bytes to write. Throws SayehError('corrupt') where a frame is lost: a film is stripped whole or not at all. */
export function kept({ bytes, isLost }: Cleaned): Uint8Array {
  if (isLost) throw new SayehError('corrupt', 'a frame of the film is damaged at its beginning');
  return bytes;
}

/** How one stream's coded data is kept clean. Pictures and sound decode to the same samples. */
export interface Payload {
  /** The codec's settings, as a container stores them beside the stream (CodecPrivate, `strf`). */
  readonly setup: Cleaned;
  /** One frame, or one packet, in the container's own framing. */
  frame(bytes: Uint8Array): Cleaned;
  /** What `frame` would find in the frame that lies there, without reading all of it; absent where it must be. */
  readonly hiddenAt?:
    | ((window: Window, offset: number, length: number) => Promise<readonly Hidden[]>)
    | undefined;
  /** False where `frame` always answers its argument, so that the bytes need not be looked at. */
  readonly looksInside: boolean;
}

/** Opens a stream by its settings. Answers a string that says why where they make no sense. */
export type OpenPayload = (setup: Uint8Array) => Payload | string;

export const unchanged = (bytes: Uint8Array): Cleaned => ({ bytes, hidden: [] });

/** A stream that has nowhere to hide a message, with settings of at most `atMost` bytes. */
export function plain(atMost: number): OpenPayload {
  return (setup) =>
    setup.length <= atMost ? untouched(setup) : `settings of ${setup.length} bytes, where ${atMost} suffice`;
}

/** As `plain(0)`, for streams beside which some muxers store settings that decoders ignore: those go. */
export const withoutSetup: OpenPayload = (setup) => ({
  setup: setup.length === 0 ? unchanged(setup) : dropSetup(setup),
  frame: unchanged,
  looksInside: false,
});

function dropSetup(setup: Uint8Array): Cleaned {
  if (allZero(setup)) return { bytes: new Uint8Array(0), hidden: [{ what: 'padding', betrays: 'unknown' }] };
  return {
    bytes: new Uint8Array(0),
    hidden: [{ what: 'settings that no decoder reads', betrays: 'unknown' }],
  };
}

export const untouched = (setup: Uint8Array): Payload => ({
  setup: unchanged(setup),
  frame: unchanged,
  looksInside: false,
});
