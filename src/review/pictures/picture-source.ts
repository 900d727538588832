import type { Style } from '../../core/redact/redact.ts';
import type { Region } from '../../core/redact/region.ts';
import type { Crop } from '../../node/media/video/frame-scaler.ts';
import type { CodedTimes } from '../api.ts';
import type { FollowAsked, FollowedPath, FollowOptions } from '../follow-region.ts';

/** How a frame is to be shown. */
export interface Showing {
  /** Pixels; the height follows. Never more than the width of what is shown. */
  readonly width: number;
  /** A part of the frame in source pixels, x and y even. */
  readonly crop?: Crop | undefined;
  /** What to cover; nothing for the original. */
  readonly covers?: { readonly regions: readonly Region[]; readonly style: Style } | undefined;
}

export interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** Nobody waits for it yet. */
  readonly background?: boolean | undefined;
}

/** A film's or photo's frames, for looking at. Its pictures are in memory and nowhere else. */
export interface PictureSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** When each frame is shown, once that is known. Rejects with SayehError where the frames are not the plan's. */
  times(): Promise<CodedTimes>;
  /** A frame as JPEG. Throws SayehError, or the signal's reason. */
  jpeg(frame: number, showing: Showing, asking?: Asking): Promise<Uint8Array>;
  /** Follows a region through its shot. Throws SayehError where a frame cannot be decoded, or the signal's reason. */
  follow(asked: FollowAsked, options: FollowOptions): Promise<FollowedPath>;
  close(): Promise<void>;
}
