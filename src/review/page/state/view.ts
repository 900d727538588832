import { computed, signal } from '@preact/signals';
import type { Span } from '../logic/decide.ts';
import type { Draft, ShapeKind } from '../logic/drawing.ts';
import type { TimeWindow } from '../logic/time-window.ts';
import { type Look, type Point, place, type Size, WHOLE } from '../logic/viewport.ts';
import { review } from './review.ts';

export const playing = signal(false);
export const speed = signal(1);
/** A stretch that is played once, up to its end. */
export const watchUntil = signal<number | undefined>(undefined);

export const showProtected = signal(false);
export const showMasks = signal(true);

/** Whether any frame of the open item was on the screen yet. */
export const hasShown = signal(false);

/** What part of the picture is seen, and the stage's size in CSS pixels. */
export const look = signal<Look>(WHOLE);
export const stageSize = signal<Size>({ width: 1, height: 1 });
export const pictureSize = computed<Size>(() => review.value?.plan.film ?? { width: 16, height: 9 });
export const viewport = computed(() => place(look.value, pictureSize.value, stageSize.value));

/** The span that keeping and covering act on. */
export const span = signal<Span>({});

export type Tool = 'select' | ShapeKind;
export const tool = signal<Tool>('select');
export const draft = signal<Draft | undefined>(undefined);
/** Whether the draft is moved by keys, and where the cross is that sets a polygon's corners. */
export const draftByKeys = signal(false);
export const cross = signal<Point | undefined>(undefined);
/** How long what is drawn lasts. */
export const lasting = signal<'follow' | 'shot' | 'frame'>('follow');
/** The track that is drawn anew in one frame, if that is what drawing is for now. */
export const redrawing = signal<number | undefined>(undefined);
/** How far following has come; undefined while nothing is followed. */
export const following = signal<{ readonly share: number | undefined } | undefined>(undefined);

export const timeWindow = signal<TimeWindow>({ from: 0, to: 1 });
export type List = 'risks' | 'faces' | 'files';
export const list = signal<List>('risks');
