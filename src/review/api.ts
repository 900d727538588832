import type { PictureCheck } from '../core/check/picture-check.ts';
import type { Plan, PlanRisk, PlanTrack } from '../core/plan/plan.ts';
import type { DrawnRegion, Edit } from '../core/review/edit.ts';

// What the review server and its page say to each other. The page imports nothing of the server but this.
// docs/review-server.md says what is asked of every request beside this.

/** Every request below /api carries the token from the address's fragment in this header. */
export const TOKEN_HEADER = 'X-Sayeh-Token';

/** Answer to GET /api/session. */
export interface Session {
  /** Sayeh's own. */
  readonly version: string;
  readonly items: readonly SessionItem[];
  readonly settings: RenderSettings;
}

export interface SessionItem {
  readonly index: number;
  readonly kind: 'photo' | 'video';
  /** Neutral: "1", "2"; the file's name only with --keep-names. */
  readonly label: string;
  /** `waiting` for its turn, `analysing`, `ready`, or `failed`: then see `error`. */
  readonly status: 'waiting' | 'analysing' | 'ready' | 'failed';
  /**
   * Of analysing, or, of a film that is ready, of counting its frames; 0 to 1, undefined where it cannot be told or is
   * over.
   */
  readonly progress?: number | undefined;
  /** In plain words; no path. */
  readonly error?: string | undefined;
  /** Upright size in source pixels; frames and rate. All 0 until the item is ready. Rate 0 for photos. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly frameRate: number;
  /** The job that renders it now, if one does. */
  readonly job?: string | undefined;
  /** What came of the last render, if there was one. */
  readonly rendered?: Rendered | undefined;
}

export interface RenderSettings {
  readonly style: 'blur' | 'pixelate' | 'solid';
  readonly cover: 'head' | 'face';
  readonly audio: 'drop' | 'keep';
}

/**
 * Answer to GET /api/items/:i/times, once all frames are counted: presentation times of the frames in ticks of a
 * clock, the first 0, as runs of equal steps: `[count, step]` says that the next `count` frames come `step` ticks after the one before each. `decodeTimes` in
 * src/core/review/frame-times.ts gives seconds.
 */
export interface CodedTimes {
  /** Seconds a tick, as a fraction. */
  readonly num: number;
  readonly den: number;
  readonly runs: readonly (readonly [count: number, step: number])[];
  /** Numbers of the frames that are decoded soonest, the first 0 and in no run: likewise. */
  readonly quick: readonly (readonly [count: number, step: number])[];
}

/** What a request for a plan accepts, if it wants it packed: see src/core/review/packed-plan.ts. */
export const PACKED_PLAN = 'application/x-sayeh-plan';

/** Answer to GET /api/items/:i/plan, as JSON or packed. */
export interface PlanAnswer {
  readonly revision: number;
  readonly plan: Plan;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Body of POST /api/items/:i/edits. All edits are one step of undo; all are done or none. */
export interface EditsRequest {
  /** That of the plan the edits were made for; another is answered 409 with a `Conflict`. */
  readonly revision: number;
  /** 1 to 1000. */
  readonly edits: readonly Edit[];
}

/** Answer to edits, undo, redo and follow: what to put into the page's copy of the plan. */
export interface Changed {
  readonly revision: number;
  /** Tracks that are new or differ; each replaces the one with its id. */
  readonly tracks: readonly PlanTrack[];
  /** Ids of tracks that are gone. */
  readonly removed: readonly number[];
  /** The whole list, where one of them changed. */
  readonly risks?: readonly PlanRisk[] | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Answer 409: the page must fetch the plan again. */
export interface Conflict {
  readonly revision: number;
  readonly message: string;
}

/** Answer with any other status from 400: why, in plain words. */
export interface Problem {
  readonly message: string;
}

/** Query of GET /api/items/:i/frames/:n. The answer is image/jpeg; its header X-Sayeh-Frame repeats n. */
export interface FrameQuery {
  /** Pixels; never enlarged: the source's width at most. Default: 1280 or the source's width. */
  readonly width?: number;
  /** `protected` shows the very covers that rendering would draw, with the settings below or the session's. */
  readonly view?: 'original' | 'protected';
  readonly style?: RenderSettings['style'];
  readonly cover?: RenderSettings['cover'];
  /** A part of the frame in source pixels, `x,y,width,height` (whole numbers); `width` is then that of the part. */
  readonly crop?: string;
}

/**
 * Body of POST /api/items/:i/follow: follow a place through its shot, in both directions, and cover it. Abort the
 * request to stop. One step of undo.
 */
export interface FollowRequest {
  readonly revision: number;
  readonly frame: number;
  /** A new region as drawn in `frame`, or ... */
  readonly region?: DrawnRegion | undefined;
  /** ... the id of a drawn track, to be followed anew from where it is in `frame`. */
  readonly track?: number | undefined;
  readonly direction?: 'both' | 'forwards' | 'backwards' | undefined;
}

/** Why following ended on one side: the film's end, a cut, the match was lost, or it was not asked for. */
export type FollowEnd = 'end' | 'cut' | 'lost' | 'not-asked';

export interface Followed extends Changed {
  /** The track's id. */
  readonly track: number;
  /** Its first frame, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly before: FollowEnd;
  readonly after: FollowEnd;
}

/** Body of POST /api/items/:i/render. The plan of the moment is rendered; later edits do not change it. */
export interface RenderRequest {
  readonly settings: RenderSettings;
}
export interface RenderAnswer {
  readonly job: string;
}

/** What came of rendering. `done` says that the file was written, reopened and checked. */
export type Rendered =
  | {
      readonly status: 'done';
      /** File name without folder; the terminal prints where it is. */
      readonly name: string;
      readonly revision: number;
      readonly framesCovered: number;
      readonly sound: 'none' | 'dropped' | 'kept';
      /** What came of looking for people in the written file. */
      readonly check: PictureCheck;
      /** Things to know, in plain words. */
      readonly warnings: readonly string[];
    }
  | { readonly status: 'stopped' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

/** One line of GET /api/events, JSON. */
export type ServerEvent =
  /** First line of every stream, and then every 15 seconds. */
  | { readonly type: 'hello' }
  /** An item's status or progress changed. */
  | { readonly type: 'item'; readonly item: SessionItem }
  /** Following or rendering goes on; `total` is undefined where it cannot be told. */
  | {
      readonly type: 'progress';
      readonly item: number;
      readonly job?: string | undefined;
      readonly phase: 'follow' | 'render' | 'check';
      readonly done: number;
      readonly total?: number | undefined;
    }
  | { readonly type: 'rendered'; readonly item: number; readonly job: string; readonly result: Rendered }
  /** Another page of the same session changed the plan. */
  | { readonly type: 'plan'; readonly item: number; readonly revision: number }
  /** The plan could not be saved, or could again: `problem` is undefined then. */
  | { readonly type: 'saving'; readonly item: number; readonly problem?: string | undefined }
  /** The server ends. */
  | { readonly type: 'bye' };
