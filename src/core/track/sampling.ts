import type { FrameLooks, LookKind } from './frame-looks.ts';
import { sweep } from './sweep.ts';

/** What the choice of looks remembers from frame to frame. */
export interface SamplingState {
  /** Frames since a careful look was last due in this shot; Infinity where there was none. */
  readonly sinceCareful: number;
  /** Frames since the last look of any kind in this shot. */
  readonly sinceLook: number;
  /** How much has moved on its own lately: the highest share of independent motion, fading. */
  readonly stir: number;
  /** Frames of this shot so far. */
  readonly shown: number;
}

export const NOTHING_SEEN: SamplingState = { sinceCareful: Infinity, sinceLook: Infinity, stir: 0, shown: 0 };

export interface SamplingOptions {
  /** The picture's size in source pixels. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Look carefully at every so manyth frame and at no other: overrides all judgement but for cuts. */
  readonly every?: number;
}

/** Independent motion above this share of the picture is people on paths of their own. */
const STIR = 0.02;
/** Above this one it is somebody near the camera, who may leap; crowds of walkers stay below. */
const WILD = 0.25;
/** The memory of a stir halves in this many seconds. */
const STIR_HALVES = 0.3;
/** Below this confidence the camera's motion is a guess, and nothing can be carried from frame to frame. */
const GUESS = 0.5;
/** A camera that sweeps faster (see `sweep`) blurs the picture and uncovers new places. */
const SWEEP = 0.8;
/** Seconds between careful looks when only the camera moves, and when people do or the camera sweeps. */
const CALM = 1 / 4;
const BUSY = 1 / 6;
/**
 * So many frames at the start of a shot that moves get a careful look: one may miss, and who is faint in all that
 * follows has no track yet that could help.
 */
const FRESH = 3;
/** Seconds between looks of any kind as long as the camera's motion is known and carries from one to the next. */
const GLANCE = 1 / 15;

/**
 * How closely to look at a frame: careful at the start of every shot (for a few frames where something moves) and
 * then at intervals, cheap in between: fifteen times a second, and at every frame where the camera sweeps, its motion
 * is not known or much of the picture moves on its own. Looking at every frame where anybody moves found nobody more
 * (docs/tracking.md).
 *
 * A pure function of the camera's motion so far, so that looks can be planned before any detector has run. Who
 * arrives or leaves is looked for afterwards, where tracks begin and end (`rankRisks`).
 */
export function chooseLook(
  state: SamplingState,
  motion: FrameLooks['motion'],
  options: SamplingOptions,
): { look: LookKind | 'none'; state: SamplingState } {
  const { fps, every } = options;
  const before = motion.cut ? NOTHING_SEEN : state;
  const sinceCareful = before.sinceCareful + 1;
  const sinceLook = before.sinceLook + 1;
  // Without an estimate of independent motion there may be any amount of it.
  const stir = Math.max(motion.residual ?? 1, before.stir * 0.5 ** (1 / (STIR_HALVES * fps)));

  let look: LookKind | 'none';
  let due: boolean;
  if (every !== undefined) {
    due = sinceCareful >= every;
    look = due ? 'careful' : 'none';
  } else {
    const blind = stir >= WILD || motion.confidence < GUESS || sweep(motion.transform, options) > SWEEP;
    const busy = blind || stir >= STIR;
    due = sinceCareful >= atLeastOne((busy ? BUSY : CALM) * fps);
    if (due || (busy && before.shown < FRESH)) look = 'careful';
    else if (blind || sinceLook >= atLeastOne(GLANCE * fps)) look = 'cheap';
    else look = 'none';
  }
  return {
    look,
    state: {
      sinceCareful: due ? 0 : sinceCareful, // an extra look does not put off the next
      sinceLook: look === 'none' ? sinceLook : 0,
      stir,
      shown: before.shown + 1,
    },
  };
}

const atLeastOne = (frames: number) => Math.max(1, Math.round(frames));
