import { computed, signal } from '@preact/signals';
import type { Plan, PlanTrack } from '../../../core/plan/plan.ts';
import type { RenderSettings, Session, SessionItem } from '../../api.ts';
import type { FrameTimes } from '../logic/frame-times.ts';
import { orderRisks, type RiskOrder } from '../logic/risk-order.ts';
import { tracksAt, visibleTracks } from '../logic/track-state.ts';

/** The open item's plan, as the server has it. */
export interface Review {
  readonly item: number;
  readonly revision: number;
  readonly plan: Plan;
  readonly times: FrameTimes;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export const session = signal<Session | undefined>(undefined);
export const items = signal<readonly SessionItem[]>([]);
/** Which item is open. */
export const itemIndex = signal(0);
export const review = signal<Review | undefined>(undefined);
/** How covered places will look. */
export const settings = signal<RenderSettings>({ style: 'blur', cover: 'head', audio: 'drop' });

/** The frame asked for, and the one on the screen: the picture and all that is drawn over it are of the latter. */
export const frame = signal(0);
export const shownFrame = signal(0);

/** Ids of the chosen tracks; the last is the one that was chosen last. */
export const chosen = signal<readonly number[]>([]);
/** Place of the risk that is looked at in the plan's list. */
export const risk = signal<number | undefined>(undefined);
export const riskOrder = signal<RiskOrder>('rank');

export const item = computed<SessionItem | undefined>(() => items.value[itemIndex.value]);
export const isFilm = computed(() => (review.value?.plan.film.frames ?? 1) > 1);
export const tracks = computed<readonly PlanTrack[]>(() => review.value?.plan.tracks ?? []);
export const tracksById = computed(() => new Map(tracks.value.map((track) => [track.id, track])));
export const tracksHere = computed(() => tracksAt(tracks.value, shownFrame.value));
export const visible = computed(() => visibleTracks(tracks.value));
export const risks = computed(() => review.value?.plan.risks ?? []);
export const risksInOrder = computed(() => orderRisks(risks.value, riskOrder.value));
export const chosenTracks = computed(() =>
  chosen.value.flatMap((id) => {
    const track = tracksById.value.get(id);
    return track ? [track] : [];
  }),
);
